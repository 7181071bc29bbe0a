"""What a decision on giving needs to know: the only reading before :func:`verify.decide.decide`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from registry.code.token import TrustList, read_card
from registry.days import local_day
from registry.db import Connection
from registry.errors import IdentifierError, TokenError
from registry.families.known_facts import Known as KnownFact
from registry.families.known_facts import KnownFamilyFacts, current_family_facts
from registry.giving.redemptions import read_by_number, read_by_token
from registry.identifiers import CardNumber
from registry.kinds import FamilyState, PersonState, Subject
from registry.models import CardRule
from registry.programmes.catalogue import card_rule_on
from registry.programmes.rounds import serving_points
from verify.clauses import Stated, read_rule
from verify.decide import AskedRound, GivenBefore, GivingFacts, Reason, ReasonCode, RuleFacts, ScannedCard

_NO_TEXT_OF_A_CARD = frozenset({ReasonCode.UNREADABLE, ReasonCode.NOT_OURS})


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanned or typed text names: a card by its token or by its number, or nothing, for a reason."""

    token_hash: bytes | None = None
    number: CardNumber | None = None
    refusal: Reason | None = None

    @property
    def name(self) -> bytes | CardNumber | None:
        """What the card is looked up by."""
        return self.token_hash or self.number


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: may this card be given the package of this round, at this service point, now?"""

    scan: Scan
    round_id: UUID | None
    point_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one question, and the rows that they stand on."""

    facts: GivingFacts
    card_id: UUID | None = None
    family_id: UUID | None = None
    head_id: UUID | None = None
    """The living head of the family now."""
    round_id: UUID | None = None
    entitlement_id: UUID | None = None
    follows_undo_id: UUID | None = None
    """The undo of the last giving: what a new giving of the entitlement follows."""
    value: int = 0
    price: int = 0


def read_scan(text: str, trust: TrustList, *, at: datetime, as_typed: str = "") -> Scan:
    """Read what a scanner or a hand typed: a card number, or the text of a QR code whose signature is checked here.

    Args:
        text: what came in; from a scanner, the keys by their place on the keyboard.
        as_typed: the same keys as the computer's layout made characters of them. Tried only where the first reading is
            no text of a card at all: the signature decides which of the two was meant.
    """
    scan = _read_one(text, trust, at=at)
    if as_typed and as_typed != text and scan.refusal is not None and scan.refusal.code in _NO_TEXT_OF_A_CARD:
        other = _read_one(as_typed, trust, at=at)
        return scan if other.refusal is not None and other.refusal.code in _NO_TEXT_OF_A_CARD else other
    return scan


def gather(connection: Connection, asked: Sequence[Asked]) -> list[Known]:
    """Read the facts of many questions in one query, two when some cards are scanned and some typed.

    A family that is on no roster of its round costs a few more: the rule is then looked at, to tell it why.
    """
    rounds = {one.round_id for one in asked if one.round_id is not None}
    tokens = {one.scan.token_hash for one in asked if one.scan.token_hash is not None}
    numbers = {one.scan.number for one in asked if one.scan.token_hash is None and one.scan.number is not None}
    cards: dict[Any, Any] = {}
    cards_in_rounds: dict[Any, Any] = {}
    for row in read_by_token(connection, tokens, rounds) if tokens else ():
        cards[row.token_hash] = cards_in_rounds[row.token_hash, row.round_id] = row
    for row in read_by_number(connection, numbers, rounds) if numbers else ():
        cards[row.number] = cards_in_rounds[row.number, row.round_id] = row
    known = []
    for one in asked:
        known.append(_known(one, cards_in_rounds.get((one.scan.name, one.round_id), cards.get(one.scan.name))))
    return _with_rules(connection, asked, known)


