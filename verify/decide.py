"""The rules: who may have a card, and whether a card is given a package here and now. Pure: facts in, decision out.

A decision that is not a grant names every reason that an officer can tell the family, the weightiest first. What each
means, what the family is told and what to do next stands in docs/deciding.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from registry.kinds import BlockReason, CardState, FamilyState, Outcome, PeriodKind, PointKind, Proof, RoundState
from verify.clauses import FailedClause, Value


class ReasonCode(StrEnum):
    """Why something is not granted."""

    # the text that was scanned or typed
    UNREADABLE = "unreadable"
    NUMBER_MISTYPED = "number_mistyped"
    NOT_OURS = "not_ours"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    RETIRED_KEY = "retired_key"
    # the card
    CARD_UNKNOWN = "card_unknown"
    CARD_ELSEWHERE = "card_elsewhere"
    CARD_BLOCKED = "card_blocked"
    CARD_REPLACED = "card_replaced"
    CARD_NOT_HANDED_OVER = "card_not_handed_over"
    CARD_NOT_PRINTED = "card_not_printed"
    CARD_ACTIVE_ALREADY = "card_active_already"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    # the family
    FAMILY_MOVED = "family_moved"
    FAMILY_DISSOLVED = "family_dissolved"
    HEAD_DEAD = "head_dead"
    NO_HEAD = "no_head"
    HEAD_CHANGED = "head_changed"
    # the giving
    ALREADY_GIVEN = "already_given"
    NOT_ENTITLED = "not_entitled"
    WRONG_PLACE = "wrong_place"
    ROUND_NOT_OPEN = "round_not_open"
    NO_ROUND_HERE = "no_round_here"
    NO_ROUND_OPEN = "no_round_open"
    KEY_USED_DIFFERENTLY = "key_used_differently"
    # the right: whose, how much, and on which list
    PERSON_NOT_CHOSEN = "person_not_chosen"
    PERSON_NOT_OF_FAMILY = "person_not_of_family"
    QUOTA_USED = "quota_used"
    NOT_ENOUGH_LEFT = "not_enough_left"
    REMOVED_FROM_LIST = "removed_from_list"
    EXCLUDED_BY_PROGRAMME = "excluded_by_programme"
    ONE_PER_FAMILY = "one_per_family"
    COVERED_BEFORE_SPLIT = "covered_before_split"
    PROGRAMME_WITHDRAWN = "programme_withdrawn"
    NOT_SERVED_HERE = "not_served_here"
    WRONG_DAY = "wrong_day"
    # the hand-over at the counter
    PROOF_MISSING = "proof_missing"
    NOT_PAID = "not_paid"
    NO_STOCK = "no_stock"
    RECEIVER_UNDER_AGE = "receiver_under_age"
    PROXY_LETTER_MISSING = "proxy_letter_missing"
    PROXY_LIMIT = "proxy_limit"
    # the pupil
    PUPIL_NOT_LISTED = "pupil_not_listed"
    PUPIL_CONFIRMED = "pupil_confirmed"
    PUPIL_ELSEWHERE = "pupil_elsewhere"
    NISN_DIFFERS = "nisn_differs"
    NISN_MALFORMED = "nisn_malformed"
    CAMPUS_MISSING = "campus_missing"
    NPSN_MISSING = "npsn_missing"
    # what a school is told in place of a reason that speaks of the family
    CARD_NOT_USABLE = "card_not_usable"
    # the visit
    PREGNANCY_MISSING = "pregnancy_missing"
    # the rule of who is entitled
    CLAUSE_FAILED = "clause_failed"
    CLAUSE_UNKNOWN = "clause_unknown"
    NOT_TOLD_HERE = "not_told_here"
    CARD_EXISTS = "card_exists"


NOT_A_CARD_OF_OURS = frozenset(
    {
        ReasonCode.UNREADABLE,
        ReasonCode.NUMBER_MISTYPED,
        ReasonCode.NOT_OURS,
        ReasonCode.UNKNOWN_KEY,
        ReasonCode.CARD_UNKNOWN,
    }
)
"""Reasons that say nothing about a family: the answer to the scan is "unknown", not "refused"."""


OF_THE_HAND_OVER = frozenset(
    {
        ReasonCode.PROOF_MISSING,
        ReasonCode.NOT_PAID,
        ReasonCode.NOT_ENOUGH_LEFT,
        ReasonCode.PERSON_NOT_CHOSEN,
        ReasonCode.RECEIVER_UNDER_AGE,
        ReasonCode.PROXY_LETTER_MISSING,
        ReasonCode.PROXY_LIMIT,
    }
)
"""Reasons that the officer can mend at once, with the family still at the counter."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with the values that its words need (dates and times in ISO form, times in UTC)."""

    code: ReasonCode
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: granted, or not, and then with at least one reason."""

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.GRANTED) != (not self.reasons):
            raise ValueError("a decision is either granted or has reasons")

    @property
    def is_granted(self) -> bool:
        """Whether what was asked is granted."""
        return self.outcome is Outcome.GRANTED


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """What the rule of who is entitled said of a family, or of a person of it."""

    family_state: FamilyState
    failed: tuple[FailedClause, ...]
    """The clauses that are not fulfilled; none for those who are entitled."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What is asked before a card is issued to a family."""

    rule: RuleFacts
    has_head: bool
    live_card: str | None
    """The number of the card that the family has already: issued, printed or active."""


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """What is asked before a fresh card is handed over."""

    at: datetime
    state: CardState
    block_reason: BlockReason | None
    expires_at: datetime
    family_state: FamilyState
    head_died: bool
    """Whether the person named on the card has died."""
    has_head: bool
    """Whether the family has a living head now."""
    head_is_named: bool
    """Whether that head is the person named on the card."""


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
    schooling: PeriodKind | None = None
    """The kind of period, where a school or campus must state something with the giving."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who of the family takes the package."""

    is_of_family: bool
    """Whether it is a living person of the family."""
    is_grown_up: bool
    """Whether the person may take it: old enough, or head of the family, or the one whose right it is."""


