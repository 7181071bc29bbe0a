"""The day's minutes: what was given and left as it stood when the day was closed, for ever after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from giving_scene import Scene
from sqlalchemy import select
from stock_scene import give, invite_all, note, roster_of, set_lanes

from registry.audit import head_hash
from registry.errors import NotFound, RegistryError
from registry.giving.closing import close_day, find_unclosed_days
from registry.giving.day_of_giving import given_since, read_day
from registry.giving.minutes import get_minutes, get_own_minutes, list_minutes, list_minutes_of_round
from registry.giving.receipts import undo_redemption
from registry.giving.uncollected import count_uncollected, list_uncollected
from registry.kinds import CardState, FamilyState, NextStep, RoundState, StockKind
from registry.models import AuditLine, Card, Family, Minutes, Person

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def scene(database) -> Scene:
    return set_lanes(database, NOW, families=5)


def close(database, scene: Scene, *, counted=None, note="", on_date=TODAY, at=NOW) -> Minutes:
    with database.writing() as session:
        rest = scene.rest | {"at": at}
        return close_day(session, roster_of(session, scene), on_date=on_date, counted=counted, note=note, **rest)


def test_a_day_is_closed_with_its_totals(database, scene):
    give(database, scene, 0, at=NOW - timedelta(days=1))
    note(database, scene, StockKind.DELIVERED, 10)
    note(database, scene, StockKind.DAMAGED, 1)
    give(database, scene, 1)
    wrong = give(database, scene, 2)
    with database.writing() as session:
        undo_redemption(session, wrong.redemption_id, reason="salah orang", **scene.supervising)
    figures = close(database, scene, counted=6, note="satu hilang").figures
    assert {key: figures[key] for key in ("entitled", "given_today", "given_before", "undone_today", "left")} == {
        "entitled": 5,
        "given_today": 1,
        "given_before": 1,
        "undone_today": 1,
        "left": 3,
    }
    assert {key: figures[key] for key in ("delivered", "given", "damaged", "returned", "stock_left")} == {
        "delivered": 10,
        "given": 2,
        "damaged": 1,
        "returned": 0,
        "stock_left": 7,
    }
    assert (figures["counted"], figures["difference"]) == (6, -1)


def test_closing_again_is_the_next_revision_and_the_first_stays_as_it_was(database, scene):
    give(database, scene, 0)
    first = close(database, scene)
    give(database, scene, 1)
    with database.reading() as session:
        assert given_since(session, session.get_one(Minutes, first.id)) == 1
    second = close(database, scene)
    assert (first.revision, second.revision) == (1, 2)
    with database.reading() as session:
        shown = {one.revision: len(read_day(session, one).lines) for one in list_minutes(session, scene.roster_id)}
        assert shown == {1: 1, 2: 2}
        [newest] = list_minutes_of_round(session, scene.round_id)
        assert newest.id == second.id
        assert given_since(session, newest) == 0


def test_a_giving_that_waited_while_the_day_was_closed_is_not_in_it(database, scene):
    first = close(database, scene, at=NOW + timedelta(seconds=2))
    give(database, scene, 0, at=NOW + timedelta(seconds=1))  # asked before, stored after
    with database.reading() as session:
        minutes = session.get_one(Minutes, first.id)
        assert minutes.figures["given_today"] == 0
        assert read_day(session, minutes).lines == []
        assert given_since(session, minutes) == 1


def test_an_undo_after_closing_does_not_change_the_paper(database, scene):
    given = give(database, scene, 0)
    closed = close(database, scene)
    later = scene.supervising | {"at": NOW + timedelta(hours=1)}
    with database.writing() as session:
        undo_redemption(session, given.redemption_id, reason="salah orang", **later)
    with database.reading() as session:
        [line] = read_day(session, session.get_one(Minutes, closed.id)).lines
        assert not line.is_undone
    again = close(database, scene, at=NOW + timedelta(hours=2))
    with database.reading() as session:
        [line] = read_day(session, session.get_one(Minutes, again.id)).lines
        assert line.is_undone
        assert line.head_name == "Kepala Contoh 0"


def test_what_was_given_yesterday_and_undone_today_stands_apart(database, scene):
    given = give(database, scene, 0, at=NOW - timedelta(days=1))
    with database.writing() as session:
        undo_redemption(session, given.redemption_id, reason="salah orang", **scene.supervising)
    closed = close(database, scene)
    with database.reading() as session:
        day = read_day(session, session.get_one(Minutes, closed.id))
    assert day.lines == []
    assert [line.receipt_number for line in day.undone_later] == [given.receipt_number]


def test_the_digits_are_of_the_chain_with_the_closing_in_it(database, scene):
    closed = close(database, scene)
    with database.reading() as session:
        line = session.scalars(select(AuditLine).where(AuditLine.action == "minutes.closed")).one()
        assert line.hash.hex()[-12:] == closed.chain_digits
        assert head_hash(session, scene.point_id) == line.hash


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "count_missing"),
        ({"counted": 9}, "difference_unexplained"),
        ({"counted": 10, "on_date": TODAY + timedelta(days=1)}, "day_to_come"),
        ({"counted": 10, "note": "NIK 6206051708800001"}, "text_holds_number"),
    ],
)
def test_a_day_that_cannot_be_closed_is_refused_and_nothing_stays(database, scene, asked, code):
    note(database, scene, StockKind.DELIVERED, 10)
    with pytest.raises(RegistryError) as refused:
        close(database, scene, **asked)
    assert refused.value.code == code
    with database.reading() as session:
        assert list_minutes(session, scene.roster_id) == []


def test_a_round_not_yet_determined_has_no_day(database, scene):
    with database.writing() as session:
        roster_of(session, scene).round.state = RoundState.PREPARING
    with pytest.raises(RegistryError, match="round_preparing"):
        close(database, scene)


def test_a_forgotten_day_is_closed_later_from_history_without_a_count(database, scene):
    give(database, scene, 0, at=NOW - timedelta(days=1))
    note(database, scene, StockKind.DELIVERED, 10)
    give(database, scene, 1)
    with database.reading() as session:
        assert find_unclosed_days(session, scene.roster_id, before=TODAY) == [TODAY - timedelta(days=1)]
    closed = close(database, scene, on_date=TODAY - timedelta(days=1))
    assert (closed.figures["given_today"], closed.figures["delivered"], closed.figures["counted"]) == (1, None, None)
    with database.reading() as session:
        assert find_unclosed_days(session, scene.roster_id, before=TODAY) == []


def test_minutes_are_shown_within_the_area_only(database, scene):
    closed = close(database, scene)
    with database.reading() as session:
        assert get_minutes(session, closed.id, area="62.06").id == closed.id
        with pytest.raises(NotFound, match="minutes_unknown"):
            get_minutes(session, closed.id, area="62.07")


def test_a_point_reads_its_own_minutes_only(database, scene):
    closed = close(database, scene)
    with database.reading() as session:
        assert get_own_minutes(session, closed.id, point_id=scene.point_id).id == closed.id
        with pytest.raises(NotFound, match="minutes_unknown"):
            get_own_minutes(session, closed.id, point_id=scene.other_point_id)


def steps(database, scene: Scene, *, at=NOW, **where) -> dict[str, NextStep]:
    with database.reading() as session:
        return {
            one.head_name or "-": one.next_step for one in list_uncollected(session, scene.round_id, at=at, **where)
        }


def test_what_was_not_collected_names_the_next_step(database, scene):
    assert set(steps(database, scene).values()) == {NextStep.INVITE}
    invite_all(database, scene, capacity=10, first_day=TODAY)
    give(database, scene, 0)
    with database.writing() as session:
        session.get_one(Card, scene.cards[1]).state = CardState.PRINTED
        session.get_one(Family, scene.families[2]).state = FamilyState.MOVED
        session.scalars(select(Person).where(Person.family_id == scene.families[3])).one().name = "Kepala Contoh 3"
    assert steps(database, scene) == {
        "Kepala Contoh 1": NextStep.GIVE_CARD,
        "Kepala Contoh 2": NextStep.REMOVE_FROM_LIST,
        "Kepala Contoh 3": NextStep.AWAIT,
        "Kepala Contoh 4": NextStep.AWAIT,
    }
    assert steps(database, scene, at=NOW + timedelta(days=1))["Kepala Contoh 4"] is NextStep.REMIND
    over = steps(database, scene, at=NOW + timedelta(days=30))
    assert over["Kepala Contoh 4"] is NextStep.RETURN_PACKAGE
    assert over["Kepala Contoh 2"] is NextStep.REMOVE_FROM_LIST


def test_what_was_not_collected_is_counted_by_step_and_listed_by_point(database, scene):
    with database.reading() as session:
        rows = list_uncollected(session, scene.round_id, roster_id=scene.roster_id, at=NOW)
        assert count_uncollected(rows) == {NextStep.INVITE: 5}
        assert [one.rt for one in rows] == ["001", "001", "002", "002", "003"]
        assert list_uncollected(session, scene.round_id, roster_id=scene.other_point_id, at=NOW) == []
