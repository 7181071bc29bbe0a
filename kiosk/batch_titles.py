"""Of what a batch of cards is, in words: the village, the list, the round, the reason."""

from __future__ import annotations

from uuid import UUID

from kiosk.filters import kapital
from kiosk.words import label
from registry.db import Session
from registry.kinds import BatchChoice, PrintReason
from registry.models import FamilyList, PrintBatch, Round
from registry.regions import find_path

__all__ = ["title_of"]


def title_of(session: Session, batch: PrintBatch) -> str:
    """Return what a batch is of, as an officer says it."""
    match batch.chosen_by:
        case BatchChoice.VILLAGE:
            path = find_path(session, batch.about)
            return path.village or path.district or path.regency
        case BatchChoice.LIST:
            return f"Daftar {session.get_one(FamilyList, UUID(batch.about)).file_name}"
        case BatchChoice.ROUND:
            found = session.get_one(Round, UUID(batch.about))
            return f"{found.programme.name}, {found.name}"
        case BatchChoice.REASON:
            return kapital(label(PrintReason(batch.about)))
    return batch.about or "Kartu yang dipilih"
