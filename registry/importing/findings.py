"""What the reading of a list finds, and how strong each fate is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from registry.errors import RegistryError
from registry.kinds import Fate

__all__ = ["FAMILY_HELD", "Finding", "ListRefused", "strongest"]

FAMILY_HELD = "family_held"
"""The code on lines that are only held because of another line of their family; a finding of their own goes first."""

_STRENGTH = {fate: strength for strength, fate in enumerate((Fate.ACCEPT, Fate.FIX, Fate.WARN, Fate.HOLD, Fate.REJECT))}


class ListRefused(RegistryError):  # noqa: N818 (the name says what it is)
    """A file cannot be read as a family list at all; nothing of it is taken."""


class Finding(NamedTuple):
    """What was found on one line (header = 1): its fate, a code, and what the code's words need."""

    line: int
    fate: Fate
    code: str
    detail: dict[str, str]


def strongest(findings: Iterable[Finding]) -> Finding:
    """Return the finding that decides the fate of a line, from all findings of that line."""
    return max(findings, key=lambda finding: (finding.code != FAMILY_HELD, _STRENGTH[finding.fate]))
