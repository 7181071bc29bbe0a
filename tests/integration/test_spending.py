"""Spending a balance in rupiah: in parts, never more than was granted, by however many counters at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from giving_scene import OTHER_VILLAGE, VILLAGE, Scene, set_scene
from moment import NOW
from sqlalchemy import delete, func, select, text, update

from registry.audit import Actor, verify_chains
from registry.db import Database, new_id
from registry.giving.receipts import get_receipt, undo_redemption
from registry.kinds import Proof
from registry.models import Balance, Entitlement, Redemption, Roster, RosterVillage, Round
from verify.redeem import Given, Refused, open_writer, redeem, redeem_all

GRANTED = 2_000_000


@pytest.fixture
def scene(database: Database) -> Scene:
    """The scene's round is one of BELANJA, and its first family has a balance."""
    scene = set_scene(database, NOW, families=2)
    with database.writing() as session:
        session.execute(delete(Entitlement))
        session.execute(update(Round).values(programme_code="BELANJA", value=GRANTED))
        session.add(Balance(id=new_id(), round_id=scene.round_id, family_id=scene.families[0], granted=GRANTED))
        session.add(RosterVillage(round_id=scene.round_id, village_code=VILLAGE, roster_id=scene.roster_id))
    return scene


def ask(scene: Scene, amount: int | None, key: str, **other):
    return scene.request(key=key, amount=amount, **other)


def spend(database: Database, scene: Scene, *requests):
    with database.connecting(writes=True) as connection:
        answers = redeem_all(connection, requests, audit_key=scene.keys.audit_key)
    return answers[0] if len(answers) == 1 else answers


def codes(answer) -> list[str]:
    assert isinstance(answer, Refused)
    return [reason.code.value for reason in answer.decision.reasons]


def spent(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(Balance.spent)).one()


def test_a_balance_is_spent_in_parts_until_nothing_is_left(database, scene):
    first = spend(database, scene, ask(scene, 150_000, "a"))
    assert isinstance(first, Given)
    refused = spend(database, scene, ask(scene, 1_850_001, "b"))
    assert codes(refused) == ["not_enough_left"]
    assert refused.decision.reasons[0].detail == {"amount": "1850001", "left": "1850000"}
    assert isinstance(spend(database, scene, ask(scene, 1_850_000, "c")), Given)
    assert codes(spend(database, scene, ask(scene, 1, "d"))) == ["not_enough_left"]
    assert spent(database) == GRANTED
    with database.reading() as session:
        rows = session.execute(
            select(Redemption.value, Entitlement.ordinal, Entitlement.balance_id)
            .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
            .order_by(Redemption.seq)
        ).all()
        assert [(value, ordinal) for value, ordinal, _ in rows] == [(150_000, 1), (1_850_000, 2)]
        assert all(balance for _, _, balance in rows)
        receipt = get_receipt(session, first.receipt_number, area="62")
        assert (receipt.value, receipt.balance_left) == (150_000, 0)
        assert verify_chains(session, key=scene.keys.audit_key) == []


@pytest.mark.parametrize("amount", [None, 0, -5])
def test_no_amount_is_no_spending(database, scene, amount):
    assert codes(spend(database, scene, ask(scene, amount, "k"))) == ["not_enough_left"]
    assert spent(database) == 0


def test_the_same_key_spends_once_and_another_amount_under_it_is_refused(database, scene):
    first, again = (spend(database, scene, ask(scene, 50_000, "k")) for _ in range(2))
    assert again.receipt_number == first.receipt_number
    assert codes(spend(database, scene, ask(scene, 60_000, "k"))) == ["key_used_differently"]
    assert spent(database) == 50_000


def test_an_undone_spending_returns_to_the_balance_once(database, scene):
    given = spend(database, scene, ask(scene, 500_000, "a"))
    with database.writing() as session:
        undo_redemption(session, given.redemption_id, reason="salah hitung", **scene.supervising)
    assert spent(database) == 0
    assert isinstance(spend(database, scene, ask(scene, GRANTED, "b")), Given)
    assert spent(database) == GRANTED


