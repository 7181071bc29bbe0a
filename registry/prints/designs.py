"""Which design of the card is in force. The designs themselves are files, which printing reads (docs/designs.md)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from registry.audit import Actor, record
from registry.db import Session
from registry.keys.keys import KeyRing
from registry.models import DesignChoice

__all__ = ["choose_design", "current_choice", "note_brought"]


def current_choice(session: Session) -> DesignChoice | None:
    """Return the choice that holds; none where nobody has chosen yet."""
    # two choices of one moment: either may hold, but always the same
    newest_first = (DesignChoice.chosen_at.desc(), DesignChoice.id.desc())
    return session.scalars(select(DesignChoice).order_by(*newest_first).limit(1)).first()


def choose_design(
    session: Session, *, name: str, sha256: str, actor: Actor, keys: KeyRing, at: datetime
) -> DesignChoice:
    """Put a design in force: cards are drawn by it from now on; a batch keeps the one that it was made with."""
    choice = DesignChoice(name=name, sha256=sha256, chosen_at=at, officer_id=actor.officer_id)
    session.add(choice)
    session.flush()
    record(session, "design.chosen", f"design:{sha256}", actor=actor, key=keys.audit_key, at=at, design=name)
    return choice


def note_brought(session: Session, *, name: str, sha256: str, actor: Actor, keys: KeyRing, at: datetime) -> None:
    """Note that a design's files were brought into the installation."""
    record(session, "design.brought", f"design:{sha256}", actor=actor, key=keys.audit_key, at=at, design=name)
