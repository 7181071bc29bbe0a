"""The rules of giving: whether a card is given a package here and now. Pure: facts in, decision out.

A decision that is not a grant names every reason that an officer can tell the family, the weightiest first. What each
means, what the family is told and what to do next stands in docs/deciding.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from registry.kinds import (
    BlockReason,
    CardMedium,
    CardState,
    FamilyState,
    PeriodKind,
    PointKind,
    Proof,
    RoundState,
    Unit,
)
from verify.decide_card import RuleFacts, about_family_state, about_rule
from verify.reasons import Decision, Reason, ReasonCode, answer


@dataclass(frozen=True, slots=True)
class ScannedCard:
    """The card that was scanned, and its family."""

    state: CardState
    block_reason: BlockReason | None
    issued_at: datetime
    expires_at: datetime
    family_state: FamilyState
    head_died: bool
    """Whether the person named on the card has died."""
    has_head: bool
    """Whether the family has a living head now."""
    medium: CardMedium = CardMedium.PLASTIC


@dataclass(frozen=True, slots=True)
class GivenBefore:
    """The giving that stands for an entitlement: when, where, by whom, and on which receipt."""

    at: datetime
    point: str
    officer: str
    receipt: str


class Chosen(StrEnum):
    """Whose right it is, where the programme's rights are people's."""

    NOBODY_NEEDED = "nobody_needed"
    """The right is the family's."""
    MISSING = "missing"
    STRANGER = "stranger"
    """No living person of the card's family, or not any more."""
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Invitation:
    """When the family was invited to come, and its number in the queue."""

    on_date: date
    starts_at: time
    ends_at: time
    number: int


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Why a family, or a person of it, is on no roster of a round."""

    rule: RuleFacts | None = None
    """What would have to be otherwise."""
    is_another_chosen: bool = False
    """Whether another person of the family has the right that only one of a family may have."""
    is_covered_before_split: bool = False
    """Whether the family that this one came out of is on the list."""


@dataclass(frozen=True, slots=True)
class AskedRound:
    """The round that is asked for, and what this family, or a person of it, has in it at this place."""

    name: str
    opens_on: date
    closes_on: date
    state: RoundState
    serves_here: bool
    """Whether this service point has a roster of the round."""
    listed_on: date
    entitled_at: str | None
    """The name of the service point whose roster has the subject; ``None`` when no roster of the round has it."""
    entitled_here: bool
    given_before: GivenBefore | None
    """The last giving, when nothing is left of the subject's quota."""
    unlisted: Unlisted = field(default_factory=Unlisted)
    """For a subject that is on no roster."""
    programme: str = ""
    withdrawn_by: str | None = None
    """The office that has withdrawn the programme."""
    served_at: tuple[PointKind, ...] = ()
    """The kinds of place that serve the programme, where this one is not of them; else empty."""
    chosen: Chosen = Chosen.NOBODY_NEEDED
    quota: int = 1
    """How many units the subject has in the round."""
    removed_by: str | None = None
    """The number of the addendum that took the subject off the list."""
    invited: Invitation | None = None
    stock_left: int | None = None
    """Packages at this place; ``None`` where they are not counted."""
    balance_left: int | None = None
    """In rupiah; ``None`` where nothing is spent."""
    price: int = 0
    proofs: frozenset[Proof] = frozenset()
    """What the officer must see."""
    proxy_limit: int = 0
    """For how many families one proxy may collect in the round."""
    unit: Unit = Unit.PACKAGE
    schooling: PeriodKind | None = None
    """The kind of period, where a school or campus must state something with the giving."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who of the family takes the package."""

    is_of_family: bool
    """Whether it is a living person of the family."""
    is_grown_up: bool
    """Whether the person may take it: old enough, or head of the family, or the one whose right it is."""


class TakerKnown(StrEnum):
    """What the register says of the proxy whose NIK was typed."""

    UNKNOWN = "unknown"
    """Not in it: most of those who are not poor are not."""
    GROWN_UP = "grown_up"
    UNDER_AGE = "under_age"
    DEAD = "dead"
    OF_THE_FAMILY = "of_the_family"
    """A living person of the card's own family: no proxy at all."""


