"""Given once, under any order of giving, repeating, taking back and blocking, on both databases.

The machine plays a counter against a model that could be kept with pebbles: per family, whether the package is out.
After each step the books are checked whole.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from giving_scene import Scene, set_scene
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from moment import NOW
from sqlalchemy import delete, exists, func, select, text, update

from registry.audit import verify_chains
from registry.db import Database, new_id
from registry.errors import Conflict
from registry.giving.receipts import undo_redemption
from registry.kinds import BlockReason, CardState
from registry.models import (
    Attempt,
    AuditHead,
    Balance,
    Card,
    Entitlement,
    Hub,
    Redemption,
    RedemptionUndo,
    Roster,
    Round,
    Stock,
)
from verify.facts import Scan
from verify.redeem import Given, Refused, redeem_all

FAMILIES = 3
GRANTED = 500
HISTORY = ("audit_line", "attempt", "redemption", "redemption_undo")

families = st.integers(0, FAMILIES - 1)
keys = st.sampled_from("abcdefgh")
groups = st.lists(st.tuples(families, keys, st.booleans()), min_size=1, max_size=6)


@pytest.fixture
def scene(database: Database) -> Scene:
    scene = set_scene(database, NOW, families=FAMILIES)
    with database.connecting(writes=True) as connection:
        # between two plays the books are emptied, which nobody else may do
        for table in HISTORY:
            if database.is_sqlite:
                connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    return scene


def test_never_more_than_one_package_is_out(database, scene):
    class Counter(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            empty_books(database)
            self.out: dict[int, Given] = {}
            self.blocked: set[int] = set()
            self.used: dict[str, tuple[int, bool, Given]] = {}
            self.given: list[Given] = []
            self.refused = 0

        @rule(asks=groups)
        def give(self, asks) -> None:
            requests = [
                scene.request(family, key=key, scan=Scan(number=scene.numbers[family]))
                if is_typed
                else scene.request(family, key=key)
                for family, key, is_typed in asks
            ]
            with database.connecting(writes=True) as connection:
                answers = redeem_all(connection, requests, audit_key=scene.keys.audit_key)
            # who competes is answered after the others, so the model takes the givings first
            for (family, key, is_typed), answer in zip(asks, answers, strict=True):
                if isinstance(answer, Given) and not answer.is_repeated:
                    assert family not in self.out
                    assert family not in self.blocked
                    assert key not in self.used
                    self.out[family] = answer
                    self.used[key] = (family, is_typed, answer)
                    self.given.append(answer)
            for (family, key, is_typed), answer in zip(asks, answers, strict=True):
                if isinstance(answer, Given):
                    assert self.used[key][:2] == (family, is_typed)
                    assert self.used[key][2].receipt_number == answer.receipt_number
                else:
                    self.refused += 1
                    assert family in self.out or family in self.blocked or key in self.used

        @rule(family=families)
        def take_back(self, family) -> None:
            given = self.out.pop(family, None)
            if given is not None:
                with database.writing() as session:
                    undo_redemption(session, given.redemption_id, reason="keliru", **scene.supervising)

        @rule(place=st.integers(0, 20))
        def take_back_again(self, place) -> None:
            gone = [one for one in self.given if one not in self.out.values()]
            if gone:
                one = gone[place % len(gone)].redemption_id
                with database.writing() as session, pytest.raises(Conflict, match="already_undone"):
                    undo_redemption(session, one, reason="keliru", **scene.supervising)

        @rule(family=families)
        def block(self, family) -> None:
            self.blocked.add(family)
            set_card(database, scene, family, CardState.BLOCKED)

        @rule(family=families)
        def give_a_good_card_again(self, family) -> None:
            self.blocked.discard(family)
            set_card(database, scene, family, CardState.ACTIVE)

        @invariant()
        def the_books_agree(self) -> None:
            with database.reading() as session:
                undone = exists().where(RedemptionUndo.redemption_id == Redemption.id)
                standing = session.scalars(select(Redemption.entitlement_id).where(~undone)).all()
                assert sorted(standing) == sorted(scene.entitlements[family] for family in self.out)
                seqs = session.scalars(select(Redemption.seq).order_by(Redemption.seq)).all()
                assert seqs == list(range(1, len(self.given) + 1))
                assert session.scalars(select(Hub.last_seq)).one() == len(self.given)
                assert session.scalar(select(func.count()).select_from(Attempt)) == self.refused
                assert verify_chains(session, key=scene.keys.audit_key) == []

    run_state_machine_as_test(
        Counter,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_never_more_than_the_quota_is_out_nor_more_spent_than_granted(database, scene):
    balance_round, quota = furnish_quotas_and_balances(database, scene)

    class Market(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            empty_books(database)
            self.out: dict[int, list[Given]] = {family: [] for family in range(FAMILIES)}
            self.spent: dict[int, dict[Given, int]] = {family: {} for family in range(FAMILIES)}
            self.serial = 0

        def ask(self, family: int, **other):
            self.serial += 1
            return scene.request(family, key=f"k{self.serial}", **other)

        @rule(asks=st.lists(families, min_size=1, max_size=5))
        def give(self, asks) -> None:
            answers = redeem_group(database, scene, [self.ask(family) for family in asks])
            for family, answer in zip(asks, answers, strict=True):
                if isinstance(answer, Given):
                    self.out[family].append(answer)
            for family, answer in zip(asks, answers, strict=True):
                assert len(self.out[family]) <= quota
                if isinstance(answer, Refused):
                    assert answer.decision.reasons
                    assert len(self.out[family]) == quota

        @rule(asks=st.lists(st.tuples(families, st.integers(1, GRANTED)), min_size=1, max_size=4))
        def spend(self, asks) -> None:
            requests = [self.ask(family, round_id=balance_round, amount=amount) for family, amount in asks]
            for (family, amount), answer in zip(asks, redeem_group(database, scene, requests), strict=True):
                if isinstance(answer, Given):
                    self.spent[family][answer] = amount
                else:
                    assert answer.decision.reasons

        @rule(family=families, place=st.integers(0, 9), of_balance=st.booleans())
        def take_back(self, family, place, of_balance) -> None:
            some = list(self.spent[family]) if of_balance else self.out[family]
            if some:
                given = some[place % len(some)]
                if of_balance:
                    del self.spent[family][given]
                else:
                    some.remove(given)
                with database.writing() as session:
                    undo_redemption(session, given.redemption_id, reason="keliru", **scene.supervising)

        @invariant()
        def the_books_agree(self) -> None:
            with database.reading() as session:
                undone = exists().where(RedemptionUndo.redemption_id == Redemption.id)
                standing = session.execute(
                    select(Entitlement.family_id, Entitlement.balance_id, Redemption.value)
                    .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
                    .where(~undone)
                ).all()
                for number, family in enumerate(scene.families):
                    packages = [value for of, balance, value in standing if of == family and balance is None]
                    slices = [value for of, balance, value in standing if of == family and balance is not None]
                    assert len(packages) == len(self.out[number]) <= quota
                    assert sum(slices) == sum(self.spent[number].values()) <= GRANTED
                    row = session.scalars(select(Balance).where(Balance.family_id == family)).one()
                    assert row.spent == sum(slices)
                taken = session.scalars(select(Stock.given)).one()
                assert taken == sum(len(given) for given in self.out.values())

    run_state_machine_as_test(
        Market,
        settings=settings(max_examples=20, stateful_step_count=12, suppress_health_check=list(HealthCheck)),
    )


def furnish_quotas_and_balances(database: Database, scene: Scene) -> tuple[UUID, int]:
    """Give every family a quota of two in the scene's round, and a balance in another; return that round, and two."""
    with database.writing() as session:
        session.add_all(
            Entitlement(id=new_id(), round_id=scene.round_id, roster_id=scene.roster_id, family_id=family, ordinal=2)
            for family in scene.families
        )
        session.add(Stock(roster_id=scene.roster_id, delivered=2 * FAMILIES))
        columns = {
            column.name: getattr(session.get_one(Round, scene.round_id), column.name) for column in Round.__table__.c
        }
        spent = Round(**columns | {"id": new_id(), "programme_code": "BELANJA", "name": "2026"})
        session.add(spent)
        session.flush()
        session.add(Roster(id=new_id(), round_id=spent.id, point_id=scene.point_id))
        session.add_all(
            Balance(id=new_id(), round_id=spent.id, family_id=family, granted=GRANTED) for family in scene.families
        )
        return spent.id, 2


def redeem_group(database: Database, scene: Scene, requests: list) -> list:
    with database.connecting(writes=True) as connection:
        return redeem_all(connection, requests, audit_key=scene.keys.audit_key)


def set_card(database: Database, scene: Scene, family: int, state: CardState) -> None:
    reason = BlockReason.LOST if state is CardState.BLOCKED else None
    with database.writing() as session:
        session.execute(update(Card).where(Card.id == scene.cards[family]).values(state=state, block_reason=reason))


def empty_books(database: Database) -> None:
    with database.connecting(writes=True) as connection:
        # givings and their undos name each other
        off = "PRAGMA defer_foreign_keys=ON" if database.is_sqlite else "SET LOCAL session_replication_role = replica"
        connection.execute(text(off))
        for table in HISTORY:
            connection.execute(text(f"DELETE FROM {table}"))
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL session_replication_role = DEFAULT"))
        connection.execute(delete(Entitlement).where(Entitlement.balance_id.is_not(None)))
        connection.execute(update(Balance).values(spent=0))
        connection.execute(update(Stock).values(given=0))
        connection.execute(delete(AuditHead))
        connection.execute(update(Hub).values(last_seq=0))
        connection.execute(update(Card).values(state=CardState.ACTIVE, block_reason=None))
