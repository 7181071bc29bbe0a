"""Two counters with blanks and ribbons, three officers, and cards to print: what the tests of supplies stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from card_house import CardHouse

from registry.audit import Actor
from registry.cards.cards import issue_card
from registry.db import Database, Session, new_id
from registry.kinds import PointKind, SupplyKind, SupplyMoveKind
from registry.models import Card, Officer, PrintCopy, ServicePoint, SupplyBox
from registry.prints.copies import add_copy
from registry.supplies.boxes import receive_box
from registry.supplies.consuming import consume_supplies


@dataclass
class SupplyScene:
    """A card house with a second counter: Dewi and Siti work at the first one, Rudi at the second."""

    database: Database
    at: datetime
    house: CardHouse = field(init=False)

    def __post_init__(self) -> None:
        self.house = CardHouse(self.database, self.at)
        self.point_id, self.dewi_id = self.house.actor.point_id, self.house.actor.officer_id
        other = ServicePoint(id=new_id(), code="LOKET-2", name="Loket 2", kind=PointKind.COUNTER, area_code="62.71")
        self.other_id, self.siti_id, self.rudi_id = other.id, new_id(), new_id()
        with self.database.writing() as session:
            session.add(other)
            session.flush()
            for officer_id, name, number, point_id in (
                (self.siti_id, "Siti", "P-002", self.point_id),
                (self.rudi_id, "Rudi", "P-003", other.id),
            ):
                session.add(
                    Officer(
                        id=officer_id,
                        username=name.lower(),
                        name=name,
                        number=number,
                        password_hash="x",
                        point_id=point_id,
                        created_at=self.at,
                    )
                )

    def acting(self, officer_id: UUID | None = None, *, at: datetime | None = None) -> dict[str, Any]:
        """Return who acts; Dewi when nobody is named."""
        officer_id = officer_id or self.dewi_id
        point_id = self.other_id if officer_id == self.rudi_id else self.point_id
        return {"actor": Actor(officer_id=officer_id, point_id=point_id), "keys": self.house.keys, "at": at or self.at}

    def receive(
        self, number: str, quantity: int, supply: SupplyKind = SupplyKind.BLANK, *, by: UUID | None = None, **rest: Any
    ) -> UUID:
        """Receive a box and return its id."""
        usual = {"move_id": new_id(), "content": "CR80", "document": "SJ-1"}
        with self.database.writing() as session:
            box = receive_box(session, supply, number=number, quantity=quantity, **(usual | rest), **self.acting(by))
            return box.id

    def do(self, act: Callable[..., Any], box_id: UUID, *args: Any, by: UUID | None = None, **named: Any) -> Any:
        """Do something of registry.supplies.moves with a box; officers and points are named by their ids."""
        with self.database.writing() as session:
            return act(
                session,
                session.get_one(SupplyBox, box_id),
                *(self._row(session, one) for one in args),
                **({"move_id": new_id()} | named),
                **self.acting(by),
            )

    def copy(self) -> UUID:
        """Return a copy that waits, of a new card of a new family."""
        with self.database.writing() as session:
            card = issue_card(session, self.house.add_family(session), **self.house.rest)
            return add_copy(session, session.get_one(Card, card.id), at=self.at).id

    def consume(
        self,
        copy_id: UUID,
        kind: SupplyMoveKind = SupplyMoveKind.USED,
        *,
        by: UUID | None = None,
        at: datetime | None = None,
        **rest: Any,
    ) -> None:
        """Use up what a copy takes."""
        spoilt = {"reason": "pita putus", "destroyed_by": "Dewi"} if kind is SupplyMoveKind.SPOILT else {}
        with self.database.writing() as session:
            copy = session.get_one(PrintCopy, copy_id)
            consume_supplies(session, copy, kind=kind, **(spoilt | rest), **self.acting(by, at=at))

    def _row(self, session: Session, one: object) -> object:
        if one == self.other_id or one == self.point_id:
            return session.get_one(ServicePoint, one)
        return session.get_one(Officer, one) if isinstance(one, UUID) else one
