"""The count at closing and the warning by the rate of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from supply_scene import SupplyScene

from registry.db import new_id
from registry.errors import Conflict, RegistryError
from registry.kinds import ComplaintKind, SupplyKind, SupplyMoveKind
from registry.models import Complaint, ServicePoint, SupplyBox, SupplyCount, SupplyMove
from registry.supplies.balances import balance_of_point
from registry.supplies.counts import count_supplies, list_counts, read_shelves
from registry.supplies.moves import issue_to_officer, spoil, transfer
from registry.supplies.rates import SupplyLevel, read_levels

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
BLANK, RIBBON = SupplyKind.BLANK, SupplyKind.RIBBON


@pytest.fixture
def scene(database) -> SupplyScene:
    return SupplyScene(database, NOW)


def count(
    scene: SupplyScene, *found: int, supply=BLANK, as_of=None, count_id=None, note="jatuh", at=NOW
) -> SupplyCount:
    """Count the shelves of the first point in their order."""
    with scene.database.writing() as session:
        shelves = read_shelves(session, scene.point_id, supply)
        return count_supplies(
            session,
            session.get_one(ServicePoint, scene.point_id),
            shelves,
            count_id=count_id or new_id(),
            counted={shelf.key: one for shelf, one in zip(shelves.shelves, found, strict=True)},
            as_of=shelves.newest_move if as_of is None else as_of,
            note=note,
            words="Selisih",
            **scene.acting(at=at),
        )


def shelves(scene: SupplyScene, supply=BLANK):
    with scene.database.reading() as session:
        return read_shelves(session, scene.point_id, supply)


def level(scene: SupplyScene, supply=BLANK, today=TODAY) -> SupplyLevel:
    with scene.database.reading() as session:
        return next(
            one for one in read_levels(session, scene.point_id, area="62.06", today=today) if one.supply is supply
        )


def test_every_box_and_every_hand_is_a_shelf_of_its_own(scene):
    first, second = scene.receive("KH-1", 10), scene.receive("KH-2", 10)
    scene.receive("PITA-1", 200, RIBBON)
    scene.do(issue_to_officer, second, scene.siti_id, quantity=3)
    seen = shelves(scene)
    assert [(one.box.id, one.holder and one.holder.name, one.quantity) for one in seen.shelves] == [
        (first, None, 10),
        (second, None, 7),
        (second, "Siti", 3),
    ]
    assert seen.expected == 20


def test_a_count_that_fits_opens_no_case_and_changes_nothing(scene):
    scene.receive("KH-1", 10)
    kept = count(scene, 10, note="")
    assert (kept.expected, kept.counted, kept.complaint_id) == (10, 10, None)
    with scene.database.reading() as session:
        assert session.scalars(select(Complaint)).all() == []
        assert session.scalars(select(SupplyMove.kind)).all() == [SupplyMoveKind.RECEIVED]


@pytest.mark.parametrize(("found", "in_store", "held"), [((8, 3), 8, 3), ((7, 1), 7, 1), ((9, 4), 9, 4)])
def test_a_difference_is_a_case_and_puts_each_shelf_right(scene, found, in_store, held):
    box_id = scene.receive("KH-1", 10)
    scene.do(issue_to_officer, box_id, scene.siti_id, quantity=3)
    kept = count(scene, *found)
    with scene.database.reading() as session:
        case = session.scalars(select(Complaint)).one()
        assert (case.id, case.kind, case.is_case, case.area_code) == (
            kept.complaint_id,
            ComplaintKind.SUPPLIES,
            True,
            "62.06",
        )
        even = balance_of_point(session, scene.point_id, BLANK)
        assert (even.in_store, even.held, even.is_even) == (in_store, held, True)
        assert even.corrected == sum(found) - 10
        assert [(line.by, line.case_number) for line in list_counts(session, scene.point_id, limit=5)] == [
            ("Dewi", case.number)
        ]


def test_shelves_that_differ_though_the_sum_does_not_are_explained_and_put_right_without_a_case(scene):
    box_id = scene.receive("KH-1", 10)
    scene.do(issue_to_officer, box_id, scene.siti_id, quantity=3)
    with pytest.raises(Conflict, match="reason_missing"):
        count(scene, 8, 2, note=" ")
    assert count(scene, 8, 2).complaint_id is None
    assert [one.quantity for one in shelves(scene).shelves] == [8, 2]


def test_a_day_is_counted_again_as_a_revision_and_the_next_day_begins_anew(scene):
    scene.receive("KH-1", 10)
    assert [count(scene, 10).revision, count(scene, 10).revision] == [1, 2]
    assert count(scene, 10, at=NOW + timedelta(days=1)).revision == 1


def test_a_count_sent_twice_is_one(scene):
    scene.receive("KH-1", 10)
    count_id = new_id()
    first = count(scene, 9, count_id=count_id)
    assert count(scene, 9, count_id=count_id).id == first.id
    with scene.database.reading() as session:
        assert len(session.scalars(select(SupplyCount)).all()) == 1


def test_what_was_printed_while_counting_makes_the_count_void(scene):
    scene.receive("KH-1", 10)
    before = shelves(scene).newest_move
    scene.consume(scene.copy())
    with pytest.raises(Conflict, match="supplies_moved_meanwhile"):
        count(scene, 10, as_of=before)


def test_what_was_printed_between_reading_the_shelves_and_keeping_the_count_makes_it_void(scene):
    scene.receive("KH-1", 10)
    read = shelves(scene)
    scene.consume(scene.copy())
    with scene.database.writing() as session, pytest.raises(Conflict, match="supplies_moved_meanwhile"):
        count_supplies(
            session,
            session.get_one(ServicePoint, scene.point_id),
            read,
            count_id=new_id(),
            counted={shelf.key: shelf.quantity for shelf in read.shelves},
            as_of=read.newest_move,
            note="",
            words="Selisih",
            **scene.acting(),
        )


def test_what_came_from_another_point_while_counting_makes_the_count_void(scene):
    scene.receive("KH-1", 10)
    other = scene.receive("KH-9", 5, by=scene.rudi_id)
    before = shelves(scene).newest_move
    scene.do(transfer, other, scene.point_id, quantity=5, by=scene.rudi_id)
    with pytest.raises(Conflict, match="supplies_moved_meanwhile"):
        count(scene, 10, 5, as_of=before)


@pytest.mark.parametrize("found", [-1, 10_001])
def test_nobody_counts_less_than_nothing(scene, found):
    scene.receive("KH-1", 10)
    with pytest.raises(RegistryError, match="supply_quantity_out_of_bounds"):
        count(scene, found)


def test_a_box_that_ran_empty_is_counted_once_more(scene):
    box_id = scene.receive("KH-1", 1)
    scene.do(spoil, box_id, None, quantity=1, reason="basah", destroyed_by="Dewi")
    assert [one.quantity for one in shelves(scene).shelves] == [0]
    count(scene, 1, at=NOW + timedelta(hours=1))
    with scene.database.reading() as session:
        assert session.get_one(SupplyBox, box_id).in_store == 1
    count(scene, 0, at=NOW + timedelta(hours=2))
    assert len(shelves(scene).shelves) == 0


def test_what_was_printed_without_a_box_comes_out_at_the_next_count(scene):
    scene.consume(scene.copy())
    scene.receive("KH-1", 10)
    assert shelves(scene).without_box == 1
    count(scene, 9, at=NOW + timedelta(hours=1))
    assert shelves(scene).without_box == 0


# the warning


def use(scene: SupplyScene, days_ago: int, copies: int) -> None:
    for _ in range(copies):
        scene.consume(scene.copy(), at=NOW - timedelta(days=days_ago))


def test_a_point_that_never_had_a_box_is_not_warned(scene):
    scene.copy()
    assert (level(scene).is_kept, level(scene).is_low, level(scene).waiting) == (False, False, 1)


def test_the_rate_is_the_average_of_days_with_use_before_today(scene):
    scene.receive("KH-1", 100)
    use(scene, 0, 1)
    assert (level(scene).per_day, level(scene).days_left) == (1, 99)
    use(scene, 1, 2)
    use(scene, 9, 4)
    seen = level(scene)
    assert (seen.per_day, seen.left, seen.days_left) == (3, 93, 31)
    assert level(scene, today=NOW.date() + timedelta(days=60)).days_left is None


def test_only_the_newest_fourteen_days_with_use_count(scene):
    scene.receive("KH-1", 100)
    for days_ago in range(1, 15):
        use(scene, days_ago, 1)
    use(scene, 20, 9)
    assert level(scene).per_day == 1


def test_a_copy_spoilt_after_printing_counts_once_in_the_rate(scene):
    scene.receive("KH-1", 100)
    copy_id = scene.copy()
    scene.consume(copy_id, at=NOW - timedelta(days=2))
    scene.consume(copy_id, SupplyMoveKind.SPOILT, at=NOW - timedelta(days=1))
    assert level(scene).per_day == 1


@pytest.mark.parametrize(
    ("in_store", "held", "per_day", "waiting", "is_low"),
    [
        (40, 0, 0.0, 120, True),
        (120, 0, 0.0, 120, False),
        (50, 49, 20.0, 0, True),
        (50, 50, 20.0, 0, False),
        (0, 0, 0.0, 0, True),
    ],
)
def test_it_warns_below_five_working_days_below_the_waiting_cards_and_at_nothing(
    in_store, held, per_day, waiting, is_low
):
    seen = SupplyLevel(BLANK, True, in_store, held, per_day, waiting)
    assert seen.is_low is is_low
    assert not SupplyLevel(BLANK, False, in_store, held, per_day, waiting).is_low
