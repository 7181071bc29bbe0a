"""The plan of an import, kept in a folder of its own beside the small pictures that wait to be applied.

It is a file and no table, because it is forgotten within a day: what counts is the photo of a person in the registry,
and an apply that was cut short finds there what it has done already.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from registry.errors import NotFound
from registry.whole_files import write_whole

__all__ = [
    "Fate",
    "Finding",
    "PhotoPlan",
    "discard_plan",
    "holding_plan",
    "load_plan",
    "picture_path",
    "save_plan",
    "sweep_plans",
]

_FILE = "plan.json"
_KEPT_FOR = timedelta(days=1)
"""Faces lie in it; a ZIP can always be read again."""


class Fate(StrEnum):
    """What becomes of one file."""

    TAKE = "take"
    LEAVE = "leave"
    REFUSE = "refuse"


_FATES = {"photo_ready": Fate.TAKE, "photo_replaces": Fate.TAKE, "photo_same": Fate.LEAVE, "photo_has_one": Fate.LEAVE}


@dataclass(frozen=True)
class Finding:
    """One file, and by a code what is planned with it; the code has words in kiosk/words/photos.py."""

    path: str
    code: str
    reference: str = ""
    """Of the family, where the name speaks of one in the area."""
    person_id: str = ""
    digest: str = ""
    """SHA-256 of the small picture, where it is one."""
    hints: tuple[str, ...] = ()
    """Values of :class:`printing.photo.PhotoHint`."""

    @property
    def fate(self) -> Fate:
        """Return what becomes of the file."""
        return _FATES.get(self.code, Fate.REFUSE)


@dataclass(frozen=True)
class PhotoPlan:
    """What an import will do, and how far it has come."""

    id: UUID
    file_name: str
    """The name that the sender gave the ZIP, or that of the folder."""
    area: str
    """The area of those who brought it; nobody of another area sees the plan."""
    village: str
    """The village that it was brought for; empty for the whole area."""
    replaces: bool
    """Whether a photo that somebody has already gives way."""
    made_at: datetime
    findings: tuple[Finding, ...]
    done: int = 0
    """How many of the files to take have been gone through."""
    kept: int = 0
    """How many photos that gave; fewer than ``done``, where something came between."""
    applied_at: datetime | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many files there are of each code, what is taken first."""
        order = list(Fate)
        return Counter(finding.code for finding in sorted(self.findings, key=lambda one: order.index(one.fate)))

    @property
    def to_take(self) -> list[Finding]:
        """Return the files that become photos."""
        return [finding for finding in self.findings if finding.fate is Fate.TAKE]

    @property
    def state(self) -> str:
        """Return ``planned``, ``applying`` or ``applied``."""
        if self.applied_at is not None:
            return "applied"
        return "applying" if self.done else "planned"

    def having_come_to(self, done: int, kept: int, *, applied_at: datetime | None) -> PhotoPlan:
        """Return the plan as it stands after some more of it was applied."""
        return replace(self, done=done, kept=kept, applied_at=applied_at)


def save_plan(folder: Path, plan: PhotoPlan) -> None:
    """Write a plan into its folder, whole or not at all."""
    write_whole(folder / str(plan.id) / _FILE, json.dumps(asdict(plan), default=_as_text).encode())


def load_plan(folder: Path, plan_id: UUID, *, area: str) -> PhotoPlan:
    """Return a plan.

    Raises:
        NotFound: ``photo_plan_unknown``, also for a plan of another area and one that is forgotten.
    """
    try:
        told: dict[str, Any] = json.loads((folder / str(plan_id) / _FILE).read_bytes())
    except FileNotFoundError:
        raise NotFound("photo_plan_unknown") from None
    if told["area"] != area:
        raise NotFound("photo_plan_unknown")
    told["id"] = plan_id
    told["made_at"] = datetime.fromisoformat(told["made_at"])
    told["applied_at"] = told["applied_at"] and datetime.fromisoformat(told["applied_at"])
    told["findings"] = tuple(Finding(**one | {"hints": tuple(one["hints"])}) for one in told["findings"])
    return PhotoPlan(**told)


@contextmanager
def holding_plan(folder: Path, plan_id: UUID) -> Iterator[None]:
    """Wait until nobody else works at a plan, and keep others waiting; a process that dies lets go.

    Raises:
        NotFound: ``photo_plan_unknown``.
    """
    try:
        place = os.open(folder / str(plan_id), os.O_RDONLY)
    except FileNotFoundError:
        raise NotFound("photo_plan_unknown") from None
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def picture_path(folder: Path, plan_id: UUID, digest: str) -> Path:
    """Return where a small picture of a plan lies."""
    return folder / str(plan_id) / f"{digest}.jpg"


def discard_plan(folder: Path, plan: PhotoPlan) -> None:
    """Forget a plan and its pictures.

    Raises:
        NotFound: ``photo_plan_unknown``.
    """
    with holding_plan(folder, plan.id):
        shutil.rmtree(folder / str(plan.id), ignore_errors=True)


def sweep_plans(folder: Path, *, at: datetime) -> None:
    """Forget the plans that nobody has touched for a day, and what a power cut has left of one."""
    if not folder.exists():
        return
    for place in folder.iterdir():
        if place.stat().st_mtime < (at - _KEPT_FOR).timestamp():
            shutil.rmtree(place, ignore_errors=True)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
