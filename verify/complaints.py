"""Complaints: what a refusal is probably complained of, and whose card is shown with a complaint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from registry.cards.cards import find_card
from registry.code.token import TrustList
from registry.db import Session
from registry.kinds import ComplaintKind
from registry.models import Card
from registry.regions import is_within
from verify.facts import read_scan
from verify.reasons import Reason, ReasonCode

__all__ = ["find_shown_card", "suggest_kind"]

_NOT_LISTED = (
    ReasonCode.NOT_ENTITLED,
    ReasonCode.PUPIL_NOT_LISTED,
    ReasonCode.NOT_TOLD_HERE,
    ReasonCode.REMOVED_FROM_LIST,
    ReasonCode.CLAUSE_FAILED,
    ReasonCode.EXCLUDED_BY_PROGRAMME,
    ReasonCode.ONE_PER_FAMILY,
)
_WRONG_DATA = (
    ReasonCode.CLAUSE_UNKNOWN,
    ReasonCode.FAMILY_MOVED,
    ReasonCode.FAMILY_DISSOLVED,
    ReasonCode.HEAD_DEAD,
    ReasonCode.NO_HEAD,
    ReasonCode.HEAD_CHANGED,
    ReasonCode.PERSON_NOT_OF_FAMILY,
    ReasonCode.NISN_DIFFERS,
    ReasonCode.NISN_MALFORMED,
)
_DOUBLE = (
    ReasonCode.ALREADY_GIVEN,
    ReasonCode.QUOTA_USED,
    ReasonCode.COVERED_BEFORE_SPLIT,
    ReasonCode.PUPIL_ELSEWHERE,
)
_CARD = (
    ReasonCode.UNREADABLE,
    ReasonCode.CARD_BLOCKED,
    ReasonCode.CARD_REPLACED,
    ReasonCode.EXPIRED,
)
_KINDS: Mapping[str, ComplaintKind] = {
    code: kind
    for codes, kind in (
        (_NOT_LISTED, ComplaintKind.NOT_LISTED),
        (_WRONG_DATA, ComplaintKind.WRONG_DATA),
        (_DOUBLE, ComplaintKind.DOUBLE),
        (_CARD, ComplaintKind.LOST_CARD),
    )
    for code in codes
}


def suggest_kind(codes: Iterable[str]) -> ComplaintKind:
    """Return the kind of complaint that the weightiest reason of a refusal suggests; the officer can choose another."""
    return next((_KINDS[code] for code in codes if code in _KINDS), ComplaintKind.OTHER)


def find_shown_card(
    session: Session, text: str, trust: TrustList, *, area: str, as_typed: str = "", at: datetime
) -> Card | Reason:
    """Return the card that a family shows with its complaint, whatever its state; or why it names no family here.

    Args:
        text: the scanned text of a QR code, or a card number typed by hand.
        area: where a number typed by hand is enough, as in :func:`verify.hand_over.look_at_fresh_card`.
        as_typed: the other reading of the same keys, see :func:`verify.facts.read_scan`.
    """
    scan = read_scan(text, trust, at=at, as_typed=as_typed)
    if scan.refusal is not None:
        return scan.refusal
    card = find_card(session, number=scan.number, token_hash=scan.token_hash)
    if card is None:
        return Reason(ReasonCode.CARD_UNKNOWN)
    if scan.token_hash is None and not is_within(card.family.village_code, area):
        return Reason(ReasonCode.CARD_ELSEWHERE)
    return card
