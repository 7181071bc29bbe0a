"""The scanner at the hand-out point: focus is never lost, other layouts and Caps Lock do not matter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browsing import assert_accessible, look, sign_in
from conftest import VILLAGE, Kiosk
from playwright.sync_api import Page, expect
from scanner import scan
from sqlalchemy import select

from kiosk.clock import now
from registry.audit import Actor
from registry.cards.cards import hand_over, mark_printed, note_read_back
from registry.code.token import to_text
from registry.days import local_day
from registry.kinds import CardState
from registry.models import Card, Redemption
from registry.officers.points import CENTRE, get_point
from registry.programmes.rounds import Place
from verify.issue import issue_for_village
from verify.rounds import open_round_for_villages


@pytest.fixture(scope="module")
def texts(kiosk: Kiosk) -> list[str]:
    """What the scanner reads from cards of Petak Puti; all but the last are active, and a round is open."""
    at = now()
    with kiosk.database.writing() as session:
        rest = {"actor": Actor(None, get_point(session, CENTRE).id), "keys": kiosk.keys, "at": at}
        issue_for_village(session, VILLAGE, **rest)
        cards = session.scalars(select(Card).order_by(Card.id)).all()
        for card in cards:
            mark_printed(session, card, **rest)
            note_read_back(session, card, **rest)
        for card in cards[:-1]:
            hand_over(session, card, card.head, id_seen=True, **rest)
        today = local_day(at)
        place = Place(get_point(session, "BAGI-PETAKPUTI").id, [VILLAGE])
        open_round_for_villages(
            session,
            "PANGAN",
            name="Tahap I",
            opens_on=today,
            closes_on=today + timedelta(days=5),
            places=[place],
            **rest,
        )
        return [to_text(card.token) for card in cards]


@pytest.fixture
def point(page: Page, texts: list[str]) -> Page:
    sign_in(page, "bagi.joko")
    page.goto("/pindai")
    return page


def expect_word(page: Page, word: str) -> None:
    expect(page.locator("#putusan")).to_have_text(word)


def test_a_scan_is_heard_wherever_the_focus_is(point: Page, texts: list[str]):
    point.get_by_role("button", name="Keluar").focus()
    scan(point, texts[0])
    expect_word(point, "Berhak")


def test_a_scan_leaves_nothing_behind_in_a_field(point: Page, texts: list[str]):
    field = point.get_by_label("Nomor kartu")
    field.fill("62-06")
    field.focus()
    # an answer without content leaves the page as it stands
    point.route("**/pindai", lambda route: route.fulfill(status=204))
    scan(point, texts[0])
    expect(point.locator("form[data-scan]")).to_have_attribute("data-state", "sent")
    expect(field).to_have_value("62-06")


def test_a_scanner_without_enter_is_heard_as_well(point: Page, texts: list[str]):
    scan(point, texts[0], ends_with_enter=False)
    expect_word(point, "Berhak")


@pytest.mark.parametrize("understood", [str.swapcase, lambda text: text.translate(str.maketrans("YZ-/+*", "ZYß-´("))])
def test_caps_lock_and_another_layout_change_nothing(point: Page, texts: list[str], understood):
    scan(point, texts[0], understood=understood)
    expect_word(point, "Berhak")


def test_a_person_types_the_number_in_peace(point: Page, texts: list[str], kiosk: Kiosk):
    with kiosk.database.reading() as session:
        number = session.scalars(select(Card.number).where(Card.state == CardState.ACTIVE).order_by(Card.id)).first()
    field = point.get_by_label("Nomor kartu")
    field.press_sequentially(number, delay=90)
    expect(field).to_have_value(number)
    field.press("Enter")
    expect_word(point, "Berhak")


def test_the_next_card_is_scanned_from_the_verdict_without_a_click(point: Page, texts: list[str]):
    scan(point, texts[0])
    expect_word(point, "Berhak")
    scan(point, texts[-1])
    expect_word(point, "Ditolak")
    look(point, "verdict-refused")
    assert_accessible(point)
    scan(point, "00020101021126610014COM.GO-JEK.WWW")
    expect_word(point, "Bukan kartu kita")
    look(point, "verdict-unknown")
    assert_accessible(point)


def test_two_presses_give_once(point: Page, texts: list[str], kiosk: Kiosk):
    scan(point, texts[1])
    point.get_by_label("KTP asli dilihat").check()
    point.get_by_role("button", name="Salurkan").dblclick()
    expect_word(point, "Diserahkan")
    point.reload()
    expect_word(point, "Diserahkan")
    with kiosk.database.reading() as session:
        assert len(session.scalars(select(Redemption)).all()) == 1
