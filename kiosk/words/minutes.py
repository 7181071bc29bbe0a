"""What the minutes of a day say in words: who took a package, and under which decree the list stands."""

from __future__ import annotations

from kiosk.filters import tanggal
from registry.giving.day_of_giving import DayLine
from registry.models import Determination
from registry.programmes.rounds import UNNUMBERED


def say_receiver(line: DayLine) -> str:
    """Return who took a package: the head, a member by name, or a proxy with the letter."""
    if line.proxy:
        return f"wakil {line.proxy}, surat kuasa {line.proxy_letter}"
    if line.receiver and line.receiver != line.head_name:
        return f"{line.receiver} (anggota keluarga)"
    return "kepala keluarga"


def say_decree(determination: Determination | None) -> str:
    """Return under which decree a list was determined; empty when it was opened without one."""
    if determination is None:
        return ""
    number = "" if determination.decree_number == UNNUMBERED else f" nomor {determination.decree_number}"
    return f"keputusan{number} tanggal {tanggal(determination.decree_date)}"
