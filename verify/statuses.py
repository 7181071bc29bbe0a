"""What a family has in every programme, with the reason where it has nothing: the answer to "and what about me?".

A fixed number of statements (:data:`STATEMENTS`), however many programmes and rounds there are. It tells what stands
in the lists and in the rules; whether a package is given here and now is decided at the scan (:mod:`verify.look`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from registry.days import local_day
from registry.db import Session
from registry.families.members import living_members
from registry.kinds import Carrying, RoundState, Subject
from registry.models import Family, Programme
from registry.programmes.exclusions import excluded_codes
from registry.programmes.family_rights import (
    HeldBalance,
    HeldRight,
    OpenRound,
    balances_of,
    covering_rounds,
    open_rounds,
    programmes_with_offices,
    rights_of,
)
from verify.clauses import read_rule
from verify.decide_card import decide_entitled
from verify.evaluating import StatedFamily, explain, stated_family
from verify.reasons import Reason, ReasonCode

__all__ = ["STATEMENTS", "Invited", "ProgrammeStatus", "StatusKind", "SubjectStatus", "Taken", "statuses_of"]

STATEMENTS = 9
"""Its people, twice; the facts of the family and of them; the programmes; open rounds; rights; balances; and what
covers the family. The family itself is read before."""


class StatusKind(StrEnum):
    """How a family, or a person of it, stands to a programme."""

    ENTITLED = "entitled"
    RECEIVED = "received"
    SERVED = "served"
    """Nothing is listed: it is served when it comes."""
    WAITING = "waiting"
    """It fulfils the rule, and no round is open."""
    NOT_ENTITLED = "not_entitled"
    INFORMATION = "information"


_ORDER = tuple(StatusKind)


@dataclass(frozen=True, slots=True)
class Taken:
    """A unit that was given: when, where, and on which receipt."""

    at: datetime
    point: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Invited:
    """When a family is to come."""

    on_date: date
    starts_at: time
    ends_at: time
    number: int


@dataclass(frozen=True, slots=True)
class SubjectStatus:
    """How the family, or one person of it, stands to a programme or to one round of it."""

    kind: StatusKind
    person: str = ""
    """The person's name; empty where the right is the family's."""
    reasons: tuple[Reason, ...] = ()
    """Why there is nothing, or nothing yet; never empty then."""
    round: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    package: str = ""
    """What the right is to, as the round promises it; empty where nothing is held, and of a balance."""
    price: int = 0
    """What the family pays for it, in whole rupiah."""
    point: str = ""
    """Where it is served."""
    invited: Invited | None = None
    units: int = 0
    left: int = 0
    """How many units are not taken yet; of a balance, how many rupiah."""
    granted: int = 0
    """Of a balance: in rupiah."""
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeStatus:
    """One programme, and how everybody of the family stands to it, the best first."""

    programme: Programme
    subjects: tuple[SubjectStatus, ...]

    @property
    def kind(self) -> StatusKind:
        """The one status of the family in the programme."""
        return self.subjects[0].kind


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that is read before anything is said."""

    family: Family
    stated: StatedFamily
    names: Mapping[UUID, str]
    programmes: Sequence[Programme]
    rounds: Mapping[str, Sequence[OpenRound]]
    rights: Sequence[HeldRight]
    balances: Sequence[HeldBalance]
    covered: set[UUID]
    today: date


def statuses_of(session: Session, family: Family, *, at: datetime) -> list[ProgrammeStatus]:
    """Return the status of a family in every programme: what it has first, then what it has not, then information."""
    names = {person.id: person.name for person in living_members(session, family.id)}
    stated = stated_family(session, family.id, at=at)
    programmes = programmes_with_offices(session)
    rounds = sorted(open_rounds(session, family.village_code), key=lambda one: one.programme_code)
    known = _Known(
        family=family,
        stated=stated,
        names=names,
        programmes=programmes,
        rounds={code: list(some) for code, some in groupby(rounds, key=lambda one: one.programme_code)},
        rights=rights_of(session, family.id, list(names)),
        balances=balances_of(session, family.id),
        covered=covering_rounds(session, family),
        today=local_day(at),
    )
    statuses = [_status(known, programme) for programme in programmes]
    return sorted(statuses, key=lambda one: _ORDER.index(one.kind))


def _status(known: _Known, programme: Programme) -> ProgrammeStatus:
    if programme.carrying is Carrying.INFORMATION:
        return ProgrammeStatus(programme, (SubjectStatus(StatusKind.INFORMATION),))
    people: list[UUID | None] = list(known.names) if programme.subject is Subject.PERSON else [None]
    found = [one for person in people for one in _of_subject(known, programme, person)]
    if not found:  # a programme for people, and a family without any
        found = [SubjectStatus(StatusKind.NOT_ENTITLED, reasons=(Reason(ReasonCode.NO_HEAD),))]
    return ProgrammeStatus(programme, tuple(sorted(found, key=_rank)))


def _rank(one: SubjectStatus) -> tuple[int, int]:
    # of those with nothing the one who is nearest to it speaks for the family
    return _ORDER.index(one.kind), len(one.reasons)


def _of_subject(known: _Known, programme: Programme, person: UUID | None) -> Iterator[SubjectStatus]:
    name = known.names[person] if person else ""
    if programme.is_withdrawn:
        detail = {"programme": programme.name, "office": programme.office.name}
        yield SubjectStatus(StatusKind.NOT_ENTITLED, name, (Reason(ReasonCode.PROGRAMME_WITHDRAWN, detail),))
        return
    held = list(_held(known, programme, person, name))
    yield from held or [_of_none(known, programme, person, name)]


