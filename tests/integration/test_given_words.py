"""A payment is marked and a registration recorded: nobody who got one is told of a package that was handed over."""

from __future__ import annotations

import re

import pytest
from giving_house import GivingScene, give, scan, word
from kiosk_fixtures import Browser
from sqlalchemy import select

from kiosk import words
from kiosk.words.given import ALREADY_GIVEN_AS, given_as
from printing.slip import receipt_pdf
from registry.kinds import Role, Unit
from registry.models import Roster

_OF_A_PACKAGE = re.compile(r"\bpaket|diserahkan|salurkan|penyaluran|\bGRATIS\b", re.IGNORECASE)
_DETAIL = {"at": "2026-03-02T01:30:00+00:00", "round": "Tahap I", "point": "Bank", "officer": "Gita", "receipt": "P-1"}
_HANDED_OVER = {Unit.PACKAGE, Unit.GOODS}


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    return GivingScene(app.extensions["kiosk"], signed_in)


@pytest.fixture
def teller(house: GivingScene) -> Browser:
    return house.sign_in(Role.DISTRIBUTOR)


def shown(page: str) -> str:
    """Return what a page shows in its middle: no menu, no tags."""
    body = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]+>", " ", body)


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_has_words_and_only_what_is_handed_over_is_called_so(unit: Unit):
    said_as = given_as(unit)
    speaks_of_packages = bool(_OF_A_PACKAGE.search(f"{said_as.act} {said_as.done} {said_as.button} {said_as.again}"))
    assert speaks_of_packages is (unit in _HANDED_OVER)


@pytest.mark.parametrize("unit", sorted(set(ALREADY_GIVEN_AS) - _HANDED_OVER))
def test_who_asks_again_is_told_in_the_words_of_the_unit(unit: str):
    said = words.of("already_given", **_DETAIL, unit=unit)
    assert not _OF_A_PACKAGE.search(f"{said.title} {said.explanation} {said.next_step}")
    assert "Tahap I sudah di" in said.explanation


def test_a_refusal_that_was_kept_without_its_unit_speaks_of_a_package_as_before():
    assert words.of("already_given", **_DETAIL).title == "Sudah diterima"


def test_a_payment_is_marked_and_no_screen_speaks_of_a_package(house, teller):
    card = house.active_card()
    round_id = house.open_round(programme="TUNAI")
    verdict = scan(teller, house.text_of(card))
    given = give(teller, house.text_of(card))
    receipt = teller.get(given.location)
    again = scan(teller, house.text_of(card))
    assert [word(page) for page in (verdict, receipt, again)] == ["Berhak", "Ditandai dibayar", "Sudah dibayar"]
    with house.state.database.reading() as session:
        roster_id = session.scalar(select(Roster.id).where(Roster.round_id == round_id))
    day, left = (teller.get(f"/stok/{roster_id}/{page}") for page in ("berita-acara", "belum-diambil"))
    for page in (verdict, receipt, again, day, left):
        assert _OF_A_PACKAGE.findall(shown(page.text)) == []


def test_the_slip_of_a_payment_is_called_so(house, teller, monkeypatch):
    card = house.active_card()
    house.open_round(programme="TUNAI")
    given = give(teller, house.text_of(card))
    slips = []
    monkeypatch.setattr("kiosk.views.receipts.receipt_pdf", lambda slip: slips.append(slip) or receipt_pdf(slip))
    assert teller.get(f"{given.location}/slip.pdf").data.startswith(b"%PDF")
    [slip] = slips
    assert (slip.title, slip.unpriced, slip.takes) == (
        "Bukti tanda bayar",
        ("UTUH", "tidak dipotong biaya apa pun"),
        "Diterima",
    )
