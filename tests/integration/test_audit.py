"""The audit trail on both databases: it grows without gaps, and whoever changes it is found."""

from __future__ import annotations

import json
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from giving_scene import Scene, set_scene
from moment import NOW
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from registry.audit import Actor, Entry, Fault, FaultCode, record, record_all, verify_chains
from registry.db import Database, new_id
from registry.giving.receipts import undo_redemption
from registry.kinds import CardEventKind
from registry.models import AuditHead, AuditLine, CardEvent, Person, PersonFacts, Revision
from verify.redeem import redeem_all

POINT = "TB-TUMBANG"
HISTORY = (
    "attempt",
    "audit_line",
    "card_event",
    "family_facts",
    "person_facts",
    "redemption",
    "redemption_undo",
    "revision",
)


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW)


def write_lines(database: Database, scene: Scene, count: int, point_id=None) -> None:
    actor = Actor(scene.officer_id, point_id or scene.point_id)
    entries = [Entry("card.printed", f"card:{new_id()}", actor, NOW, {"copies": number}) for number in range(count)]
    with database.connecting(writes=True) as connection:
        record_all(connection, entries, key=scene.keys.audit_key)


def faults(database: Database, scene: Scene) -> list[Fault]:
    with database.reading() as session:
        return verify_chains(session, key=scene.keys.audit_key)


def tamper(database: Database, statement) -> None:
    """Change history as one who can write the database may: the triggers are taken away first."""
    with database.connecting(writes=True) as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER audit_line_no_update"))
            connection.execute(text("DROP TRIGGER audit_line_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit_line DISABLE TRIGGER USER"))
        connection.execute(statement)


def test_an_untouched_trail_has_no_faults(database, scene):
    write_lines(database, scene, 5)
    write_lines(database, scene, 3, scene.other_point_id)
    write_lines(database, scene, 2)
    assert faults(database, scene) == []
    with database.reading() as session:
        seqs = select(AuditLine.seq).where(AuditLine.point_id == scene.point_id).order_by(AuditLine.seq)
        assert session.scalars(seqs).all() == [1, 2, 3, 4, 5, 6, 7]


def test_a_line_says_who_when_where_what(database, scene):
    device = new_id()
    with database.writing() as session:
        record(
            session,
            "card.printed",
            "card:1",
            actor=Actor(scene.officer_id, scene.point_id, device),
            key=scene.keys.audit_key,
            at=NOW,
            copies=2,
            why=None,
        )
    with database.reading() as session:
        line = session.scalars(select(AuditLine)).one()
        assert (line.officer_id, line.point_id, line.at) == (scene.officer_id, scene.point_id, NOW)
        assert (line.action, line.subject, line.seq) == ("card.printed", "card:1", 1)
        assert json.loads(line.detail) == {"copies": 2, "device": str(device), "why": None}


