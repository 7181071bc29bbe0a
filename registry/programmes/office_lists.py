"""A list that an office brings under its decree (*SK*): NIK by NIK, for schools with the NPSN of each pupil's school.

Who is on it has the right whatever the state's list says of the family; what still holds is that the person lives in a
family that is served here, that nobody stands twice, and that programmes that exclude each other are not had together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from registry import audit
from registry.audit import Actor
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict, IdentifierError, NotFound, RegistryError
from registry.free_text import check_free_text
from registry.identifiers import Nik
from registry.importing.findings import ListRefused
from registry.importing.reading import read_cells
from registry.keys.keys import KeyRing
from registry.keys.sealing import Vault
from registry.kinds import Basis, FamilyState, PersonState, RoundState, Subject
from registry.models import Determination, Family, Person, Roster, Round, ServicePoint
from registry.programmes.determinations import lock_round
from registry.programmes.exclusions import exclusions_of
from registry.programmes.listing import (
    Right,
    add_rights,
    rosters_by_village,
    standing_families,
    standing_subjects,
)
from registry.programmes.periods import listed_in_period

__all__ = [
    "LeftOut",
    "LineFault",
    "OfficeLine",
    "TakenList",
    "add_office_list",
    "read_office_list",
    "right_by_nik",
    "subject_by_nik",
]

_NIK_NAMES = frozenset({"nik", "nonik", "nomornik", "nomorindukkependudukan"})
_NPSN_NAMES = frozenset({"npsn", "npsnsekolah", "nomorpokoksekolahnasional"})
_HEADER_WITHIN = 10  # offices put a title and a date above the table
_MOST_LINES = 50_000  # one office's list of a year; the largest known has 37,000 pupils
_BATCH = 5_000
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


class LineFault(StrEnum):
    """Why somebody on an office's list is not taken over."""

    NIK_MALFORMED = "nik_malformed"
    NIK_UNKNOWN = "nik_unknown"
    PERSON_GONE = "person_gone"
    FAMILY_NOT_SERVED = "family_not_served"
    SCHOOL_UNKNOWN = "school_unknown"
    VILLAGE_NOT_SERVED = "village_not_served"
    ON_LIST_ALREADY = "on_list_already"
    ONE_PER_FAMILY = "one_per_family"
    EXCLUDED = "excluded"
    IN_PERIOD = "in_period"


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One line of the list: where it stands in the file, the NIK as it was written, and the NPSN if there is one."""

    line: int
    nik: str
    npsn: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that was not taken over, and why; ``about`` names the programme and round that stand in the way."""

    line: int
    fault: LineFault
    about: str = ""


@dataclass(frozen=True, slots=True)
class TakenList:
    """What became of a list."""

    added: int
    left_out: Sequence[LeftOut]


def read_office_list(path: Path, file_name: str) -> list[OfficeLine]:
    """Read a list that is CSV or XLSX, with a column ``NIK`` and for schools one ``NPSN``.

    Raises:
        ListRefused: ``columns_missing``, ``list_empty``, ``list_too_long``, and what the readers of files raise.
    """
    lines: list[OfficeLine] = []
    places: tuple[int, int | None] | None = None
    for line, cells in read_cells(path, file_name):
        if places is None:
            places = _find_columns(cells)
            if places is None and line > _HEADER_WITHIN:
                break
            continue
        nik_place, npsn_place = places
        lines.append(OfficeLine(line, _cell(cells, nik_place), _cell(cells, npsn_place)))
        if len(lines) > _MOST_LINES:
            raise ListRefused("list_too_long", most=str(_MOST_LINES))
    if places is None:
        raise ListRefused("columns_missing", columns="nik")
    if not lines:
        raise ListRefused("list_empty")
    return lines


