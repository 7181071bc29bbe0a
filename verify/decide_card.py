"""The rules for cards: who is entitled to one, to whom it is issued and handed over. Pure: facts in, decision out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from registry.kinds import BlockReason, CardMedium, CardState, FamilyState
from verify.clauses import FailedClause, Value
from verify.reasons import Decision, Reason, ReasonCode, answer, refuse


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
    is_read_back: bool
    """Whether the code of what was printed was scanned: now, or before by anybody."""
    block_reason: BlockReason | None
    expires_at: datetime
    family_state: FamilyState
    head_died: bool
    """Whether the person named on the card has died."""
    has_head: bool
    """Whether the family has a living head now."""
    head_is_named: bool
    """Whether that head is the person named on the card."""
    medium: CardMedium = CardMedium.PLASTIC


def decide_entitled(facts: RuleFacts) -> Decision:
    """Decide whether a family, or a person of it, is entitled under a rule: every clause that fails is a reason."""
    return answer(about_rule(facts))


def decide_card(facts: CardFacts) -> Decision:
    """Decide whether a family is issued a card: entitled, with a living head, and without a card that still lives."""
    reasons = about_rule(facts.rule)
    if not facts.has_head:
        reasons.append(Reason(ReasonCode.NO_HEAD))
    if facts.live_card is not None:
        reasons.append(Reason(ReasonCode.CARD_EXISTS, {"number": facts.live_card}))
    return answer(reasons)


def decide_hand_over(facts: HandOverFacts) -> Decision:
    """Decide whether a fresh card is handed over: printed, read back, not yet active, and its family's head the same.

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
            return answer(_about_fresh(facts))


def _about_fresh(facts: HandOverFacts) -> list[Reason]:
    reasons: list[Reason] = []
    if not facts.is_read_back:
        reasons.append(Reason(ReasonCode.CARD_NOT_READ_BACK))
    if facts.at >= facts.expires_at:
        reasons.append(Reason(ReasonCode.EXPIRED, {"at": facts.expires_at.isoformat(), "medium": facts.medium}))
    reasons += about_family_state(facts.family_state)
    if not facts.has_head:
        reasons.append(Reason(ReasonCode.HEAD_DEAD if facts.head_died else ReasonCode.NO_HEAD))
    elif not facts.head_is_named:
        reasons.append(Reason(ReasonCode.HEAD_CHANGED))
    return reasons


def about_family_state(state: FamilyState) -> list[Reason]:
    """Return why a family in this state is not served; nothing for one that is."""
    match state:
        case FamilyState.ACTIVE:
            return []
        case FamilyState.MOVED:
            return [Reason(ReasonCode.FAMILY_MOVED)]
        case FamilyState.DISSOLVED:
            return [Reason(ReasonCode.FAMILY_DISSOLVED)]


def about_rule(facts: RuleFacts) -> list[Reason]:
    """Return what keeps a family, or a person of it, from being entitled."""
    return about_family_state(facts.family_state) + [_about_clause(failed) for failed in facts.failed]


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
