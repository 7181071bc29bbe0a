"""Looking at a card for showing: whose it is, and what may be given here now, round by round, with every reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from registry.cards.history import Receiver, receivers_for
from registry.cards.view import CardView, view_card
from registry.code.token import TrustList
from registry.db import Session
from registry.giving.listed_people import ListedPerson, listed_people
from registry.kinds import Outcome, Proof, RoundState, Subject, Unit
from registry.models import Card, Round
from registry.programmes.rounds import rounds_of
from registry.programmes.terms import Terms, terms_of
from verify.decide import Chosen, Invitation, decide, decide_valid
from verify.facts import Asked, Known, Scan, gather, read_scan
from verify.reasons import Decision, ReasonCode, refuse
from verify.refusals import NotGranted

_GIVEN = {ReasonCode.ALREADY_GIVEN, ReasonCode.QUOTA_USED}
_ELSEWHERE = {ReasonCode.WRONG_PLACE, ReasonCode.NO_ROUND_HERE, ReasonCode.NOT_SERVED_HERE}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person of the family who has a right of their own in a round, as it stands here and now."""

    person: ListedPerson
    decision: Decision


@dataclass(frozen=True, slots=True)
class Offer:
    """The package of one round, as this card stands to it here and now."""

    round_id: UUID
    entitlement_id: UUID | None
    """``None`` for a family that is on no roster of the round, and where the right is a person's or a balance."""
    round_name: str
    programme_code: str
    programme: str
    package: str
    value: int
    """Worth in whole rupiah."""
    price: int
    """What the family pays, in whole rupiah."""
    decision: Decision
    unit: Unit = Unit.PACKAGE
    proofs: tuple[Proof, ...] = ()
    """What the officer must see before giving."""
    proxy_limit: int = 0
    quota: int = 1
    invited: Invitation | None = None
    balance_left: int | None = None
    """In rupiah, where the family spends from a balance."""
    candidates: tuple[Candidate, ...] = ()
    """Where the right is a person's: everybody of the family who has one."""
    is_schooling: bool = False
    """Whether it is confirmed on the school's own page."""

    @property
    def person_id(self) -> UUID | None:
        """Whose right it is, where one person of the family has it; a pupil is named on the school's own page only."""
        return self.candidates[0].person.id if len(self.candidates) == 1 and not self.is_schooling else None

    @property
    def is_elsewhere(self) -> bool:
        """Whether nothing is amiss but the place: the family is told where to go, and has nothing to complain of."""
        codes = {reason.code for reason in self.decision.reasons}
        return bool(codes) and codes <= _ELSEWHERE


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a scan: granted when anything can be given, else with every reason why not."""

    decision: Decision
    card: CardView | None = None
    """``None`` when it is no card of ours, or not to be believed."""
    offers: tuple[Offer, ...] = ()
    """What can be given first, then what was given already, then the rest."""
    card_id: UUID | None = None
    receivers: tuple[Receiver, ...] = ()
    """Who of the family may take what is given, the head first; nobody where nothing can be."""

    @property
    def refusals(self) -> list[NotGranted]:
        """What is to be kept as refused, each with its round: also beside what is granted, so that its office sees it.

        Of a scan that led to no round at all the verdict itself.
        """
        if not self.offers:
            return [] if self.decision.is_granted else [NotGranted(self.decision)]
        return [
            NotGranted(offer.decision, offer.round_id, offer.person_id)
            for offer in self.offers
            if not offer.decision.is_granted
        ]


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
        today = card.facts.today
        concerned = rounds_of(session, point_id=point_id, family_id=card.family_id, today=today)
        rounds = _current(concerned, today=today)
    offers = _offers(session, scan, rounds, family_id=card.family_id, point_id=point_id, at=at)
    decision = _sum_up([offer.decision for offer in offers] or [decide(card.facts)])
    shown = session.get_one(Card, card.card_id)
    return Verdict(
        decision=decision,
        card=view_card(session, card.card_id),
        offers=offers,
        card_id=card.card_id,
        receivers=tuple(receivers_for(session, shown, at=at)) if decision.is_granted else (),
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
    """Return the rounds that are open today; else the one closed before its time, and those to come.

    Else the one that ended last, so that its dates can be told.
    """
    in_time = [one for one in rounds if one.closes_on >= today]
    open_today = [one for one in in_time if one.opens_on <= today and one.state is RoundState.OPEN]
    return open_today or in_time or rounds[-1:]


def _offers(
    session: Session, scan: Scan, rounds: Sequence[Round], *, family_id: UUID, point_id: UUID, at: datetime
) -> tuple[Offer, ...]:
    of_people = [one.id for one in rounds if one.programme.subject is Subject.PERSON]
    listed = listed_people(session, family_id, of_people) if of_people else {}
    asked = [
        (round_, person, Asked(scan, round_.id, point_id, at, person.id if person else None))
        for round_ in rounds
        for person in (*listed.get(round_.id, ()),) or (None,)
    ]
    known: dict[UUID, list[tuple[ListedPerson | None, Known]]] = defaultdict(list)
    for (round_, person, _), one in zip(
        asked, gather(session.connection(), [question for _, _, question in asked]), strict=True
    ):
        known[round_.id].append((person, one))
    terms = terms_of(session, [one.id for one in rounds])
    return tuple(sorted((_offer(one, terms[one.id], known[one.id]) for one in rounds), key=_rank))


def _offer(round_: Round, terms: Terms, known: Sequence[tuple[ListedPerson | None, Known]]) -> Offer:
    candidates = tuple(Candidate(person, decide(one.facts)) for person, one in known if person is not None)
    decisions = [one.decision for one in candidates] or [_decide_unlisted(one) for _, one in known]
    first = known[0][1]
    asked, programme = first.facts.round, round_.programme
    return Offer(
        round_id=round_.id,
        entitlement_id=None if candidates else first.entitlement_id,
        round_name=round_.name,
        programme_code=round_.programme_code,
        programme=terms.programme,
        package=terms.package,
        value=round_.value,
        price=round_.price,
        decision=_sum_up(decisions),
        unit=programme.unit,
        proofs=tuple(proof for proof in Proof if proof in programme.proofs),
        proxy_limit=programme.proxy_limit,
        quota=asked.quota if asked else 1,
        invited=asked.invited if asked else None,
        balance_left=asked.balance_left if asked else None,
        candidates=candidates,
        is_schooling=asked is not None and asked.schooling is not None,
    )


def _decide_unlisted(known: Known) -> Decision:
    """Decide without asking who it is for, where nobody of the family has the right: that, then, is the answer."""
    round_ = known.facts.round
    if round_ is None or round_.chosen is not Chosen.MISSING:
        return decide(known.facts)
    return decide(replace(known.facts, round=replace(round_, chosen=Chosen.NOBODY_NEEDED)))


def _rank(offer: Offer) -> int:
    """Return what comes first: what can be given, what was, what this place refuses, and last what is elsewhere."""
    codes = {reason.code for reason in offer.decision.reasons}
    if not codes:
        return 0
    if codes & _GIVEN:
        return 1
    return 3 if codes & _ELSEWHERE else 2
