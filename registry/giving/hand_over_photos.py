"""Photos of hand-overs: the file under its hash in the installation's photo folder, the row that says whose it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from registry.audit import Actor, record
from registry.cards.photos import write_picture
from registry.days import local_day
from registry.db import Session
from registry.errors import Conflict
from registry.giving.stock import KEPT_IN_STORE
from registry.keys.keys import KeyRing
from registry.kinds import Carrying
from registry.models import (
    Enrolment,
    Entitlement,
    Programme,
    Redemption,
    RedemptionPhoto,
    RedemptionUndo,
    Round,
)

__all__ = ["keep_hand_over_photo", "may_be_photographed"]


def keep_hand_over_photo(
    session: Session, redemption_id: UUID, jpeg: bytes, *, folder: Path, actor: Actor, keys: KeyRing, at: datetime
) -> None:
    """Keep the photo of a hand-over; there is one of each, and it stays.

    Args:
        jpeg: the picture, already cleaned (no EXIF) by ``printing.photo``.
        folder: the photo folder; made with mode 0700 when missing.

    Raises:
        Conflict: code ``hand_over_photo_kept``, when there is one already; ``hand_over_photo_late``, when it is not the
            point or not the day of the hand-over, or nothing was handed over.
    """
    if not _is_fresh(session, redemption_id, point_id=actor.point_id, at=at):
        raise Conflict("hand_over_photo_late")
    digest = write_picture(folder, jpeg)
    try:
        with session.begin_nested():
            session.add(
                RedemptionPhoto(redemption_id=redemption_id, sha256=digest, taken_at=at, officer_id=actor.officer_id)
            )
    except IntegrityError:
        raise Conflict("hand_over_photo_kept") from None
    record(
        session,
        "redemption.photographed",
        f"redemption:{redemption_id}",
        actor=actor,
        key=keys.audit_key,
        at=at,
        sha256=digest,
    )


def may_be_photographed(session: Session, redemption_id: UUID, *, point_id: UUID, at: datetime) -> bool:
    """Tell whether a photo of a hand-over may still be kept: at its point, on its day, while it stands and has none.

    A pupil who is confirmed was handed nothing and is not photographed, nor is a payment that was marked.
    """
    has_photo = exists().where(RedemptionPhoto.redemption_id == redemption_id)
    return _is_fresh(session, redemption_id, point_id=point_id, at=at) and not session.scalar(select(has_photo))


def _is_fresh(session: Session, redemption_id: UUID, *, point_id: UUID | None, at: datetime) -> bool:
    given_at = session.scalar(
        select(Redemption.given_at).where(
            Redemption.id == redemption_id,
            Redemption.point_id == point_id,
            ~exists().where(RedemptionUndo.redemption_id == Redemption.id),
            ~exists().where(Enrolment.redemption_id == Redemption.id),
            Entitlement.id == Redemption.entitlement_id,
            Round.id == Entitlement.round_id,
            Programme.code == Round.programme_code,
            Programme.unit.in_(KEPT_IN_STORE) | (Programme.carrying == Carrying.SPENT),
        )
    )
    return given_at is not None and local_day(given_at) == local_day(at)