def add_office_list(
    session: Session,
    round_: Round,
    lines: Sequence[OfficeLine],
    *,
    basis: Basis = Basis.OFFICE_DECREE,
    document: str,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> TakenList:
    """Put those on an office's list, or a single one at its discretion, on the list of a round being prepared.

    Who stands on the list already by the state's data keeps standing, and is reported.

    Raises:
        RegistryError: code ``document_empty``, ``text_holds_number``.
        Conflict: code ``round_determined``, ``round_closed``.
    """
    document = check_free_text(document)
    if not document:
        raise RegistryError("document_empty")
    lock_round(session, round_)
    if round_.state is RoundState.CLOSED:
        raise Conflict("round_closed")
    if session.get(Determination, round_.id) is not None:
        raise Conflict("round_determined")
    left_out: list[LeftOut] = []
    rights = list(_rights(session, round_, lines, left_out, basis=basis, document=document, vault=keys.vault, at=at))
    added = add_rights(session, round_, rights)
    audit.record(
        session,
        "round.list_brought",
        f"round:{round_.id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        document=document,
        entitled=added,
        left_out=len(left_out),
    )
    return TakenList(added, sorted(left_out, key=lambda one: one.line))


def right_by_nik(
    session: Session, round_: Round, nik: Nik, *, npsn: str = "", basis: Basis, document: str, vault: Vault
) -> Right:
    """Return the right that the person with a NIK, or their family, would have in a round, where they are served.

    Raises:
        NotFound: code ``nik_not_registered``.
        Conflict: code ``nobody_serves_village``, ``nobody_serves_school``.
        RegistryError: code ``document_empty``, ``text_holds_number``.
    """
    document = check_free_text(document)
    if not document:
        raise RegistryError("document_empty")
    row = session.execute(
        select(Person, Family)
        .join(Family, Family.id == Person.family_id)
        .where(Person.nik_index == vault.index("nik", nik))
    ).one_or_none()
    if row is None:
        raise NotFound("nik_not_registered")
    person, family = row
    if npsn:
        roster = _rosters_by_npsn(session, round_.id).get(npsn)
    else:
        roster = rosters_by_village(session, round_.id).get(family.village_code)
    if roster is None:
        raise Conflict("nobody_serves_school" if npsn else "nobody_serves_village")
    person_id = None if round_.programme.subject is Subject.FAMILY else person.id
    return Right(family.id, person_id, roster, basis, document)


def subject_by_nik(session: Session, round_: Round, nik: Nik, *, vault: Vault) -> tuple[UUID, UUID | None]:
    """Return whose right it is in a round when a NIK is named: the person's family, or the person.

    Raises:
        NotFound: code ``nik_not_registered``.
    """
    person = session.scalar(select(Person).where(Person.nik_index == vault.index("nik", nik)))
    if person is None:
        raise NotFound("nik_not_registered")
    return person.family_id, None if round_.programme.subject is Subject.FAMILY else person.id


def _rights(
    session: Session,
    round_: Round,
    lines: Iterable[OfficeLine],
    left_out: list[LeftOut],
    *,
    basis: Basis,
    document: str,
    vault: Vault,
    at: datetime,
) -> Iterator[Right]:
    programme = round_.programme
    of_family = programme.subject is Subject.FAMILY
    found = list(_people(session, lines, left_out, vault=vault))
    subjects = [(family.id, None if of_family else person.id) for _, person, family in found]
    excluded = exclusions_of(session, programme, subjects, today=local_day(at))
    in_period = listed_in_period(session, round_, subjects)
    # a person goes from family to family, and is on the list all the same
    standing = {person or family for family, person in standing_subjects(session, round_.id)}
    families = standing_families(session, round_.id)
    of_villages, of_schools = rosters_by_village(session, round_.id), _rosters_by_npsn(session, round_.id)
    for (line, _, family), subject in zip(found, subjects, strict=True):
        roster = of_schools.get(line.npsn) if line.npsn else of_villages.get(family.village_code)
        fault, about = None, ""
        whose = subject[1] or subject[0]
        if whose in standing:
            fault = LineFault.ON_LIST_ALREADY
        elif programme.one_per_family and family.id in families:
            fault = LineFault.ONE_PER_FAMILY
        elif subject in excluded:
            fault, about = LineFault.EXCLUDED, f"{excluded[subject].programme} ({excluded[subject].round})"
        elif subject in in_period:
            fault, about = LineFault.IN_PERIOD, in_period[subject]
        elif roster is None:
            fault = LineFault.SCHOOL_UNKNOWN if line.npsn else LineFault.VILLAGE_NOT_SERVED
        if fault is not None or roster is None:
            left_out.append(LeftOut(line.line, fault or LineFault.VILLAGE_NOT_SERVED, about))
            continue
        standing.add(whose)
        families.add(family.id)
        yield Right(*subject, roster, basis, document)


def _people(
    session: Session, lines: Iterable[OfficeLine], left_out: list[LeftOut], *, vault: Vault
) -> Iterator[tuple[OfficeLine, Person, Family]]:
    named: dict[int, bytes] = {}
    by_line = {line.line: line for line in lines}
    for line in by_line.values():
        try:
            named[line.line] = vault.index("nik", Nik.parse(line.nik))
        except IdentifierError:
            left_out.append(LeftOut(line.line, LineFault.NIK_MALFORMED))
    people: dict[bytes, tuple[Person, Family]] = {}
    indexes = list(set(named.values()))
    for start in range(0, len(indexes), _BATCH):
        query = select(Person, Family).join(Family, Family.id == Person.family_id)
        for person, family in session.execute(query.where(Person.nik_index.in_(indexes[start : start + _BATCH]))):
            people[person.nik_index] = (person, family)
    for number, index in named.items():
        person_and_family = people.get(index)
        if person_and_family is None:
            left_out.append(LeftOut(number, LineFault.NIK_UNKNOWN))
        elif person_and_family[0].state is not PersonState.LIVING:
            left_out.append(LeftOut(number, LineFault.PERSON_GONE))
        elif person_and_family[1].state is not FamilyState.ACTIVE:
            left_out.append(LeftOut(number, LineFault.FAMILY_NOT_SERVED))
        else:
            yield by_line[number], *person_and_family


def _rosters_by_npsn(session: Session, round_id: UUID) -> dict[str, UUID]:
    query = (
        select(ServicePoint.facility_code, Roster.id)
        .join(Roster, Roster.point_id == ServicePoint.id)
        .where(Roster.round_id == round_id, ServicePoint.facility_code != "")
    )
    return dict(session.execute(query).all())


def _find_columns(cells: Sequence[str]) -> tuple[int, int | None] | None:
    names = [_NOT_A_LETTER.sub("", cell.lower()) for cell in cells]
    nik = next((place for place, name in enumerate(names) if name in _NIK_NAMES), None)
    npsn = next((place for place, name in enumerate(names) if name in _NPSN_NAMES), None)
    return None if nik is None else (nik, npsn)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""
