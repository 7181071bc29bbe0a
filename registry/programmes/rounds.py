"""Rounds: what a programme gives, in which days, at which places, to whom; and the rounds that concern a scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from registry import audit
from registry.audit import Actor
from registry.days import local_day
from registry.db import Connection, Session, new_id
from registry.errors import Conflict, NotFound, RegistryError
from registry.giving.redemptions import lock_own_hub
from registry.keys.keys import KeyRing
from registry.kinds import Carrying, PeriodKind, PersonState, RoundState
from registry.models import (
    Balance,
    Determination,
    Entitlement,
    Person,
    Programme,
    Roster,
    RosterVillage,
    Round,
    ServicePoint,
)
from registry.programmes.catalogue import amount_on
from registry.programmes.determinations import freeze_list, lock_related, lock_round
from registry.programmes.listing import Right, add_rights
from registry.regions import within

__all__ = [
    "UNNUMBERED",
    "Place",
    "close_round",
    "find_round",
    "get_round",
    "get_round_programme",
    "list_round_programmes",
    "open_round",
    "prepare_round",
    "rounds_at",
    "rounds_of",
    "serving_points",
    "start_round",
]

UNNUMBERED = "tanpa nomor"
"""What stands for the decree of a round that was opened without one: in a demonstration or a test."""


@dataclass(frozen=True, slots=True)
class Place:
    """A service point that gives in a round, and the villages whose families come to it."""

    point_id: UUID
    villages: Sequence[str]


def prepare_round(
    session: Session,
    programme_code: str,
    *,
    name: str,
    opens_on: date,
    closes_on: date,
    price: int | None = None,
    places: Sequence[Place],
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Round:
    """Prepare a round: its days, its price, one roster per place with the villages that come to it. Nobody is listed.

    Args:
        price: what a family pays, in whole rupiah; the dated amount when left out, and never more than that.
        places: a place without villages serves only those whom an office's list sends there (a school).

    Raises:
        NotFound: code ``programme_unknown``, ``amount_missing``.
        RegistryError: code ``round_name_empty``, ``round_days_reversed``, ``round_without_places``, ``price_too_high``,
            ``place_twice``, ``village_twice``.
        Conflict: code ``round_name_taken``, ``programme_without_rounds``, ``programme_stopped``.
    """
    get_round_programme(session, programme_code)
    amount = amount_on(session, programme_code, opens_on)
    price = amount.price if price is None else price
    name = name.strip()
    villages = [village for place in places for village in place.villages]
    if not name:
        raise RegistryError("round_name_empty")
    if closes_on < opens_on:
        raise RegistryError("round_days_reversed")
    if not places:
        raise RegistryError("round_without_places")
    if not 0 <= price <= amount.price:
        raise RegistryError("price_too_high", most=str(amount.price))
    if len({place.point_id for place in places}) < len(places):
        raise RegistryError("place_twice")
    if len(set(villages)) < len(villages):
        raise RegistryError("village_twice")
    if session.scalar(select(Round.id).where(Round.programme_code == programme_code, Round.name == name)):
        raise Conflict("round_name_taken", name=name)
    made = Round(
        id=new_id(),
        programme_code=programme_code,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        state=RoundState.PREPARING,
        value=amount.value,
        price=price,
        legal_reference=amount.legal_reference,
        created_at=at,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:  # another manager took the name after the look
        raise Conflict("round_name_taken", name=name) from error
    for place in places:
        roster = Roster(id=new_id(), round_id=made.id, point_id=place.point_id)
        session.add(roster)
        session.flush()
        session.add_all(
            RosterVillage(round_id=made.id, roster_id=roster.id, village_code=village) for village in place.villages
        )
    session.flush()
    audit.record(
        session,
        "round.prepared",
        f"round:{made.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        programme=programme_code,
        opens_on=opens_on.isoformat(),
        closes_on=closes_on.isoformat(),
        value=made.value,
        price=made.price,
        places=len(places),
    )
    return made


def start_round(session: Session, round_: Round, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Open a round whose list is determined: on its days its places give.

    Raises:
        Conflict: code ``round_not_determined``, ``round_started``, ``round_closed``; ``programme_stopped``, when its
            office has withdrawn the programme since.
    """
    lock_round(session, round_)
    determined = session.get(Determination, round_.id)
    if round_.state is RoundState.CLOSED:
        raise Conflict("round_closed")
    if round_.state is RoundState.OPEN:
        raise Conflict("round_started")
    if determined is None:
        raise Conflict("round_not_determined")
    if round_.programme.is_withdrawn:
        raise Conflict("programme_stopped")
    round_.state = RoundState.OPEN
    session.flush()
    audit.record(
        session,
        "round.opened",
        f"round:{round_.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        programme=round_.programme_code,
        entitled=determined.entitled,
    )


