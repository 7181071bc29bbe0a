"""Every programme is given, spent or recorded by the services, and a second time refused where it must be.

One family with one card comes to every kind of place: the mother farms and fishes, a daughter studies, a son goes to
school.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from card_house import VILLAGE, CardHouse, make_draft
from moment import NOW
from sqlalchemy import select

from registry.audit import Actor, verify_chains
from registry.cards.cards import hand_over, issue_card, mark_printed, note_read_back
from registry.code.token import TrustList, to_text
from registry.db import Database, new_id
from registry.families.families import register_family
from registry.kinds import Carrying, PointKind, Proof, Relation, Sex, Subject, VisitKind
from registry.models import Enrolment, Entitlement, Family, Programme, Redemption, Round, ServicePoint, Visit
from registry.programmes.rounds import Place
from registry.schooling.enrolments import StatedEnrolment
from verify.care import Recorded, VisitRequest, record_visit, register
from verify.facts import Scan
from verify.members import Chosen, choose, look_at_members
from verify.reasons import Decision, ReasonCode
from verify.redeem import Given, RedeemRequest, RedeemWriter, Refused, open_writer, redeem
from verify.rounds import open_round_for_villages
from verify.statuses import StatusKind, statuses_of

GIVEN = {"PANGAN", "TUNAI", "PASAR", "SEKOLAH", "KULIAH", "TANI", "NELAYAN", "PERAHU", "UMKM", "KERJA"}
SPENT = {"BELANJA"}
VISITED = {"BEROBAT", "BUMIL", "AMBULANS", "MENGAJI"}
INFORMATION = {"JALAN": "DPUPR", "BERMANFAAT": "BAPPERIDA", "HIBAHDESA": "DPMD"}
"""What stands in the catalogue only to be told of, with its owner."""

STATED = {
    "SEKOLAH": StatedEnrolment(nisn="0091234567", npsn="30201234"),
    "KULIAH": StatedEnrolment(campus="Universitas Palangka Raya", evidence="Surat aktif kuliah 123/UN24/2026"),
}
FOR_WHOM = {"SEKOLAH": "MINA", "KULIAH": "RAHMAT", "KERJA": "RAHMAT"}
"""Whose right it is of those who have one; else the mother's."""


@dataclass
class Town:
    """The family, its card, and a place of every kind."""

    house: CardHouse
    family: UUID
    card_text: str
    token_hash: bytes
    people: dict[str, UUID]
    places: dict[PointKind, UUID]
    writer: RedeemWriter

    @property
    def database(self) -> Database:
        return self.house.database

    def rest(self, kind: PointKind) -> dict:
        actor = Actor(self.house.actor.officer_id, self.places[kind])
        return {"actor": actor, "keys": self.house.keys, "at": NOW}

    def open_round(self, code: str) -> tuple[UUID, PointKind]:
        """Open a round of a programme at the first kind of place that serves it; return it and the kind."""
        with self.database.writing() as session:
            kind = PointKind(session.get_one(Programme, code).places[0])
            opened = open_round_for_villages(
                session,
                code,
                name="2026",
                opens_on=NOW.date() - timedelta(days=1),
                closes_on=NOW.date() + timedelta(days=60),
                places=[Place(self.places[kind], [VILLAGE])],
                **self.rest(kind),
            )
            return opened.round.id, kind

    def give(self, code: str, round_id: UUID, kind: PointKind, **other) -> Given | Refused:
        with self.database.reading() as session:
            is_of_person = session.get_one(Programme, code).subject is Subject.PERSON
        usual = {
            "scan": Scan(token_hash=self.token_hash),
            "round_id": round_id,
            "idempotency_key": str(new_id()),
            "actor": self.rest(kind)["actor"],
            "at": NOW,
            "person_id": self.people[FOR_WHOM.get(code, "SITI AMINAH")] if is_of_person else None,
            "proofs": frozenset(Proof),
            "is_paid": True,
            "enrolment": STATED.get(code),
        }
        return redeem(self.writer, RedeemRequest(**(usual | other)))

    def visit(self, kind: VisitKind, here: PointKind, key: str) -> Recorded | Decision:
        with self.database.writing() as session:
            return record_visit(
                session, self._chosen(session, here), VisitRequest(kind, key), here=here, **self.rest(here)
            )

    def expect_child(self) -> UUID | Decision:
        here = PointKind.PUSKESMAS
        with self.database.writing() as session:
            due_on = NOW.date() + timedelta(days=150)
            return register(session, self._chosen(session, here), due_on, here=here, **self.rest(here))

    def _chosen(self, session, here: PointKind) -> Chosen:
        trust = TrustList(self.house.keys.trusted)
        seen = look_at_members(session, self.card_text, trust, area="62.06", here=here, at=NOW)
        chosen = choose(seen, self.people["SITI AMINAH"])
        assert isinstance(chosen, Chosen)
        return chosen


