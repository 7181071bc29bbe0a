"""Apply a plan in pieces: each is whole in the registry or not at all, and what is there already is passed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kiosk.photo_import.plan import PhotoPlan, picture_path, save_plan
from registry.audit import Actor
from registry.cards.photos import keep_photo_once, write_picture
from registry.db import Database
from registry.errors import NotFound
from registry.keys.keys import KeyRing

__all__ = ["apply_photos"]

_AT_ONCE = 20
"""Photos in one transaction: a twentieth of a second in which others wait for the trail of this point."""


def apply_photos(
    database: Database,
    plan: PhotoPlan,
    *,
    folder: Path,
    photos: Path,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
    goes_on: Callable[[], bool] = lambda: True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> PhotoPlan:
    """Keep the photos of a plan, and return it as it stands then; a plan that was applied already stays as it is.

    Args:
        folder: where plans lie.
        photos: the photo folder of the installation.
        goes_on: asked after each piece; at least one piece is applied.
        progress: told after each piece: how many files have been gone through, and of how many.

    Raises:
        NotFound: ``photo_plan_unknown``, when the plan has been forgotten meanwhile.
    """
    if plan.state == "applied":
        return plan
    to_take, done, kept = plan.to_take, plan.done, plan.kept
    while True:
        part = to_take[done : done + _AT_ONCE]
        # before the transaction: bringing a file safely to the disk takes longer than its row
        digests = [write_picture(photos, _waiting(folder, plan.id, finding.digest)) for finding in part]
        with database.writing() as session:
            for finding, digest in zip(part, digests, strict=True):
                person_id = UUID(finding.person_id)
                kept += (
                    keep_photo_once(session, person_id, digest, replaces=plan.replaces, actor=actor, keys=keys, at=at)
                    is not None
                )
        done += len(part)
        is_over = done >= len(to_take)
        plan = plan.having_come_to(done, kept, applied_at=at if is_over else None)
        save_plan(folder, plan)
        progress(done, len(to_take))
        if is_over:
            for finding in to_take:
                picture_path(folder, plan.id, finding.digest).unlink(missing_ok=True)
            return plan
        if not goes_on():
            return plan


def _waiting(folder: Path, plan_id: UUID, digest: str) -> bytes:
    try:
        return picture_path(folder, plan_id, digest).read_bytes()
    except FileNotFoundError:
        raise NotFound("photo_plan_unknown") from None
