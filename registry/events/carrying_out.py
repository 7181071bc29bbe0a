"""Write a plan into the registry, keeping what was there before as revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert

from registry.db import Session, new_id
from registry.events.inheriting import inherit_facts
from registry.events.plans import Move, Plan
from registry.families.drafts import FamilyDraft
from registry.families.enrolling import enrol_families, number_row, person_row
from registry.keys.sealing import Vault
from registry.kinds import FamilyState, Relation
from registry.models import Family, FamilyNumber, Person, Revision

__all__ = ["carry_out"]

_LONGEST_VALUE, _LONGEST_SOURCE = 200, 80  # the columns' widths


def carry_out(
    session: Session, plan: Plan, *, source: str, happened_on: date, vault: Vault, at: datetime
) -> list[Family]:
    """Write what a plan changes; return the families that it concerns, one that it founds as the last.

    Args:
        source: the document that says so; it stands with every change.

    Raises:
        IntegrityError: when another officer or a list wrote the same number or person at this moment.
    """
    writing = _Writing(session, plan, source[:_LONGEST_SOURCE], happened_on, vault, at)
    writing.end_number()
    writing.change()
    writing.move()
    session.flush()  # a head steps back before another one follows
    writing.enthrone()
    writing.bear()
    return writing.finish()


class _Writing:
    """The writing of one plan, in an order that the unique indexes allow."""

    def __init__(
        self, session: Session, plan: Plan, source: str, happened_on: date, vault: Vault, at: datetime
    ) -> None:
        self._session, self._plan, self._source = session, plan, source
        self._day, self._vault, self._at = happened_on, vault, at
        self._founded = self._found()
        self._heads: list[Person] = []
        """Those who become head once everyone else has stepped back."""

    def _found(self) -> Family | None:
        if self._plan.founded is None:
            return None
        [family_id] = enrol_families(
            self._session.connection(),
            [self._plan.founded],
            vault=self._vault,
            source=self._source,
            as_of=self._day,
            at=self._at,
        )
        family = self._session.get_one(Family, family_id)
        family.split_from_id = self._plan.family.id
        return family

    def end_number(self) -> None:
        plan = self._plan
        if plan.former_number is None:
            return
        [current] = (row for row in plan.family.numbers if row.until is None)
        current.until = self._at
        self._session.flush()
        after = ""
        if plan.number is not None:
            draft = FamilyDraft(plan.number, plan.family.village_code, ())
            row = number_row(draft, plan.family.id, vault=self._vault, at=self._at)
            self._session.execute(insert(FamilyNumber).values(row))
            after = plan.number.masked
        self._revise(plan.family.id, None, "number", plan.former_number.masked, after)

    def change(self) -> None:
        for change in self._plan.changes:
            self._revise(
                change.family.id,
                change.person.id if change.person else None,
                change.attribute,
                change.before,
                str(change.after),
            )
            if change.person is not None and change.after == Relation.HEAD and change.attribute == "relation":
                self._heads.append(change.person)
            else:
                setattr(change.person or change.family, change.attribute, change.after)
            if change.person is not None:
                change.person.updated_at = self._at

    def move(self) -> None:
        for move in self._plan.moves:
            person, before = move.person, move.person.family
            to = self._destination(move)
            for family in (before, to):
                self._revise(family.id, person.id, "family", before.reference, to.reference)
            if person.relation is not move.relation:
                self._revise(to.id, person.id, "relation", person.relation.value, move.relation.value)
            if move.relation is Relation.HEAD:
                self._heads.append(person)
            else:
                person.relation = move.relation
            person.position = self._next_position(to)
            person.family = to
            person.updated_at = self._at
            inherit_facts(self._session, to, before.id, at=self._at)

    def enthrone(self) -> None:
        for person in self._heads:
            person.relation = Relation.HEAD
        self._session.flush()

    def bear(self) -> None:
        child, family = self._plan.born, self._plan.family
        if child is None:
            return
        row = person_row(child, family.id, self._next_position(family), vault=self._vault, at=self._at)
        self._session.execute(insert(Person).values(row))
        self._revise(family.id, row["id"], "joined", "", family.reference)

    def finish(self) -> list[Family]:
        families = self._plan.families + ([self._founded] if self._founded else [])
        if self._plan.other is not None and self._plan.state_after(self._plan.family) is FamilyState.DISSOLVED:
            self._plan.family.merged_into_id = self._plan.other.id
        for family in families:
            family.as_of = max(family.as_of, self._day)
            family.updated_at = self._at
        self._session.flush()
        for family in families:
            self._session.expire(family, ["people", "numbers"])
        return families

    def _destination(self, move: Move) -> Family:
        to = move.to or self._founded
        if to is None:
            raise ValueError("a plan that moves people nowhere")
        return to

    def _next_position(self, family: Family) -> int:
        return max((person.position for person in family.people), default=-1) + 1

    def _revise(self, family_id: UUID, person_id: UUID | None, attribute: str, before: str, after: str) -> None:
        self._session.add(
            Revision(
                id=new_id(),
                family_id=family_id,
                person_id=person_id,
                attribute=attribute,
                before=before[:_LONGEST_VALUE],
                after=after[:_LONGEST_VALUE],
                source=self._source,
                at=self._at,
            )
        )
