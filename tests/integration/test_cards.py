"""The life of a card on both databases: who may do which step, and what stays behind."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from card_house import CardHouse, make_ring
from moment import NOW
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from registry.audit import verify_chains
from registry.cards import issuing
from registry.cards import new as new_card
from registry.cards.cards import (
    block_card,
    find_card,
    get_card,
    hand_over,
    issue_card,
    live_card_of,
    mark_printed,
    mark_spoilt,
    note_read_back,
    replace_card,
)
from registry.code.token import read_card, to_text
from registry.db import Database, new_id
from registry.errors import Conflict, KeyFault, NotFound, RegistryError
from registry.families.families import head_of
from registry.identifiers import CardNumber
from registry.keys.keys import load_trust
from registry.kinds import BlockReason, CardEventKind, CardState, FamilyState, PersonState, Relation
from registry.models import AuditLine, Card, CardEvent, Family, Person, TrustedKey


@pytest.fixture
def house(database: Database) -> CardHouse:
    return CardHouse(database, NOW)


@pytest.fixture
def session(house: CardHouse):
    with house.database.open_session(writes=True) as session:
        yield session


@pytest.fixture
def family(house: CardHouse, session) -> Family:
    return house.add_family(session)


@pytest.fixture
def card(house: CardHouse, session, family) -> Card:
    return issue_card(session, family, **house.rest)


def events_of(session, card: Card) -> list[CardEventKind]:
    return list(session.scalars(select(CardEvent.kind).where(CardEvent.card_id == card.id).order_by(CardEvent.id)))


def code_of(conflict: pytest.ExceptionInfo[Conflict]) -> str:
    return conflict.value.code


def test_an_issued_card_says_who_it_is_for_and_is_believed(house, session, family, card):
    reading = read_card(to_text(card.token), load_trust(session), at=NOW)
    claims = reading.claims
    assert reading.cose_hash == card.token_hash
    assert (claims.number, claims.head_name, claims.birth_year) == (card.number, "SITI AMINAH", 1980)
    assert (claims.region_code, claims.family_id) == ("62.06.05", family.card_family_id)
    assert claims.status_uri == "https://kk.kalteng.go.id/s/06"
    assert (card.status_list, card.status_index) == ("6206", claims.status_index)
    assert (card.state, card.issue_number, card.replaces_id) == (CardState.ISSUED, 1, None)
    assert CardNumber.parse(card.number).regency == "62.06"


def test_a_card_is_valid_to_the_end_of_the_day_five_years_on(card):
    assert card.expires_at == datetime(2031, 3, 2, 16, 59, 59, tzinfo=UTC)  # 23.59.59 WIB


def test_a_card_issued_on_29_february_ends_on_the_28th(house, session, family):
    at = datetime(2028, 2, 29, 3, tzinfo=UTC)
    session.execute(update(TrustedKey).values(valid_until=at))
    card = issue_card(session, family, actor=house.actor, keys=house.keys, at=at)
    assert card.expires_at == datetime(2033, 2, 28, 16, 59, 59, tzinfo=UTC)


def test_a_family_has_one_live_card(house, session, family, card):
    with pytest.raises(Conflict) as conflict:
        issue_card(session, family, **house.rest)
    assert (code_of(conflict), conflict.value.detail) == ("card_exists", {"number": card.number})


def test_a_second_live_card_is_refused_by_the_database_itself(session, card):
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(copy_of(card, number="62-06-000000-0", status_index=card.status_index + 1, issue_number=2))


def test_a_number_or_status_index_is_never_given_twice(house, session, card):
    other = house.add_family(session)
    for same in ({"number": card.number}, {"status_index": card.status_index}):
        fresh = {"number": "62-06-000000-0", "status_index": card.status_index + 1, "family_id": other.id} | same
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(copy_of(card, **fresh))


def copy_of(card: Card, **changed) -> Card:
    values = {column.key: getattr(card, column.key) for column in Card.__table__.columns if column.key != "id"}
    return Card(**(values | {"token_hash": b"other".ljust(32)} | changed))


def test_a_family_without_a_head_gets_no_card(house, session, family):
    head_of(family).state = PersonState.DEAD
    with pytest.raises(Conflict) as conflict:
        issue_card(session, family, **house.rest)
    assert code_of(conflict) == "no_head"


@pytest.mark.parametrize("state", [FamilyState.MOVED, FamilyState.DISSOLVED])
def test_a_family_that_is_not_served_here_gets_no_card(house, session, family, state):
    family.state = state
    with pytest.raises(Conflict) as conflict:
        issue_card(session, family, **house.rest)
    assert code_of(conflict) == f"family_{state}"


def test_a_card_that_no_scan_would_believe_is_not_issued(house, session, family):
    stranger = make_ring(NOW, seed=8)
    with pytest.raises(KeyFault) as fault:
        issue_card(session, family, actor=house.actor, keys=stranger, at=NOW)
    assert fault.value.code == "issuing_key_untrusted"
    with pytest.raises(KeyFault):
        issue_card(session, family, actor=house.actor, keys=house.keys, at=NOW + timedelta(days=366))
    assert live_card_of(session, family) is None


@pytest.mark.parametrize(
    ("scarce", "code"), [("SERIALS", "card_numbers_exhausted"), ("STATUS_INDEXES", "status_list_full")]
)
def test_numbers_and_indexes_are_drawn_until_free_and_then_run_out(house, session, monkeypatch, scarce, code):
    monkeypatch.setattr(new_card, scarce, 3)
    cards = [issue_card(session, house.add_family(session), **house.rest) for _ in range(3)]
    assert len({card.number for card in cards}) == len({card.status_index for card in cards}) == 3
    with pytest.raises(Conflict) as conflict:
        issue_card(session, house.add_family(session), **house.rest)
    assert code_of(conflict) == code


def test_the_status_list_ends_on_a_byte():
    assert new_card.STATUS_INDEXES % 8 == 0


def test_a_card_goes_from_issued_over_printed_to_active(house, session, family, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    assert card.state is CardState.PRINTED
    hand_over(session, card, head_of(family), id_seen=True, **house.rest)
    assert card.state is CardState.ACTIVE
    assert events_of(session, card) == [
        CardEventKind.ISSUED,
        CardEventKind.PRINTED,
        CardEventKind.READ_BACK,
        CardEventKind.HANDED_OVER,
    ]


def test_a_spoilt_print_keeps_the_card_number(house, session, card):
    number, token = card.number, card.token
    mark_spoilt(session, card, reason="pita habis", destroyed_by="Ani", **house.rest)
    mark_printed(session, card, **house.rest)
    mark_spoilt(session, card, reason="warna salah", destroyed_by="Ani", **house.rest)
    assert card.state is CardState.ISSUED
    mark_printed(session, card, **house.rest)
    assert (card.state, card.number, card.token) == (CardState.PRINTED, number, token)
    assert session.scalar(select(func.count()).select_from(Card)) == 1
    spoilt = select(CardEvent.reason).where(CardEvent.kind == CardEventKind.SPOILT).order_by(CardEvent.id)
    assert list(session.scalars(spoilt)) == ["pita habis", "warna salah"]


def test_spoiling_asks_for_a_reason(house, session, card):
    with pytest.raises(Conflict) as conflict:
        mark_spoilt(session, card, reason="  ", destroyed_by="Ani", **house.rest)
    assert code_of(conflict) == "reason_missing"


def test_only_a_printed_card_is_handed_over(house, session, family, card):
    with pytest.raises(Conflict) as conflict:
        hand_over(session, card, head_of(family), id_seen=True, **house.rest)
    assert code_of(conflict) == "card_is_issued"
    assert card.state is CardState.ISSUED


def test_a_card_is_handed_over_once(house, session, family, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    hand_over(session, card, head_of(family), id_seen=True, **house.rest)
    with pytest.raises(Conflict) as conflict:
        hand_over(session, card, head_of(family), id_seen=True, **house.rest)
    assert code_of(conflict) == "card_is_active"


def test_a_proxy_of_the_same_family_may_take_the_card(house, session, family, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    proxy = family.people[1]
    hand_over(session, card, proxy, id_seen=True, **house.rest)
    event = session.scalars(select(CardEvent).where(CardEvent.kind == CardEventKind.HANDED_OVER)).one()
    assert event.receiver_id == proxy.id
    line = session.scalars(select(AuditLine).where(AuditLine.action == "card.handed_over")).one()
    assert json.loads(line.detail) == {"receiver": "proxy"}


def test_nobody_takes_a_card_without_showing_an_identity_card(house, session, family, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    with pytest.raises(Conflict) as conflict:
        hand_over(session, card, head_of(family), id_seen=False, **house.rest)
    assert code_of(conflict) == "id_not_seen"
    assert card.state is CardState.PRINTED


def test_a_card_is_not_handed_to_another_family_nor_to_the_dead(house, session, family, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    stranger = house.add_family(session).people[0]
    dead = family.people[1]
    dead.state = PersonState.DEAD
    for receiver in (stranger, dead):
        with pytest.raises(Conflict) as conflict:
            hand_over(session, card, receiver, id_seen=True, **house.rest)
        assert code_of(conflict) == "receiver_not_of_family"


def test_a_child_takes_no_card_unless_it_is_the_head(house, session, family, card):
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    head, _, child = family.people
    with pytest.raises(Conflict) as conflict:
        hand_over(session, card, child, id_seen=True, **house.rest)
    assert code_of(conflict) == "receiver_too_young"
    assert card.state is CardState.PRINTED
    head.birth_date = child.birth_date
    hand_over(session, card, head, id_seen=True, **house.rest)
    assert card.state is CardState.ACTIVE


def test_what_is_written_about_a_card_holds_no_number_of_a_person(house, session, card):
    steps = (
        lambda note: mark_spoilt(session, card, reason=note, destroyed_by="Ani", **house.rest),
        lambda note: block_card(session, card, BlockReason.LOST, note, **house.rest),
        lambda note: replace_card(session, card, BlockReason.LOST, note, **house.rest),
    )
    for step in steps:
        for note in ("NIK 6206050101800001", "kk 6206.0501 0180-0001", "BPJS 0001234567890"):
            with pytest.raises(RegistryError) as refusal:
                step(note)
            assert refusal.value.code == "text_holds_number"
    assert card.state is CardState.ISSUED
    block_card(session, card, BlockReason.LOST, "lapor ke 0812 3456 7890, kartu 62-06-207002-0", **house.rest)


def test_a_fault_of_the_database_is_not_taken_for_another_counter(house, session, family, monkeypatch):
    """Drawing again eight times would hide what is wrong, and say that the numbers have run out."""

    def draw_for_nobody(*drawing, **rest):
        card = new_card.draw_card(*drawing, **rest)
        card.head_id = new_id()
        return card

    monkeypatch.setattr(issuing, "draw_card", draw_for_nobody)
    with pytest.raises(IntegrityError):
        issue_card(session, family, **house.rest)


def test_a_blocked_card_takes_no_further_step_but_being_replaced(house, session, family, card):
    mark_printed(session, card, **house.rest)
    block_card(session, card, BlockReason.LOST, "jatuh di sungai", **house.rest)
    assert (card.state, card.block_reason) == (CardState.BLOCKED, BlockReason.LOST)
    steps = (
        lambda: mark_printed(session, card, **house.rest),
        lambda: mark_spoilt(session, card, reason="sobek", destroyed_by="Ani", **house.rest),
        lambda: hand_over(session, card, head_of(family), id_seen=True, **house.rest),
        lambda: block_card(session, card, BlockReason.MISUSED, **house.rest),
    )
    for step in steps:
        with pytest.raises(Conflict) as conflict:
            step()
        assert code_of(conflict) == "card_is_blocked"
    event = session.scalars(select(CardEvent).where(CardEvent.kind == CardEventKind.BLOCKED)).one()
    assert event.reason == "lost: jatuh di sungai"
    assert replace_card(session, card, BlockReason.LOST, **house.rest).issue_number == 2


def test_a_replaced_card_gives_way_to_the_next_issue(house, session, family, card):
    new = replace_card(session, card, BlockReason.DAMAGED, **house.rest)
    assert (card.state, card.block_reason) == (CardState.REPLACED, BlockReason.DAMAGED)
    assert (new.state, new.issue_number, new.replaces_id) == (CardState.ISSUED, 2, card.id)
    assert new.number != card.number
    assert new.status_index != card.status_index
    assert live_card_of(session, family).id == new.id
    with pytest.raises(Conflict) as conflict:
        replace_card(session, card, BlockReason.LOST, **house.rest)
    assert code_of(conflict) == "card_is_replaced"


def test_after_a_change_of_head_the_new_card_names_the_new_one(house, session, family, card):
    old_head, son, _ = family.people
    old_head.state = PersonState.DEAD
    session.flush()
    son.relation = Relation.HEAD
    session.flush()
    new = replace_card(session, card, BlockReason.HEAD_CHANGED, **house.rest)
    claims = read_card(to_text(new.token), load_trust(session), at=NOW).claims
    assert (new.head_id, new.head_name, claims.head_name, claims.birth_year) == (son.id, "RAHMAT", "RAHMAT", 2004)


def test_a_family_without_a_head_keeps_its_card_when_replacing_fails(house, session, family, card):
    head_of(family).state = PersonState.DEAD
    with pytest.raises(Conflict) as conflict:
        replace_card(session, card, BlockReason.HEAD_CHANGED, **house.rest)
    assert code_of(conflict) == "no_head"
    assert card.state is CardState.ISSUED


def test_a_card_is_found_by_number_and_token_and_only_within_the_area(session, card):
    number = CardNumber.parse(card.number)
    assert find_card(session, number=number) is card
    assert find_card(session, token_hash=card.token_hash) is card
    assert find_card(session, token_hash=bytes(32)) is None
    for area in ("62", "62.06", "62.06.05", "62.06.05.2003"):
        assert get_card(session, number, area=area) is card
    for area in ("62.01", "62.06.01", "62.06.05.2001"):
        with pytest.raises(NotFound):
            get_card(session, number, area=area)


def test_every_step_leaves_an_audit_line_without_names_or_numbers(house, session, family, card):
    mark_spoilt(session, card, reason="SITI AMINAH salah cetak", destroyed_by="Ani", **house.rest)
    mark_printed(session, card, **house.rest)
    note_read_back(session, card, **house.rest)
    hand_over(session, card, head_of(family), id_seen=True, **house.rest)
    block_card(session, card, BlockReason.LOST, "kata RAHMAT", **house.rest)
    replace_card(session, card, BlockReason.LOST, "kata RAHMAT", **house.rest)
    lines = session.scalars(select(AuditLine).where(AuditLine.action.startswith("card.")).order_by(AuditLine.seq)).all()
    assert [line.action for line in lines] == [
        "card.issued",
        "card.spoilt",
        "card.printed",
        "card.read_back",
        "card.handed_over",
        "card.blocked",
        "card.replaced",
        "card.issued",
    ]
    assert {line.officer_id for line in lines} == {house.actor.officer_id}
    assert {line.subject for line in lines[:6]} == {f"card:{card.id}"}
    assert not any(name in line.detail for line in lines for name in ("SITI", "RAHMAT", card.number))
    assert verify_chains(session, key=house.keys.audit_key) == []


def test_events_say_who_when_and_where(house, session, card):
    event = session.scalars(select(CardEvent)).one()
    assert (event.officer_id, event.point_id, event.at) == (house.actor.officer_id, house.actor.point_id, NOW)


def at_once(database: Database, step, times: int) -> list[str]:
    """Take a step in several transactions at the same time; return "done" or the code of the conflict for each."""

    def run(_: int) -> str:
        try:
            with database.writing() as session:
                step(session)
        except Conflict as conflict:
            return conflict.code
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(run, range(times)))


def test_two_counters_at_once_issue_one_card(house):
    with house.database.writing() as session:
        family_id = house.add_family(session).id

    def step(session):
        issue_card(session, session.get_one(Family, family_id), **house.rest)

    assert at_once(house.database, step, 6) == ["card_exists"] * 5 + ["done"]


def test_a_card_counted_after_another_counter_issued_one_is_overtaken(house):
    """Between looking for a live card and counting the family's cards, the other counter's card became visible."""
    with house.database.writing() as session:
        family = house.add_family(session)
        issue_card(session, family, **house.rest)
        late = new_card.draw_card(session, family, head_of(family), keys=house.keys, trust=load_trust(session), at=NOW)

        assert late.issue_number == 2
        assert new_card.is_overtaken(session, late)


def test_two_counters_at_once_hand_over_once(house):
    with house.database.writing() as session:
        card = issue_card(session, house.add_family(session), **house.rest)
        mark_printed(session, card, **house.rest)
        note_read_back(session, card, **house.rest)

    def step(session):
        held = session.get_one(Card, card.id)
        hand_over(session, held, session.get_one(Person, held.head_id), id_seen=True, **house.rest)

    assert at_once(house.database, step, 6) == ["card_is_active"] * 5 + ["done"]


def test_two_counters_at_once_replace_once(house):
    with house.database.writing() as session:
        card = issue_card(session, house.add_family(session), **house.rest)

    def step(session):
        replace_card(session, session.get_one(Card, card.id), BlockReason.LOST, **house.rest)

    assert at_once(house.database, step, 6) == ["card_is_replaced"] * 5 + ["done"]
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Card)) == 2
