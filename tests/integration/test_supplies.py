"""Custody of blanks and ribbons: every one is received once, is somewhere, and goes one way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from supply_scene import SupplyScene

from registry.db import new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.kinds import CardMedium, SupplyKind, SupplyMoveKind
from registry.models import AuditLine, Card, PrintCopy, SupplyBox, SupplyHolding, SupplyMove
from registry.supplies.balances import balance_of_box, balance_of_point
from registry.supplies.boxes import find_box, find_boxes, find_empty_boxes, find_held, get_own_box
from registry.supplies.history import count_moves, days_with_destroyed, list_destroyed, list_moves
from registry.supplies.moves import give_back, issue_to_officer, return_to_supplier, spoil, transfer

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BLANK, RIBBON = SupplyKind.BLANK, SupplyKind.RIBBON
USED, SPOILT = SupplyMoveKind.USED, SupplyMoveKind.SPOILT


@pytest.fixture
def scene(database) -> SupplyScene:
    return SupplyScene(database, NOW)


def balance(scene: SupplyScene, box_id):
    with scene.database.reading() as session:
        return balance_of_box(session, session.get_one(SupplyBox, box_id))


def moves(scene: SupplyScene, **equal):
    with scene.database.reading() as session:
        return session.scalars(select(SupplyMove).filter_by(**equal).order_by(SupplyMove.id)).all()


# receiving


def test_a_received_box_lies_in_the_store_under_its_number(scene):
    box_id = scene.receive("  kh-001  a ", 500, first_serial="A1", last_serial="A500")
    with scene.database.reading() as session:
        box = find_box(session, "KH-001 A", point_id=scene.point_id)
        assert (box.id, box.quantity, box.in_store, box.first_serial) == (box_id, 500, 500, "A1")
        assert find_box(session, "KH-001 A", point_id=scene.other_id) is None
        assert get_own_box(session, box_id, point_id=scene.point_id) is box
        with pytest.raises(NotFound, match="supply_box_unknown"):
            get_own_box(session, box_id, point_id=scene.other_id)


def test_a_number_is_received_once_in_the_whole_installation_but_ribbon_may_bear_it_too(scene):
    scene.receive("KH-1", 500)
    with pytest.raises(Conflict, match="supply_box_known"):
        scene.receive("KH-1", 500, by=scene.rudi_id)
    scene.receive("KH-1", 200, RIBBON)


def test_a_form_sent_twice_is_one_box_and_with_other_content_refused(scene):
    move_id = new_id()
    first = scene.receive("KH-1", 500, move_id=move_id)
    assert scene.receive("KH-1", 500, move_id=move_id) == first
    with pytest.raises(Conflict, match="supply_move_differs"):
        scene.receive("KH-1", 499, move_id=move_id)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": ""}, "supply_number_malformed"),
        ({"number": "kotak\u00a01é"}, "supply_number_malformed"),
        ({"number": "K" * 37}, "supply_number_malformed"),
        ({"quantity": 0}, "supply_quantity_out_of_bounds"),
        ({"quantity": 10_001}, "supply_quantity_out_of_bounds"),
        ({"document": " "}, "supply_document_missing"),
        ({"content": "NIK 6206051708800001"}, "text_holds_number"),
    ],
)
def test_a_box_that_cannot_be_is_refused(scene, changed, code):
    rest = {"number": "KH-1", "quantity": 500} | changed
    with pytest.raises(RegistryError) as refused:
        scene.receive(rest.pop("number"), rest.pop("quantity"), **rest)
    assert refused.value.code == code


# store and hands


def test_blanks_go_into_an_officers_hands_and_back(scene):
    box_id = scene.receive("KH-1", 10)
    scene.do(issue_to_officer, box_id, scene.siti_id, quantity=4)
    scene.do(issue_to_officer, box_id, scene.siti_id, quantity=2)
    scene.do(give_back, box_id, scene.siti_id, quantity=1)
    even = balance(scene, box_id)
    assert (even.in_store, even.held, even.is_even) == (5, 5, True)
    with scene.database.reading() as session:
        assert [(one.officer.name, one.quantity) for one in find_held(session, scene.point_id)] == [("Siti", 5)]


def test_nobody_gets_more_than_is_there(scene):
    box_id = scene.receive("KH-1", 3)
    with pytest.raises(Conflict) as short:
        scene.do(issue_to_officer, box_id, scene.siti_id, quantity=4)
    assert (short.value.code, short.value.detail) == ("supplies_short", {"pieces": "3"})
    scene.do(issue_to_officer, box_id, scene.siti_id, quantity=3)
    for act, rest in (
        (give_back, {}),
        (spoil, {"reason": "basah", "destroyed_by": "Siti"}),
    ):
        with pytest.raises(Conflict, match="holding_short"):
            scene.do(act, box_id, scene.siti_id, quantity=4, **rest)
    assert balance(scene, box_id).held == 3


def test_only_officers_of_the_point_hold_its_blanks(scene):
    box_id = scene.receive("KH-1", 3)
    with pytest.raises(Conflict, match="officer_not_of_point"):
        scene.do(issue_to_officer, box_id, scene.rudi_id, quantity=1)


def test_another_points_box_is_out_of_reach(scene):
    box_id = scene.receive("KH-1", 3)
    for act, args, rest in (
        (issue_to_officer, [scene.rudi_id], {}),
        (give_back, [scene.rudi_id], {}),
        (spoil, [None], {"reason": "basah", "destroyed_by": "Rudi"}),
        (return_to_supplier, [], {"reason": "salah kirim"}),
        (transfer, [scene.other_id], {}),
    ):
        with pytest.raises(NotFound, match="supply_box_unknown"):
            scene.do(act, box_id, *args, quantity=1, by=scene.rudi_id, **rest)


def test_what_is_sent_twice_moves_once(scene):
    box_id, move_id = scene.receive("KH-1", 10), new_id()
    for _ in range(2):
        scene.do(issue_to_officer, box_id, scene.siti_id, quantity=4, move_id=move_id)
    assert balance(scene, box_id).held == 4
    for officer_id, quantity in ((scene.siti_id, 5), (scene.dewi_id, 4)):
        with pytest.raises(Conflict, match="supply_move_differs"):
            scene.do(issue_to_officer, box_id, officer_id, quantity=quantity, move_id=move_id)


def test_spoilt_and_returned_need_a_reason_and_spoilt_a_destroyer(scene):
    box_id = scene.receive("KH-1", 10)
    with pytest.raises(Conflict, match="reason_missing"):
        scene.do(spoil, box_id, None, quantity=1, reason=" ", destroyed_by="Dewi")
    with pytest.raises(Conflict, match="destroyer_missing"):
        scene.do(spoil, box_id, None, quantity=1, reason="basah", destroyed_by=" ")
    with pytest.raises(Conflict, match="reason_missing"):
        scene.do(return_to_supplier, box_id, quantity=1, reason="")
    scene.do(spoil, box_id, None, quantity=1, reason="basah", destroyed_by="Dewi")
    scene.do(return_to_supplier, box_id, quantity=2, reason="cacat", document="SR-1")
    even = balance(scene, box_id)
    assert (even.in_store, even.spoilt, even.returned, even.is_even) == (7, 1, 2, True)


# transfers


def test_an_untouched_box_goes_whole_and_keeps_its_number(scene):
    box_id = scene.receive("KH-1", 10)
    assert scene.do(transfer, box_id, scene.other_id, quantity=10).id == box_id
    with scene.database.reading() as session:
        assert find_box(session, "KH-1", point_id=scene.other_id).in_store == 10
        here, there = (balance_of_point(session, point, BLANK) for point in (scene.point_id, scene.other_id))
        assert (here.received, here.transferred, here.in_store, here.is_even) == (10, 10, 0, True)
        assert (there.received, there.in_store, there.is_even) == (10, 10, True)
    assert balance(scene, box_id).is_even
    with pytest.raises(NotFound, match="supply_box_unknown"):
        scene.do(issue_to_officer, box_id, scene.siti_id, quantity=1)


def test_a_part_goes_as_a_box_of_its_own(scene):
    box_id = scene.receive("KH-1", 10)
    second = scene.do(transfer, box_id, scene.other_id, quantity=4)
    third = scene.do(transfer, box_id, scene.other_id, quantity=1)
    assert [(one.number, one.quantity, one.parent_id) for one in (second, third)] == [
        ("KH-1/2", 4, box_id),
        ("KH-1/3", 1, box_id),
    ]
    back = scene.do(transfer, second.id, scene.point_id, quantity=3, by=scene.rudi_id)
    assert (back.number, back.parent_id) == ("KH-1/4", second.id)
    for one in (box_id, second.id, third.id, back.id):
        assert balance(scene, one).is_even
    with scene.database.reading() as session:
        here, there = (balance_of_point(session, point, BLANK) for point in (scene.point_id, scene.other_id))
    assert (here.received, here.transferred, here.in_store, here.is_even) == (13, 5, 8, True)
    assert (there.received, there.transferred, there.in_store, there.is_even) == (5, 3, 2, True)


def test_the_number_of_a_part_that_is_taken_is_passed_over(scene):
    scene.receive("KH-1/2", 5)
    box_id = scene.receive("KH-1", 10)
    assert scene.do(transfer, box_id, scene.other_id, quantity=4).number == "KH-1/3"


def test_a_transfer_sent_twice_is_one(scene):
    whole, split = scene.receive("KH-1", 10), scene.receive("KH-2", 10)
    for box_id, quantity in ((whole, 10), (split, 4)):
        move_id = new_id()
        first = scene.do(transfer, box_id, scene.other_id, quantity=quantity, move_id=move_id)
        assert scene.do(transfer, box_id, scene.other_id, quantity=quantity, move_id=move_id).id == first.id
    with scene.database.reading() as session:
        assert balance_of_point(session, scene.other_id, BLANK).in_store == 14


def test_blanks_go_to_another_point_that_prints_only(scene):
    box_id = scene.receive("KH-1", 10)
    with pytest.raises(Conflict, match="point_keeps_no_supplies"):
        scene.do(transfer, box_id, scene.point_id, quantity=1)


# printing


def test_a_copy_takes_a_blank_and_a_ribbon_set_from_the_oldest_boxes(scene):
    old, ribbon = scene.receive("KH-1", 1), scene.receive("PITA-1", 200, RIBBON)
    new = scene.receive("KH-2", 5)
    for _ in range(2):
        scene.consume(scene.copy())
    assert [balance(scene, one).used for one in (old, new, ribbon)] == [1, 1, 2]


def test_an_officer_who_holds_blanks_uses_their_own_first(scene):
    box_id = scene.receive("KH-1", 5)
    scene.do(issue_to_officer, box_id, scene.siti_id, quantity=1)
    for _ in range(2):
        scene.consume(scene.copy(), by=scene.siti_id)
    even = balance(scene, box_id)
    assert (even.in_store, even.held, even.used, even.is_even) == (3, 0, 2, True)
    assert [move.holder_id for move in moves(scene, kind=USED)] == [scene.siti_id, None]


def test_a_copy_takes_its_blank_once(scene):
    box_id, copy_id = scene.receive("KH-1", 5), scene.copy()
    for _ in range(3):
        scene.consume(copy_id)
    assert balance(scene, box_id).used == 1


def test_a_printed_copy_found_spoilt_later_takes_no_second_blank(scene):
    box_id, copy_id = scene.receive("KH-1", 5), scene.copy()
    scene.consume(copy_id)
    for _ in range(2):
        scene.consume(copy_id, SPOILT, destroyed_by="Siti")
    scene.consume(copy_id)
    even = balance(scene, box_id)
    assert (even.in_store, even.used, even.spoilt, even.is_even) == (4, 0, 1, True)


def test_a_spoilt_copy_takes_its_blank_from_where_it_was_printed_also_when_told_elsewhere(scene):
    box_id, copy_id = scene.receive("KH-1", 5), scene.copy()
    scene.receive("KH-2", 5, by=scene.rudi_id)
    scene.consume(copy_id)
    scene.consume(copy_id, SPOILT, by=scene.rudi_id)
    assert balance(scene, box_id).spoilt == 1
    with scene.database.reading() as session:
        assert all(balance_of_point(session, one, BLANK).is_even for one in (scene.point_id, scene.other_id))


def test_a_copy_spoilt_at_once_takes_one(scene):
    box_id = scene.receive("KH-1", 5)
    scene.consume(scene.copy(), SPOILT)
    even = balance(scene, box_id)
    assert (even.in_store, even.used, even.spoilt) == (4, 0, 1)


def test_printing_without_a_box_in_the_books_goes_on_and_stands_there(scene):
    copy_id = scene.copy()
    scene.consume(copy_id)
    assert [(move.supply, move.box_id) for move in moves(scene)] == [(BLANK, None)]
    with scene.database.reading() as session:
        told = session.scalars(select(AuditLine).where(AuditLine.action == "supplies.consumed")).one()
        assert '"without_box":1' in told.detail
        assert balance_of_point(session, scene.point_id, BLANK).is_even


def test_ribbon_is_counted_from_its_first_box_on_also_when_it_ran_out(scene):
    ribbon = scene.receive("PITA-1", 1, RIBBON)
    for _ in range(2):
        scene.consume(scene.copy())
    assert [move.box_id for move in moves(scene, supply=RIBBON, kind=USED)] == [ribbon, None]


def test_a_paper_card_takes_nothing(scene):
    box_id, copy_id = scene.receive("KH-1", 5), scene.copy()
    with scene.database.writing() as session:
        card_id = session.get_one(PrintCopy, copy_id).card_id
        session.execute(update(Card).where(Card.id == card_id).values(medium=CardMedium.PAPER))
    scene.consume(copy_id)
    assert balance(scene, box_id).in_store == 5


def test_printing_uses_or_spoils_and_nothing_else(scene):
    copy_id = scene.copy()
    with pytest.raises(RegistryError, match="supply_kind_not_consumed"):
        scene.consume(copy_id, SupplyMoveKind.RETURNED)
    with pytest.raises(Conflict, match="reason_missing"):
        scene.consume(copy_id, SPOILT, reason=" ")
    with pytest.raises(Conflict, match="destroyer_missing"):
        scene.consume(copy_id, SPOILT, destroyed_by=" ")


def test_the_schema_itself_lets_a_copy_take_one_blank_and_no_box_go_below_nothing(scene):
    box_id, copy_id = scene.receive("KH-1", 5), scene.copy()
    scene.consume(copy_id)
    rest = {"quantity": 1, "point_id": scene.point_id, "at": NOW}
    with pytest.raises(IntegrityError, match="copy"), scene.database.writing() as session:
        session.add(SupplyMove(supply=BLANK, kind=USED, box_id=box_id, copy_id=copy_id, **rest))
    with pytest.raises(IntegrityError, match="in_store"), scene.database.writing() as session:
        session.execute(update(SupplyBox).values(in_store=-1))
    with pytest.raises(IntegrityError, match="quantity"), scene.database.writing() as session:
        session.add(SupplyHolding(box_id=box_id, officer_id=scene.siti_id, quantity=-1))


def test_the_book_is_append_only(scene):
    scene.receive("KH-1", 5)
    with pytest.raises(DatabaseError), scene.database.writing() as session:
        session.execute(update(SupplyMove).values(quantity=4))
    with pytest.raises(DatabaseError), scene.database.writing() as session:
        session.execute(delete(SupplyMove))


def test_two_counters_at_once_share_the_last_blanks(scene):
    box_id = scene.receive("KH-1", 4)
    copies = [scene.copy() for _ in range(8)]
    with ThreadPoolExecutor(4) as counters:
        list(
            counters.map(
                lambda pair: scene.consume(pair[1], by=(scene.dewi_id, scene.siti_id)[pair[0] % 2]), enumerate(copies)
            )
        )
    even = balance(scene, box_id)
    assert (even.in_store, even.used, even.is_even) == (0, 4, True)
    assert len(moves(scene, box_id=None)) == 4


def test_two_keepers_at_once_hand_out_no_more_than_is_there(scene):
    box_id = scene.receive("KH-1", 5)

    def hand_out(officer_id) -> int:
        try:
            scene.do(issue_to_officer, box_id, officer_id, quantity=2)
        except Conflict:
            return 0
        return 2

    with ThreadPoolExecutor(4) as keepers:
        given = sum(keepers.map(hand_out, [scene.dewi_id, scene.siti_id] * 3))
    even = balance(scene, box_id)
    assert (given, even.held, even.in_store, even.is_even) == (4, 4, 1, True)


# reading


def test_history_says_who_did_what_and_on_which_card(scene):
    box_id = scene.receive("KH-1", 5)
    scene.do(issue_to_officer, box_id, scene.siti_id, quantity=2)
    copy_id = scene.copy()
    scene.consume(copy_id, by=scene.siti_id)
    scene.do(transfer, box_id, scene.other_id, quantity=1)
    with scene.database.reading() as session:
        number = session.get_one(PrintCopy, copy_id).card.number
        told = [
            (line.move.kind, line.by, line.holder, line.to_point, line.card_number)
            for line in list_moves(session, box_id, limit=10)
        ]
        assert count_moves(session, box_id) == 4
    assert told == [
        ("transferred", "Dewi", "", "Loket 2", ""),
        ("used", "Siti", "Siti", "", number),
        ("issued", "Dewi", "Siti", "", ""),
        ("received", "Dewi", "", "", ""),
    ]


def test_empty_boxes_stand_apart(scene):
    box_id = scene.receive("KH-1", 1)
    scene.receive("KH-2", 1)
    scene.do(spoil, box_id, None, quantity=1, reason="basah", destroyed_by="Dewi")
    with scene.database.reading() as session:
        assert [box.number for box in find_boxes(session, scene.point_id, BLANK)] == ["KH-2"]
        assert [box.number for box in find_empty_boxes(session, scene.point_id, limit=5)] == ["KH-1"]


def test_what_was_destroyed_is_listed_by_the_day_of_the_counter(scene):
    box_id = scene.receive("KH-1", 5)
    copy_id = scene.copy()
    scene.consume(copy_id, SPOILT, destroyed_by="Siti", at=NOW.replace(hour=16, minute=59))  # 23.59 WIB
    scene.consume(scene.copy(), SPOILT, at=NOW.replace(hour=17))
    scene.do(spoil, box_id, None, quantity=2, reason="basah", destroyed_by="Dewi")
    with scene.database.reading() as session:
        today = list_destroyed(session, scene.point_id, on_date=NOW.date())
        assert [(one.quantity, one.reason, one.destroyed_by, bool(one.card_number)) for one in today] == [
            (2, "basah", "Dewi", False),
            (1, "pita putus", "Siti", True),
        ]
        days = days_with_destroyed(session, scene.point_id, since=NOW - timedelta(days=1))
        assert days == [(NOW.date() + timedelta(days=1), {BLANK: 1}), (NOW.date(), {BLANK: 3})]
        assert list_destroyed(session, scene.other_id, on_date=NOW.date()) == []


def test_every_movement_leaves_a_line_without_its_words(scene):
    box_id = scene.receive("KH-1", 5)
    scene.do(spoil, box_id, None, quantity=1, reason="jatuh dari tangan Budi", destroyed_by="Joko")
    with scene.database.reading() as session:
        lines = session.scalars(select(AuditLine.detail).where(AuditLine.action == "supplies.moved")).all()
    assert len(lines) == 2
    assert not [line for line in lines if "Budi" in line or "Joko" in line]
