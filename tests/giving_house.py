"""A kiosk where packages are given: card scene, an open round at the officers' own point, and active cards."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import UUID

from card_house import VILLAGE
from card_scene import AREA, CardScene
from kiosk_fixtures import Browser
from werkzeug.test import TestResponse

from kiosk.clock import now
from registry.cards.cards import hand_over, note_read_back
from registry.days import local_day
from registry.kinds import PointKind
from registry.models import Card, Person, Programme
from registry.officers.points import get_point
from registry.programmes.rounds import Place
from verify.rounds import OpenedRound, open_round_for_villages

POINT = f"LOKET-{AREA.replace('.', '')}"
"""The code of the point where officers of the area work in tests."""


class GivingScene(CardScene):
    """The kiosk of one test, with what tests of giving do behind the pages' back."""

    def active_card(self, **facts: object) -> Card:
        """Register an entitled family, and put its card into its hands."""
        card = self.print_card(self.add_family(**facts))
        with self.state.database.writing() as session:
            fresh = session.get_one(Card, card.id)
            note_read_back(session, fresh, **self._rest(session))
            hand_over(session, fresh, session.get_one(Person, card.head_id), id_seen=True, **self._rest(session))
        return self.again(card)

    def open_round(self, *, programme: str = "PANGAN", name: str = "Tahap I", point: str = POINT, **other) -> UUID:
        """Open a round for the scene's village at a point of a signed-in officer, which serves the programme then."""
        today = local_day(now())
        days = {"opens_on": today, "closes_on": today + timedelta(days=9), "price": None} | other
        with self.state.database.writing() as session:
            serving = get_point(session, point)
            places = session.get_one(Programme, programme).places
            if serving.kind not in places:
                serving.kind = PointKind(places[0])
            place = Place(serving.id, [VILLAGE])
            opened: OpenedRound = open_round_for_villages(
                session, programme, name=name, places=[place], **days, **self._rest(session)
            )
            return opened.round.id


def word(answer: TestResponse) -> str:
    """Return the word that fills the screen."""
    return re.search(r'id="putusan">([^<]+)<', answer.text)[1]


def kind(answer: TestResponse) -> str:
    """Return the kind of verdict: granted, already, refused, unknown."""
    return re.search(r"verdict verdict--(\w+)", answer.text)[1]


def give_form(answer: TestResponse) -> dict[str, str | list[str]]:
    """Return what pressing the first button "Salurkan" would send, when every step was taken and the head takes it."""
    form = answer.text[answer.text.index('action="/pindai/salurkan"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, str | list[str]] = {
        name: html.unescape(value)
        for name, value in re.findall(r'name="(text|as_typed|round_id|key)"[^>]*? value="([^"]*)"', form)
    }
    sent["proofs"] = re.findall(r'name="proofs"[^>]*? value="(\w+)"', form)
    return sent | ({"is_paid": "y"} if 'name="is_paid"' in form else {})


def scan(browser: Browser, text: str, **rest: str) -> TestResponse:
    """Scan a text as the scanner's script sends it."""
    return browser.post("/pindai", {"scanned": text, **rest})


def give(browser: Browser, text: str) -> TestResponse:
    """Scan a card and press the first button."""
    return browser.post("/pindai/salurkan", give_form(scan(browser, text)))
