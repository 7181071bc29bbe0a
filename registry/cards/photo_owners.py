"""Whose the photos of a village are: from the names of files to the heads of families, many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, null, select
from sqlalchemy.orm import aliased

from registry.cards.photo_names import PhotoName
from registry.db import Session
from registry.errors import Conflict
from registry.identifiers import CardNumber
from registry.kinds import FamilyState, PersonState, Relation
from registry.models import Card, Family, Person
from registry.regions import within

__all__ = ["PhotoOwner", "find_photo_owners"]

_AT_ONCE = 500
_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class PhotoOwner:
    """The family that a file's name speaks of."""

    reference: str
    village_code: str
    state: FamilyState
    head_id: UUID | None
    """The living head now."""
    card_head_id: UUID | None
    """The head at the time of the card that the name speaks of; none where it speaks of the family."""

    def head(self) -> UUID:
        """Return whose photo it is.

        Raises:
            Conflict: ``photo_family_ended``, ``no_head``, or ``photo_head_changed``: the card is that of the head
                before, so whose face it is remains open.
        """
        if self.state is not FamilyState.ACTIVE:
            raise Conflict("photo_family_ended")
        if self.head_id is None:
            raise Conflict("no_head")
        if self.card_head_id not in (None, self.head_id):
            raise Conflict("photo_head_changed")
        return self.head_id


def find_photo_owners(session: Session, names: Collection[PhotoName], *, area: str) -> Mapping[PhotoName, PhotoOwner]:
    """Return whom the names speak of; one that speaks of nobody in the area is left out."""
    found: dict[PhotoName, PhotoOwner] = {}
    for numbers in _parts(name.card_number for name in names if name.card_number):
        of_cards = _families(area, Card.head_id, Card.number).join(Card, Card.family_id == Family.id)
        for *owner, number in session.execute(of_cards.where(Card.number.in_(numbers))):
            found[PhotoName(card_number=CardNumber(number))] = PhotoOwner(*owner)
    for references in _parts(name.reference for name in names if name.reference):
        for family in session.execute(_families(area, null()).where(Family.reference.in_(references))):
            found[PhotoName(reference=family.reference)] = PhotoOwner(*family)
    return found


def _families(area: str, *more: Any) -> Select[Any]:
    head = aliased(Person)
    is_head = (head.family_id == Family.id) & (head.relation == Relation.HEAD) & (head.state == PersonState.LIVING)
    return (
        select(Family.reference, Family.village_code, Family.state, head.id, *more)
        .select_from(Family)
        .outerjoin(head, is_head)
        .where(within(Family.village_code, area))
    )


def _parts(things: Iterable[_Thing]) -> Iterator[list[_Thing]]:
    waiting = iter(things)
    while part := list(islice(waiting, _AT_ONCE)):
        yield part
