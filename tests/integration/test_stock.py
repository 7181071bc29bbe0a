"""The stock of a point: counted from the first delivery, never below nothing, and put right by every undo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from giving_scene import Scene
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from stock_scene import ask, give, note, roster_of, set_lanes

from registry.db import new_id
from registry.errors import Conflict, RegistryError
from registry.giving.receipts import undo_redemption
from registry.giving.stock import list_entries, read_stock
from registry.kinds import RoundState, StockKind, Unit
from registry.models import AuditLine, Programme, Redemption, Stock
from verify.reasons import ReasonCode
from verify.redeem import Refused

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def scene(database) -> Scene:
    return set_lanes(database, NOW, families=5)


def stock_of(database, scene: Scene):
    with database.reading() as session:
        return read_stock(session, scene.roster_id)


def undo(database, scene: Scene, redemption_id) -> None:
    with database.writing() as session:
        undo_redemption(session, redemption_id, reason="salah orang", **scene.supervising)


def test_nothing_is_counted_before_the_first_delivery(database, scene):
    give(database, scene, 0)
    assert stock_of(database, scene) is None


def test_the_first_delivery_counts_what_was_given_before(database, scene):
    first = give(database, scene, 0)
    give(database, scene, 1)
    undo(database, scene, first.redemption_id)
    note(database, scene, StockKind.DELIVERED, 4)
    stock = stock_of(database, scene)
    assert (stock.delivered, stock.given, stock.left, stock.to_come) == (4, 1, 3, 4)


def test_a_first_delivery_below_what_was_given_is_refused(database, scene):
    give(database, scene, 0)
    give(database, scene, 1)
    with pytest.raises(RegistryError) as refused:
        note(database, scene, StockKind.DELIVERED, 1)
    assert (refused.value.code, refused.value.detail) == ("delivery_below_given", {"given": "2"})


def test_giving_and_undoing_are_counted(database, scene):
    note(database, scene, StockKind.DELIVERED, 5)
    given = give(database, scene, 0)
    assert stock_of(database, scene).left == 4
    undo(database, scene, given.redemption_id)
    assert stock_of(database, scene).left == 5


def test_what_was_given_before_counting_began_is_put_back_too(database, scene):
    given = give(database, scene, 0)
    note(database, scene, StockKind.DELIVERED, 5)
    undo(database, scene, given.redemption_id)
    assert (stock_of(database, scene).given, stock_of(database, scene).left) == (0, 5)


def test_nothing_is_given_when_nothing_is_left(database, scene):
    note(database, scene, StockKind.DELIVERED, 2)
    note(database, scene, StockKind.DAMAGED, 1)
    give(database, scene, 0)
    refused = ask(database, scene, 1)
    assert isinstance(refused, Refused)
    assert ReasonCode.NO_STOCK in [reason.code for reason in refused.decision.reasons]
    assert stock_of(database, scene).left == 0


def test_damage_and_return_take_no_more_than_is_left(database, scene):
    note(database, scene, StockKind.DELIVERED, 3)
    give(database, scene, 0)
    for kind in (StockKind.DAMAGED, StockKind.RETURNED):
        with pytest.raises(Conflict) as refused:
            note(database, scene, kind, 3)
        assert (refused.value.code, refused.value.detail) == ("stock_short", {"packages": "2"})
    note(database, scene, StockKind.DAMAGED, 1)
    note(database, scene, StockKind.RETURNED, 1)
    stock = stock_of(database, scene)
    assert (stock.damaged, stock.returned, stock.left) == (1, 1, 0)


@pytest.mark.parametrize(
    ("kind", "quantity", "other", "code"),
    [
        (StockKind.DELIVERED, 0, {}, "quantity_out_of_bounds"),
        (StockKind.DELIVERED, 20_001, {}, "quantity_out_of_bounds"),
        (StockKind.DELIVERED, -5, {}, "quantity_out_of_bounds"),
        (StockKind.DELIVERED, 5, {"document": " "}, "document_missing"),
        (StockKind.DAMAGED, 1, {"note": ""}, "reason_missing"),
        (StockKind.RETURNED, 1, {"note": ""}, "reason_missing"),
        (StockKind.RETURNED, 1, {"note": "NIK 6206051708800001"}, "text_holds_number"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(database, scene, kind, quantity, other, code):
    with pytest.raises(RegistryError) as refused:
        note(database, scene, kind, quantity, **other)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", [StockKind.DAMAGED, StockKind.RETURNED, StockKind.COUNTED])
def test_before_a_delivery_there_is_nothing_to_note(database, scene, kind):
    with pytest.raises(Conflict, match="stock_not_begun"):
        note(database, scene, kind, 1)


def test_a_closed_round_takes_no_delivery_but_its_rest_goes_back(database, scene):
    note(database, scene, StockKind.DELIVERED, 5)
    with database.writing() as session:
        roster_of(session, scene).round.state = RoundState.CLOSED
    with pytest.raises(Conflict, match="round_closed"):
        note(database, scene, StockKind.DELIVERED, 5)
    note(database, scene, StockKind.RETURNED, 5)
    assert stock_of(database, scene).left == 0


def test_money_has_no_store(database, scene):
    with database.writing() as session:
        session.execute(update(Programme).where(Programme.code == "PANGAN").values(unit=Unit.RUPIAH))
    with pytest.raises(RegistryError, match="stock_not_kept"):
        note(database, scene, StockKind.DELIVERED, 5)


def test_an_entry_sent_twice_is_one_entry(database, scene):
    entry_id = new_id()
    note(database, scene, StockKind.DELIVERED, 5, entry_id=entry_id)
    note(database, scene, StockKind.DELIVERED, 5, entry_id=entry_id)
    assert stock_of(database, scene).delivered == 5
    with pytest.raises(Conflict, match="stock_entry_differs"):
        note(database, scene, StockKind.DELIVERED, 6, entry_id=entry_id)


def test_a_count_changes_nothing_in_the_books(database, scene):
    note(database, scene, StockKind.DELIVERED, 5)
    note(database, scene, StockKind.COUNTED, 4, document="")
    assert stock_of(database, scene).left == 5
    with database.reading() as session:
        assert [one.kind for one in list_entries(session, scene.roster_id)] == [StockKind.COUNTED, StockKind.DELIVERED]


def test_it_warns_when_there_is_too_little_for_those_to_come_or_less_than_a_tenth(database, scene):
    note(database, scene, StockKind.DELIVERED, 4)
    stock = stock_of(database, scene)
    assert (stock.to_come, stock.lacking, stock.is_low) == (5, 1, True)
    note(database, scene, StockKind.DELIVERED, 96)
    assert not stock_of(database, scene).is_low
    note(database, scene, StockKind.RETURNED, 91)
    assert (stock_of(database, scene).left, stock_of(database, scene).is_low) == (9, True)


def test_every_entry_leaves_a_line_without_its_words(database, scene):
    note(database, scene, StockKind.DELIVERED, 5, note="truk Pak Budi")
    with database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.action == "stock.noted")).one()
    assert "delivered" in line.detail
    assert "Budi" not in line.detail


def test_the_database_itself_gives_out_no_more_than_was_delivered(database, scene):
    note(database, scene, StockKind.DELIVERED, 1)
    with pytest.raises(IntegrityError, match="not_more_than_delivered"), database.writing() as session:
        session.execute(update(Stock).values(given=2))
    with pytest.raises(IntegrityError, match="not_negative"), database.writing() as session:
        session.execute(update(Stock).values(given=-1))
    with database.reading() as session:
        assert session.scalars(select(Redemption)).all() == []
