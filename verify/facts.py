"""What a decision on giving needs to know: the only reading before :func:`verify.decide.decide`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from registry.cards.history import GROWN_UP
from registry.code.token import TrustList, read_card
from registry.days import full_years, local_day
from registry.db import Connection
from registry.errors import IdentifierError, TokenError
from registry.giving.proxies import ProxyShown, collected_by
from registry.giving.rights import (
    ReadRow,
    read_balances,
    read_by_number,
    read_by_token,
    read_people,
    read_people_by_nik,
    read_person_rights,
    read_rosters,
    read_standing,
)
from registry.identifiers import CardNumber
from registry.kinds import Carrying, PeriodKind, PersonState, PointKind, Proof, Relation, Subject
from verify.decide import AskedRound, Chosen, GivingFacts, HandOver, OutsideTaker, ScannedCard, Taker, TakerKnown
from verify.reasons import Reason, ReasonCode
from verify.rights import RightFound, find_balance, find_right, given_before
from verify.unlisted import NotOnList, why_unlisted

_SCHOOLING = (PeriodKind.SCHOOL_YEAR, PeriodKind.SEMESTER)
_MARRIED = frozenset({Relation.HEAD, Relation.HUSBAND, Relation.WIFE, Relation.CHILD_IN_LAW})
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
class Handing:
    """What the officer says of the hand-over."""

    receiver_id: UUID | None = None
    """Who of the family takes it; when left out, whose right it is, or the head."""
    proxy: ProxyShown | None = None
    """Who takes it from outside the family."""
    proofs: frozenset[Proof] = frozenset()
    is_paid: bool = False
    amount: int | None = None
    """In rupiah, of a balance."""
    is_enrolled: bool = False
    """Whether a school or campus states something with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: may this card be given the package of this round, at this service point, now?"""

    scan: Scan
    round_id: UUID | None
    point_id: UUID
    at: datetime
    person_id: UUID | None = None
    """Whose right it is, where it is a person's."""
    handing: Handing | None = None
    """``None`` while the card is only looked at."""


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one question, and the rows that they stand on."""

    facts: GivingFacts
    card_id: UUID | None = None
    family_id: UUID | None = None
    head_id: UUID | None = None
    """The living head of the family now."""
    person_id: UUID | None = None
    """Whose right it is, where it is a person's and they are of the card's family."""
    round_id: UUID | None = None
    programme_code: str = ""
    right: RightFound = field(default_factory=RightFound)
    value: int = 0
    price: int = 0
    receiver_id: UUID | None = None
    """Who of the family takes it; ``None`` when a proxy from outside does."""

    @property
    def entitlement_id(self) -> UUID | None:
        """The unit that is given next, or was given last; ``None`` of a balance, and where there is no right."""
        return self.right.entitlement_id


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
    """Read the facts of many questions at once, in a few statements however many there are.

    One statement reads cards, rounds and rights, two when some cards are scanned and some typed. People who are named,
    their rights, what stands of them in rounds of schooling elsewhere, and balances take one each where they are asked
    for, proxies two. A subject that is on no roster of its
    round costs a few more: the rule is then looked at, to tell it why.
    """
    rounds = {one.round_id for one in asked if one.round_id is not None}
    tokens = {one.scan.token_hash for one in asked if one.scan.token_hash is not None}
    numbers = {one.scan.number for one in asked if one.scan.token_hash is None and one.scan.number is not None}
    cards: dict[Any, ReadRow] = {}
    rows: dict[Any, list[ReadRow]] = defaultdict(list)
    for row in read_by_token(connection, tokens, rounds) if tokens else ():
        cards[row.token_hash] = row
        rows[row.token_hash, row.round_id].append(row)
    for row in read_by_number(connection, numbers, rounds) if numbers else ():
        cards[row.number] = row
        rows[row.number, row.round_id].append(row)
    found = [rows.get((one.scan.name, one.round_id), []) if one.round_id else [] for one in asked]
    rest = _read_rest(connection, [(one, some[0]) for one, some in zip(asked, found, strict=True) if some])
    known = [
        _in_round(one, some, rest) if some else _of_card(one, cards.get(one.scan.name))
        for one, some in zip(asked, found, strict=True)
    ]
    return _with_reasons(connection, asked, known)


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


@dataclass(frozen=True, slots=True)
class _Rest:
    """What only some questions need: the people whom they name, rights of people, balances, and who collects."""

    people: dict[UUID, ReadRow]
    rights: dict[tuple[UUID, UUID], list[ReadRow]]
    """By round and person."""
    balances: dict[tuple[UUID, UUID], ReadRow]
    """By round and family."""
    rosters: dict[UUID, list[ReadRow]]
    """Of rounds in which balances are spent."""
    collected: set[tuple[bytes, UUID, UUID]]
    """NIK index of a proxy, round, family."""
    proxies: dict[bytes, ReadRow]
    """Those proxies whom the register knows, by the index of their NIK."""
    standing: dict[tuple[UUID, UUID], ReadRow]
    """Of pupils: what they were given in another round of the same programme and time, by round and person."""


def _read_rest(connection: Connection, asked: Sequence[tuple[Asked, ReadRow]]) -> _Rest:
    rest = _Rest({}, defaultdict(list), {}, defaultdict(list), set(), {}, {})
    persons = {one.person_id for one, row in asked if one.person_id and row.subject is Subject.PERSON}
    receivers = {one.handing.receiver_id for one, _ in asked if one.handing and one.handing.receiver_id}
    if persons or receivers:
        rest.people.update((row.id, row) for row in read_people(connection, persons | receivers))
    if persons:
        of_people = {row.round_id for _, row in asked if row.subject is Subject.PERSON}
        for right in read_person_rights(connection, persons, of_people):
            rest.rights[right.round_id, right.person_id].append(right)
    pupils = {one.person_id for one, row in asked if one.person_id and _schooling(row)}
    if pupils:
        years = {row.round_id for _, row in asked if _schooling(row)}
        rest.standing.update(((row.round_id, row.person_id), row) for row in read_standing(connection, pupils, years))
    spending = [(one, row) for one, row in asked if row.carrying is Carrying.SPENT]
    if spending:
        rounds = {row.round_id for _, row in spending}
        for balance in read_balances(connection, {row.family_id for _, row in spending}, rounds):
            rest.balances[balance.round_id, balance.family_id] = balance
        points, villages = {one.point_id for one, _ in spending}, {row.village_code for _, row in spending}
        for roster in read_rosters(connection, rounds, points=points, villages=villages):
            rest.rosters[roster.round_id].append(roster)
    proxies = {one.handing.proxy.nik_index for one, _ in asked if one.handing and one.handing.proxy}
    if proxies:
        rest.collected.update(collected_by(connection, proxies, {row.round_id for _, row in asked}))
        rest.proxies.update((row.nik_index, row) for row in read_people_by_nik(connection, proxies))
    return rest


def _of_card(asked: Asked, row: ReadRow | None) -> Known:
    today = local_day(asked.at)
    if row is None:
        return Known(GivingFacts(asked.at, today, card=None, round=None))
    return Known(GivingFacts(asked.at, today, _scanned(row), None), row.card_id, row.family_id, row.head_id)


def _scanned(row: ReadRow) -> ScannedCard:
    return ScannedCard(
        state=row.card_state,
        block_reason=row.block_reason,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        family_state=row.family_state,
        head_died=row.holder_state is PersonState.DEAD,
        has_head=row.head_id is not None,
        medium=row.medium,
    )


def _in_round(asked: Asked, rows: Sequence[ReadRow], rest: _Rest) -> Known:
    row = rows[0]
    chosen = _chosen(asked, row, rest)
    right = _right(asked, rows, rest) if chosen in (Chosen.NOBODY_NEEDED, Chosen.MEMBER) else RightFound()
    handing = asked.handing
    default = asked.person_id if row.subject is Subject.PERSON else row.head_id
    today = local_day(asked.at)
    hand_over = (
        HandOver(
            proofs=handing.proofs,
            is_paid=handing.is_paid,
            taker=_taker(handing, row, default, rest, today=today),
            amount=handing.amount,
            is_enrolled=handing.is_enrolled,
        )
        if handing
        else None
    )
    return Known(
        facts=GivingFacts(
            at=asked.at,
            today=today,
            card=_scanned(row),
            round=_asked_round(row, right, chosen),
            hand_over=hand_over,
        ),
        card_id=row.card_id,
        family_id=row.family_id,
        head_id=row.head_id,
        person_id=asked.person_id if chosen is Chosen.MEMBER else None,
        round_id=row.round_id,
        programme_code=row.programme_code,
        right=right,
        value=row.value,
        price=row.price,
        receiver_id=(handing.receiver_id or default) if handing and handing.proxy is None else None,
    )


def _chosen(asked: Asked, row: ReadRow, rest: _Rest) -> Chosen:
    if row.subject is Subject.FAMILY:
        return Chosen.NOBODY_NEEDED
    if asked.person_id is None:
        return Chosen.MISSING
    return Chosen.MEMBER if _is_of_family(rest.people.get(asked.person_id), row) else Chosen.STRANGER


def _right(asked: Asked, rows: Sequence[ReadRow], rest: _Rest) -> RightFound:
    row = rows[0]
    if row.carrying is Carrying.SPENT:
        return find_balance(
            rest.balances.get((row.round_id, row.family_id)),
            rest.rosters[row.round_id],
            point_id=asked.point_id,
            village_code=row.village_code,
        )
    if row.subject is Subject.PERSON and asked.person_id is not None:
        right = find_right(rest.rights[row.round_id, asked.person_id], point_id=asked.point_id)
        standing = rest.standing.get((row.round_id, asked.person_id))
        if standing is None or right.entitlement_id is None or right.given_before is not None:
            return right
        return replace(right, given_before=given_before(standing))
    return find_right([one for one in rows if one.entitlement_id is not None], point_id=asked.point_id)


def _asked_round(row: ReadRow, right: RightFound, chosen: Chosen) -> AskedRound:
    return AskedRound(
        name=row.round_name,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        state=row.round_state,
        serves_here=right.is_here,
        listed_on=local_day(row.listed_at),
        entitled_at=right.point,
        entitled_here=right.is_here,
        given_before=right.given_before,
        programme=row.programme,
        withdrawn_by=row.office if row.is_withdrawn else None,
        served_at=_other_kinds(row.places, right.kind),
        chosen=chosen,
        quota=right.quota,
        removed_by=right.removed_by,
        invited=right.invited,
        stock_left=right.stock_left,
        balance_left=right.balance.left if right.balance else None,
        price=row.price,
        proofs=frozenset(Proof(proof) for proof in row.proofs),
        proxy_limit=row.proxy_limit,
        unit=row.unit,
        schooling=_schooling(row),
    )


def _schooling(row: ReadRow) -> PeriodKind | None:
    return row.period if row.subject is Subject.PERSON and row.period in _SCHOOLING else None


def _other_kinds(places: Sequence[str], here: PointKind | None) -> tuple[PointKind, ...]:
    """Return the kinds of place that serve a programme, where this kind is not of them."""
    return () if here is None or here in places else tuple(PointKind(kind) for kind in places)


def _taker(handing: Handing, row: ReadRow, default: UUID | None, rest: _Rest, *, today: date) -> Taker | OutsideTaker:
    receiver_id = handing.receiver_id or default
    if handing.proxy is not None:
        mark = handing.proxy.nik_index, row.round_id
        families = {family for *of, family in rest.collected if tuple(of) == mark} - {row.family_id}
        known = _known_proxy(rest.proxies.get(handing.proxy.nik_index), row, today)
        return OutsideTaker(handing.proxy.is_complete, len(families), known)
    if receiver_id is None or receiver_id == default:
        return Taker(is_of_family=True, is_grown_up=True)
    person = rest.people.get(receiver_id)
    if person is None or not _is_of_family(person, row):
        return Taker(is_of_family=False, is_grown_up=False)
    return Taker(is_of_family=True, is_grown_up=_is_grown_up(person, today))


def _known_proxy(person: ReadRow | None, row: ReadRow, today: date) -> TakerKnown:
    if person is None:
        return TakerKnown.UNKNOWN
    if person.state is PersonState.DEAD:
        return TakerKnown.DEAD
    if _is_of_family(person, row):
        return TakerKnown.OF_THE_FAMILY
    return TakerKnown.GROWN_UP if _is_grown_up(person, today) else TakerKnown.UNDER_AGE


def _is_grown_up(person: ReadRow, today: date) -> bool:
    return person.relation in _MARRIED or full_years(person.birth_date, today) >= GROWN_UP


def _is_of_family(person: ReadRow | None, row: ReadRow) -> bool:
    return person is not None and person.family_id == row.family_id and person.state is PersonState.LIVING


def _with_reasons(connection: Connection, asked: Sequence[Asked], known: list[Known]) -> list[Known]:
    unlisted = {
        place: NotOnList(
            programme_code=one.programme_code,
            round_id=one.round_id,
            family_id=one.family_id,
            person_id=one.person_id,
            point_id=question.point_id,
            at=question.at,
        )
        for place, (question, one) in enumerate(zip(asked, known, strict=True))
        if one.round_id is not None and one.family_id is not None and one.facts.round is not None
        if one.right.point is None and one.right.removed_by is None
        if one.facts.round.chosen is not Chosen.STRANGER
    }
    if not unlisted:
        return known
    told = known.copy()
    for place, missing in zip(unlisted, why_unlisted(connection, list(unlisted.values())), strict=True):
        facts = known[place].facts
        assert facts.round is not None  # noqa: S101 (only such questions were gathered)
        round_ = replace(
            facts.round,
            serves_here=missing.serves_here,
            unlisted=missing.why,
            served_at=_other_kinds(missing.places, missing.kind),
        )
        told[place] = replace(known[place], facts=replace(facts, round=round_))
    return told
