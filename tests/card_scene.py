"""A kiosk with families who have or may have cards: what the tests of card pages and card commands stand on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from card_house import VILLAGE, make_draft
from kiosk_fixtures import Browser
from PIL import Image

from kiosk.clock import now
from kiosk.state import State
from printing.photo import take_in
from registry.audit import Actor
from registry.cards import cards, photos
from registry.cards import history as card_history
from registry.cards.history import CardStep
from registry.code.token import Reading, read_card, to_text
from registry.families import families
from registry.identifiers import CardNumber
from registry.kinds import CardState
from registry.models import Card, Family
from registry.officers.points import CENTRE, get_point

AREA = "62.06.05"
"""Where the scene's officers serve; its families live in VILLAGE unless said otherwise."""


@dataclass
class CardScene:
    """The kiosk of one test, with what tests of cards do behind the pages' back."""

    state: State
    signed_in: Callable[..., Browser]

    def sign_in(self, *roles, area: str = AREA, **rest) -> Browser:
        """Give a browser where an officer of the area has signed in."""
        return self.signed_in(*roles, area=area, **rest)

    def add_family(self, *, village: str = VILLAGE, **facts) -> str:
        """Register an entitled family of three, the head a woman, and return its reference."""
        with self.state.database.writing() as session:
            draft = make_draft(village=village, **facts)
            made = families.register_family(
                session, draft, source="DTSEN", as_of=date(2026, 1, 31), **self._rest(session)
            )
            return made.reference

    def issue(self, reference: str) -> Card:
        """Issue a card to a family, entitled or not."""
        with self.state.database.writing() as session:
            return cards.issue_card(session, self._family(session, reference), **self._rest(session))

    def print_card(self, reference: str) -> Card:
        """Issue a card and mark it as printed."""
        number = self.issue(reference).number
        with self.state.database.writing() as session:
            card = cards.find_card(session, number=CardNumber(number))
            cards.mark_printed(session, card, **self._rest(session))
            return card

    def read_back(self, reference: str) -> Card:
        """Issue a card, mark it as printed, and note that its code was scanned."""
        card = self.print_card(reference)
        self.change(cards.note_read_back, card)
        return self.again(card)

    def change(self, act: Callable, card: Card, *args, **named) -> None:
        """Do something of registry.cards.cards to a card."""
        with self.state.database.writing() as session:
            act(session, session.get_one(Card, card.id), *args, **named, **self._rest(session))

    def change_family(self, reference: str, change: Callable[[Family], None]) -> None:
        """Change a family's row, as a list would."""
        with self.state.database.writing() as session:
            change(self._family(session, reference))

    def card_of(self, reference: str) -> Card | None:
        """Return the card of a family that lives."""
        with self.state.database.reading() as session:
            return cards.live_card_of(session, self._family(session, reference))

    def again(self, card: Card) -> Card:
        """Return the card as it is now."""
        with self.state.database.reading() as session:
            return session.get_one(Card, card.id)

    def is_active(self, card: Card) -> bool:
        """Tell whether the card opens anything."""
        return self.again(card).state is CardState.ACTIVE

    def steps(self, card: Card) -> list[CardStep]:
        """Return what happened to a card."""
        with self.state.database.reading() as session:
            return card_history.history_of(session, card)

    def text_of(self, card: Card) -> str:
        """Return what a scanner reads from the card."""
        return to_text(card.token)

    def read(self, text: str) -> Reading:
        """Read a scanned text, signature and all."""
        return read_card(text, self.state.trust, at=now())

    def numbers_of(self, reference: str) -> list[str]:
        """Return the Nomor KK and every NIK of a family."""
        vault = self.state.keys.vault
        with self.state.database.reading() as session:
            family = self._family(session, reference)
            niks = [vault.open("person", "nik_sealed", one.id, one.nik_sealed) for one in family.people]
            return [str(families.number_of(family, vault)), *niks]

    @property
    def photos(self) -> Path:
        """The installation's photo folder."""
        return self.state.settings.photos_folder

    def give_photo(self, reference: str, jpeg: bytes | None = None) -> photos.Photo:
        """Keep a photo of a family's head: a good one, or this file as it is."""
        with self.state.database.writing() as session:
            head = families.head_of(self._family(session, reference))
            return photos.keep_photo(
                session, head, jpeg or take_in(picture()), folder=self.photos, **self._rest(session)
            )

    def _family(self, session, reference: str) -> Family:
        return families.get_family(session, reference, area="62")

    def _rest(self, session) -> dict:
        actor = Actor(officer_id=None, point_id=get_point(session, CENTRE).id)
        return {"actor": actor, "keys": self.state.keys, "at": now()}


def picture(size: tuple[int, int] = (640, 480), kind: str = "JPEG", **rest) -> bytes:
    """Return a picture file with something to see in it."""
    image = Image.effect_mandelbrot(size, (-2, -1.2, 1, 1.2), 60).convert("RGB")
    target = BytesIO()
    image.save(target, kind, **rest)
    return target.getvalue()
