"""What a decision on giving reads: cards with their families, and the rights of families and people in rounds.

SQLAlchemy Core with statements that are built once: the ORM costs this path eight to ten times as much. A group of
questions is read with as many statements as a single one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, Table, bindparam, exists, func, select

from registry.db import Connection
from registry.kinds import PersonState, Relation
from registry.models import (
    Addendum,
    Balance,
    Card,
    Determination,
    Entitlement,
    EntitlementRemoval,
    Family,
    Office,
    Officer,
    Person,
    Programme,
    QueueTicket,
    Redemption,
    RedemptionUndo,
    Roster,
    RosterVillage,
    Round,
    ServicePoint,
    ServingSession,
    Stock,
)

__all__ = [
    "ReadRow",
    "padded",
    "read_balances",
    "read_by_number",
    "read_by_token",
    "read_people",
    "read_people_by_nik",
    "read_person_rights",
    "read_rosters",
    "read_standing",
]

ReadRow = Row[Any]
"""One row of what is read here, by the names of its columns."""


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


_card, _family, _person = _table(Card), _table(Family), _table(Person)
_round, _programme, _roster, _roster_village = _table(Round), _table(Programme), _table(Roster), _table(RosterVillage)
_entitlement, _removal, _addendum = _table(Entitlement), _table(EntitlementRemoval), _table(Addendum)
_balance, _stock = _table(Balance), _table(Stock)
_determination = _table(Determination)
_ticket, _session = _table(QueueTicket), _table(ServingSession)
_point, _officer, _office = _table(ServicePoint), _table(Officer), _table(Office)
_redemption, _undo = _table(Redemption), _table(RedemptionUndo)
_holder, _head = _person.alias("holder"), _person.alias("head")
_giving_point, _given_at = _point.alias("giving_point"), _point.alias("given_at_point")
_tip, _tip_undo, _follower = _redemption.alias("tip"), _undo.alias("tip_undo"), _redemption.alias("follower")
_any_undo = _undo.alias("any_undo")

_RIGHT = (
    _entitlement.c.id.label("entitlement_id"),
    _entitlement.c.ordinal,
    _entitlement.c.roster_id,
    _giving_point.c.id.label("giving_point_id"),
    _giving_point.c.name.label("giving_point"),
    _giving_point.c.kind.label("giving_kind"),
    _tip.c.given_at,
    _tip.c.receipt_number,
    _given_at.c.name.label("given_at_point"),
    _officer.c.number.label("given_by_number"),
    _officer.c.name.label("given_by"),
    _tip_undo.c.id.label("undo_id"),
    _addendum.c.number.label("removed_by"),
    _session.c.on_date,
    _session.c.starts_at,
    _session.c.ends_at,
    _ticket.c.number.label("ticket"),
    (_stock.c.delivered - _stock.c.damaged - _stock.c.returned - _stock.c.given).label("stock_left"),
)
"""One right with the roster that gives it, its last giving, its removal and its invitation."""


def _with_right(known: FromClause) -> FromClause:
    has_follower = exists().where(_any_undo.c.redemption_id == _tip.c.id, _follower.c.follows_undo_id == _any_undo.c.id)
    return (
        known.outerjoin(_roster, _roster.c.id == _entitlement.c.roster_id)
        .outerjoin(_giving_point, _giving_point.c.id == _roster.c.point_id)
        .outerjoin(_stock, _stock.c.roster_id == _roster.c.id)
        .outerjoin(_removal, _removal.c.entitlement_id == _entitlement.c.id)
        .outerjoin(_addendum, _addendum.c.id == _removal.c.addendum_id)
        .outerjoin(_ticket, _ticket.c.entitlement_id == _entitlement.c.id)
        .outerjoin(_session, _session.c.id == _ticket.c.session_id)
        # the last giving of the entitlement: the one whose undo, if it has one, nothing follows
        .outerjoin(_tip, (_tip.c.entitlement_id == _entitlement.c.id) & ~has_follower)
        .outerjoin(_tip_undo, _tip_undo.c.redemption_id == _tip.c.id)
        .outerjoin(_given_at, _given_at.c.id == _tip.c.point_id)
        .outerjoin(_officer, _officer.c.id == _tip.c.officer_id)
    )


def _reading(named: ColumnElement[bool]) -> Select[Any]:
    """Build the one reading of a giving: cards with their families, times the rounds asked for, times the rights."""
    cards = (
        _card.join(_family, _family.c.id == _card.c.family_id)
        .join(_holder, _holder.c.id == _card.c.head_id)
        .outerjoin(
            _head,
            (_head.c.family_id == _family.c.id)
            & (_head.c.relation == Relation.HEAD)
            & (_head.c.state == PersonState.LIVING),
        )
        .outerjoin(_round, _round.c.id.in_(bindparam("rounds", expanding=True)))
        .outerjoin(_programme, _programme.c.code == _round.c.programme_code)
        .outerjoin(_office, _office.c.code == _programme.c.office_code)
        .outerjoin(_determination, _determination.c.round_id == _round.c.id)
        .outerjoin(
            _entitlement,
            (_entitlement.c.round_id == _round.c.id)
            & (_entitlement.c.family_id == _family.c.id)
            & _entitlement.c.person_id.is_(None)
            & _entitlement.c.balance_id.is_(None),
        )
    )
    return (
        select(
            _card.c.id.label("card_id"),
            _card.c.token_hash,
            _card.c.number,
            _card.c.state.label("card_state"),
            _card.c.block_reason,
            _card.c.medium,
            _card.c.issued_at,
            _card.c.expires_at,
            _family.c.id.label("family_id"),
            _family.c.state.label("family_state"),
            _family.c.village_code,
            _holder.c.state.label("holder_state"),
            _head.c.id.label("head_id"),
            _round.c.id.label("round_id"),
            _round.c.name.label("round_name"),
            _round.c.opens_on,
            _round.c.closes_on,
            _round.c.state.label("round_state"),
            func.coalesce(_determination.c.frozen_at, _round.c.created_at).label("listed_at"),
            _round.c.value,
            _round.c.price,
            _programme.c.code.label("programme_code"),
            _programme.c.name.label("programme"),
            _office.c.name.label("office"),
            _programme.c.carrying,
            _programme.c.subject,
            _programme.c.unit,
            _programme.c.period,
            _programme.c.places,
            _programme.c.proofs,
            _programme.c.proxy_limit,
            _programme.c.is_withdrawn,
            *_RIGHT,
        )
        .select_from(_with_right(cards))
        .where(named)
    )


_BY_TOKEN = _reading(_card.c.token_hash.in_(bindparam("names", expanding=True)))
_BY_NUMBER = _reading(_card.c.number.in_(bindparam("names", expanding=True)))
_PERSON_RIGHTS: Select[Any] = (
    select(_entitlement.c.round_id, _entitlement.c.person_id, *_RIGHT)
    .select_from(_with_right(_entitlement))
    .where(
        _entitlement.c.person_id.in_(bindparam("people", expanding=True)),
        _entitlement.c.round_id.in_(bindparam("rounds", expanding=True)),
    )
)
_standing = _round.alias("standing")
_STANDING: Select[Any] = (
    select(
        _round.c.id.label("round_id"),
        _entitlement.c.person_id,
        _redemption.c.given_at,
        _redemption.c.receipt_number,
        _point.c.name.label("given_at_point"),
        _officer.c.number.label("given_by_number"),
        _officer.c.name.label("given_by"),
    )
    .select_from(
        _round.join(
            _standing,
            (_standing.c.programme_code == _round.c.programme_code)
            & (_standing.c.id != _round.c.id)
            & (_standing.c.opens_on <= _round.c.closes_on)
            & (_standing.c.closes_on >= _round.c.opens_on),
        )
        .join(_entitlement, _entitlement.c.round_id == _standing.c.id)
        .join(_redemption, _redemption.c.entitlement_id == _entitlement.c.id)
        .join(_point, _point.c.id == _redemption.c.point_id)
        .outerjoin(_officer, _officer.c.id == _redemption.c.officer_id)
        .outerjoin(_undo, _undo.c.redemption_id == _redemption.c.id)
    )
    .where(
        _undo.c.id.is_(None),
        _entitlement.c.person_id.in_(bindparam("people", expanding=True)),
        _round.c.id.in_(bindparam("rounds", expanding=True)),
    )
)
_NAMED = select(
    _person.c.id, _person.c.family_id, _person.c.state, _person.c.relation, _person.c.birth_date, _person.c.nik_index
)
_PEOPLE: Select[Any] = _NAMED.where(_person.c.id.in_(bindparam("people", expanding=True)))
_BY_NIK: Select[Any] = _NAMED.where(_person.c.nik_index.in_(bindparam("nik_indexes", expanding=True)))
_slice = _entitlement.alias("slice")
_BALANCES: Select[Any] = (
    select(
        _balance.c.id,
        _balance.c.round_id,
        _balance.c.family_id,
        (_balance.c.granted - _balance.c.spent).label("left"),
        _addendum.c.number.label("removed_by"),
        select(func.coalesce(func.max(_slice.c.ordinal), 0))
        .where(_slice.c.round_id == _balance.c.round_id, _slice.c.family_id == _balance.c.family_id)
        .correlate(_balance)
        .scalar_subquery()
        .label("slices"),
    )
    .select_from(_balance.outerjoin(_addendum, _addendum.c.id == _balance.c.removal_id))
    .where(
        _balance.c.family_id.in_(bindparam("families", expanding=True)),
        _balance.c.round_id.in_(bindparam("rounds", expanding=True)),
    )
)
_ROSTERS: Select[Any] = (
    select(
        _roster.c.round_id,
        _roster.c.id,
        _point.c.id.label("point_id"),
        _point.c.name.label("point"),
        _point.c.kind,
        _roster_village.c.village_code,
    )
    .select_from(
        _roster.join(_point, _point.c.id == _roster.c.point_id).outerjoin(
            _roster_village,
            (_roster_village.c.roster_id == _roster.c.id)
            & _roster_village.c.village_code.in_(bindparam("villages", expanding=True)),
        )
    )
    .where(
        _roster.c.round_id.in_(bindparam("rounds", expanding=True)),
        _roster.c.point_id.in_(bindparam("points", expanding=True)) | _roster_village.c.village_code.is_not(None),
    )
)


def read_by_token(connection: Connection, token_hashes: Iterable[bytes], rounds: Iterable[UUID]) -> Sequence[ReadRow]:
    """Return all that a decision on giving asks of cards: a row per card, round and right of the family.

    The round's part is null without a round, the right's where the family has none of its own in the round.
    """
    return connection.execute(_BY_TOKEN, {"names": padded(token_hashes), "rounds": padded(rounds)}).all()


def read_by_number(connection: Connection, numbers: Iterable[str], rounds: Iterable[UUID]) -> Sequence[ReadRow]:
    """Return the same as :func:`read_by_token` for cards whose number was typed."""
    return connection.execute(_BY_NUMBER, {"names": padded(numbers), "rounds": padded(rounds)}).all()


def read_person_rights(connection: Connection, people: Iterable[UUID], rounds: Iterable[UUID]) -> Sequence[ReadRow]:
    """Return the rights of people in rounds, whatever family they belonged to when the list was made."""
    return connection.execute(_PERSON_RIGHTS, {"people": padded(people), "rounds": padded(rounds)}).all()


def read_standing(connection: Connection, people: Iterable[UUID], rounds: Iterable[UUID]) -> Sequence[ReadRow]:
    """Return what people were given, and that stands, in another round of the same programme and time; by round asked.

    A programme may have a round per kabupaten, and somebody may be on the lists of two.
    """
    return connection.execute(_STANDING, {"people": padded(people), "rounds": padded(rounds)}).all()


def read_people(connection: Connection, people: Iterable[UUID]) -> Sequence[ReadRow]:
    """Return what is asked of people who are named at the counter: their family, state, relation and birth date."""
    return connection.execute(_PEOPLE, {"people": padded(people)}).all()


def read_people_by_nik(connection: Connection, nik_indexes: Iterable[bytes]) -> Sequence[ReadRow]:
    """Return the same as :func:`read_people` for those of the register who are named by the index of their NIK."""
    return connection.execute(_BY_NIK, {"nik_indexes": padded(nik_indexes)}).all()


def read_balances(connection: Connection, families: Iterable[UUID], rounds: Iterable[UUID]) -> Sequence[ReadRow]:
    """Return what families have left of their balances in rounds, and how many slices were taken of each."""
    return connection.execute(_BALANCES, {"families": padded(families), "rounds": padded(rounds)}).all()


def read_rosters(
    connection: Connection, rounds: Iterable[UUID], *, points: Iterable[UUID], villages: Iterable[str]
) -> Sequence[ReadRow]:
    """Return the rosters of rounds that these points give from, and those that serve these villages."""
    asked = {"rounds": padded(rounds), "points": padded(points), "villages": padded(villages)}
    return connection.execute(_ROSTERS, asked).all()


def padded(values: Iterable[Any]) -> list[Any]:
    """Return distinct values, the last one repeated up to a power of two.

    So a group of any size is read by one of a few texts of the statement, which SQLAlchemy and PostgreSQL then have
    compiled and planned already.
    """
    distinct = list(dict.fromkeys(values))
    return distinct + distinct[-1:] * ((1 << (len(distinct) - 1).bit_length()) - len(distinct)) if distinct else []
