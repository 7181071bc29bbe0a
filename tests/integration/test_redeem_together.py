"""Given once, however many counters press at the same moment, in one process or in two."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from giving_scene import Scene, set_scene
from moment import NOW
from sqlalchemy import func, select, text

from registry.audit import Actor, verify_chains
from registry.db import Database, new_id
from registry.giving.redemptions import Overtaken
from registry.kinds import Outcome
from registry.models import Attempt, Hub, Redemption
from verify import redeem as redeeming
from verify.reasons import Decision
from verify.redeem import Given, Refused, open_writer, redeem, redeem_all

CLIENTS = 32
PATIENCE = 600.0  # seconds; a quiet machine needs a few until both processes have imported everything


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database, NOW, families=CLIENTS)


def press(database: Database, scene: Scene, requests: list) -> list[str]:
    """Send requests from as many threads at the same moment; return receipts, or the codes of refusals."""
    writer = open_writer(database, audit_key=scene.keys.audit_key)
    gate = threading.Barrier(len(requests))

    def one(request) -> str:
        gate.wait()
        answer = redeem(writer, request)
        return answer.receipt_number if isinstance(answer, Given) else answer.decision.reasons[0].code.value

    try:
        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(one, requests))
    finally:
        writer.close()


def press_elsewhere(url: str, scene: Scene, keys: list[str], queue) -> None:
    """The same in another process, which reports what it got."""
    database = Database(url)
    queue.put(press(database, scene, [scene.request(key=key) for key in keys]))
    database.close()


def check_books(database: Database, scene: Scene, *, given: int, refused: int) -> None:
    with database.reading() as session:
        seqs = session.scalars(select(Redemption.seq).order_by(Redemption.seq)).all()
        assert seqs == list(range(1, given + 1))
        assert session.scalars(select(Hub.last_seq)).one() == given
        assert session.scalar(select(func.count()).select_from(Attempt)) == refused
        assert verify_chains(session, key=scene.keys.audit_key) == []


def test_thirty_two_counters_give_one_entitlement_once(database, scene):
    answers = Counter(press(database, scene, [scene.request(key=f"k{number}") for number in range(CLIENTS)]))
    assert answers.pop("already_given") == CLIENTS - 1
    assert len(answers) == 1
    check_books(database, scene, given=1, refused=CLIENTS - 1)


def test_the_same_request_thirty_two_times_at_once_gives_one_receipt(database, scene):
    answers = press(database, scene, [scene.request(key="k")] * CLIENTS)
    assert len(set(answers)) == 1
    assert "-" in answers[0]
    check_books(database, scene, given=1, refused=0)


def test_thirty_two_families_at_once_all_get_theirs(database, scene):
    answers = press(database, scene, [scene.request(number, key=f"k{number}") for number in range(CLIENTS)])
    assert len(set(answers)) == CLIENTS
    check_books(database, scene, given=CLIENTS, refused=0)


@pytest.mark.parametrize("same_key", [False, True], ids=["different keys", "one key"])
def test_two_processes_give_one_entitlement_once(database, database_url, scene, same_key):
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.Queue()
    keys = [["k"] * 16 if same_key else [f"{process}-{number}" for number in range(16)] for process in (1, 2)]
    processes = [spawn.Process(target=press_elsewhere, args=(database_url, scene, one, queue)) for one in keys]
    for process in processes:
        process.start()
    told = [queue.get(timeout=PATIENCE) for _ in processes]
    for process in processes:
        process.join(PATIENCE)
        assert process.exitcode == 0
    answers = Counter(answer for part in told for answer in part)
    refused = 0 if same_key else 31
    assert answers.pop("already_given", 0) == refused
    assert list(answers.values()) == [32 - refused]
    check_books(database, scene, given=1, refused=refused)


def test_two_processes_share_one_row_of_numbers(database, database_url, scene):
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.Queue()
    processes = [
        spawn.Process(target=give_many, args=(database_url, scene, range(first, CLIENTS, 2), queue)) for first in (0, 1)
    ]
    for process in processes:
        process.start()
    receipts = [receipt for _ in processes for receipt in queue.get(timeout=PATIENCE)]
    for process in processes:
        process.join(PATIENCE)
        assert process.exitcode == 0
    assert len(set(receipts)) == CLIENTS
    check_books(database, scene, given=CLIENTS, refused=0)


def give_many(url: str, scene: Scene, families, queue) -> None:
    """Give to many families from another process."""
    database = Database(url)
    queue.put(press(database, scene, [scene.request(number, key=f"k{number}") for number in families]))
    database.close()


def test_a_request_that_cannot_be_stored_harms_no_other(database, scene):
    """An officer whom the database does not know breaks a foreign key in the middle of a group."""
    writer = open_writer(database, audit_key=scene.keys.audit_key)
    gate = threading.Barrier(CLIENTS)

    def one(number: int) -> object:
        gate.wait()
        stranger = Actor(new_id(), scene.point_id)
        actor = stranger if number % 8 == 3 else scene.actor
        try:
            return redeem(writer, scene.request(number, key=f"k{number}", actor=actor))
        except Exception as error:
            return error

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(one, range(CLIENTS)))
    writer.close()
    assert [number for number, answer in enumerate(answers) if not isinstance(answer, Given)] == [3, 11, 19, 27]
    assert not any(isinstance(answer, Refused) for answer in answers)
    check_books(database, scene, given=CLIENTS - 4, refused=0)


def give_without_queue(database: Database, scene: Scene, key: str) -> str:
    """Give on a connection of one's own, as another process would."""
    try:
        with database.connecting(writes=True) as connection:
            (answer,) = redeem_all(connection, [scene.request(key=key)], audit_key=scene.keys.audit_key)
    except Overtaken:
        return "overtaken"
    return "given" if isinstance(answer, Given) else answer.decision.reasons[0].code.value


def give_from_eight_connections(database: Database, scene: Scene) -> Counter[str]:
    gate = threading.Barrier(8)

    def one(number: int) -> str:
        gate.wait()
        return give_without_queue(database, scene, f"k{number}")

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(one, range(8)))


def test_lock_and_look_hold_without_the_unique_index(database, scene):
    with database.connecting(writes=True) as connection:
        connection.execute(text("DROP INDEX uq_redemption_first_of_entitlement"))
    assert give_from_eight_connections(database, scene) == {"given": 1, "already_given": 7}
    check_books(database, scene, given=1, refused=7)


def test_the_unique_index_holds_without_the_look(database, scene, monkeypatch):
    monkeypatch.setattr(redeeming, "decide", lambda facts: Decision(Outcome.GRANTED))
    assert give_from_eight_connections(database, scene) == {"given": 1, "overtaken": 7}
    check_books(database, scene, given=1, refused=0)


def test_without_look_and_unique_index_all_eight_would_be_given(database, scene, monkeypatch):
    """The defences are what holds, not luck: with both away the count is wrong."""
    with database.connecting(writes=True) as connection:
        connection.execute(text("DROP INDEX uq_redemption_first_of_entitlement"))
    monkeypatch.setattr(redeeming, "decide", lambda facts: Decision(Outcome.GRANTED))
    assert give_from_eight_connections(database, scene) == {"given": 8}
