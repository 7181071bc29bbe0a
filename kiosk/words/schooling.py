"""What is said of a confirmed pupil, and of one who is asked for at two schools; how a NISN is shown."""

from __future__ import annotations

from kiosk.filters import tanggal_jam
from registry.schooling.enrolments import Confirmation
from verify.not_confirmed import Elsewhere

_SHOWN = 4  # the last digits: enough to compare with the pupil's card
_LONGEST_NAME = 70  # of a round or a school, so that the whole always fits in a complaint


def case_words(elsewhere: Elsewhere) -> str:
    """Return what a case says that the kiosk opens for a second school: both schools, and no name."""
    first = elsewhere.first
    return (
        f"Satu anak di dua sekolah untuk {_cut(elsewhere.round_name)}. "
        f"Sudah dikonfirmasi di {say_school(_cut(first.point), first.npsn)} pada {tanggal_jam(first.given_at)}; "
        f"kemudian kartunya dipindai di {say_school(_cut(elsewhere.second), elsewhere.second_npsn)}. "
        "Pastikan di mana anak ini bersekolah."
    )


def masked_nisn(nisn: str) -> str:
    """Show the end of a NISN; a dash where it is not known."""
    return f"••••••{nisn[-_SHOWN:]}" if nisn else "–"


def say_school(name: str, npsn: str) -> str:
    """Name a school with its NPSN; a campus office has none."""
    return f"{name} (NPSN {npsn})" if npsn else name


def say_stated(confirmation: Confirmation) -> list[tuple[str, str]]:
    """Return what the school or campus stated, each with its name; of a NISN only the end."""
    if confirmation.campus:
        return [("Kampus", confirmation.campus), ("Surat", confirmation.evidence)]
    return [("NISN", masked_nisn(confirmation.nisn))]


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
