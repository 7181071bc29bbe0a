"""Of what a batch of cards is, in words: the village, the list, the round, the reason."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from kiosk.filters import kapital
from kiosk.words import label
from registry.db import Session
from registry.kinds import BatchChoice, PrintReason
from registry.models import PrintBatch
from registry.prints.subjects import Subjects, subjects_of

__all__ = ["title_of", "titles_of"]


def titles_of(session: Session, batches: Sequence[PrintBatch]) -> dict[UUID, str]:
    """Return what each batch is of, as an officer says it, by its id."""
    subjects = subjects_of(session, batches)
    return {batch.id: _title(batch, subjects) for batch in batches}


def title_of(session: Session, batch: PrintBatch) -> str:
    """Return what one batch is of."""
    return titles_of(session, [batch])[batch.id]


def _title(batch: PrintBatch, subjects: Subjects) -> str:
    match batch.chosen_by:
        case BatchChoice.VILLAGE:
            path = subjects.villages[batch.about]
            return path.village or path.district or path.regency
        case BatchChoice.LIST:
            return f"Daftar {subjects.lists[batch.about].file_name}"
        case BatchChoice.ROUND:
            found = subjects.rounds[batch.about]
            return f"{found.programme.name}, {found.name}"
        case BatchChoice.REASON:
            return kapital(label(PrintReason(batch.about)))
    return batch.about or "Kartu yang dipilih"
