"""Compare a family of a list with what the registry knows, and say what is to be done; pure functions.

The rules: a newer or equally new list is believed, an older one changes nothing. A person stays who is missing in a
list. A person whom the registry has in another family is nobody's to move but an officer's; only when everybody of a
family comes back under another Nomor KK has the family itself got a new number. A family that the registry has outside
the area of those who bring the list is not theirs to change, whatever village the list puts it in.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from registry.families.drafts import FamilyDraft, PersonDraft
from registry.families.known_facts import Known
from registry.identifiers import Nik
from registry.importing.knowing import Knowledge, KnownFamily, KnownPerson
from registry.kinds import PersonState, Relation
from registry.regions import is_within

__all__ = ["Change", "Comparison", "Step", "compare", "find_newer"]

_FAMILY_ATTRIBUTES = ("village_code", "address", "rt", "rw")
_PERSON_ATTRIBUTES = ("name", "relation", "sex", "birth_date")
_FAMILY_FACTS = ("desil", "receives_pkh", "receives_sembako", "receives_blt_dd")
_PERSON_FACTS = ("occupation", "jkn", "nisn", "is_pregnant")


class Step(StrEnum):
    """What is done with a family of a list."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    OLDER = "older"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute of a family (or of one of its people) that gets another value."""

    person_id: UUID | None
    attribute: str
    before: Any
    after: Any


@dataclass(slots=True)
class Comparison:
    """What is to be done with one family of a list."""

    draft: FamilyDraft
    step: Step
    known: KnownFamily | None = None
    changes: list[Change] = field(default_factory=list)
    joining: list[PersonDraft] = field(default_factory=list)
    """People whom the registry has nowhere."""
    moving: list[tuple[KnownPerson, PersonDraft]] = field(default_factory=list)
    """People whom the registry has in another family and who come over."""
    gets_number: bool = False
    """Whether the family has got a new Nomor KK."""
    states_facts: bool = False
    """Whether the list says of the family what is not yet known."""
    people_with_facts: list[tuple[UUID, PersonDraft]] = field(default_factory=list)
    """Of whom the list says what is not yet known."""
    elsewhere: list[Nik] = field(default_factory=list)
    """Whom a newer list or an officer has put into another family; they are left there."""
    not_living: list[Nik] = field(default_factory=list)
    """Whom the registry has as dead or moved away; that stays."""
    missing: int = 0
    """How many known people the list does not name."""
    held: str | None = None
    held_nik: Nik | None = None


def compare(
    draft: FamilyDraft,
    knowledge: Knowledge,
    *,
    as_of: date,
    area: str,
    moving: Set[Nik] = frozenset(),
    is_same_family: bool = False,
) -> Comparison:
    """Return what is to be done with a family that states one head.

    Args:
        area: of those who state it.
        moving: people of whom an officer has decided that they come over from another family.
        is_same_family: an officer has decided that the family with this Nomor KK is this one, whoever is in it.
    """
    known = _find_known(draft, knowledge, as_of)
    if known is not None and as_of < known.as_of:
        return Comparison(draft, Step.OLDER, known)
    plan = Comparison(draft, Step.NEW if known is None else Step.SAME, known)
    if known is not None and not is_within(known.village_code, area):
        return _hold(plan, "family_outside_area", None)
    staying: list[tuple[KnownPerson | None, PersonDraft]] = []
    for person in draft.people:
        before = knowledge.by_nik.get(person.nik)
        if before is None or (known is not None and before.family_id == known.id):
            staying.append((before, person))
        elif person.nik in moving or before.state is PersonState.MOVED:
            plan.moving.append((before, person))
        elif _is_settled_elsewhere(before, known, knowledge, as_of):
            plan.elsewhere.append(person.nik)
        else:
            return _hold(plan, "nik_in_two_families", person.nik)
    if plan.elsewhere:
        plan.draft = replace(draft, people=tuple(one for one in draft.people if one.nik not in plan.elsewhere))
        if plan.draft.heads != 1:
            # the head's new place is known better than this list knows it, and so is the rest of the family
            return Comparison(draft, Step.OLDER, known)
    if known is None:
        return plan
    if not is_same_family and not any(before for before, _ in staying):
        return _hold(plan, "number_of_another_family", None)
    _compare_with_known(plan, known, staying, knowledge)
    return plan


