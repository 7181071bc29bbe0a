"""Looking at a card for showing: whose it is, and what may be given here now, round by round, with every reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from registry.cards.view import CardView, view_card
from registry.code.token import TrustList
from registry.db import Session
from registry.kinds import Outcome
from registry.models import Round
from registry.programmes.rounds import rounds_of
from verify.decide import Decision, ReasonCode, decide, decide_valid, refuse
from verify.facts import Asked, Scan, gather, read_scan

_RANK = {ReasonCode.ALREADY_GIVEN: 1, ReasonCode.WRONG_PLACE: 2}
_LAST = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """The package of one round, as this card stands to it here and now."""

    round_id: UUID
    entitlement_id: UUID | None
    """``None`` for a family that is on no roster of the round."""
    round_name: str
    programme_code: str
    programme: str
    package: str
    value: int
    """Worth in whole rupiah."""
    price: int
    """What the family pays, in whole rupiah."""
    decision: Decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a scan: granted when anything can be given, else with every reason why not."""

    decision: Decision
    card: CardView | None = None
    """``None`` when it is no card of ours, or not to be believed."""
    offers: tuple[Offer, ...] = ()
    """What can be given first, then what was given already, then the rest."""
    card_id: UUID | None = None
    round_id: UUID | None = None
    """The round that was looked at, where it was a single one."""


def look(
    session: Session,
    text: str,
    *,
    as_typed: str = "",
    round_id: UUID | None = None,
    point_id: UUID,
    trust: TrustList,
    at: datetime,
) -> Verdict:
    """Decide for showing, at a service point. It only reads: a verdict that grants nothing is for the caller to keep.

    Looking takes nothing: only :func:`verify.redeem.redeem` gives, and it decides anew.

    Args:
        text: the scanned text of a QR code, or a card number typed by hand.
        as_typed: the other reading of the same keys, see :func:`verify.facts.read_scan`.
        round_id: the one round to look at; when left out, every round that concerns this point or this family today.
    """
    scan = read_scan(text, trust, at=at, as_typed=as_typed)
    if scan.refusal is not None:
        return Verdict(refuse(scan.refusal))
    card = gather(session.connection(), [Asked(scan, None, point_id, at)])[0]
    if card.card_id is None or card.family_id is None:
        return Verdict(decide(card.facts))
    if round_id is not None:
        asked = session.get(Round, round_id)
        rounds: Sequence[Round] = [asked] if asked else []
    else:
        rounds = _current(rounds_of(session, point_id=point_id, family_id=card.family_id), today=card.facts.today)
    offers = _offers(session, scan, rounds, point_id=point_id, at=at)
    return Verdict(
        decision=_sum_up([offer.decision for offer in offers] or [decide(card.facts)]),
        card=view_card(session, card.card_id),
        offers=offers,
        card_id=card.card_id,
        round_id=rounds[0].id if len(rounds) == 1 else None,
    )


def look_at_card(session: Session, text: str, *, point_id: UUID, trust: TrustList, at: datetime) -> Verdict:
    """Decide for showing whether the card itself is good, whatever it opens; it only reads, as :func:`look` does."""
    scan = read_scan(text, trust, at=at)
    if scan.refusal is not None:
        return Verdict(refuse(scan.refusal))
    card = gather(session.connection(), [Asked(scan, None, point_id, at)])[0]
    view = view_card(session, card.card_id) if card.card_id else None
    return Verdict(decide_valid(card.facts), view, card_id=card.card_id)


def _sum_up(decisions: Sequence[Decision]) -> Decision:
    """Return a grant when one of the decisions is, else every reason of them all, each once."""
    if any(decision.is_granted for decision in decisions):
        return Decision(Outcome.GRANTED)
    reasons = {(reason.code, *reason.detail.items()): reason for one in decisions for reason in one.reasons}
    return Decision(Outcome.REFUSED, tuple(reasons.values()))


def _current(rounds: Sequence[Round], *, today: date) -> Sequence[Round]:
    """Return the rounds of today; else those to come; else the one that ended last, so that its dates can be told."""
    open_today = [one for one in rounds if one.opens_on <= today <= one.closes_on]
    to_come = [one for one in rounds if one.opens_on > today]
    ended = [one for one in rounds if one.closes_on < today]
    return open_today or to_come or ended[-1:]


def _offers(
    session: Session, scan: Scan, rounds: Sequence[Round], *, point_id: UUID, at: datetime
) -> tuple[Offer, ...]:
    known = gather(session.connection(), [Asked(scan, one.id, point_id, at) for one in rounds])
    offers = [
        Offer(
            round_id=round_.id,
            entitlement_id=one.entitlement_id,
            round_name=round_.name,
            programme_code=round_.programme_code,
            programme=round_.programme.name,
            package=round_.programme.package,
            value=round_.value,
            price=round_.price,
            decision=decide(one.facts),
        )
        for round_, one in zip(rounds, known, strict=True)
    ]
    return tuple(sorted(offers, key=_rank))


def _rank(offer: Offer) -> int:
    if offer.decision.is_granted:
        return 0
    return min(_RANK.get(reason.code, _LAST) for reason in offer.decision.reasons)
