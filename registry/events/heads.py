"""Who is what to a new head: a first suggestion from what they were to the former one, for an officer to correct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from registry.kinds import Relation, Sex
from registry.models import Person

__all__ = ["suggest_relations"]

_SPOUSE = {Sex.MALE: Relation.HUSBAND, Sex.FEMALE: Relation.WIFE}
_SPOUSES = (Relation.HUSBAND, Relation.WIFE)
_UNRELATED = (Relation.HELPER, Relation.OTHER)

_OF_SPOUSE: Mapping[Relation, Relation] = {
    Relation.CHILD: Relation.CHILD,
    Relation.CHILD_IN_LAW: Relation.CHILD_IN_LAW,
    Relation.GRANDCHILD: Relation.GRANDCHILD,
    Relation.PARENT: Relation.PARENT_IN_LAW,
    Relation.PARENT_IN_LAW: Relation.PARENT,
}
_OF_CHILD: Mapping[Relation, Relation] = {
    Relation.HEAD: Relation.PARENT,
    Relation.HUSBAND: Relation.PARENT,
    Relation.WIFE: Relation.PARENT,
}
_OF_PARENT: Mapping[Relation, Relation] = {
    Relation.HEAD: Relation.CHILD,
    Relation.HUSBAND: Relation.CHILD_IN_LAW,
    Relation.WIFE: Relation.CHILD_IN_LAW,
    Relation.CHILD: Relation.GRANDCHILD,
}


def suggest_relations(head: Person, others: Iterable[Person]) -> dict[UUID, Relation]:
    """Return what each of the others is to a new head, as far as what they were so far tells it.

    Where it does not (a child's brother or sister, for which the KK has no word), the suggestion is "other relative".
    """
    return {person.id: _suggest(head, person) for person in others if person.id != head.id}


def _suggest(head: Person, person: Person) -> Relation:
    if person.relation in _UNRELATED:
        return person.relation
    if head.relation is Relation.HEAD:
        return person.relation
    if head.relation in _SPOUSES:
        if person.relation is Relation.HEAD:
            return _SPOUSE[person.sex]
        return _OF_SPOUSE.get(person.relation, Relation.RELATIVE)
    if head.relation is Relation.CHILD:
        return _OF_CHILD.get(person.relation, Relation.RELATIVE)
    if head.relation is Relation.PARENT:
        if person.relation is Relation.PARENT:
            return _SPOUSE[person.sex]
        return _OF_PARENT.get(person.relation, Relation.RELATIVE)
    return Relation.RELATIVE