def _held(known: _Known, programme: Programme, person: UUID | None, name: str) -> Iterator[SubjectStatus]:
    mine = [one for one in known.rights if one.programme_code == programme.code and one.person_id == person]
    for _, units in groupby(mine, key=lambda one: one.round_id):
        yield _of_units(list(units), name, today=known.today)
    if person is None:
        for balance in known.balances:
            if balance.programme_code == programme.code:
                yield _of_balance(balance, today=known.today)


def _of_units(units: Sequence[HeldRight], name: str, *, today: date) -> SubjectStatus:
    standing = [unit for unit in units if not unit.removed_by]
    one = next((unit for unit in standing if unit.given_at is None), (standing or units)[-1])
    left = sum(unit.given_at is None for unit in standing)
    reasons = (
        _not_now(one.round, one.opens_on, one.closes_on, one.removed_by, today=today) if left or not standing else ()
    )
    kind = StatusKind.NOT_ENTITLED if reasons else StatusKind.ENTITLED if left else StatusKind.RECEIVED
    invited = None
    if one.on_date and one.starts_at and one.ends_at and one.queue_number is not None and kind is StatusKind.ENTITLED:
        invited = Invited(one.on_date, one.starts_at, one.ends_at, one.queue_number)
    return SubjectStatus(
        kind=kind,
        person=name,
        reasons=reasons,
        round=one.round,
        opens_on=one.opens_on,
        closes_on=one.closes_on,
        package=one.package,
        price=one.price,
        point=one.point,
        invited=invited,
        units=len(standing),
        left=left,
        taken=tuple(Taken(unit.given_at, unit.given_at_point, unit.receipt) for unit in standing if unit.given_at),
    )


def _of_balance(balance: HeldBalance, *, today: date) -> SubjectStatus:
    left = balance.granted - balance.spent
    reasons = (
        _not_now(balance.round, balance.opens_on, balance.closes_on, balance.removed_by, today=today) if left else ()
    )
    return SubjectStatus(
        kind=StatusKind.NOT_ENTITLED if reasons else StatusKind.ENTITLED if left else StatusKind.RECEIVED,
        reasons=reasons,
        round=balance.round,
        opens_on=balance.opens_on,
        closes_on=balance.closes_on,
        left=left,
        granted=balance.granted,
    )


def _not_now(round_name: str, opens_on: date, closes_on: date, removed_by: str, *, today: date) -> tuple[Reason, ...]:
    if removed_by:
        return (Reason(ReasonCode.REMOVED_FROM_LIST, {"round": round_name, "addendum": removed_by}),)
    if closes_on < today:
        return (_not_open(round_name, opens_on, closes_on),)
    return ()


def _not_open(round_name: str, opens_on: date, closes_on: date) -> Reason:
    detail = {
        "round": round_name,
        "opens_on": opens_on.isoformat(),
        "closes_on": closes_on.isoformat(),
        "state": RoundState.OPEN.value,
    }
    return Reason(ReasonCode.ROUND_NOT_OPEN, detail)


def _of_none(known: _Known, programme: Programme, person: UUID | None, name: str) -> SubjectStatus:
    round_ = next((one for one in known.rounds.get(programme.code, ()) if one.closes_on >= known.today), None)
    # a frozen list is told by the rule that it was frozen by, whatever the programme's has become since
    frozen = round_.clauses if round_ is not None else None
    rule = read_rule(programme.clauses if frozen is None else frozen, programme.subject)
    against = decide_entitled(explain(known.stated, rule, person)).reasons
    if programme.carrying is Carrying.VISITED:
        return SubjectStatus(StatusKind.NOT_ENTITLED if against else StatusKind.SERVED, name, against)
    if round_ is None:
        if against:
            return SubjectStatus(StatusKind.NOT_ENTITLED, name, against)
        waiting = Reason(ReasonCode.NO_ROUND_OPEN, {"office": programme.office.name})
        return SubjectStatus(StatusKind.WAITING, name, (waiting,))
    detail = {"round": round_.name, "listed_on": local_day(round_.listed_at).isoformat()}
    reasons = (
        *_besides_rule(known, programme, person, round_),
        *against,
    ) or (Reason(ReasonCode.NOT_ENTITLED, detail),)
    return SubjectStatus(StatusKind.NOT_ENTITLED, name, reasons, round_.name, round_.opens_on, round_.closes_on)


def _besides_rule(known: _Known, programme: Programme, person: UUID | None, round_: OpenRound) -> Iterator[Reason]:
    if round_.id in known.covered and (person is None or programme.one_per_family):
        yield Reason(ReasonCode.COVERED_BEFORE_SPLIT, {"round": round_.name})
    if programme.one_per_family and any(one.round_id == round_.id and not one.removed_by for one in known.rights):
        yield Reason(ReasonCode.ONE_PER_FAMILY)
    names = {one.code: one.name for one in known.programmes}
    excluded = excluded_codes(known.programmes, programme)
    everything: list[HeldRight | HeldBalance] = [*known.rights, *known.balances]
    for held in everything:
        concerns = person is None or isinstance(held, HeldBalance) or held.person_id in (None, person)
        if held.programme_code in excluded and concerns and not held.removed_by and held.closes_on >= known.today:
            detail = {"programme": names[held.programme_code], "round": held.round}
            yield Reason(ReasonCode.EXCLUDED_BY_PROGRAMME, detail)
            return