def test_a_group_spends_in_turn(database, scene):
    answers = spend(database, scene, *(ask(scene, 700_000, f"k{number}") for number in range(4)))
    assert [isinstance(one, Given) for one in answers] == [True, True, False, False]
    assert spent(database) == 1_400_000


def test_spending_needs_the_proofs_too(database, scene):
    assert codes(spend(database, scene, ask(scene, 1_000, "k", proofs=frozenset()))) == ["proof_missing"]


def test_another_point_of_the_round_spends_from_the_same_balance(database, scene):
    elsewhere = Actor(scene.officer_id, scene.other_point_id)
    refused = spend(database, scene, ask(scene, 1_000, "a", actor=elsewhere))
    assert codes(refused) == ["wrong_place"]
    assert refused.decision.reasons[0].detail["point"] == "Balai Desa Tumbang Contoh"
    with database.writing() as session:
        roster = Roster(id=new_id(), round_id=scene.round_id, point_id=scene.other_point_id)
        session.add(roster)
        session.flush()
        session.add(RosterVillage(round_id=scene.round_id, village_code=OTHER_VILLAGE, roster_id=roster.id))
    assert isinstance(spend(database, scene, ask(scene, 1_000, "a", actor=elsewhere)), Given)
    assert isinstance(spend(database, scene, ask(scene, 2_000, "b")), Given)
    assert spent(database) == 3_000


def test_a_family_without_a_balance_is_told_the_rule(database, scene):
    answer = spend(database, scene, scene.request(1, key="k", amount=1_000))
    assert codes(answer)[0] == "not_entitled"


def spend_from_eight_connections(database: Database, scene: Scene) -> Counter[str]:
    gate = Barrier(8)

    def one(number: int) -> str:
        gate.wait()
        answer = spend(database, scene, ask(scene, 300_000, f"k{number}"))
        return "given" if isinstance(answer, Given) else codes(answer)[0]

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(one, range(8)))


def test_eight_counters_never_spend_more_than_was_granted(database, scene):
    assert spend_from_eight_connections(database, scene) == {"given": 6, "not_enough_left": 2}
    assert spent(database) == 1_800_000
    with database.reading() as session:
        assert session.scalar(select(func.sum(Redemption.value))) == 1_800_000


def test_eight_counters_on_one_writer_never_spend_more_than_was_granted(database, scene):
    writer = open_writer(database, audit_key=scene.keys.audit_key)
    gate = Barrier(8)

    def one(number: int) -> bool:
        gate.wait()
        return isinstance(redeem(writer, ask(scene, 300_000, f"k{number}")), Given)

    try:
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(one, range(8))) == 6
    finally:
        writer.close()
    assert spent(database) == 1_800_000


def test_the_update_holds_a_balance_that_was_spent_behind_the_look(database, scene, monkeypatch):
    """With the look taken away, the guarded UPDATE is what holds."""
    from registry.giving.redemptions import Overtaken
    from registry.kinds import Outcome
    from verify import redeem as redeeming
    from verify.reasons import Decision

    monkeypatch.setattr(redeeming, "decide", lambda facts: Decision(Outcome.GRANTED))
    with pytest.raises(Overtaken):
        spend(database, scene, ask(scene, GRANTED + 1, "k"))
    assert spent(database) == 0


def test_the_database_itself_refuses_a_balance_that_is_overspent(database, scene):
    with database.connecting(writes=True) as connection, pytest.raises(Exception, match="spent_within_granted"):
        connection.execute(text(f"UPDATE balance SET spent = {GRANTED + 1}"))


def test_the_proofs_are_kept_with_a_spending(database, scene):
    spend(database, scene, ask(scene, 1_000, "k", proofs=frozenset({Proof.ID_CARD, Proof.FACE})))
    with database.reading() as session:
        assert session.scalar(select(Redemption.proofs)) == "ktp face"
