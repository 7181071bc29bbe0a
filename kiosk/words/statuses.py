"""Words for what a family has in a programme, for the screen and for the slip alike."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk import words
from kiosk.filters import angka, rupiah, tanggal, tanggal_jam
from kiosk.words.given import given_as
from kiosk.words.kinds import KINDS
from kiosk.words.rounds import STATUSES
from kiosk.words.shape import Words
from registry.kinds import Carrying, PointKind, Unit
from registry.models import Programme
from verify.statuses import ProgrammeStatus, StatusKind, SubjectStatus

__all__ = ["SaidStatus", "SaidSubject", "say_status"]


@dataclass(frozen=True)
class SaidSubject:
    """What the family, or one person of it, is told."""

    kind: StatusKind
    person: str
    word: str
    lines: tuple[str, ...]
    """Where, when, how much is left; what was taken."""
    reasons: tuple[Words, ...]


@dataclass(frozen=True)
class SaidStatus:
    """One programme: the family's one word, what its subjects are told, and whom to ask."""

    programme: Programme
    kind: StatusKind
    word: str
    subjects: tuple[SaidSubject, ...]
    ask: str


def say_status(status: ProgrammeStatus) -> SaidStatus:
    """Return a status in words."""
    programme = status.programme
    return SaidStatus(
        programme=programme,
        kind=status.kind,
        word=_word(status.kind, programme),
        subjects=tuple(_say(one, programme) for one in status.subjects),
        ask=programme.office.name,
    )


def _say(one: SubjectStatus, programme: Programme) -> SaidSubject:
    lines: list[str] = []
    match one.kind:
        case StatusKind.ENTITLED:
            lines = _entitled(one, programme)
        case StatusKind.SERVED:
            places = ", ".join(KINDS[PointKind][PointKind(place)] for place in programme.places)
            lines = [f"Datang ke {places}."]
        case StatusKind.INFORMATION:
            lines = [programme.package]
    had = _word(StatusKind.RECEIVED, programme)
    lines += [f"{had} {tanggal_jam(taken.at)} di {taken.point}, bukti {taken.receipt}." for taken in one.taken]
    if one.kind is StatusKind.RECEIVED and programme.carrying is Carrying.SPENT:
        lines.append(f"{one.round}: saldo {rupiah(one.granted)} sudah habis dibelanjakan.")
    reasons = tuple(words.of(reason.code, **reason.detail) for reason in one.reasons)
    return SaidSubject(one.kind, one.person, _word(one.kind, programme), tuple(lines), reasons)


def _word(kind: StatusKind, programme: Programme) -> str:
    if kind is StatusKind.RECEIVED:
        return given_as(programme.unit, is_spent=programme.carrying is Carrying.SPENT).had
    return STATUSES[kind]


def _entitled(one: SubjectStatus, programme: Programme) -> list[str]:
    what = f"{one.round}: {one.package}."
    if programme.carrying is Carrying.SPENT:
        what = f"{one.round}: sisa saldo {rupiah(one.left)} dari {rupiah(one.granted)}."
    elif one.units > 1:
        what = f"{one.round}: sisa {angka(one.left)} dari {angka(one.units)} {KINDS[Unit][programme.unit]}."
    if one.price:
        what += f" Harga resmi {rupiah(one.price)}."
    where = f" di {one.point}" if one.point else ""
    if one.invited is not None:
        invited = one.invited
        when = (
            f"{tanggal(invited.on_date)}, pukul {invited.starts_at:%H.%M}–{invited.ends_at:%H.%M} WIB{where}, "
            f"nomor antrean {angka(invited.number)}."
        )
    elif one.opens_on and one.closes_on:
        when = f"{tanggal(one.opens_on)} sampai {tanggal(one.closes_on)}{where}."
    else:
        when = where.strip()
    return [what, when]
