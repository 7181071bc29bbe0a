"""Enrolled once: per child and school year, under any order of confirming, repeating and taking back, at two schools.

Both schools have the children on the list of a round of the same year, one of each kabupaten, so that the rounds' own
unique indexes do not hold between them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from school_scene import SchoolScene, set_school_scene
from sqlalchemy import delete, exists, func, select, text, update

from registry.audit import verify_chains
from registry.db import Database
from registry.giving.receipts import undo_redemption
from registry.models import AuditHead, Complaint, Enrolment, Entitlement, Hub, PersonFacts, Redemption, RedemptionUndo
from registry.schooling.enrolments import StatedEnrolment
from verify.reasons import ReasonCode
from verify.schooling import Confirmed

BOOKS = (
    "audit_line",
    "attempt",
    "enrolment",
    "redemption",
    "redemption_photo",
    "redemption_undo",
    "person_facts",
    "complaint_step",
)
CHILDREN = 2


@pytest.fixture
def scene(database: Database) -> Iterator[SchoolScene]:
    scene = set_school_scene(database)
    with database.connecting(writes=True) as connection:
        # between two plays the books are emptied, which nobody else may do
        for table in BOOKS:
            if database.is_sqlite:
                connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        if not database.is_sqlite:  # it names cases, so it is emptied along with them
            connection.execute(text("ALTER TABLE supply_count DISABLE TRIGGER USER"))
    yield scene
    scene.writer.close()


def test_no_child_is_enrolled_twice_in_a_school_year(database, scene):
    children = [scene.pupil, scene.brother]
    year = scene.open_round("SEKOLAH", "Katingan", points={scene.first: children})
    other = scene.open_round("SEKOLAH", "Kotim", points={scene.second: children})
    schools = [(scene.first, year), (scene.second, other)]

    class Schools(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            empty_books(database)
            self.enrolled: dict[int, int] = {}
            self.used: dict[str, tuple[int, int]] = {}
            self.clashes: set[tuple[int, int]] = set()

        @rule(child=st.integers(0, CHILDREN - 1), school=st.integers(0, 1), key=st.sampled_from("abcdef"))
        def confirm(self, child, school, key) -> None:
            point, round_ = schools[school]
            stated = StatedEnrolment(nisn=f"000000000{child}")
            answer = scene.confirm(children[child], point=point, round_id=round_, key=key, stated=stated)
            if isinstance(answer, Confirmed):
                if key in self.used:
                    assert self.used[key] == (child, school)
                else:
                    assert child not in self.enrolled
                    self.enrolled[child] = school
                    self.used[key] = (child, school)
                return
            codes = {reason.code for reason in answer.decision.reasons}
            elsewhere = self.enrolled.get(child, school) != school
            assert elsewhere == (ReasonCode.PUPIL_ELSEWHERE in codes)
            if answer.attempt_id is None:
                scene.keep(answer, point=point)
            if elsewhere:
                self.clashes.add((child, school))
            else:
                assert child in self.enrolled or key in self.used

        @rule(child=st.integers(0, CHILDREN - 1))
        def take_back(self, child) -> None:
            if self.enrolled.pop(child, None) is None:
                return
            with database.writing() as session:
                (standing,) = session.scalars(standing_of(children[child]))
                undo_redemption(session, standing, reason="keliru", **scene.giving.supervising)

        @invariant()
        def the_books_agree(self) -> None:
            with database.reading() as session:
                for child, person in enumerate(children):
                    assert len(session.scalars(standing_of(person)).all()) == (child in self.enrolled)
                count = select(func.count())
                assert session.scalar(count.select_from(Enrolment)) == session.scalar(count.select_from(Redemption))
                assert session.scalar(count.select_from(Complaint)) == len(self.clashes)
                stated = session.scalars(select(PersonFacts.person_id)).all()
                assert len(stated) == len(set(stated))
                assert verify_chains(session, key=scene.giving.keys.audit_key) == []

    run_state_machine_as_test(
        Schools,
        settings=settings(
            max_examples=20,
            stateful_step_count=14,
            suppress_health_check=list(HealthCheck),
        ),
    )


def standing_of(person):
    undone = exists().where(RedemptionUndo.redemption_id == Redemption.id)
    return (
        select(Redemption.id)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .where(Entitlement.person_id == person, ~undone)
    )


def empty_books(database: Database) -> None:
    with database.connecting(writes=True) as connection:
        if database.is_sqlite:
            # givings and their undos name each other
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            for table in (*BOOKS, "complaint"):
                connection.execute(text(f"DELETE FROM {table}"))
        else:
            connection.execute(text(f"TRUNCATE {', '.join((*BOOKS, 'complaint'))} CASCADE"))
        connection.execute(delete(AuditHead))
        connection.execute(update(Hub).values(last_seq=0))
