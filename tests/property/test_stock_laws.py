"""Laws of stock and queue: never below nothing, never over capacity, whatever is done in whatever order.

Each example is one transaction that is rolled back, on both databases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from giving_scene import Scene
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from stock_scene import MORNING, NOON, roster_of, set_lanes

from registry.db import Database, Session, new_id
from registry.errors import RegistryError
from registry.giving.receipts import undo_redemption
from registry.giving.stock import note_stock, read_stock
from registry.kinds import StockKind
from registry.models import QueueTicket, Redemption, RedemptionUndo, ServingSession, StockEntry
from registry.programmes.queue import allot_tickets, move_ticket
from registry.programmes.schedules import plan_sessions, upcoming_sessions
from verify.redeem import Given, redeem_all

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
FAMILIES = 6
DEEDS = st.one_of(
    st.tuples(st.just("give"), st.integers(0, FAMILIES - 1)),
    st.tuples(st.just("undo"), st.integers(0, 7)),
    st.tuples(st.sampled_from([StockKind.DELIVERED, StockKind.DAMAGED, StockKind.RETURNED]), st.integers(1, 4)),
)
STEPS = st.tuples(st.sampled_from(["plan", "allot", "move"]), st.integers(0, FAMILIES - 1), st.integers(1, 4))
few = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture
def scene(database) -> Scene:
    return set_lanes(database, NOW, families=FAMILIES)


@contextmanager
def played(database: Database) -> Iterator[Session]:
    with database.open_session(writes=True) as session:
        yield session
        session.rollback()


@few
@given(deeds=st.lists(DEEDS, min_size=4, max_size=20))
def test_stock_is_what_history_says_and_never_below_nothing(database, scene, deeds):
    with played(database) as session:
        out = []
        for step, (deed, number) in enumerate(deeds):
            match deed:
                case "give":
                    request = scene.request(number, key=f"s{step}")
                    [answer] = redeem_all(session.connection(), [request], audit_key=scene.keys.audit_key)
                    out += [answer.redemption_id] if isinstance(answer, Given) else []
                case "undo":
                    if out:
                        undo_redemption(session, out.pop(number % len(out)), reason="uji", **scene.supervising)
                case StockKind():
                    with suppress(RegistryError), session.begin_nested():
                        note_stock(
                            session,
                            roster_of(session, scene),
                            deed,
                            entry_id=new_id(),
                            quantity=number,
                            document="SJ-1",
                            note="uji",
                            **scene.rest,
                        )
            _check_stock(session, scene)


def _check_stock(session: Session, scene: Scene) -> None:
    stock = read_stock(session, scene.roster_id)
    if stock is None:
        return
    standing = session.scalar(
        select(func.count())
        .select_from(Redemption)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(RedemptionUndo.id.is_(None))
    )
    sums: Counter[StockKind] = Counter()
    for kind, quantity in session.execute(select(StockEntry.kind, StockEntry.quantity)):
        sums[kind] += quantity
    assert stock.given == standing
    assert (stock.delivered, stock.damaged, stock.returned) == (
        sums[StockKind.DELIVERED],
        sums[StockKind.DAMAGED],
        sums[StockKind.RETURNED],
    )
    assert stock.left >= 0
    assert stock.to_come == FAMILIES - standing


@few
@given(steps=st.lists(STEPS, min_size=2, max_size=10))
def test_no_session_invites_more_than_it_serves_and_no_right_has_two_numbers(database, scene, steps):
    with played(database) as session:
        roster = roster_of(session, scene)
        for step, number, capacity in steps:
            with suppress(RegistryError), session.begin_nested():
                match step:
                    case "plan":
                        day = NOW.date() + timedelta(days=number)
                        plan_sessions(
                            session, roster, first_day=day, windows=[MORNING, NOON], capacity=capacity, **scene.rest
                        )
                    case "allot":
                        allot_tickets(session, roster, **scene.rest)
                    case "move":
                        sessions = upcoming_sessions(session, scene.roster_id, at=NOW)
                        target = sessions[capacity % len(sessions)] if sessions else None
                        if target:
                            move_ticket(session, scene.entitlements[number], target, **scene.rest)
            room = {one.id: one.capacity for one in session.scalars(select(ServingSession))}
            tickets = session.execute(
                select(QueueTicket.session_id, QueueTicket.number, QueueTicket.entitlement_id)
            ).all()
            invited = Counter(one.session_id for one in tickets)
            assert all(invited[key] <= room[key] for key in invited)
            assert all(1 <= one.number <= room[one.session_id] for one in tickets)
            assert len({one.entitlement_id for one in tickets}) == len(tickets)