@dataclass(frozen=True, slots=True)
class OutsideTaker:
    """The proxy from outside who takes the package."""

    is_complete: bool
    """Whether name, NIK and letter are given."""
    families: int
    """For how many other families the proxy has collected in the round."""
    known: TakerKnown = TakerKnown.UNKNOWN


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the officer says to have done at the counter."""

    proofs: frozenset[Proof]
    is_paid: bool
    taker: Taker | OutsideTaker
    amount: int | None = None
    """What is to be spent of the balance, in rupiah."""
    is_enrolled: bool = False
    """Whether a school or campus states something with it."""


@dataclass(frozen=True, slots=True)
class GivingFacts:
    """All that is known when a package is asked for."""

    at: datetime
    today: date
    """The day at the counter (WIB)."""
    card: ScannedCard | None
    round: AskedRound | None
    hand_over: HandOver | None = None
    """``None`` while the card is only looked at."""


def decide(facts: GivingFacts) -> Decision:
    """Decide whether the package of a round is given to this card's family here and now.

    The card comes first: a card that is not valid learns nothing of what its family was given, when and where.
    """
    return answer(_about_card(facts) or _about_round(facts) or _about_hand_over(facts))


def decide_valid(facts: GivingFacts) -> Decision:
    """Decide whether the card itself is good, whatever it opens and wherever it is shown."""
    return answer(_about_card(facts))


def _about_card(facts: GivingFacts) -> list[Reason]:
    card = facts.card
    if card is None:
        return [Reason(ReasonCode.CARD_UNKNOWN)]
    reasons: list[Reason] = []
    match card.state:
        case CardState.BLOCKED:
            reasons.append(Reason(ReasonCode.CARD_BLOCKED, {"reason": card.block_reason or ""}))
        case CardState.REPLACED:
            reasons.append(Reason(ReasonCode.CARD_REPLACED, {"reason": card.block_reason or ""}))
        case CardState.ISSUED | CardState.PRINTED:
            reasons.append(Reason(ReasonCode.CARD_NOT_HANDED_OVER))
        case CardState.ACTIVE:
            pass
    if facts.at < card.issued_at:
        reasons.append(Reason(ReasonCode.NOT_YET_VALID, {"at": card.issued_at.isoformat()}))
    if facts.at >= card.expires_at:
        reasons.append(Reason(ReasonCode.EXPIRED, {"at": card.expires_at.isoformat(), "medium": card.medium}))
    reasons += about_family_state(card.family_state)
    if not card.has_head:
        reasons.append(Reason(ReasonCode.HEAD_DEAD if card.head_died else ReasonCode.NO_HEAD))
    return reasons


def _about_round(facts: GivingFacts) -> list[Reason]:
    asked = facts.round
    if asked is None:
        return [Reason(ReasonCode.NO_ROUND_HERE)]
    reasons: list[Reason] = []
    if asked.withdrawn_by is not None:
        detail = {"programme": asked.programme, "office": asked.withdrawn_by}
        reasons.append(Reason(ReasonCode.PROGRAMME_WITHDRAWN, detail))
    match asked.chosen:
        case Chosen.MISSING:
            reasons.append(Reason(ReasonCode.PERSON_NOT_CHOSEN))
        case Chosen.STRANGER:
            reasons.append(Reason(ReasonCode.PERSON_NOT_OF_FAMILY))
        case Chosen.NOBODY_NEEDED | Chosen.MEMBER:
            reasons += _about_right(facts, asked)
    if asked.state is not RoundState.OPEN or not asked.opens_on <= facts.today <= asked.closes_on:
        detail = {
            "round": asked.name,
            "opens_on": asked.opens_on.isoformat(),
            "closes_on": asked.closes_on.isoformat(),
            "state": asked.state.value,
        }
        reasons.append(Reason(ReasonCode.ROUND_NOT_OPEN, detail))
    return reasons


def _about_right(facts: GivingFacts, asked: AskedRound) -> list[Reason]:
    if asked.given_before is not None:
        return [_about_given(asked, asked.given_before)]
    if asked.removed_by is not None:
        return [Reason(ReasonCode.REMOVED_FROM_LIST, {"round": asked.name, "addendum": asked.removed_by})]
    if asked.entitled_at is None:
        return _about_unlisted(asked)
    if not asked.entitled_here:
        reasons = [Reason(ReasonCode.WRONG_PLACE, {"round": asked.name, "point": asked.entitled_at})]
        return reasons + _about_day(facts, asked)
    reasons = _about_kind_of_place(asked) + _about_day(facts, asked)
    if asked.stock_left is not None and asked.stock_left <= 0:
        reasons.append(Reason(ReasonCode.NO_STOCK, {"round": asked.name}))
    if asked.balance_left == 0:
        reasons.append(Reason(ReasonCode.NOT_ENOUGH_LEFT, {"left": "0", "amount": ""}))
    return reasons


def _about_given(asked: AskedRound, before: GivenBefore) -> Reason:
    detail = {
        "at": before.at.isoformat(),
        "point": before.point,
        "officer": before.officer,
        "receipt": before.receipt,
        "round": asked.name,
    }
    if asked.quota > 1:
        return Reason(ReasonCode.QUOTA_USED, detail | {"quota": str(asked.quota)})
    return Reason(ReasonCode.ALREADY_GIVEN, detail | {"unit": asked.unit.value})


def _about_unlisted(asked: AskedRound) -> list[Reason]:
    reasons = [Reason(ReasonCode.NOT_ENTITLED, {"round": asked.name, "listed_on": asked.listed_on.isoformat()})]
    if asked.unlisted.is_covered_before_split:
        reasons.append(Reason(ReasonCode.COVERED_BEFORE_SPLIT, {"round": asked.name}))
    if asked.unlisted.is_another_chosen:
        reasons.append(Reason(ReasonCode.ONE_PER_FAMILY))
    if asked.unlisted.rule is not None:
        reasons += about_rule(asked.unlisted.rule)
    if not asked.serves_here:
        reasons.append(Reason(ReasonCode.NO_ROUND_HERE))
    return reasons + _about_kind_of_place(asked)


def _about_kind_of_place(asked: AskedRound) -> list[Reason]:
    if not asked.served_at:
        return []
    detail = {"programme": asked.programme, "places": " ".join(asked.served_at)}
    return [Reason(ReasonCode.NOT_SERVED_HERE, detail)]


def _about_day(facts: GivingFacts, asked: AskedRound) -> list[Reason]:
    invited = asked.invited
    if invited is None or invited.on_date <= facts.today:
        return []  # who comes after the day is served: the package is still there
    detail = {
        "date": invited.on_date.isoformat(),
        "starts": invited.starts_at.isoformat("minutes"),
        "ends": invited.ends_at.isoformat("minutes"),
        "number": str(invited.number),
        "point": asked.entitled_at or "",
    }
    return [Reason(ReasonCode.WRONG_DAY, detail)]


def _about_hand_over(facts: GivingFacts) -> list[Reason]:
    asked, done = facts.round, facts.hand_over
    if asked is None or done is None:
        return []
    reasons: list[Reason] = []
    missing = [proof for proof in Proof if proof in asked.proofs - done.proofs]
    if missing:
        reasons.append(Reason(ReasonCode.PROOF_MISSING, {"proofs": " ".join(missing)}))
    if asked.price > 0 and not done.is_paid:
        reasons.append(Reason(ReasonCode.NOT_PAID, {"price": str(asked.price)}))
    if asked.balance_left is not None and not 0 < (done.amount or 0) <= asked.balance_left:
        detail = {"amount": str(done.amount or 0), "left": str(asked.balance_left)}
        reasons.append(Reason(ReasonCode.NOT_ENOUGH_LEFT, detail))
    if asked.schooling is not None and not done.is_enrolled:
        is_campus = asked.schooling is PeriodKind.SEMESTER
        reasons.append(Reason(ReasonCode.CAMPUS_MISSING if is_campus else ReasonCode.NISN_MALFORMED))
    match done.taker:
        case Taker(is_of_family=False):
            reasons.append(Reason(ReasonCode.PERSON_NOT_OF_FAMILY))
        case Taker(is_grown_up=False):
            reasons.append(Reason(ReasonCode.RECEIVER_UNDER_AGE))
        case OutsideTaker(is_complete=False):
            reasons.append(Reason(ReasonCode.PROXY_LETTER_MISSING))
        case OutsideTaker(known=TakerKnown.OF_THE_FAMILY):
            reasons.append(Reason(ReasonCode.PROXY_OF_FAMILY))
        case OutsideTaker(known=TakerKnown.DEAD):
            reasons.append(Reason(ReasonCode.PROXY_DEAD))
        case OutsideTaker(known=TakerKnown.UNDER_AGE):
            reasons.append(Reason(ReasonCode.RECEIVER_UNDER_AGE))
        case OutsideTaker(families=families) if families >= asked.proxy_limit:
            detail = {"count": str(families), "limit": str(asked.proxy_limit)}
            reasons.append(Reason(ReasonCode.PROXY_LIMIT, detail))
    return reasons