@dataclass(frozen=True, slots=True)
class OutsideTaker:
    """The proxy from outside who takes the package."""

    is_complete: bool
    """Whether name, NIK and letter are given."""
    families: int
    """For how many other families the proxy has collected in the round."""


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
    return _answer(_about_card(facts) or _about_round(facts) or _about_hand_over(facts))


def decide_valid(facts: GivingFacts) -> Decision:
    """Decide whether the card itself is good, whatever it opens and wherever it is shown."""
    return _answer(_about_card(facts))


def decide_entitled(facts: RuleFacts) -> Decision:
    """Decide whether a family, or a person of it, is entitled under a rule: every clause that fails is a reason."""
    return _answer(_about_rule(facts))


def decide_card(facts: CardFacts) -> Decision:
    """Decide whether a family is issued a card: entitled, with a living head, and without a card that still lives."""
    reasons = _about_rule(facts.rule)
    if not facts.has_head:
        reasons.append(Reason(ReasonCode.NO_HEAD))
    if facts.live_card is not None:
        reasons.append(Reason(ReasonCode.CARD_EXISTS, {"number": facts.live_card}))
    return _answer(reasons)


def decide_hand_over(facts: HandOverFacts) -> Decision:
    """Decide whether a fresh card is handed over: printed and not yet active, and its family's head still the same.

    The card comes first, as in :func:`decide`: on one that is not valid any more nothing is said of its family.
    """
    match facts.state:
        case CardState.ISSUED:
            return refuse(Reason(ReasonCode.CARD_NOT_PRINTED))
        case CardState.ACTIVE:
            return refuse(Reason(ReasonCode.CARD_ACTIVE_ALREADY))
        case CardState.BLOCKED:
            return refuse(Reason(ReasonCode.CARD_BLOCKED, {"reason": facts.block_reason or ""}))
        case CardState.REPLACED:
            return refuse(Reason(ReasonCode.CARD_REPLACED, {"reason": facts.block_reason or ""}))
        case CardState.PRINTED:
            return _answer(_about_fresh(facts))


def refuse(*reasons: Reason) -> Decision:
    """Return the decision that names these reasons: "unknown" when the first says that this is no card of ours."""
    unknown = reasons[0].code in NOT_A_CARD_OF_OURS
    return Decision(Outcome.UNKNOWN if unknown else Outcome.REFUSED, reasons)


def _answer(reasons: list[Reason]) -> Decision:
    return refuse(*reasons) if reasons else Decision(Outcome.GRANTED)


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
        reasons.append(Reason(ReasonCode.EXPIRED, {"at": card.expires_at.isoformat()}))
    reasons += _about_family_state(card.family_state)
    if not card.has_head:
        reasons.append(Reason(ReasonCode.HEAD_DEAD if card.head_died else ReasonCode.NO_HEAD))
    return reasons


def _about_fresh(facts: HandOverFacts) -> list[Reason]:
    reasons: list[Reason] = []
    if facts.at >= facts.expires_at:
        reasons.append(Reason(ReasonCode.EXPIRED, {"at": facts.expires_at.isoformat()}))
    reasons += _about_family_state(facts.family_state)
    if not facts.has_head:
        reasons.append(Reason(ReasonCode.HEAD_DEAD if facts.head_died else ReasonCode.NO_HEAD))
    elif not facts.head_is_named:
        reasons.append(Reason(ReasonCode.HEAD_CHANGED))
    return reasons


def _about_family_state(state: FamilyState) -> list[Reason]:
    match state:
        case FamilyState.ACTIVE:
            return []
        case FamilyState.MOVED:
            return [Reason(ReasonCode.FAMILY_MOVED)]
        case FamilyState.DISSOLVED:
            return [Reason(ReasonCode.FAMILY_DISSOLVED)]


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
    return Reason(ReasonCode.ALREADY_GIVEN, detail)


def _about_unlisted(asked: AskedRound) -> list[Reason]:
    reasons = [Reason(ReasonCode.NOT_ENTITLED, {"round": asked.name, "listed_on": asked.listed_on.isoformat()})]
    if asked.unlisted.is_covered_before_split:
        reasons.append(Reason(ReasonCode.COVERED_BEFORE_SPLIT, {"round": asked.name}))
    if asked.unlisted.is_another_chosen:
        reasons.append(Reason(ReasonCode.ONE_PER_FAMILY))
    if asked.unlisted.rule is not None:
        reasons += _about_rule(asked.unlisted.rule)
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
    if invited is None or invited.on_date == facts.today:
        return []
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
        case OutsideTaker(families=families) if families >= asked.proxy_limit:
            detail = {"count": str(families), "limit": str(asked.proxy_limit)}
            reasons.append(Reason(ReasonCode.PROXY_LIMIT, detail))
    return reasons


def _about_rule(facts: RuleFacts) -> list[Reason]:
    return _about_family_state(facts.family_state) + [_about_clause(failed) for failed in facts.failed]


def _about_clause(failed: FailedClause) -> Reason:
    seen = [
        [name, _as_text(stated.value), stated.source, stated.as_of.isoformat() if stated.as_of else ""]
        for name, stated in failed.facts
    ]
    detail = {"clause": failed.clause.code, "words": failed.clause.words, "facts": json.dumps(seen)}
    return Reason(ReasonCode.CLAUSE_UNKNOWN if failed.is_unknown else ReasonCode.CLAUSE_FAILED, detail)


def _as_text(value: Value) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
    return str(value)
