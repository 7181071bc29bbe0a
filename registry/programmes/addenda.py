"""Addenda: the only way in which a frozen list changes, each by number and reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, insert, or_, select, update

from registry import audit
from registry.audit import Actor
from registry.days import local_day
from registry.db import Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.families.lineage import families_before
from registry.free_text import check_free_text
from registry.giving.redemptions import lock_own_hub
from registry.giving.standing import is_given, stands
from registry.keys.keys import KeyRing
from registry.kinds import Carrying, FamilyState, PersonState, RoundState, Subject
from registry.models import (
    Addendum,
    Balance,
    Determination,
    Entitlement,
    EntitlementRemoval,
    Family,
    Person,
    Round,
)
from registry.programmes.determinations import lock_related, lock_round
from registry.programmes.exclusions import exclusions_of
from registry.programmes.listing import Right, add_rights, standing_families
from registry.programmes.periods import listed_in_period
from registry.programmes.terms import terms_of

__all__ = ["SeenAddendum", "add_to_list", "check_new_right", "covering_family", "list_addenda", "remove_from_list"]


@dataclass(frozen=True, slots=True)
class SeenAddendum:
    """One addendum, and what it did to how many subjects' rights."""

    addendum: Addendum
    added: int
    removed: int


def add_to_list(
    session: Session,
    round_: Round,
    right: Right,
    *,
    number: str,
    reason: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Addendum:
    """Put a family or a person on a frozen list, by an addendum.

    Raises:
        RegistryError: code ``addendum_number_empty``, ``addendum_reason_empty``, ``text_holds_number``.
        NotFound: code ``family_unknown``, ``person_unknown``.
        Conflict: code ``round_not_determined``, ``round_closed``, and those of :func:`check_new_right`.
    """
    made = _begin(session, round_, number=number, reason=reason, actor=actor, at=at)
    lock_related(session, round_.programme)
    check_new_right(session, round_, right, today=local_day(at))
    session.add(made)
    session.flush()
    add_rights(session, round_, [right], addendum_id=made.id)
    detail = _detail(made, right.family_id, right.person_id)
    audit.record(session, "round.added_to", f"round:{round_.id}", actor=actor, key=keys.audit_key, at=at, **detail)
    return made


def remove_from_list(
    session: Session,
    round_: Round,
    family_id: UUID,
    person_id: UUID | None,
    *,
    number: str,
    reason: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Addendum:
    """Take a family or a person off a frozen list, by an addendum, while nothing was given to it.

    Raises:
        RegistryError: code ``addendum_number_empty``, ``addendum_reason_empty``, ``text_holds_number``.
        Conflict: code ``round_not_determined``, ``round_closed``, ``not_on_list``, ``given_in_round``.
    """
    # a giving that has read the right as standing is finished before, or reads it anew
    lock_own_hub(session.connection())
    made = _begin(session, round_, number=number, reason=reason, actor=actor, at=at)
    if round_.programme.carrying is Carrying.SPENT:
        _remove_balance(session, round_.id, family_id, made)
    else:
        _remove_rights(session, round_.id, family_id, person_id, made)
    detail = _detail(made, family_id, person_id)
    audit.record(session, "round.removed_from", f"round:{round_.id}", actor=actor, key=keys.audit_key, at=at, **detail)
    return made


def check_new_right(session: Session, round_: Round, right: Right, *, today: date) -> None:
    """Refuse a right that may not join a frozen list.

    Raises:
        NotFound: code ``family_unknown``, ``person_unknown``.
        Conflict: code ``subject_differs``, ``family_not_served``, ``person_not_living``, ``on_list_already``,
            ``one_per_family``, ``covered_before_split``, ``excluded_by_programme``, ``listed_in_period``.
    """
    family = session.get(Family, right.family_id)
    if family is None:
        raise NotFound("family_unknown")
    if (right.person_id is None) != (round_.programme.subject is Subject.FAMILY):
        raise Conflict("subject_differs")
    if family.state is not FamilyState.ACTIVE:
        raise Conflict("family_not_served")
    if right.person_id is not None:
        person = session.get(Person, right.person_id)
        if person is None or person.family_id != family.id:
            raise NotFound("person_unknown")
        if person.state is not PersonState.LIVING:
            raise Conflict("person_not_living")
    if _stands(session, round_.id, right.family_id, right.person_id):
        raise Conflict("on_list_already")
    is_only = terms_of(session, [round_.id])[round_.id].one_per_family
    if is_only and right.family_id in standing_families(session, round_.id):
        raise Conflict("one_per_family")
    if covering_family(session, round_, family) is not None:
        raise Conflict("covered_before_split", round=round_.name)
    subject = (right.family_id, right.person_id)
    exclusion = exclusions_of(session, round_.programme, [subject], today=today).get(subject)
    if exclusion is not None:
        raise Conflict("excluded_by_programme", programme=exclusion.programme, round=exclusion.round)
    other = listed_in_period(session, round_, [subject]).get(subject)
    if other is not None:
        raise Conflict("listed_in_period", round=other)


def covering_family(session: Session, round_: Round, family: Family) -> Family | None:
    """Return a family whose right in a round covers this one's people already: its origin, or one merged into it.

    They were a part of it when the list was frozen, or after. Where the right is a person's it goes with the person, so
    only a programme for one person per family is covered so.
    """
    determined = session.get(Determination, round_.id)
    if determined is None:
        return None
    if round_.programme.subject is Subject.PERSON and not terms_of(session, [round_.id])[round_.id].one_per_family:
        return None
    before = families_before(session, family, since=determined.frozen_at)
    return next((one for one in before if _anybody_stands(session, round_.id, one.id)), None)


def list_addenda(session: Session, round_id: UUID) -> list[SeenAddendum]:
    """Return the addenda of a round, the first one first."""

    def rows_of(column: Any) -> Any:
        return select(func.count()).where(column == Addendum.id).correlate(Addendum).scalar_subquery()

    added = rows_of(Entitlement.addendum_id) + rows_of(Balance.addendum_id)
    removed = rows_of(EntitlementRemoval.addendum_id) + rows_of(Balance.removal_id)
    query = (
        select(Addendum, added, removed).where(Addendum.round_id == round_id).order_by(Addendum.made_at, Addendum.id)
    )
    return [SeenAddendum(*row) for row in session.execute(query)]


def _begin(session: Session, round_: Round, *, number: str, reason: str, actor: Actor, at: datetime) -> Addendum:
    number, reason = check_free_text(number), check_free_text(reason)
    if not number:
        raise RegistryError("addendum_number_empty")
    if not reason:
        raise RegistryError("addendum_reason_empty")
    lock_round(session, round_)
    if session.get(Determination, round_.id) is None:
        raise Conflict("round_not_determined")
    if round_.state is RoundState.CLOSED:
        raise Conflict("round_closed")
    return Addendum(
        id=new_id(), round_id=round_.id, number=number, reason=reason, made_at=at, officer_id=actor.officer_id
    )


def _remove_rights(
    session: Session, round_id: UUID, family_id: UUID, person_id: UUID | None, addendum: Addendum
) -> None:
    whose = Entitlement.family_id == family_id if person_id is None else Entitlement.person_id == person_id
    query = select(Entitlement.id, is_given()).where(Entitlement.round_id == round_id, whose, stands())
    rights = session.execute(query).all()
    if not rights:
        raise Conflict("not_on_list")
    if any(given for _, given in rights):
        raise Conflict("given_in_round")
    session.add(addendum)
    session.flush()
    session.execute(
        insert(EntitlementRemoval), [{"entitlement_id": right, "addendum_id": addendum.id} for right, _ in rights]
    )


def _remove_balance(session: Session, round_id: UUID, family_id: UUID, addendum: Addendum) -> None:
    balance = session.scalar(
        select(Balance).where(
            Balance.round_id == round_id, Balance.family_id == family_id, Balance.removal_id.is_(None)
        )
    )
    if balance is None:
        raise Conflict("not_on_list")
    session.refresh(balance)
    if balance.spent:
        raise Conflict("given_in_round")
    session.add(addendum)
    session.flush()
    session.execute(
        update(Balance)
        .where(Balance.id == balance.id)
        .values(removal_id=addendum.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(balance)


def _stands(session: Session, round_id: UUID, family_id: UUID, person_id: UUID | None) -> bool:
    if person_id is None:
        return _anybody_stands(session, round_id, family_id)
    query = exists().where(Entitlement.round_id == round_id, Entitlement.person_id == person_id, stands())
    return bool(session.scalar(select(query)))


def _anybody_stands(session: Session, round_id: UUID, family_id: UUID) -> bool:
    rights = exists().where(Entitlement.round_id == round_id, Entitlement.family_id == family_id, stands())
    # one balance per family and round: who was taken off it does not come back
    balances = exists().where(Balance.round_id == round_id, Balance.family_id == family_id)
    return bool(session.scalar(select(or_(rights, balances))))


def _detail(addendum: Addendum, family_id: UUID, person_id: UUID | None) -> dict[str, str]:
    detail = {"addendum": addendum.number, "family": str(family_id)}
    return detail | ({"person": str(person_id)} if person_id else {})
