"""Apply a plan in pieces: each is whole in the registry or not at all, and what is there already is passed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kiosk.photo_import.plan import PhotoPlan, holding_plan, load_plan, picture_path, save_plan
from registry.audit import Actor
from registry.cards.photos import keep_photo_once, write_picture
from registry.db import Database
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

    Of two who apply a plan at once the second waits, and goes on where the first came to.

    Args:
        folder: where plans lie.
        photos: the photo folder of the installation.
        goes_on: asked after each piece; at least one piece is applied.
        progress: told after each piece: how many files have been gone through, and of how many.

    Raises:
        NotFound: ``photo_plan_unknown``, when the plan has been forgotten meanwhile.
    """
    with holding_plan(folder, plan.id):
        plan = load_plan(folder, plan.id, area=plan.area)
        to_take = plan.to_take
        while plan.state != "applied":
            part = to_take[plan.done : plan.done + _AT_ONCE]
            # before the transaction: bringing a file safely to the disk takes longer than its row
            digests = [
                write_picture(photos, picture_path(folder, plan.id, finding.digest).read_bytes()) for finding in part
            ]
            kept = plan.kept
            with database.writing() as session:
                for finding, digest in zip(part, digests, strict=True):
                    person_id, replaces = UUID(finding.person_id), plan.replaces
                    photo = keep_photo_once(
                        session, person_id, digest, replaces=replaces, actor=actor, keys=keys, at=at
                    )
                    kept += photo is not None
            done = plan.done + len(part)
            plan = plan.having_come_to(done, kept, applied_at=at if done >= len(to_take) else None)
            save_plan(folder, plan)
            progress(done, len(to_take))
            if not goes_on():
                break
        if plan.state == "applied":
            for finding in to_take:
                picture_path(folder, plan.id, finding.digest).unlink(missing_ok=True)
    return plan
