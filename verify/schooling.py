"""Schooling: which children a card shows to a school, whether one is on its list, and confirming it once.

The school sees the child, not the family's poverty: every decision is told in the words of :func:`say_to_school`, which
keeps back whatever speaks of the family. What a pupil's right is taken with (NISN, campus, evidence) is decided by
:func:`decide_stated`; all else is the giving of a right as everywhere (:mod:`verify.redeem`). What is refused is kept
by :func:`verify.not_confirmed.keep_not_confirmed`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from registry.audit import Actor
from registry.cards.cards import find_card
from registry.days import local_day
from registry.db import Database, Session
from registry.families.known_facts import Known as KnownFact
from registry.families.known_facts import current_person_facts
from registry.kinds import Outcome, PeriodKind, Proof
from registry.models import Round, ServicePoint
from registry.programmes.terms import Terms, terms_of
from registry.schooling.enrolments import StatedEnrolment
from registry.schooling.pupils import Pupil, Standing, find_standing, is_schooling, pupils_of, school_rounds
from verify.decide import decide, decide_valid
from verify.facts import Asked, Scan, gather
from verify.not_confirmed import Elsewhere, NotConfirmed, find_elsewhere
from verify.reasons import Decision, Reason, ReasonCode, refuse
from verify.redeem import Given, RedeemRequest, RedeemWriter, redeem
from verify.shown_card import NotShown, find_shown_card
from verify.told_to_schools import say_to_school

_NISN = re.compile(r"[0-9]{10}")
_FOLLOWS_FROM_STANDING = frozenset({ReasonCode.ALREADY_GIVEN, ReasonCode.QUOTA_USED, ReasonCode.WRONG_PLACE})
"""What the giving says of a right that was taken: the school is told where its pupil is confirmed instead."""


@dataclass(frozen=True, slots=True)
class PupilsSeen:
    """The answer to a scan at a school: the children of the card, or why the card is not good."""

    decision: Decision
    card_id: UUID | None = None
    pupils: tuple[Pupil, ...] = ()

    def pupil(self, person_id: UUID) -> Pupil | None:
        """Return one of the children; ``None`` for anybody who is not shown here."""
        return next((one for one in self.pupils if one.person_id == person_id), None)


@dataclass(frozen=True, slots=True)
class SchoolOffer:
    """One programme of schooling, as this pupil stands to it here and now."""

    round_id: UUID
    round_name: str
    programme: str
    package: str
    period: PeriodKind
    proofs: tuple[Proof, ...]
    decision: Decision
    """In the words for a school."""
    elsewhere: Elsewhere | None = None
    """Where this is a second school that asks."""


@dataclass(frozen=True, slots=True)
class PupilSeen:
    """One child at this point: what can be confirmed, else every reason why not."""

    decision: Decision
    card_id: UUID | None = None
    pupil: Pupil | None = None
    offers: tuple[SchoolOffer, ...] = ()
    """What can be confirmed first."""

    @property
    def refused(self) -> list[NotConfirmed]:
        """What is to be kept as refused, each with its round: also beside what can be confirmed."""
        person_id = self.pupil.person_id if self.pupil else None
        if not self.offers:
            return [] if self.decision.is_granted else [NotConfirmed(self.decision, self.card_id, person_id=person_id)]
        return [
            NotConfirmed(offer.decision, self.card_id, offer.round_id, person_id, elsewhere=offer.elsewhere)
            for offer in self.offers
            if not offer.decision.is_granted
        ]


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """A confirmation asked for. The same key gives the same answer again, as for every giving."""

    scan: Scan
    person_id: UUID
    round_id: UUID
    stated: StatedEnrolment
    """Without the NPSN: it is the point's."""
    proofs: frozenset[Proof]
    idempotency_key: str
    actor: Actor
    area: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The enrolment is confirmed, and stored so."""

    receipt_number: str


def look_at_pupils(session: Session, scan: Scan, *, point_id: UUID, area: str, at: datetime) -> PupilsSeen:
    """Return the children of school age of a card. It only reads: what grants nothing is for the caller to keep.

    Args:
        area: where a number typed by hand is enough.
    """
    card = find_shown_card(session, scan, area=area)
    if isinstance(card, NotShown):
        return PupilsSeen(refuse(card.reason), card.card.id if card.card else None)
    decision = decide_valid(gather(session.connection(), [Asked(scan, None, point_id, at)])[0].facts)
    if not decision.is_granted:
        return PupilsSeen(say_to_school(decision), card.id)
    point = session.get_one(ServicePoint, point_id)
    pupils = pupils_of(session, card.family_id, point=point, today=local_day(at))
    return PupilsSeen(decision, card.id, tuple(pupils))


def look_at_pupil(
    session: Session, scan: Scan, person_id: UUID, *, point_id: UUID, area: str, at: datetime
) -> PupilSeen:
    """Decide for showing what can be confirmed for one child of a card. It only reads, as :func:`look_at_pupils`."""
    seen = look_at_pupils(session, scan, point_id=point_id, area=area, at=at)
    if not seen.decision.is_granted:
        return PupilSeen(seen.decision, seen.card_id)
    pupil = seen.pupil(person_id)
    if pupil is None:
        return PupilSeen(refuse(Reason(ReasonCode.PERSON_NOT_OF_FAMILY)), seen.card_id)
    point = session.get_one(ServicePoint, point_id)
    rounds = school_rounds(session, point=point, person_id=person_id, today=local_day(at))
    asked = [Asked(scan, one.id, point_id, at, person_id=person_id) for one in rounds]
    terms = terms_of(session, [one.id for one in rounds])
    offers = []
    for round_, known in zip(rounds, gather(session.connection(), asked), strict=True):
        standing = find_standing(session, round_, person_id)
        decision, elsewhere = decide(known.facts), None
        if standing is not None:
            decision = _with_standing(decision, standing, point_id=point_id)
            elsewhere = find_elsewhere(session, round_, person_id, standing, point=point)
        offers.append(_offer(round_, terms[round_.id], say_to_school(decision), elsewhere))
    offers.sort(key=lambda offer: not offer.decision.is_granted)
    return PupilSeen(
        decision=_sum_up([offer.decision for offer in offers]),
        card_id=seen.card_id,
        pupil=pupil,
        offers=tuple(offers),
    )


def confirm_enrolment(database: Database, writer: RedeemWriter, request: EnrolmentRequest) -> Confirmed | NotConfirmed:
    """Confirm a pupil once for the round, with what the school states; asked again, the same receipt.

    The right, the statement, and a NISN that becomes known by it are stored in one transaction. A refusal that has no
    ``attempt_id`` is for the caller to keep, since the school may see what is kept: one that giving found is kept
    already, unless it speaks of the family.
    """
    with database.reading() as session:
        point = session.get_one(ServicePoint, request.actor.point_id)
        stated = replace(request.stated, npsn=point.facility_code)
        refused = _refuse_early(session, request, stated)
    if refused is not None:
        return refused
    answer = redeem(
        writer,
        RedeemRequest(
            scan=request.scan,
            round_id=request.round_id,
            idempotency_key=request.idempotency_key,
            actor=request.actor,
            at=request.at,
            person_id=request.person_id,
            proofs=request.proofs,
            enrolment=stated,
        ),
    )
    if isinstance(answer, Given):
        return Confirmed(answer.receipt_number)
    with database.reading() as session:  # another school may have been quicker since the look
        refused = _refuse(session, answer.decision, request)
    is_told_as_kept = refused.decision == answer.decision
    return replace(refused, attempt_id=answer.attempt_id if is_told_as_kept else None)


def _refuse_early(session: Session, request: EnrolmentRequest, stated: StatedEnrolment) -> NotConfirmed | None:
    """Return why nothing is to be confirmed that needs no lock to be seen; ``None`` lets the giving decide."""
    seen = look_at_pupils(session, request.scan, point_id=request.actor.point_id, area=request.area, at=request.at)
    if not seen.decision.is_granted:
        return NotConfirmed(seen.decision, seen.card_id)
    if seen.pupil(request.person_id) is None:
        return NotConfirmed(refuse(Reason(ReasonCode.PERSON_NOT_OF_FAMILY)), seen.card_id)
    round_ = session.get(Round, request.round_id)
    if round_ is None or not is_schooling(round_.programme):
        return NotConfirmed(refuse(Reason(ReasonCode.NO_ROUND_HERE)), seen.card_id, person_id=request.person_id)
    known = current_person_facts(session, [request.person_id])[request.person_id]
    reasons = decide_stated(stated, period=round_.programme.period, known_nisn=known.nisn)
    if reasons:
        return NotConfirmed(refuse(*reasons), seen.card_id, round_.id, request.person_id)
    standing = find_standing(session, round_, request.person_id)
    if standing is not None and standing.point_id != request.actor.point_id:
        return _refuse(session, Decision(Outcome.GRANTED), request)
    return None


def _refuse(session: Session, decision: Decision, request: EnrolmentRequest) -> NotConfirmed:
    card = find_card(session, number=request.scan.number, token_hash=request.scan.token_hash)
    round_ = session.get_one(Round, request.round_id)
    standing = find_standing(session, round_, request.person_id)
    elsewhere = None
    if standing is not None:
        point = session.get_one(ServicePoint, request.actor.point_id)
        decision = _with_standing(decision, standing, point_id=point.id)
        elsewhere = find_elsewhere(session, round_, request.person_id, standing, point=point)
    return NotConfirmed(
        say_to_school(decision), card.id if card else None, round_.id, request.person_id, elsewhere=elsewhere
    )


def decide_stated(
    stated: StatedEnrolment, *, period: PeriodKind, known_nisn: KnownFact[str] | None
) -> tuple[Reason, ...]:
    """Return what is wrong with what a school or campus states; nothing when it may be taken.

    A school year asks for a school with an NPSN and for the NISN, which must be the one that is known, if any is; a
    semester asks for the campus and what was shown.
    """
    if period is PeriodKind.SEMESTER:
        return () if stated.campus and stated.evidence else (Reason(ReasonCode.CAMPUS_MISSING),)
    if not stated.npsn:
        return (Reason(ReasonCode.NPSN_MISSING),)
    if not _NISN.fullmatch(stated.nisn):
        return (Reason(ReasonCode.NISN_MALFORMED),)
    if known_nisn is not None and known_nisn.value != stated.nisn:
        detail = {"source": known_nisn.source, "as_of": known_nisn.as_of.isoformat()}
        return (Reason(ReasonCode.NISN_DIFFERS, detail),)
    return ()


def _with_standing(decision: Decision, standing: Standing, *, point_id: UUID) -> Decision:
    """Put where the pupil is confirmed in place of every reason that follows from it."""
    detail = {"at": standing.given_at.isoformat(), "point": standing.point}
    if standing.point_id == point_id:
        confirmed = {**detail, "officer": standing.officer, "receipt": standing.receipt_number}
        told = Reason(ReasonCode.PUPIL_CONFIRMED, confirmed)
    else:
        told = Reason(ReasonCode.PUPIL_ELSEWHERE, {**detail, "npsn": standing.npsn})
    rest = [reason for reason in decision.reasons if reason.code not in _FOLLOWS_FROM_STANDING]
    return refuse(told, *rest)


def _offer(round_: Round, terms: Terms, decision: Decision, elsewhere: Elsewhere | None) -> SchoolOffer:
    programme = round_.programme
    return SchoolOffer(
        round_id=round_.id,
        round_name=round_.name,
        programme=terms.programme,
        package=terms.package,
        period=programme.period,
        proofs=tuple(Proof(proof) for proof in programme.proofs),
        decision=decision,
        elsewhere=elsewhere,
    )


def _sum_up(decisions: Sequence[Decision]) -> Decision:
    """Return a grant when one of the decisions is, else every reason of them all; without any there is no round."""
    if any(decision.is_granted for decision in decisions):
        return Decision(Outcome.GRANTED)
    reasons = [reason for decision in decisions for reason in decision.reasons]
    return say_to_school(refuse(*(reasons or [Reason(ReasonCode.NO_ROUND_HERE)])))
