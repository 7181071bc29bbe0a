"""Proxies from outside a family (*wakil*): who they are, and for how many families each collects.

A proxy's NIK is not kept: only its keyed index, by which all collecting of one person is counted, and its last four
digits, by which an officer tells two of one name apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from registry.db import Connection, Session, new_id
from registry.errors import NotFound
from registry.free_text import check_free_text
from registry.giving.rights import padded
from registry.identifiers import Nik
from registry.keys.sealing import Vault
from registry.models import Card, Entitlement, Proxy, Redemption, RedemptionUndo, Roster, Round, ServicePoint
from registry.regions import within

__all__ = ["ProxyLine", "ProxyShown", "collected_by", "enrol_proxies", "find_round_in", "list_proxies", "read_proxy"]

_proxy: Table = Proxy.__table__  # type: ignore[assignment]
_ENROL = {
    "sqlite": sqlite.insert(_proxy).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_proxy).on_conflict_do_nothing(),
}
_IDS = select(_proxy.c.nik_index, _proxy.c.id).where(_proxy.c.nik_index.in_(bindparam("proxies", expanding=True)))
_COLLECTED = (
    select(Proxy.nik_index, Entitlement.round_id, Card.family_id)
    .select_from(Redemption)
    .join(Proxy, Proxy.id == Redemption.proxy_id)
    .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
    .join(Card, Card.id == Redemption.card_id)
    .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
    .where(
        RedemptionUndo.id.is_(None),
        Proxy.nik_index.in_(bindparam("proxies", expanding=True)),
        Entitlement.round_id.in_(bindparam("rounds", expanding=True)),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class ProxyShown:
    """A proxy as the officer read them off their KTP and letter (*surat kuasa*)."""

    name: str
    nik_index: bytes
    """Empty when no NIK was given."""
    nik_last: str
    letter: str
    """The letter's number."""

    @property
    def is_complete(self) -> bool:
        """Whether name, NIK and letter are all there."""
        return bool(self.name and self.nik_index and self.letter)


@dataclass(frozen=True, slots=True)
class ProxyLine:
    """One proxy of a round: who, at which points, and for how many families."""

    name: str
    nik_last: str
    families: int
    points: Sequence[str]


def read_proxy(name: str, nik: str, letter: str, *, vault: Vault) -> ProxyShown:
    """Return what an officer typed of a proxy in the form in which it may be kept.

    Raises:
        IdentifierError: when a NIK was typed that has not the form of one.
        RegistryError: code ``text_holds_number``, ``text_unreadable``, of the name or the letter.
    """
    read = Nik.parse(nik) if nik.strip() else None
    index, last = (vault.index("nik", read), read[-4:]) if read else (b"", "")
    return ProxyShown(check_free_text(name), index, last, check_free_text(letter))


def collected_by(
    connection: Connection, proxies: Iterable[bytes], rounds: Iterable[UUID]
) -> set[tuple[bytes, UUID, UUID]]:
    """Return for whom proxies have collected in rounds: NIK index, round, family; what was undone does not count."""
    rows = connection.execute(_COLLECTED, {"proxies": padded(proxies), "rounds": padded(rounds)})
    return {(nik_index, round_id, family_id) for nik_index, round_id, family_id in rows}


def enrol_proxies(connection: Connection, proxies: Sequence[ProxyShown]) -> dict[bytes, UUID]:
    """Return the rows of proxies by NIK index, making those that are new; who is known keeps the name of then."""
    rows = [{"id": new_id(), "nik_index": one.nik_index, "nik_last": one.nik_last, "name": one.name} for one in proxies]
    connection.execute(_ENROL[connection.dialect.name], rows)
    found = connection.execute(_IDS, {"proxies": [one["nik_index"] for one in rows]})
    return {row.nik_index: row.id for row in found}


def find_round_in(session: Session, round_id: UUID, *, area: str) -> Round:
    """Return a round that gives at some point of an area.

    Raises:
        NotFound: code ``round_unknown``, also for a round that gives outside the area only.
    """
    gives_here = (
        select(Roster.id)
        .join(ServicePoint, ServicePoint.id == Roster.point_id)
        .where(Roster.round_id == round_id, within(ServicePoint.area_code, area))
        .exists()
    )
    found = session.scalar(select(Round).where(Round.id == round_id, gives_here))
    if found is None:
        raise NotFound("round_unknown")
    return found


def list_proxies(session: Session, round_: Round, *, area: str) -> list[ProxyLine]:
    """Return who has collected for other families in a round at the points of an area, who did for most first."""
    rows = session.execute(
        select(Proxy, Card.family_id, ServicePoint.name)
        .select_from(Redemption)
        .join(Proxy, Proxy.id == Redemption.proxy_id)
        .join(Entitlement, Entitlement.id == Redemption.entitlement_id)
        .join(Card, Card.id == Redemption.card_id)
        .join(ServicePoint, ServicePoint.id == Redemption.point_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(RedemptionUndo.id.is_(None), Entitlement.round_id == round_.id, within(ServicePoint.area_code, area))
    ).all()
    families, points = defaultdict[Proxy, set[UUID]](set), defaultdict[Proxy, set[str]](set)
    for proxy, family_id, point in rows:
        families[proxy].add(family_id)
        points[proxy].add(point)
    lines = [ProxyLine(one.name, one.nik_last, len(some), sorted(points[one])) for one, some in families.items()]
    return sorted(lines, key=lambda line: (-line.families, line.name, line.nik_last))