def find_newer(draft: FamilyDraft, knowledge: Knowledge, *, as_of: date) -> KnownFamily | None:
    """Return the family where the registry knows it by a newer list or statement than this one."""
    known = _find_known(draft, knowledge, as_of)
    return known if known is not None and as_of < known.as_of else None


def _find_known(draft: FamilyDraft, knowledge: Knowledge, as_of: date) -> KnownFamily | None:
    """Return the family that the draft speaks of: by its number, else by everyone in it."""
    if draft.number in knowledge.by_number:
        return knowledge.families[knowledge.by_number[draft.number]]
    if draft.number in knowledge.by_former_number:
        former = knowledge.families[knowledge.by_former_number[draft.number]]
        if as_of < former.as_of:
            return former
    owners = {known.family_id for person in draft.people if (known := knowledge.by_nik.get(person.nik))}
    if len(owners) != 1:
        return None
    family = knowledge.families[owners.pop()]
    stated = {known.id for person in draft.people if (known := knowledge.by_nik.get(person.nik))}
    return family if family.living and all(person.id in stated for person in family.living) else None


def _is_settled_elsewhere(before: KnownPerson, known: KnownFamily | None, knowledge: Knowledge, as_of: date) -> bool:
    """Tell whether the person's place in another family is newer than the list, or was decided over the same one."""
    there = knowledge.families[before.family_id]
    was_taken_out = known is not None and known.reference in knowledge.left.get(before.id, ())
    return as_of < there.as_of or (was_taken_out and as_of == there.as_of)


def _hold(plan: Comparison, code: str, nik: Nik | None) -> Comparison:
    return Comparison(plan.draft, Step.HELD, plan.known, held=code, held_nik=nik)


def _compare_with_known(
    plan: Comparison,
    known: KnownFamily,
    staying: list[tuple[KnownPerson | None, PersonDraft]],
    knowledge: Knowledge,
) -> None:
    plan.gets_number = plan.draft.number not in knowledge.by_number
    for attribute in _FAMILY_ATTRIBUTES:
        value = getattr(plan.draft, attribute)
        # an empty address in a list says nothing
        if value and value != getattr(known, attribute):
            plan.changes.append(Change(None, attribute, getattr(known, attribute), value))
    plan.states_facts = _says_more(plan.draft, known.facts, _FAMILY_FACTS)
    named = set()
    for before, person in staying:
        if before is None:
            plan.joining.append(person)
            continue
        named.add(before.id)
        if before.state is not PersonState.LIVING:
            if person.relation is Relation.HEAD:
                held = _hold(plan, "head_not_living", person.nik)
                plan.step, plan.held, plan.held_nik = held.step, held.held, held.held_nik
                return
            plan.not_living.append(person.nik)
            continue
        for attribute in _PERSON_ATTRIBUTES:
            value = getattr(person, attribute)
            if value != getattr(before, attribute):
                plan.changes.append(Change(before.id, attribute, getattr(before, attribute), value))
        if _says_more(person, knowledge.person_facts[before.id], _PERSON_FACTS):
            plan.people_with_facts.append((before.id, person))
    for left_over in known.living:
        if left_over.id not in named:
            plan.missing += 1
            if left_over.relation is Relation.HEAD:
                # the list names a new head; the former one stays in the family, and there is one head only
                plan.changes.append(Change(left_over.id, "relation", Relation.HEAD, Relation.OTHER))
    if plan.changes or plan.joining or plan.moving or plan.gets_number or plan.states_facts or plan.people_with_facts:
        plan.step = Step.CHANGED


def _says_more(draft: FamilyDraft | PersonDraft, facts: object, names: tuple[str, ...]) -> bool:
    for name in names:
        stated = getattr(draft, name)
        known: Known[Any] | None = getattr(facts, name)
        if stated is not None and (known is None or known.value != stated):
            return True
    return False
