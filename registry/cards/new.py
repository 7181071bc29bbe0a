"""A new card before it is anyone's: a free number and status index drawn at random, and the token signed.

Random, so that neither the number nor the index tells in which order cards were issued. The UNIQUE constraints on both
are the last guard when two counters draw the same at the same moment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from secrets import SystemRandom
from typing import TypeVar

from sqlalchemy import and_, func, or_, select

from registry.code.token import PAPER_DAYS, CardClaims, TrustList, read_card, sign_card, to_text
from registry.days import WIB, local_day
from registry.db import Session, new_id
from registry.errors import Conflict, KeyFault, TokenError
from registry.identifiers import CardNumber
from registry.keys.keys import KeyRing
from registry.kinds import CardMedium, CardState
from registry.models import Card, Family, Person
from registry.programmes.catalogue import card_rule_on

__all__ = ["LIVE", "draw_card", "is_overtaken"]

LIVE = (CardState.ISSUED, CardState.PRINTED, CardState.ACTIVE)  # a family has one such card at most
SERIALS = 1_000_000  # the six digits of a card number
# The largest kabupaten would have about 130,000 families at full scale: four cards for each of them, since an index is
# never used twice. A multiple of eight, so that a list of two bits a card ends on a byte: 131,072 bytes before deflate.
STATUS_INDEXES = 2**19
_DRAWS = 32  # candidates in one question to the database: with three quarters taken, one in 10,000 finds none free
_random = SystemRandom()
_Drawn = TypeVar("_Drawn")


def draw_card(
    session: Session,
    family: Family,
    head: Person,
    *,
    medium: CardMedium = CardMedium.PLASTIC,
    keys: KeyRing,
    trust: TrustList,
    at: datetime,
) -> Card:
    """Return a card for a family, signed but not yet in the database.

    It is valid to the end of the day, as many years on as the rule in force says; of paper, 30 days on.

    Args:
        trust: whose cards a scan believes now; the fresh token is read back against it.

    Raises:
        Conflict: ``card_numbers_exhausted``, ``status_list_full``.
        KeyFault: ``issuing_key_untrusted``, when a scan would not believe the card now.
        NotFound: ``card_rule_missing``.
    """
    region_code = ".".join(family.village_code.split(".")[:3])
    regency = region_code[:5]
    status_list = regency.replace(".", "")
    issued_at = at.replace(microsecond=0)
    claims = CardClaims(
        number=_free_number(session, regency),
        head_name=head.name,
        region_code=region_code,
        family_id=family.card_family_id,
        birth_year=head.birth_date.year,
        issued_at=issued_at,
        expires_at=_last_moment(session, medium, local_day(at)),
        issuer=keys.issuer,
        status_index=_free_index(session, status_list),
    )
    token = sign_card(claims, keys.signer)
    try:
        reading = read_card(to_text(token), trust, at=at)
    except TokenError:
        raise KeyFault("issuing_key_untrusted") from None
    newest = session.scalar(select(func.max(Card.issue_number)).where(Card.family_id == family.id))
    return Card(
        id=new_id(),
        number=claims.number,
        family_id=family.id,
        head_id=head.id,
        head_name=head.name,
        region_code=region_code,
        issue_number=(newest or 0) + 1,
        status_list=status_list,
        status_index=claims.status_index,
        token=token,
        token_hash=reading.cose_hash,
        medium=medium,
        state=CardState.ISSUED,
        issued_at=issued_at,
        expires_at=claims.expires_at,
    )


def is_overtaken(session: Session, card: Card) -> bool:
    """Tell whether a card that the database did not take was drawn, or its family served, by another counter."""
    same = or_(
        Card.number == card.number,
        and_(Card.status_list == card.status_list, Card.status_index == card.status_index),
        # the other card may have been there when this one's issue number was counted, and not yet when a live one was
        # looked for
        and_(Card.family_id == card.family_id, or_(Card.issue_number == card.issue_number, Card.state.in_(LIVE))),
    )
    return session.scalar(select(Card.id).where(same).limit(1)) is not None


def _free_number(session: Session, regency: str) -> CardNumber:
    drawn = [CardNumber.make(regency, _random.randrange(SERIALS)) for _ in range(_DRAWS)]
    taken = set(session.scalars(select(Card.number).where(Card.number.in_(drawn))))
    return _first_free(drawn, taken, "card_numbers_exhausted")


def _free_index(session: Session, status_list: str) -> int:
    drawn = [_random.randrange(STATUS_INDEXES) for _ in range(_DRAWS)]
    taken = session.scalars(
        select(Card.status_index).where(Card.status_list == status_list, Card.status_index.in_(drawn))
    )
    return _first_free(drawn, set(taken), "status_list_full")


def _first_free(drawn: Sequence[_Drawn], taken: Collection[object], code: str) -> _Drawn:
    for one in drawn:
        if one not in taken:
            return one
    raise Conflict(code)


def _last_moment(session: Session, medium: CardMedium, issued_on: date) -> datetime:
    if medium is CardMedium.PAPER:
        last_day = issued_on + timedelta(days=PAPER_DAYS)
    else:
        last_day = _years_on(issued_on, card_rule_on(session, issued_on).validity_years)
    return datetime.combine(last_day, time(23, 59, 59), WIB)


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
