"""A small registry for tests of family events: families with cards, an officer who proposes and one who approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from uuid import UUID

from card_house import VILLAGE, CardHouse

from registry.audit import Actor
from registry.cards.cards import hand_over, issue_card, live_card_of, mark_printed, note_read_back
from registry.db import Session, new_id
from registry.events.deciding import approve_event
from registry.events.proposing import propose_event
from registry.events.statements import Statement
from registry.families.families import head_of
from registry.identifiers import CardNumber, FamilyNumber, Nik
from registry.kinds import CardState, PersonState, Proof, RoundState
from registry.models import (
    Card,
    Determination,
    Entitlement,
    Family,
    FamilyEvent,
    Officer,
    Person,
    Revision,
    Roster,
    RosterVillage,
    Round,
)
from verify.facts import Scan
from verify.redeem import Given, RedeemRequest, Refused, redeem_all

OTHER_VILLAGE = "62.06.05.2004"
_rounds = count(1)
FRESH_NUMBER = FamilyNumber("6206052010260001")
FRESH_NIK = Nik("6206050110260001")


@dataclass
class EventHouse(CardHouse):
    """The card house with a second officer; every step has a moment of its own."""

    def __post_init__(self) -> None:
        super().__post_init__()
        with self.database.writing() as session:
            officer = Officer(
                id=new_id(),
                username="siti",
                name="Siti",
                number="P-002",
                password_hash="x",
                point_id=self.actor.point_id,
                created_at=self.at,
            )
            session.add(officer)
        self.approver = Actor(officer.id, self.actor.point_id)

    def later(self) -> None:
        """Let time pass, so that each step is told apart."""
        self.at += timedelta(minutes=1)

    @property
    def approving(self) -> dict[str, object]:
        """Return what the second person's step is handed."""
        return self.rest | {"actor": self.approver, "area": "62"}

    def settle(self, *, card: bool = True) -> UUID:
        """Register a family of three, with an active card; return its id."""
        with self.database.writing() as session:
            family = self.add_family(session)
            if card:
                self.give_card(session, family)
            return family.id

    def give_card(self, session: Session, family: Family) -> Card:
        """Put a card into a family's hands."""
        card = issue_card(session, family, **self.rest)
        self.activate(session, card)
        return card

    def activate(self, session: Session, card: Card) -> None:
        """Print a card and hand it to the head."""
        if card.state is CardState.ISSUED:
            mark_printed(session, card, **self.rest)
        note_read_back(session, card, **self.rest)
        hand_over(session, card, session.get_one(Person, card.head_id), id_seen=True, **self.rest)

    def propose(self, family_id: UUID, statement: Statement, **rest: object) -> UUID:
        """Propose an event of today, as the first officer."""
        self.later()
        usual = {"happened_on": self.at.date(), "evidence": "Surat desa 470/12/2026", "area": "62"}
        with self.database.writing() as session:
            family = session.get_one(Family, family_id)
            return propose_event(session, family, statement, **(usual | self.rest | rest)).id

    def approve(self, event_id: UUID, **rest: object) -> None:
        """Approve an event, as the second officer."""
        self.later()
        with self.database.writing() as session:
            approve_event(session, session.get_one(FamilyEvent, event_id), **(self.approving | rest))

    def happen(self, family_id: UUID, statement: Statement, **rest: object) -> UUID:
        """Propose and approve an event."""
        event_id = self.propose(family_id, statement, **rest)
        self.approve(event_id)
        return event_id

    def family(self, family_id: UUID) -> Family:
        """Return a family as it is now, its people and numbers read."""
        with self.database.reading() as session:
            family = session.get_one(Family, family_id)
            assert family.people is not None
            assert family.numbers is not None
            return family

    def living(self, family_id: UUID) -> list[str]:
        """Return the names of the living people of a family, the head's in front."""
        people = [one for one in self.family(family_id).people if one.state is PersonState.LIVING]
        return [one.name for one in sorted(people, key=lambda one: (one.relation != "head", one.position))]

    def person(self, family_id: UUID, name: str) -> UUID:
        """Return the id of somebody by the name."""
        return next(one.id for one in self.family(family_id).people if one.name == name)

    def nik(self, person_id: UUID) -> Nik:
        """Return somebody's NIK."""
        with self.database.reading() as session:
            person = session.get_one(Person, person_id)
            return Nik(self.keys.vault.open("person", "nik_sealed", person.id, person.nik_sealed))

    def live_card(self, family_id: UUID) -> Card | None:
        """Return the family's card that lives."""
        with self.database.reading() as session:
            return live_card_of(session, session.get_one(Family, family_id))

    def card(self, card_id: UUID) -> Card:
        """Return a card as it is now."""
        with self.database.reading() as session:
            return session.get_one(Card, card_id)

    def event(self, event_id: UUID) -> FamilyEvent:
        """Return an event as it is now."""
        with self.database.reading() as session:
            return session.get_one(FamilyEvent, event_id)

    def history(self, family_id: UUID) -> list[tuple[str, str, str]]:
        """Return what changed in a family: attribute, before, after."""
        with self.database.reading() as session:
            rows = session.query(Revision).filter(Revision.family_id == family_id).order_by(Revision.id)
            return [(one.attribute, one.before, one.after) for one in rows]

    def head(self, family_id: UUID) -> str | None:
        """Return the name of the family's living head."""
        head = head_of(self.family(family_id))
        return head.name if head else None

    def freeze_round(
        self, families: Sequence[UUID], *, programme: str = "PANGAN", people: Sequence[UUID | None] = ()
    ) -> tuple[UUID, UUID]:
        """Open a round whose frozen list holds these families, or one person of each; return it and its roster."""
        self.later()
        day = self.at.date()
        with self.database.writing() as session:
            round_ = Round(
                id=new_id(),
                programme_code=programme,
                name=f"Tahap {next(_rounds)}",
                opens_on=day,
                closes_on=day + timedelta(days=60),
                state=RoundState.OPEN,
                value=150_000,
                price=0,
                legal_reference="-",
                created_at=self.at,
            )
            roster = Roster(id=new_id(), round_id=round_.id, point_id=self.actor.point_id)
            session.add_all([round_, roster])
            session.flush()
            session.add(RosterVillage(round_id=round_.id, village_code=VILLAGE, roster_id=roster.id))
            for family, person in zip(families, people or [None] * len(families), strict=True):
                session.add(Entitlement(round_id=round_.id, roster_id=roster.id, family_id=family, person_id=person))
            session.flush()
            session.add(
                Determination(
                    round_id=round_.id,
                    decree_number="1",
                    decree_date=day,
                    programme_version=1,
                    clauses=[],
                    entitled=len(families),
                    list_hash=bytes(32),
                    frozen_at=self.at,
                )
            )
        return round_.id, roster.id

    def give(self, family_id: UUID, round_id: UUID, *, person: UUID | None = None) -> Given | Refused:
        """Ask for a round's package with the family's live card."""
        self.later()
        card = self.live_card(family_id)
        assert card is not None
        return self.give_on(card, round_id, person=person)

    def give_on(self, card: Card, round_id: UUID, *, person: UUID | None = None) -> Given | Refused:
        """Ask for a round's package with any card."""
        request = RedeemRequest(
            scan=Scan(number=CardNumber(card.number)),
            round_id=round_id,
            idempotency_key=str(new_id()),
            actor=self.actor,
            at=self.at,
            person_id=person,
            proofs=frozenset({Proof.ID_CARD}),
        )
        with self.database.connecting(writes=True) as connection:
            [answer] = redeem_all(connection, [request], audit_key=self.keys.audit_key)
        return answer
