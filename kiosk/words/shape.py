"""The shape of what is said to an officer."""

from __future__ import annotations

from dataclasses import dataclass

ASK_ADMINISTRATOR = "Hubungi administrator."
"""What to do next where an officer can do nothing."""


@dataclass(frozen=True)
class Words:
    """What a code means to an officer: a title, an explanation, and what to do next; with ``{places}`` for values."""

    title: str
    explanation: str
    next_step: str = ""
