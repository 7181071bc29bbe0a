"""When each family comes: sessions of limited capacity, numbers by neighbourhood, and moving them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from giving_scene import Scene
from sqlalchemy import func, select
from stock_scene import MORNING, NOON, give, invite_all, roster_of, set_lanes

from registry.db import new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.giving.queue_board import find_boards, read_board
from registry.kinds import RoundState
from registry.models import Addendum, Determination, Entitlement, EntitlementRemoval, QueueTicket, ServingSession
from registry.programmes.queue import allot_tickets, list_invitations, move_ticket
from registry.programmes.rosters import get_own_roster, get_roster
from registry.programmes.schedules import (
    get_session,
    move_session,
    plan_sessions,
    tally_sessions,
    upcoming_sessions,
    waiting_count,
)

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)  # 07.30 WIB, before the first session
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def scene(database) -> Scene:
    return set_lanes(database, NOW, families=7)


def _first(session, scene: Scene) -> ServingSession:
    return session.scalars(
        select(ServingSession).where(ServingSession.roster_id == scene.roster_id).order_by(ServingSession.starts_at)
    ).first()


def numbers_of(session) -> dict:
    """Return every number that was given out, also of rights that were removed since."""
    return {one.entitlement_id: (one.session_id, one.number) for one in session.scalars(select(QueueTicket))}


def test_as_many_sessions_are_made_as_there_are_families(database, scene):
    with database.writing() as session:
        made = plan_sessions(
            session, roster_of(session, scene), first_day=TODAY, windows=[NOON, MORNING], capacity=2, **scene.rest
        )
        assert [(one.on_date, one.starts_at) for one in made] == [
            (TODAY, time(8)),
            (TODAY, time(10)),
            (TOMORROW, time(8)),
            (TOMORROW, time(10)),
        ]


def test_a_session_that_has_begun_is_not_planned_and_planning_again_adds_nothing(database, scene):
    late = scene.rest | {"at": NOW + timedelta(hours=1)}
    with database.writing() as session:
        roster = roster_of(session, scene)
        made = plan_sessions(session, roster, first_day=TODAY, windows=[MORNING, NOON], capacity=7, **late)
        assert [one.starts_at for one in made] == [time(10)]
        session.flush()
        assert plan_sessions(session, roster, first_day=TODAY, windows=[MORNING, NOON], capacity=7, **late) == []


def test_planning_ends_with_the_round_and_those_left_over_are_named(database, scene):
    last = TODAY + timedelta(days=10)
    outcome = invite_all(database, scene, capacity=3, first_day=last, windows=[MORNING])
    assert outcome.allotted == 3
    assert len(outcome.left) == 4
    assert all(neighbour.name.startswith("Kepala Contoh") for neighbour in outcome.left)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"windows": []}, "windows_missing"),
        ({"windows": [MORNING, (time(9), time(11))]}, "windows_overlap"),
        ({"windows": [(time(10), time(8))]}, "windows_overlap"),
        ({"capacity": 0}, "capacity_out_of_bounds"),
        ({"capacity": 501}, "capacity_out_of_bounds"),
        ({"first_day": TODAY - timedelta(days=1)}, "session_outside_round"),
        ({"first_day": TODAY + timedelta(days=11)}, "session_outside_round"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(database, scene, wrong, code):
    asked = {"first_day": TODAY, "windows": [MORNING], "capacity": 10} | wrong
    with pytest.raises(RegistryError) as refused, database.writing() as session:
        plan_sessions(session, roster_of(session, scene), **asked, **scene.rest)
    assert refused.value.code == code


def test_a_closed_round_gets_no_sessions_and_no_numbers(database, scene):
    invite_all(database, scene, capacity=3, first_day=TODAY)
    with database.writing() as session:
        roster_of(session, scene).round.state = RoundState.CLOSED
    for act in (
        lambda session, roster: plan_sessions(
            session, roster, first_day=TODAY, windows=[MORNING], capacity=1, **scene.rest
        ),
        lambda session, roster: allot_tickets(session, roster, **scene.rest),
    ):
        with pytest.raises(Conflict, match="round_closed"), database.writing() as session:
            act(session, roster_of(session, scene))


def test_neighbours_come_together(database, scene):
    assert invite_all(database, scene, capacity=4, first_day=TODAY).allotted == 7
    with database.reading() as session:
        invited = list_invitations(session, scene.roster_id)
    assert [(one.neighbour.rt, one.starts_at, one.number) for one in invited] == [
        ("001", time(8), 1),
        ("001", time(8), 2),
        ("001", time(8), 3),
        ("002", time(8), 4),
        ("002", time(10), 1),
        ("003", time(10), 2),
        ("003", time(10), 3),
    ]
    names = [one.neighbour.name for one in invited]
    assert names[:3] == sorted(names[:3])


def test_without_sessions_no_number_is_given_out(database, scene):
    with pytest.raises(Conflict, match="sessions_missing"), database.writing() as session:
        allot_tickets(session, roster_of(session, scene), **scene.rest)


def test_numbers_are_given_out_once_and_an_addendum_only_adds(database, scene):
    invite_all(database, scene, capacity=10, first_day=TODAY)
    with database.reading() as session:
        before = numbers_of(session)
    with database.writing() as session:
        twin = session.get_one(Entitlement, scene.entitlements[0])
        removed_family = twin.family_id
        session.add(
            Determination(
                round_id=scene.round_id,
                decree_number="SK-1",
                decree_date=TODAY,
                programme_version=1,
                clauses=[],
                entitled=7,
                list_hash=b"-" * 32,
                frozen_at=NOW,
            )
        )
        session.flush()
        addendum = Addendum(id=new_id(), round_id=scene.round_id, number="AD-1", reason="pindah", made_at=NOW)
        session.add(addendum)
        session.flush()
        session.add(EntitlementRemoval(entitlement_id=twin.id, addendum_id=addendum.id))
        added = Entitlement(
            id=new_id(),
            round_id=scene.round_id,
            roster_id=scene.roster_id,
            family_id=removed_family,
            ordinal=2,
            addendum_id=addendum.id,
        )
        session.add(added)
    with database.writing() as session:
        again = allot_tickets(session, roster_of(session, scene), **scene.rest)
        assert (again.allotted, again.left) == (0, [])  # a further unit comes with the first
    with database.reading() as session:
        assert numbers_of(session) == before
        standing = {one.neighbour.entitlement_id for one in list_invitations(session, scene.roster_id)}
        assert standing == set(scene.entitlements[1:])


def test_who_was_removed_before_gets_no_number_and_who_was_served_needs_none(database, scene):
    give(database, scene, 3)
    with database.writing() as session:
        assert waiting_count(session, scene.roster_id) == 6
    assert invite_all(database, scene, capacity=10, first_day=TODAY).allotted == 6
    with database.reading() as session:
        assert scene.entitlements[3] not in numbers_of(session)


def test_an_invitation_says_when_and_which_number(database, scene):
    invite_all(database, scene, capacity=10, first_day=TOMORROW)
    with database.reading() as session:
        one = next(iter(list_invitations(session, scene.roster_id)))
    assert (one.on_date, one.starts_at, one.ends_at, one.number) == (TOMORROW, time(8), time(10), 1)


def test_a_session_is_moved_with_all_who_are_invited_to_it(database, scene):
    invite_all(database, scene, capacity=10, first_day=TODAY)
    with database.writing() as session:
        [serving] = upcoming_sessions(session, scene.roster_id, at=NOW)
        move_session(session, serving, on_date=TOMORROW, starts_at=time(9), ends_at=time(11), **scene.rest)
    with database.reading() as session:
        moved = list_invitations(session, scene.roster_id)
    assert {(one.on_date, one.starts_at) for one in moved} == {(TOMORROW, time(9))}
    assert sorted(one.number for one in moved) == list(range(1, 8))


def test_two_sessions_of_a_point_do_not_overlap(database, scene):
    invite_all(database, scene, capacity=4, first_day=TODAY)
    with database.writing() as session, pytest.raises(Conflict, match="session_clash"):
        move_session(session, _first(session, scene), on_date=TODAY, starts_at=time(11), ends_at=time(13), **scene.rest)


def test_what_is_over_is_not_moved(database, scene):
    invite_all(database, scene, capacity=10, first_day=TODAY)
    rest = scene.rest | {"at": NOW + timedelta(hours=3)}
    with database.writing() as session, pytest.raises(Conflict, match="session_over"):
        move_session(session, _first(session, scene), on_date=TOMORROW, starts_at=time(9), ends_at=time(11), **rest)


def test_one_family_is_moved_to_a_session_with_room(database, scene):
    invite_all(database, scene, capacity=4, first_day=TODAY)
    with database.writing() as session:
        first, second = upcoming_sessions(session, scene.roster_id, at=NOW)
        [early] = [
            one for one in list_invitations(session, scene.roster_id) if one.number == 1 and one.starts_at.hour == 8
        ]
        entitlement = early.neighbour.entitlement_id
        with pytest.raises(Conflict, match="already_in_session"):
            move_ticket(session, entitlement, first, **scene.rest)
        assert move_ticket(session, entitlement, second, **scene.rest) == 4
        other = next(one for one in list_invitations(session, scene.roster_id) if one.session_id == first.id)
        with pytest.raises(Conflict, match="session_full"):
            move_ticket(session, other.neighbour.entitlement_id, second, **scene.rest)
        with pytest.raises(NotFound, match="ticket_unknown"):
            move_ticket(session, new_id(), second, **scene.rest)


def test_a_schedule_is_found_where_it_belongs(database, scene):
    invite_all(database, scene, capacity=10, first_day=TODAY)
    with database.reading() as session:
        [serving] = upcoming_sessions(session, scene.roster_id, at=NOW)
        assert get_session(session, serving.id, roster_id=scene.roster_id) is serving
        with pytest.raises(NotFound, match="session_unknown"):
            get_session(session, serving.id, roster_id=new_id())
        assert get_roster(session, scene.roster_id, area="62.06").id == scene.roster_id
        with pytest.raises(NotFound, match="roster_unknown"):
            get_roster(session, scene.roster_id, area="62.07")
        with pytest.raises(NotFound, match="roster_unknown"):
            get_own_roster(session, scene.roster_id, point_id=scene.other_point_id)


def test_the_board_counts_served_and_waiting_without_names(database, scene):
    invite_all(database, scene, capacity=4, first_day=TODAY)
    with database.reading() as session:
        order = [one.neighbour.entitlement_id for one in list_invitations(session, scene.roster_id)]
    for entitlement in order[:3]:
        give(database, scene, scene.entitlements.index(entitlement))
    with database.reading() as session:
        board = read_board(session, scene.roster_id, on=TODAY)
        assert (board.invited, board.served, board.waiting, board.others) == (7, 3, 4, 0)
        first, second = board.sessions
        assert (first.served, first.waiting, first.around) == (3, 1, 2)  # the middle of 1, 2 and 3
        assert (second.served, second.waiting, second.around) == (0, 3, None)
        assert "Kepala" not in repr(board)
        assert list(find_boards(session, point_id=scene.point_id, area="62.07", on=TODAY)) == [scene.roster_id]
        assert list(find_boards(session, point_id=scene.other_point_id, area="62.06", on=TODAY)) == [scene.roster_id]
        assert list(find_boards(session, point_id=scene.other_point_id, area="62.07", on=TODAY)) == []


def test_who_comes_without_an_invitation_for_today_is_counted_apart(database, scene):
    invite_all(database, scene, capacity=4, first_day=TODAY)
    with database.writing() as session:
        [late] = [one for one in session.scalars(select(ServingSession)) if one.starts_at.hour == 10]
        move_session(session, late, on_date=TODAY, starts_at=time(10), ends_at=time(12), **scene.rest)
        guest = session.scalars(select(QueueTicket).where(QueueTicket.session_id == late.id)).first()
        family = scene.entitlements.index(guest.entitlement_id)
        session.delete(guest)
    give(database, scene, family)
    with database.reading() as session:
        board = read_board(session, scene.roster_id, on=TODAY)
        assert (board.served, board.others) == (0, 1)


def test_a_session_counts_those_invited_and_served(database, scene):
    invite_all(database, scene, capacity=4, first_day=TODAY)
    give(database, scene, 0)
    with database.reading() as session:
        tallies = tally_sessions(session, upcoming_sessions(session, scene.roster_id, at=NOW))
        assert [(one.invited, one.free) for one in tallies] == [(4, 0), (3, 1)]
        assert sum(one.served for one in tallies) == 1
        assert session.scalar(select(func.count()).select_from(QueueTicket)) == 7