def test_a_change_that_is_rolled_back_leaves_no_line(database, scene):
    with database.open_session(writes=True) as session:
        record(session, "card.printed", "card:1", actor=scene.actor, key=scene.keys.audit_key, at=NOW)
        session.rollback()
    write_lines(database, scene, 1)
    assert faults(database, scene) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditLine)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"detail": '{"copies":9}'},
        {"officer_id": None},
        {"action": "card.spoilt"},
        {"subject": "card:another"},
        {"at": NOW.replace(year=2025)},
        {"hash": bytes(32)},
        {"previous_hash": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edit_is_found_at_its_line(database, scene, change):
    write_lines(database, scene, 5)
    tamper(database, update(AuditLine).where(AuditLine.seq == 3).values(**change))
    found = faults(database, scene)
    assert found[0] == Fault(POINT, 3, FaultCode.EDITED)
    assert {fault.seq for fault in found} <= {3, 4}


def test_a_deletion_is_found_at_the_line_after_it(database, scene):
    write_lines(database, scene, 5)
    tamper(database, delete(AuditLine).where(AuditLine.seq == 3))
    assert faults(database, scene) == [Fault(POINT, 4, FaultCode.DELETED)]


def test_a_deleted_beginning_is_found(database, scene):
    write_lines(database, scene, 5)
    tamper(database, delete(AuditLine).where(AuditLine.seq <= 2))
    assert faults(database, scene) == [Fault(POINT, 3, FaultCode.DELETED)]


def test_a_cut_tail_is_found_by_the_head(database, scene):
    write_lines(database, scene, 5)
    write_lines(database, scene, 2, scene.other_point_id)
    tamper(database, delete(AuditLine).where(AuditLine.seq > 4))
    assert faults(database, scene) == [Fault(POINT, 5, FaultCode.HEAD_DIFFERS)]


def test_a_chain_that_was_wiped_is_found_by_the_head(database, scene):
    write_lines(database, scene, 5)
    tamper(database, delete(AuditLine))
    assert faults(database, scene) == [Fault(POINT, 5, FaultCode.HEAD_DIFFERS)]


@pytest.mark.parametrize("change", [{"seq": 4}, {"hash": bytes(32)}, {"seq": 6}], ids=str)
def test_a_moved_head_is_found(database, scene, change):
    write_lines(database, scene, 5)
    tamper(database, update(AuditHead).values(**change))
    assert faults(database, scene) == [Fault(POINT, change.get("seq", 5), FaultCode.HEAD_DIFFERS)]


def test_a_lost_head_is_found(database, scene):
    write_lines(database, scene, 5)
    tamper(database, delete(AuditHead))
    assert [fault.code for fault in faults(database, scene)] == [FaultCode.HEAD_DIFFERS]


def test_a_renumbered_line_is_found(database, scene):
    write_lines(database, scene, 5)
    tamper(database, update(AuditLine).where(AuditLine.seq == 5).values(seq=6))
    assert Fault(POINT, 6, FaultCode.EDITED) in faults(database, scene)


def test_only_who_holds_the_key_could_leave_a_hole_in_the_numbers(database, scene):
    write_lines(database, scene, 2)
    with database.connecting(writes=True) as connection:
        connection.execute(update(AuditHead).values(seq=4))
    write_lines(database, scene, 1)
    assert faults(database, scene) == [Fault(POINT, 5, FaultCode.GAP)]


def test_the_chain_of_one_point_can_be_checked_alone(database, scene):
    write_lines(database, scene, 3)
    write_lines(database, scene, 3, scene.other_point_id)
    tamper(database, delete(AuditLine).where(AuditLine.point_id == scene.other_point_id))
    with database.reading() as session:
        own = verify_chains(session, key=scene.keys.audit_key, point_id=scene.point_id)
        other = verify_chains(session, key=scene.keys.audit_key, point_id=scene.other_point_id)
    assert own == []
    assert [fault.code for fault in other] == [FaultCode.HEAD_DIFFERS]


def test_another_key_finds_every_line_wanting(database, scene):
    write_lines(database, scene, 3)
    with database.reading() as session:
        assert {fault.code for fault in verify_chains(session, key=b"another key" * 3)} == {FaultCode.EDITED}


def test_counters_that_write_at_once_leave_one_chain_each(database, scene):
    points = [scene.point_id, scene.other_point_id]

    def write(number: int) -> None:
        for _ in range(5):
            write_lines(database, scene, 2, points[number % 2])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert faults(database, scene) == []
    with database.reading() as session:
        assert session.scalars(select(AuditHead.seq)).all() == [40, 40]


def test_checking_a_long_trail_takes_little_memory(database, scene):
    write_lines(database, scene, 4_000)
    tracemalloc.start()
    try:
        assert faults(database, scene) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000, "a block of 1,000 lines takes 1.1 MB"


def test_history_refuses_to_be_changed(database, scene):
    fill(database, scene)
    emptying = "DELETE FROM {}" if database.is_sqlite else "TRUNCATE {} CASCADE"
    for table in HISTORY:
        for deed in ("UPDATE {} SET id = id", "DELETE FROM {}", emptying):
            with (
                pytest.raises(DatabaseError, match="is append-only"),
                database.connecting(writes=True) as connection,
            ):
                connection.execute(text(deed.format(table)))


def fill(database: Database, scene: Scene) -> None:
    """Put a row into every table of history: a trigger FOR EACH ROW is silent on an empty one."""
    with database.connecting(writes=True) as connection:
        given, _ = redeem_all(
            connection, [scene.request(key="a"), scene.request(key="b")], audit_key=scene.keys.audit_key
        )
    with database.writing() as session:
        undo_redemption(session, given.redemption_id, reason="keliru", **scene.supervising)
        person = session.scalars(select(Person)).one()
        session.add_all(
            [
                CardEvent(card_id=scene.cards[0], kind=CardEventKind.ISSUED, at=NOW, point_id=scene.point_id),
                PersonFacts(person_id=person.id, source="DTSEN", as_of=NOW.date(), recorded_at=NOW),
                Revision(family_id=scene.families[0], attribute="rt", before="1", after="2", source="DTSEN", at=NOW),
            ]
        )
