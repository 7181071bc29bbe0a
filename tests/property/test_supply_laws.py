"""The law of custody: whatever is done in whatever order, nothing is lost from the books and nothing goes below zero.

Each example is one transaction that is rolled back, on both databases.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from supply_scene import SupplyScene

from registry.db import Session, new_id
from registry.errors import RegistryError
from registry.kinds import SupplyKind, SupplyMoveKind
from registry.models import Officer, PrintCopy, ServicePoint, SupplyBox, SupplyHolding, SupplyMove
from registry.supplies.balances import balance_of_box, balance_of_point
from registry.supplies.boxes import receive_box
from registry.supplies.consuming import consume_supplies
from registry.supplies.counts import count_supplies, read_shelves
from registry.supplies.moves import give_back, issue_to_officer, return_to_supplier, spoil, transfer

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
COPIES = 2
_KINDS = {
    "use": [SupplyMoveKind.USED],
    "ruin": [SupplyMoveKind.SPOILT],
    "use and ruin": [SupplyMoveKind.USED, SupplyMoveKind.SPOILT],
}
DEEDS = st.tuples(
    st.sampled_from(["receive", "issue", "back", "return", "move", "spoil", "use", "ruin", "use and ruin", "count"]),
    st.integers(0, 5),  # which box, copy or shelf
    st.integers(0, 2),  # by whom
    st.integers(1, 4),  # how many
)


@pytest.fixture
def scene(database) -> SupplyScene:
    scene = SupplyScene(database, NOW)
    scene.copies = [scene.copy() for _ in range(COPIES)]
    for number, by in (("A", None), ("B", scene.rudi_id)):  # so that most deeds find something to do
        scene.receive(number, 6, by=by)
        scene.receive(number, 6, SupplyKind.RIBBON, by=by)
    return scene


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=6, max_size=20))
def test_received_is_stored_held_used_spoilt_returned_or_transferred(database, scene, deeds):
    with database.open_session(writes=True) as session:
        for step, deed in enumerate(deeds):
            with suppress(RegistryError):
                do(session, scene, step, *deed)
        check(session, scene)
        session.rollback()


def do(session: Session, scene: SupplyScene, step: int, deed: str, which: int, who: int, quantity: int) -> None:
    officer_id = (scene.dewi_id, scene.siti_id, scene.rudi_id)[who]
    rest = scene.acting(officer_id, at=NOW + timedelta(minutes=step))
    entry = {"move_id": new_id(), "quantity": quantity} | rest
    supply = (SupplyKind.BLANK, SupplyKind.RIBBON)[which % 2]
    officer = session.get_one(Officer, officer_id)
    here = SupplyBox.point_id == rest["actor"].point_id
    boxes = session.scalars(select(SupplyBox).where(here).order_by(SupplyBox.number, SupplyBox.id)).all()
    box = boxes[which % len(boxes)] if boxes else None
    match deed:
        case "receive":
            receive_box(session, supply, number=f"K-{step}", content="", document="SJ", **entry)
        case "use" | "ruin" | "use and ruin":
            copy = session.get_one(PrintCopy, scene.copies[which % COPIES])
            for kind in _KINDS[deed]:
                consume_supplies(session, copy, kind=kind, reason="pita putus", destroyed_by="Dewi", **rest)
        case "count":
            count(session, scene, supply, which, quantity, rest)
        case _ if box is None:
            return
        case "issue":
            issue_to_officer(session, box, officer, **entry)
        case "back":
            give_back(session, box, officer, **entry)
        case "return":
            return_to_supplier(session, box, reason="cacat", **entry)
        case "move":
            other = scene.point_id if officer_id == scene.rudi_id else scene.other_id
            whole = {"quantity": box.quantity} if quantity == 4 else {}
            transfer(session, box, session.get_one(ServicePoint, other), **(entry | whole))
        case "spoil":
            spoil(session, box, officer if which % 2 else None, reason="basah", destroyed_by="Dewi", **entry)


def count(session: Session, scene: SupplyScene, supply: SupplyKind, which: int, by: int, rest: dict) -> None:
    point = session.get_one(ServicePoint, rest["actor"].point_id)
    shelves = read_shelves(session, point.id, supply)
    found = {shelf.key: shelf.quantity for shelf in shelves.shelves}
    if found:
        key = list(found)[which % len(found)]
        found[key] = max(0, found[key] + by - 2)
    count_supplies(
        session,
        point,
        shelves,
        count_id=new_id(),
        counted=found,
        as_of=shelves.newest_move,
        note="jatuh",
        words="Selisih",
        **rest,
    )


def check(session: Session, scene: SupplyScene) -> None:
    session.flush()
    session.expire_all()
    for box in session.scalars(select(SupplyBox)):
        assert balance_of_box(session, box).is_even, box.number
    for supply in SupplyKind:
        points = [balance_of_point(session, point, supply) for point in (scene.point_id, scene.other_id)]
        assert all(one.is_even for one in points)
        boxes = session.scalars(select(SupplyBox).where(SupplyBox.kind == supply)).all()
        assert sum(one.in_store for one in points) == sum(box.in_store for box in boxes)
    assert (session.scalar(select(func.min(SupplyBox.in_store))) or 0) >= 0
    assert (session.scalar(select(func.min(SupplyHolding.quantity))) or 0) >= 0
    taken = session.execute(
        select(SupplyMove.copy_id, func.count(SupplyMove.box_id.distinct()))
        .where(SupplyMove.copy_id.is_not(None))
        .group_by(SupplyMove.copy_id, SupplyMove.supply)
    )
    assert all(boxes <= 1 for _, boxes in taken)