@pytest.fixture
def town(database) -> Iterator[Town]:
    house = CardHouse(database, NOW)
    draft = make_draft(desil=1)
    mother, daughter, son = draft.people
    people = (
        replace(mother, occupation="Petani dan nelayan"),
        replace(daughter, birth_date=date(2006, 5, 6), sex=Sex.FEMALE),
        replace(son, birth_date=date(2009, 7, 8), relation=Relation.CHILD),
    )
    with database.writing() as session:
        family = register_family(session, replace(draft, people=people), source="DTSEN", as_of=NOW.date(), **house.rest)
        card = issue_card(session, family, **house.rest)
        mark_printed(session, card, **house.rest)
        note_read_back(session, card, **house.rest)
        hand_over(session, card, card.head, id_seen=True, **house.rest)
        places = {}
        for kind in PointKind:
            code = "30201234" if kind is PointKind.SCHOOL else ""
            point = ServicePoint(
                id=new_id(),
                code=f"UJI-{kind.name}",
                name=kind.value,
                kind=kind,
                area_code="62.06.05",
                facility_code=code,
            )
            session.add(point)
            places[kind] = point.id
        names = {one.name: one.id for one in family.people}
        text, token_hash, family_id = to_text(card.token), card.token_hash, family.id
    writer = open_writer(database, audit_key=house.keys.audit_key)
    yield Town(house, family_id, text, token_hash, names, places, writer)
    writer.close()


def codes(answer: Refused | Decision) -> set[ReasonCode]:
    decision = answer.decision if isinstance(answer, Refused) else answer
    return {reason.code for reason in decision.reasons}


def test_no_programme_is_left_out_here(town):
    with town.database.reading() as session:
        carrying = {one.code: one.carrying for one in session.scalars(select(Programme))}
    assert {code for code, how in carrying.items() if how is Carrying.GIVEN} == GIVEN
    assert {code for code, how in carrying.items() if how is Carrying.SPENT} == SPENT
    assert {code for code, how in carrying.items() if how is Carrying.VISITED} == VISITED
    assert {code for code, how in carrying.items() if how is Carrying.INFORMATION} == set(INFORMATION)


def test_every_right_on_a_list_is_given_once(town):
    for code in sorted(GIVEN):
        round_id, kind = town.open_round(code)
        first = town.give(code, round_id, kind)
        assert isinstance(first, Given), f"{code}: {first}"
        second = town.give(code, round_id, kind)
        assert isinstance(second, Refused), code
        assert ReasonCode.ALREADY_GIVEN in codes(second), code
    with town.database.reading() as session:
        given = session.execute(
            select(Round.programme_code, Redemption.value, Redemption.price)
            .select_from(Redemption)
            .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
            .join(Round, Round.id == Entitlement.round_id)
        ).all()
        assert sorted(code for code, *_ in given) == sorted(GIVEN)
        worth = {code: (value, price) for code, value, price in given}
        assert worth["PANGAN"] == (150_000, 0)
        assert worth["PASAR"] == (150_000, 15_000)
        assert len(session.scalars(select(Enrolment)).all()) == 2
        assert verify_chains(session, key=town.house.keys.audit_key) == []


def test_what_must_be_seen_or_paid_first_is_asked_for(town):
    round_id, kind = town.open_round("PASAR")
    assert ReasonCode.PROOF_MISSING in codes(town.give("PASAR", round_id, kind, proofs=frozenset()))
    assert ReasonCode.NOT_PAID in codes(town.give("PASAR", round_id, kind, is_paid=False))
    assert isinstance(town.give("PASAR", round_id, kind), Given)


def test_a_balance_is_spent_in_parts_and_never_above_the_rest(town):
    round_id, kind = town.open_round("BELANJA")
    assert isinstance(town.give("BELANJA", round_id, kind, amount=1_250_000), Given)
    assert codes(town.give("BELANJA", round_id, kind, amount=750_001)) == {ReasonCode.NOT_ENOUGH_LEFT}
    assert isinstance(town.give("BELANJA", round_id, kind, amount=750_000), Given)
    assert codes(town.give("BELANJA", round_id, kind, amount=1)) == {ReasonCode.NOT_ENOUGH_LEFT}


def test_every_visit_is_recorded_and_only_pregnancy_support_ends(town):
    for number in range(3):
        assert isinstance(town.visit(VisitKind.TREATMENT, PointKind.PUSKESMAS, f"t{number}"), Recorded)
        assert isinstance(town.visit(VisitKind.AMBULANCE, PointKind.PUSKESMAS, f"a{number}"), Recorded)
    assert codes(town.visit(VisitKind.PREGNANCY, PointKind.PUSKESMAS, "p")) == {ReasonCode.PREGNANCY_MISSING}
    assert isinstance(town.expect_child(), UUID)
    for number in range(6):
        assert isinstance(town.visit(VisitKind.PREGNANCY, PointKind.PUSKESMAS, f"p{number}"), Recorded)
    assert codes(town.visit(VisitKind.PREGNANCY, PointKind.PUSKESMAS, "p6")) == {ReasonCode.QUOTA_USED}
    attended = town.visit(VisitKind.ATTENDANCE, PointKind.OFFICE, "")
    assert isinstance(attended, Recorded)
    assert town.visit(VisitKind.ATTENDANCE, PointKind.OFFICE, "") == replace(attended, is_repeated=True)
    with town.database.reading() as session:
        kinds = session.scalars(select(Visit.programme_code)).all()
    assert set(kinds) == VISITED
    assert kinds.count("BUMIL") == 6


def test_what_no_card_carries_answers_with_its_owner(town):
    with town.database.reading() as session:
        statuses = statuses_of(session, session.get_one(Family, town.family), at=NOW)
        told = {one.programme.code: one.programme.office_code for one in statuses if one.kind is StatusKind.INFORMATION}
        assert told == INFORMATION
        assert all(one.programme.office.name for one in statuses)
