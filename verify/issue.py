"""Issuing cards to those who are entitled to one: to a family at the counter, or to a whole village."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.audit import Actor
from registry.cards.cards import cards_in_village, issue_card, live_card_of
from registry.days import local_day
from registry.db import Session
from registry.errors import NotFound
from registry.families.families import head_of
from registry.families.known_facts import KnownFamilyFacts, current_family_facts
from registry.keys.keys import KeyRing, load_trust
from registry.kinds import CardMedium, PersonState, Subject
from registry.models import Card, CardRule, Family
from registry.programmes.catalogue import card_rule_on
from registry.regions import find_path
from verify.clauses import read_rule
from verify.decide_card import CardFacts, RuleFacts, decide_card
from verify.reasons import Decision, ReasonCode
from verify.stating import state_family


@dataclass(frozen=True, slots=True)
class IssueCount:
    """What became of the families of a village."""

    issued: int
    had_one: int
    """Families that have a card which is issued, printed or active."""
    refused: int
    """Families that are not entitled to a card."""
    reasons: Mapping[tuple[ReasonCode, str], int]
    """In how many of the refused families each reason holds; a family may have several. Every clause is a reason of its
    own, by its words; where the reason is none they are empty."""


def try_issue(
    session: Session,
    family: Family,
    *,
    medium: CardMedium = CardMedium.PLASTIC,
    actor: Actor,
    keys: KeyRing,
    at: datetime,
) -> Card | Decision:
    """Issue a card to a family that is entitled to one; else return the decision with every reason.

    Raises:
        Conflict, KeyFault, NotFound: as :func:`registry.cards.cards.issue_card`; ``card_exists`` only when another
            counter was quicker.
    """
    known = current_family_facts(session, [family.id])[family.id]
    live = live_card_of(session, family)
    facts = _card_facts(family, known, card_rule_on(session, local_day(at)), live.number if live else None)
    decision = decide_card(facts)
    if not decision.is_granted:
        return decision
    return issue_card(session, family, medium=medium, actor=actor, keys=keys, at=at)


def issue_for_village(session: Session, village_code: str, *, actor: Actor, keys: KeyRing, at: datetime) -> IssueCount:
    """Issue a card to every family of a village that is entitled to one and has none; repeating it changes nothing.

    Raises:
        NotFound: ``village_unknown``, ``card_rule_missing``.
        Conflict, KeyFault: as :func:`registry.cards.cards.issue_card`; the caller rolls back, so no card is issued.
    """
    if not find_path(session, village_code).village_code:
        raise NotFound("village_unknown", code=village_code)
    rule, trust = card_rule_on(session, local_day(at)), load_trust(session)
    families = cards_in_village(session, village_code)
    known = current_family_facts(session, [family.id for family, _ in families])
    issued = had_one = refused = 0
    reasons: Counter[tuple[ReasonCode, str]] = Counter()
    for family, live in families:
        if live is not None:
            had_one += 1
            continue
        decision = decide_card(_card_facts(family, known[family.id], rule, None))
        if decision.is_granted:
            issue_card(session, family, trust=trust, actor=actor, keys=keys, at=at)
            issued += 1
        else:
            refused += 1
            reasons.update({(reason.code, reason.detail.get("words", "")) for reason in decision.reasons})
    return IssueCount(issued, had_one, refused, reasons)


def _card_facts(family: Family, known: KnownFamilyFacts, rule: CardRule, live_card: str | None) -> CardFacts:
    clauses = read_rule(rule.clauses, Subject.FAMILY)
    members = sum(person.state is PersonState.LIVING for person in family.people)
    return CardFacts(
        rule=RuleFacts(family.state, clauses.failures(state_family(known, members))),
        has_head=head_of(family) is not None,
        live_card=live_card,
    )