def open_round(
    session: Session,
    programme_code: str,
    *,
    name: str,
    opens_on: date,
    closes_on: date,
    price: int | None = None,
    places: Sequence[Place],
    entitled: Callable[[Round], Iterable[Right]],
    decree_number: str = UNNUMBERED,
    decree_date: date | None = None,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Round:
    """Open a round in one step: prepare it, list who is entitled, freeze the list under a decree, and start it.

    Args:
        entitled: gives those who are to stand on the list of the prepared round.
        decree_number: the decree's; when left out, the determination says that it has none.
        decree_date: its date; today when left out.

    Raises:
        NotFound, RegistryError, Conflict: as :func:`prepare_round`.
    """
    made = prepare_round(
        session,
        programme_code,
        name=name,
        opens_on=opens_on,
        closes_on=closes_on,
        price=price,
        places=places,
        actor=actor,
        keys=keys,
        at=at,
    )
    lock_related(session, made.programme)
    add_rights(session, made, entitled(made))
    freeze_list(
        session,
        made,
        decree_number=decree_number,
        decree_date=decree_date or local_day(at),
        actor=actor,
        keys=keys,
        at=at,
    )
    start_round(session, made, actor=actor, keys=keys, at=at)
    return made


def list_round_programmes(session: Session) -> Sequence[Programme]:
    """Return the programmes that are given by rounds and not withdrawn, by name."""
    listed = (Programme.carrying.in_((Carrying.GIVEN, Carrying.SPENT)), ~Programme.is_withdrawn)
    return session.scalars(select(Programme).where(*listed).order_by(Programme.name)).all()


def get_round_programme(session: Session, code: str) -> Programme:
    """Return a programme of which a round can be prepared.

    Raises:
        NotFound: code ``programme_unknown``.
        Conflict: code ``programme_without_rounds``, ``programme_stopped``.
    """
    programme = session.get(Programme, code)
    if programme is None:
        raise NotFound("programme_unknown", programme=code[:12])
    if programme.carrying not in (Carrying.GIVEN, Carrying.SPENT):
        raise Conflict("programme_without_rounds")
    if programme.is_withdrawn:
        raise Conflict("programme_stopped")
    return programme


def get_round(session: Session, round_id: UUID, *, area: str) -> Round:
    """Return a round that has all its places in an area.

    Raises:
        NotFound: code ``round_unknown``, also for a round that gives outside the area.
    """
    outside = (
        select(Roster.id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(Roster.round_id == round_id, ~within(ServicePoint.area_code, area))
        .exists()
    )
    found = session.scalar(select(Round).where(Round.id == round_id, ~outside))
    if found is None:
        raise NotFound("round_unknown")
    return found


def close_round(session: Session, round_: Round, *, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Close a round for good, also one that was only prepared: nothing is given in it, whatever its days.

    Raises:
        Conflict: code ``round_closed``, when it is closed already.
    """
    # a giving that has read the round as open is finished before, or reads it anew
    lock_own_hub(session.connection())
    closed = session.scalar(
        update(Round)
        .where(Round.id == round_.id, Round.state != RoundState.CLOSED)
        .values(state=RoundState.CLOSED)
        .returning(Round.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(round_)
    if closed is None:
        raise Conflict("round_closed")
    audit.record(session, "round.closed", f"round:{round_.id}", actor=actor, key=keys.audit_key, at=at)


def rounds_at(session: Session, point_id: UUID, *, at: datetime) -> Sequence[Round]:
    """Return the rounds in which a service point gives today, the one that closes first at the head."""
    today = local_day(at)
    return session.scalars(
        select(Round)
        .join(Roster)
        .where(
            Roster.point_id == point_id,
            Round.state == RoundState.OPEN,
            Round.opens_on <= today,
            Round.closes_on >= today,
        )
        .order_by(Round.closes_on, Round.id)
    ).all()


def find_round(session: Session, programme_code: str, *, point_id: UUID, at: datetime) -> Round | None:
    """Return the round of a programme that is asked for at a service point when only the programme is named.

    One that gives here today; else one that gives today elsewhere, so that the right place can be told; else the
    newest.

    Raises:
        NotFound: code ``programme_unknown``.
    """
    if session.get(Programme, programme_code) is None:
        raise NotFound("programme_unknown", programme=programme_code[:12])
    today = local_day(at)
    is_today = and_(Round.state == RoundState.OPEN, Round.opens_on <= today, Round.closes_on >= today)
    is_here = Round.id.in_(select(Roster.round_id).where(Roster.point_id == point_id))
    return session.scalars(
        select(Round)
        .where(Round.programme_code == programme_code)
        .order_by(
            case((and_(is_today, is_here), 0), (is_today, 1), else_=2),
            case((is_today, Round.closes_on)),
            Round.closes_on.desc(),
            Round.id,
        )
        .limit(1)
    ).first()


def rounds_of(session: Session, *, point_id: UUID, family_id: UUID, today: date) -> Sequence[Round]:
    """Return the rounds that concern a scan: the service point's own, and those that list the family.

    Those that list a person who belongs to the family now are among them, whatever family it was then. Open ones, and
    of the closed ones the newest, so that it can be told that it was closed. What is served at other kinds of place is
    named only where nothing else concerns the family; pupils and students only where they are asked for.
    """
    here = select(Roster.round_id).where(Roster.point_id == point_id)
    people = select(Person.id).where(Person.family_id == family_id, Person.state == PersonState.LIVING)
    concerns = or_(
        Round.id.in_(here),
        Round.id.in_(select(Entitlement.round_id).where(Entitlement.family_id == family_id)),
        Round.id.in_(select(Entitlement.round_id).where(Entitlement.person_id.in_(people))),
        Round.id.in_(select(Balance.round_id).where(Balance.family_id == family_id)),
    )
    # a round closed while it was prepared was never determined: nobody was told of it
    was_open = Round.id.in_(select(Determination.round_id))
    closed = (
        select(Round.id)
        .where(Round.state == RoundState.CLOSED, was_open, concerns)
        .order_by(Round.closes_on.desc(), Round.id)
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(
        select(Round, Round.id.in_(here))
        .where(or_(and_(Round.state == RoundState.OPEN, concerns), Round.id == closed))
        .options(joinedload(Round.programme))
        .order_by(Round.closes_on, Round.id)
    ).all()
    kind = session.get_one(ServicePoint, point_id).kind
    served = [one for one, is_here in found if is_here or kind in one.programme.places]
    if any(one.state is RoundState.OPEN and one.closes_on >= today for one in served):
        return served
    schooling = (PeriodKind.SCHOOL_YEAR, PeriodKind.SEMESTER)
    return [one for one, _ in found if one in served or one.programme.period not in schooling]


def serving_points(store: Session | Connection, rounds: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Return which service points give in these rounds, as pairs of round and point."""
    query = select(Roster.round_id, Roster.point_id).where(Roster.round_id.in_(list(rounds)))
    return {(round_id, point_id) for round_id, point_id in store.execute(query)}
