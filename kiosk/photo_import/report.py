"""What became of each file of an import, as the rows of a CSV report."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk import words
from kiosk.photo_import.plan import PhotoPlan
from kiosk.words.photos import FATES, HINTS

__all__ = ["REPORT_COLUMNS", "report_rows"]

REPORT_COLUMNS = ("file", "fate", "code", "message", "hints")


def report_rows(plan: PhotoPlan) -> Iterator[tuple[str, str, str, str, str]]:
    """Give one row per file, in the order of the paths, as :data:`REPORT_COLUMNS`; no name of anybody is in it."""
    for finding in plan.findings:
        said = words.of(finding.code)
        message = f"{said.explanation} {said.next_step}".strip()
        hints = " ".join(HINTS[hint] for hint in finding.hints)
        yield finding.path, FATES[finding.fate], finding.code, message, hints
