"""Why something is not granted: every code, a reason with its values, and the decision that names them.

What each means, what the family is told and what to do next stands in docs/deciding.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from registry.kinds import Outcome


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
    CARD_NOT_READ_BACK = "card_not_read_back"
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
    LISTED_IN_PERIOD = "listed_in_period"
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
    PROXY_OF_FAMILY = "proxy_of_family"
    PROXY_DEAD = "proxy_dead"
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
        ReasonCode.PROXY_OF_FAMILY,
        ReasonCode.PROXY_DEAD,
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


def refuse(*reasons: Reason) -> Decision:
    """Return the decision that names these reasons: "unknown" when the first says that this is no card of ours."""
    unknown = reasons[0].code in NOT_A_CARD_OF_OURS
    return Decision(Outcome.UNKNOWN if unknown else Outcome.REFUSED, reasons)


def answer(reasons: Sequence[Reason]) -> Decision:
    """Return the decision that names these reasons; a grant when there is none."""
    return refuse(*reasons) if reasons else Decision(Outcome.GRANTED)
