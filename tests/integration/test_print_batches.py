"""Numbered batches: chosen, made, told apart, settled."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from card_house import VILLAGE
from print_house import PrintHouse, copy_at, fates, whole
from sqlalchemy import select

from registry.audit import verify_chains
from registry.cards.cards import block_card, issue_card, mark_spoilt, replace_card
from registry.db import new_id
from registry.errors import Conflict, NotFound
from registry.kinds import (
    BatchChoice,
    BatchState,
    BlockReason,
    CardEventKind,
    CardMedium,
    CardState,
    CopyFate,
    PrintReason,
    SupplyKind,
    SupplyMoveKind,
)
from registry.models import AuditLine, CardEvent, PrintBatch, SupplyBox, SupplyMove
from registry.prints import choosing
from registry.prints.batches import cancel_batch, cards_to_reprint, get_batch, settle_if_done
from registry.prints.choosing import choose_cards, count_by_village, count_waiting
from registry.prints.chunks import (
    LEASE,
    DrawnFile,
    Span,
    batches_to_draw,
    copies_to_draw,
    finish_drawing,
    keep_chunk,
    missing_spans,
    refuse_batch,
    stop_drawing,
    take_lease,
)
from registry.prints.copies import note_spoilt
from registry.prints.fates import Ruined, note_range_printed, note_rest_printed, note_ruined
from registry.prints.progress import progress_of

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
OTHER_VILLAGE = "62.06.05.2004"


@pytest.fixture
def house(database):
    return PrintHouse(database, NOW)


@pytest.fixture
def session(house):
    with house.database.writing() as session:
        yield session


def drawn(tmp_path, span: Span, reviews=(), size: int = 3) -> DrawnFile:
    draft = tmp_path / f".{span.first}"
    draft.write_bytes(b"pdf")
    return DrawnFile(draft, span, "0" * 64, size, 100, list(reviews))


def test_cards_lie_in_the_order_in_which_they_are_handed_out(house, session):
    places = [("2", "1", "B"), ("1", "2", "C"), ("1", "1", "B"), ("1", "1", "A"), ("10", "1", "A")]
    for card, (rw, rt, name) in zip(house.add_cards(session, len(places)), places, strict=True):
        card.family.rw, card.family.rt, card.head_name = rw, rt, name
    session.flush()
    batch = house.make(session)
    in_batch = [copy_at(session, batch, position).card for position in range(1, 6)]
    assert [(card.family.rw, card.family.rt, card.head_name) for card in in_batch] == [
        ("1", "1", "A"),
        ("1", "1", "B"),
        ("1", "2", "C"),
        ("2", "1", "B"),
        ("10", "1", "A"),
    ]


def test_numbers_are_without_gaps_even_where_a_batch_was_refused(house):
    with house.database.writing() as session:
        house.add_cards(session, 2)
        assert house.make(session).number == 1
    with pytest.raises(Conflict, match="nothing_to_print"), house.database.writing() as session:
        house.make(session)
    with house.database.writing() as session:
        house.add_cards(session, 1)
        assert house.make(session).number == 2


def test_two_officers_choose_the_same_village_at_once(house):
    """The second finds nothing left; no card is in two batches."""
    with house.database.writing() as session:
        house.add_cards(session, 30)
    with house.database.reading() as session:
        chosen = choose_cards(session, BatchChoice.VILLAGE, VILLAGE, area="62", at=NOW)
    outcomes, begin = [], threading.Barrier(4)

    def make() -> None:
        begin.wait()
        try:
            with house.database.writing() as session:
                outcomes.append(house.make(session, chosen).copies_total)
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [30, "nothing_to_print", "nothing_to_print", "nothing_to_print"]


def test_only_plastic_cards_that_wait_in_no_batch_and_live_here_come_in(house, session):
    good, paper, printed, elsewhere, batched = house.add_cards(session, 5)
    paper.medium = CardMedium.PAPER
    printed.state = CardState.PRINTED
    elsewhere.family.village_code = OTHER_VILLAGE
    session.flush()
    house.make(session, [batched.id])
    every = [card.id for card in (good, paper, printed, elsewhere, batched)]
    batch = house.make(session, every, area=VILLAGE)
    assert [copy_at(session, batch, 1).card_id] == [good.id]
    assert batch.copies_total == 1


def test_a_batch_ends_with_the_card_beyond_which_it_would_be_too_long(house, session, monkeypatch):
    monkeypatch.setattr(choosing, "MOST", 3)
    there, here = house.add_cards(session, 2, village=OTHER_VILLAGE), house.add_cards(session, 2)
    farther = house.add_cards(session, 1, village="62.06.05.2005")
    chosen = choose_cards(session, BatchChoice.VILLAGE, "62", area="62", at=NOW)
    assert {card.id for card in here} < set(chosen)
    assert len(chosen) == 3
    assert not {card.id for card in farther} & set(chosen)
    assert len({card.id for card in there} & set(chosen)) == 1


def test_a_card_that_was_picked_twice_comes_in_once(house, session, monkeypatch):
    monkeypatch.setattr(choosing, "_AT_ONCE", 2)
    first, second = (card.id for card in house.add_cards(session, 2))
    assert house.make(session, [first, second, first]).copies_total == 2


def test_cards_are_chosen_by_reason(house, session):
    spoilt, lost, old, fresh = house.add_cards(session, 4)
    mark_spoilt(session, spoilt, reason="bergaris", destroyed_by="Ani", **house.rest)
    new = replace_card(session, lost, BlockReason.LOST, **house.rest)
    old.issued_at = NOW - timedelta(days=15)
    session.flush()

    def chosen(reason: PrintReason) -> list:
        return choose_cards(session, BatchChoice.REASON, reason, area="62", at=NOW)

    assert chosen(PrintReason.SPOILT) == [spoilt.id]
    assert chosen(PrintReason.REPLACEMENT) == [new.id]
    assert chosen(PrintReason.OVERDUE) == [old.id]
    assert chosen(PrintReason.REVIEWED) == []
    assert count_waiting(session, area="62", at=NOW) == {
        PrintReason.SPOILT: 1,
        PrintReason.REPLACEMENT: 1,
        PrintReason.REVIEWED: 0,
        PrintReason.OVERDUE: 1,
    }
    assert [(one.code, one.cards) for one in count_by_village(session, area="62")] == [(VILLAGE, 4)]
    assert fresh.state is CardState.ISSUED


def test_a_batch_of_a_wider_area_is_not_seen(house, session):
    house.add_cards(session, 1)
    batch = house.make(session)
    assert get_batch(session, batch.number, area="62") is batch
    with pytest.raises(NotFound, match="batch_unknown"):
        get_batch(session, batch.number, area="62.06")


def test_a_worker_holds_a_batch_until_its_lease_runs_out(house, session):
    house.add_cards(session, 1)
    batch = house.make(session)
    assert take_lease(session, batch.id, worker="a", at=NOW)
    assert take_lease(session, batch.id, worker="b", at=NOW + LEASE / 2) is None
    assert batches_to_draw(session, at=NOW + LEASE / 2) == []
    later = NOW + LEASE + timedelta(seconds=1)
    assert batches_to_draw(session, at=later) == [batch.id]
    assert take_lease(session, batch.id, worker="b", at=later)


def test_what_a_worker_draws_after_it_was_given_up_does_not_count(house, session, tmp_path):
    house.add_cards(session, 4)
    batch = house.make(session)
    folder = tmp_path / str(batch.id)
    folder.mkdir()
    take_lease(session, batch.id, worker="slow", at=NOW)
    take_lease(session, batch.id, worker="quick", at=NOW + 2 * LEASE)
    rest = {"folder": tmp_path, "at": NOW + 2 * LEASE}
    assert not keep_chunk(session, batch.id, drawn(tmp_path, Span(1, 2)), worker="slow", **rest)
    assert keep_chunk(session, batch.id, drawn(tmp_path, Span(1, 2)), worker="quick", **rest)
    assert not keep_chunk(session, batch.id, drawn(tmp_path, Span(2, 3)), worker="quick", **rest), "position 2 twice"


def test_only_what_is_missing_is_drawn(house, session, tmp_path):
    house.add_cards(session, 10)
    batch = house.make(session)
    (tmp_path / str(batch.id)).mkdir()
    take_lease(session, batch.id, worker="w", at=NOW)
    assert missing_spans(session, batch, longest=4) == [Span(1, 4), Span(5, 8), Span(9, 10)]
    assert keep_chunk(session, batch.id, drawn(tmp_path, Span(5, 8)), worker="w", folder=tmp_path, at=NOW)
    assert missing_spans(session, batch, longest=4) == [Span(1, 4), Span(9, 10)]
    assert missing_spans(session, batch, longest=3) == [Span(1, 3), Span(4, 4), Span(9, 10)]
    session.refresh(batch)
    progress = progress_of(session, batch)
    assert (progress.drawn, progress.total, progress.per_second) == (4, 10, 40.0)
    assert progress.seconds_left == pytest.approx(0.15)
    assert not finish_drawing(session, batch.id, worker="w", keys=house.keys, at=NOW), "six are missing"


def test_a_night_with_a_full_disk_does_not_slow_the_rate(house, session, tmp_path):
    house.add_cards(session, 10)
    batch = house.make(session)
    (tmp_path / str(batch.id)).mkdir()
    take_lease(session, batch.id, worker="w", at=NOW)
    morning = NOW + timedelta(hours=8)
    for first, at in ((1, NOW), (3, NOW + timedelta(seconds=1)), (5, morning), (7, morning + timedelta(seconds=1))):
        piece = drawn(tmp_path, Span(first, first + 1))
        assert keep_chunk(session, batch.id, piece, worker="w", folder=tmp_path, at=at)
    session.refresh(batch)
    # a piece takes 0.1 s, the next is done a second later; the same again in the morning
    assert progress_of(session, batch).per_second == pytest.approx(8 / 2.2)


def test_pieces_that_were_drawn_at_once_count_their_time_once(house, session, tmp_path):
    house.add_cards(session, 6)
    batch = house.make(session)
    (tmp_path / str(batch.id)).mkdir()
    take_lease(session, batch.id, worker="w", at=NOW)
    for first in (1, 3, 5):
        piece = drawn(tmp_path, Span(first, first + 1))
        assert keep_chunk(session, batch.id, piece, worker="w", folder=tmp_path, at=NOW)
    session.refresh(batch)
    assert progress_of(session, batch).per_second == pytest.approx(6 / 0.1)


def test_a_card_that_cannot_be_drawn_is_put_aside_and_found_again(house, session, tmp_path):
    house.add_cards(session, 2)
    batch = house.make(session)
    (tmp_path / str(batch.id)).mkdir()
    take_lease(session, batch.id, worker="w", at=NOW)
    review = drawn(tmp_path, Span(1, 2), [(2, "text_does_not_fit: head_name")])
    assert keep_chunk(session, batch.id, review, worker="w", folder=tmp_path, at=NOW)
    assert finish_drawing(session, batch.id, worker="w", keys=house.keys, at=NOW)
    session.expire_all()
    assert fates(session, batch) == [CopyFate.WAITING, CopyFate.REVIEW]
    aside = copy_at(session, batch, 2).card_id
    assert choose_cards(session, BatchChoice.REASON, PrintReason.REVIEWED, area="62", at=NOW) == [aside]
    assert cards_to_reprint(session, batch, area="62") == [aside]


def test_a_card_that_is_closed_before_it_is_drawn_is_not_drawn(house, session):
    house.add_cards(session, 2)
    batch = house.make(session)
    block_card(session, copy_at(session, batch, 1).card, BlockReason.LOST, **house.rest)
    assert [copy.position for copy in copies_to_draw(session, batch, whole(batch), at=NOW)] == [2]
    assert fates(session, batch) == [CopyFate.CANCELLED, CopyFate.WAITING]


def test_a_refused_batch_lets_its_cards_go(house, session):
    house.add_cards(session, 2)
    batch = house.make(session)
    take_lease(session, batch.id, worker="w", at=NOW)
    refuse_batch(session, batch.id, "code_differs", "62-06-207002-0", worker="w", keys=house.keys, at=NOW)
    session.refresh(batch)
    assert (batch.state, batch.fault_code, batch.fault_about) == (BatchState.REFUSED, "code_differs", "62-06-207002-0")
    assert house.make(session).copies_total == 2


def test_a_fault_stops_the_drawing_until_an_officer_goes_on(house, session):
    house.add_cards(session, 1)
    batch = house.make(session)
    take_lease(session, batch.id, worker="w", at=NOW)
    stop_drawing(session, batch.id, "disk_full", "", worker="w", keys=house.keys, at=NOW)
    assert batches_to_draw(session, at=NOW + 2 * LEASE) == []
    assert take_lease(session, batch.id, worker="w", at=NOW) is None


def test_a_range_is_good_and_the_batch_is_settled_with_the_last(house, session):
    batch = house.ready(session, 5)
    noted = note_range_printed(session, batch, [Span(1, 3)], **house.rest)
    assert (noted.count, noted.passed_over, batch.state) == (3, (), BatchState.READY)
    assert note_range_printed(session, batch, [Span(1, 5)], **house.rest).count == 2
    assert (batch.state, batch.settled_at) == (BatchState.SETTLED, NOW)


def test_ranges_that_overlap_note_each_position_once(house, session):
    batch = house.ready(session, 5)
    note_range_printed(session, batch, [Span(4, 4)], **house.rest)
    ruined = Ruined(CopyFate.SPOILT, "bergaris", "Ani")
    note_ruined(session, batch, {2: ruined}, **house.rest)
    noted = note_range_printed(session, batch, [Span(3, 5), Span(1, 2), Span(2, 3)], **house.rest)
    assert (noted.count, noted.passed_over) == (3, ((2, CopyFate.SPOILT),))


def test_all_but_these(house, session):
    batch = house.ready(session, 6)
    ruined = {2: Ruined(CopyFate.SPOILT, "bergaris", "Ani"), 5: Ruined(CopyFate.MISSING, "tidak keluar")}
    assert note_ruined(session, batch, ruined, **house.rest).count == 2
    assert note_rest_printed(session, batch, **house.rest) == 4
    assert fates(session, batch) == [
        CopyFate.PRINTED,
        CopyFate.SPOILT,
        CopyFate.PRINTED,
        CopyFate.PRINTED,
        CopyFate.MISSING,
        CopyFate.PRINTED,
    ]
    assert batch.state is BatchState.SETTLED
    owed = cards_to_reprint(session, batch, area="62")
    again = house.make(session, owed, chosen_by=BatchChoice.CARDS, about="Cetak ulang")
    numbers = sorted(
        (copy_at(session, again, at).copy_number, copy_at(session, again, at).card.issue_number) for at in (1, 2)
    )
    assert numbers == [(1, 2), (2, 1)], "a new card for the missing one, a second copy of the spoilt one"


def test_many_at_once_use_up_and_tell_what_they_would_one_by_one(house, session):
    box = SupplyBox(
        id=new_id(),
        kind=SupplyKind.BLANK,
        number="DUS-1",
        quantity=3,
        in_store=3,
        point_id=house.actor.point_id,
        received_at=NOW,
    )
    session.add(box)
    batch = house.ready(session, 5)
    note_rest_printed(session, batch, **house.rest)
    session.expire_all()
    moves = session.scalars(select(SupplyMove).order_by(SupplyMove.id)).all()
    assert [move.box_id for move in moves] == [box.id] * 3 + [None] * 2
    assert {move.kind for move in moves} == {SupplyMoveKind.USED}
    assert box.in_store == 0
    lines = session.scalars(select(AuditLine.action).where(AuditLine.action.in_(["card.printed", "supplies.consumed"])))
    assert sorted(lines) == ["card.printed"] * 5 + ["supplies.consumed"] * 5
    events = session.scalars(select(CardEvent.kind).where(CardEvent.kind == CardEventKind.PRINTED)).all()
    assert len(events) == 5
    note_spoilt(session, copy_at(session, batch, 1), reason="bergaris", destroyed_by="Ani", **house.rest)
    assert box.in_store == 0, "the blank of a spoilt copy was taken when it was printed"
    assert verify_chains(session, key=house.keys.audit_key) == []


def test_what_is_unknown_is_not_swept_up_with_the_rest(house, session):
    batch = house.ready(session, 2)
    copy_at(session, batch, 1).fate = CopyFate.UNKNOWN
    session.flush()
    assert note_rest_printed(session, batch, **house.rest) == 1
    assert batch.state is BatchState.READY
    with pytest.raises(Conflict, match="batch_is_printing"):
        cancel_batch(session, batch, **house.rest)


def test_two_officers_note_the_same_stack(house):
    with house.database.writing() as session:
        batch_id = house.ready(session, 20).id
    counts, begin = [], threading.Barrier(3)

    def note() -> None:
        begin.wait()
        with house.database.writing() as session:
            batch = session.get_one(PrintBatch, batch_id)
            counts.append(note_range_printed(session, batch, [Span(1, 20)], **house.rest).count)

    threads = [threading.Thread(target=note) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 20
    with house.database.reading() as session:
        assert session.get_one(PrintBatch, batch_id).state is BatchState.SETTLED


def test_cancelling_lets_what_waits_go_and_keeps_what_came_out(house, session):
    batch = house.ready(session, 3)
    note_range_printed(session, batch, [Span(1, 1)], **house.rest)
    cancel_batch(session, batch, **house.rest)
    assert fates(session, batch) == [CopyFate.PRINTED, CopyFate.CANCELLED, CopyFate.CANCELLED]
    assert not settle_if_done(session, batch, **house.rest)
    assert house.make(session).copies_total == 2
    with pytest.raises(Conflict, match="batch_is_cancelled"):
        cancel_batch(session, batch, **house.rest)


def test_a_family_that_gets_its_next_card_is_in_one_batch_only(house, session):
    family = house.add_family(session)
    first = issue_card(session, family, **house.rest)
    house.make(session)
    new = replace_card(session, first, BlockReason.LOST, **house.rest)
    assert choose_cards(session, BatchChoice.VILLAGE, VILLAGE, area="62", at=NOW) == [new.id]
