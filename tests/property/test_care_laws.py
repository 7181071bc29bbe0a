"""Never more steps than a pregnancy's quota, under any order of visits, repeats and undos at two places."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from card_house import CardHouse
from care_scene import CareScene, codes
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from moment import NOW
from sqlalchemy import delete, exists, select, text

from registry.audit import verify_chains
from registry.care.pregnancies import find_pregnancy
from registry.care.visits import undo_visit
from registry.db import Database
from registry.errors import Conflict
from registry.kinds import VisitKind
from registry.models import AuditHead, Pregnancy, Visit, VisitUndo
from verify.care import Recorded

QUOTA = 6
HISTORY = ("audit_line", "visit", "visit_undo")
keys = st.sampled_from("abcdefghij")
points = st.integers(0, 1)


@pytest.fixture
def scene(database: Database) -> CareScene:
    scene = CareScene(CardHouse(database, NOW))
    with database.connecting(writes=True) as connection:
        # between two plays the books are emptied, which nobody else may do
        for table in HISTORY:
            if database.is_sqlite:
                connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    return scene


def test_never_more_steps_stand_than_the_quota(database, scene):
    class Course(RuleBasedStateMachine):
        """Two puskesmas against a model with pebbles: which steps stand, and by which visit."""

        def __init__(self) -> None:
            super().__init__()
            empty_books(database)
            scene.register()
            self.standing: dict[UUID, int] = {}
            self.undone: list[UUID] = []
            self.used: dict[str, tuple[UUID, int]] = {}

        @rule(key=keys, point=points)
        def visit(self, key, point) -> None:
            answer = scene.record(VisitKind.PREGNANCY, key=key, point=point)
            self._check(key, point, answer)

        @rule(pressed=st.lists(st.tuples(keys, points), min_size=2, max_size=4, unique_by=lambda one: one[0]))
        def visit_at_once(self, pressed) -> None:
            with ThreadPoolExecutor(len(pressed)) as pool:
                answers = list(
                    pool.map(lambda one: scene.record(VisitKind.PREGNANCY, key=one[0], point=one[1]), pressed)
                )
            # who was refused was refused by the books of that moment, which the model does not know
            for (key, point), answer in zip(pressed, answers, strict=True):
                if isinstance(answer, Recorded):
                    self._check(key, point, answer)

        @rule(place=st.integers(0, QUOTA))
        def undo(self, place) -> None:
            visits = list(self.standing)
            if visits:
                gone = visits[place % len(visits)]
                with database.writing() as session:
                    undo_visit(session, gone, reason="keliru", area="62.06", **scene.house.rest)
                del self.standing[gone]
                self.undone.append(gone)

        @rule(place=st.integers(0, 20))
        def undo_again(self, place) -> None:
            if self.undone:
                again = self.undone[place % len(self.undone)]
                with database.writing() as session, pytest.raises(Conflict, match="visit_undone"):
                    undo_visit(session, again, reason="keliru", area="62.06", **scene.house.rest)

        @invariant()
        def the_books_agree(self) -> None:
            with database.reading() as session:
                taken = session.scalars(
                    select(Visit.step).where(~exists().where(VisitUndo.visit_id == Visit.id)).order_by(Visit.step)
                ).all()
                assert list(find_pregnancy(session, scene.person()).taken) == list(taken)
                assert len(taken) == len(set(taken)) == len(self.standing)
                assert set(taken) <= set(range(1, QUOTA + 1))
                assert verify_chains(session, key=scene.house.keys.audit_key) == []

        def _check(self, key: str, point: int, answer) -> None:
            if key in self.used:
                visit_id, there = self.used[key]
                if there == point:
                    assert answer == Recorded(visit_id, is_repeated=True)
                else:
                    assert codes(answer) == ["key_used_differently"]
            elif isinstance(answer, Recorded):
                assert not answer.is_repeated
                with database.reading() as session:
                    self.standing[answer.visit_id] = session.get_one(Visit, answer.visit_id).step
                self.used[key] = (answer.visit_id, point)
            else:
                assert codes(answer) == ["quota_used"]
                assert len(self.standing) == QUOTA

    run_state_machine_as_test(
        Course,
        settings=settings(max_examples=12, stateful_step_count=15, suppress_health_check=list(HealthCheck)),
    )


def empty_books(database: Database) -> None:
    with database.connecting(writes=True) as connection:
        if database.is_sqlite:
            # visits and their undos name each other
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            for table in HISTORY:
                connection.execute(text(f"DELETE FROM {table}"))
        else:
            connection.execute(text(f"TRUNCATE {', '.join(HISTORY)}"))
        connection.execute(delete(AuditHead))
        connection.execute(delete(Pregnancy))