def rule_facts(state: FamilyState, known: KnownFamilyFacts, rule: CardRule) -> RuleFacts:
    """Put together what the rule of who is entitled to a card says of a family."""
    clauses = read_rule(rule.clauses, Subject.FAMILY)
    return RuleFacts(family_state=state, failed=clauses.failures(state_family(known)))


def state_family(known: KnownFamilyFacts, members: int | None = None) -> dict[str, Stated]:
    """Return the facts of a family by their names in clauses.

    Args:
        members: how many living people it has; unknown when left out.
    """
    said: dict[str, KnownFact[Any] | None] = {
        "desil": known.desil,
        "menerima_pkh": known.receives_pkh,
        "menerima_sembako": known.receives_sembako,
        "menerima_blt_dd": known.receives_blt_dd,
    }
    stated = {name: _stated(fact) for name, fact in said.items()}
    stated["jumlah_anggota"] = Stated(members)
    return stated


def _stated(fact: KnownFact[Any] | None) -> Stated:
    return Stated(fact.value, fact.source, fact.as_of) if fact else Stated(None)


def _read_one(text: str, trust: TrustList, *, at: datetime) -> Scan:
    try:
        return Scan(number=CardNumber.parse(text))
    except IdentifierError as error:
        if error.code == "card_number_check":
            return Scan(refusal=Reason(ReasonCode.NUMBER_MISTYPED))
    try:
        return Scan(token_hash=read_card(text, trust, at=at).cose_hash)
    except TokenError as error:
        return Scan(refusal=Reason(ReasonCode(error.code), error.detail))


def _known(asked: Asked, row: Any) -> Known:
    today = local_day(asked.at)
    if row is None:
        return Known(GivingFacts(asked.at, today, card=None, round=None))
    card = ScannedCard(
        state=row.card_state,
        block_reason=row.block_reason,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        family_state=row.family_state,
        head_died=row.holder_state is PersonState.DEAD,
        has_head=row.head_id is not None,
    )
    if asked.round_id is None or row.round_id != asked.round_id:
        return Known(GivingFacts(asked.at, today, card, None), row.card_id, row.family_id, row.head_id)
    entitled_here = row.giving_point_id == asked.point_id
    round_ = AskedRound(
        name=row.round_name,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        state=row.round_state,
        serves_here=entitled_here,
        listed_on=local_day(row.listed_at),
        entitled_at=row.giving_point,
        entitled_here=entitled_here,
        given_before=_given_before(row),
    )
    return Known(
        facts=GivingFacts(asked.at, today, card, round_),
        card_id=row.card_id,
        family_id=row.family_id,
        head_id=row.head_id,
        round_id=row.round_id,
        entitlement_id=row.entitlement_id,
        follows_undo_id=row.undo_id,
        value=row.value,
        price=row.price,
    )


def _given_before(row: Any) -> GivenBefore | None:
    if row.receipt_number is None or row.undo_id is not None:
        return None
    officer = f"{row.given_by} ({row.given_by_number})" if row.given_by else ""
    return GivenBefore(row.given_at, row.given_at_point, officer, row.receipt_number)


def _with_rules(connection: Connection, asked: Sequence[Asked], known: list[Known]) -> list[Known]:
    unlisted = [one for one in known if one.round_id is not None and one.entitlement_id is None]
    if not unlisted:
        return known
    serving = serving_points(connection, {one.round_id for one in unlisted if one.round_id})
    said = current_family_facts(connection, {one.family_id for one in unlisted if one.family_id})
    explained = []
    for question, one in zip(asked, known, strict=True):
        card, round_ = one.facts.card, one.facts.round
        if one.entitlement_id is None and one.family_id is not None and card is not None and round_ is not None:
            rule = card_rule_on(connection, round_.listed_on)
            round_ = replace(
                round_,
                serves_here=(one.round_id, question.point_id) in serving,
                rule=rule_facts(card.family_state, said[one.family_id], rule),
            )
            one = replace(one, facts=replace(one.facts, round=round_))
        explained.append(one)
    return explained
