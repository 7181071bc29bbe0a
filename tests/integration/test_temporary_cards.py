"""Temporary cards: of paper, good for 30 days, and replaced by plastic; the slip's code is as crisp as a card's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import zxingcpp
from card_house import CardHouse
from printing_samples import QR_TEXT, boxes_of_letters, picture, sample_face, sample_photo, words

from kiosk import words as kiosk_words
from printing import layout
from printing.qr import qr_matrix
from printing.sheets import SHEETS, UNPRINTABLE
from printing.temporary_card import temporary_card_pdf
from registry.cards.cards import hand_over, issue_card, mark_printed, note_read_back, replace_card
from registry.cards.temporary import count_temporary, list_temporary
from registry.code.token import PAPER_DAYS, read_card, to_text
from registry.errors import Conflict
from registry.families.families import head_of
from registry.keys.keys import load_trust
from registry.kinds import BlockReason, CardMedium, CardState, SheetCode
from registry.models import Card
from verify.issue import try_issue
from verify.look import look
from verify.reasons import ReasonCode

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SLIP = SHEETS[SheetCode.A6_SLIP]


@pytest.fixture
def house(database) -> CardHouse:
    return CardHouse(database, NOW)


def issue(house: CardHouse, medium: CardMedium = CardMedium.PAPER) -> Card:
    with house.database.writing() as session:
        card = try_issue(session, house.add_family(session), medium=medium, **house.rest)
        assert isinstance(card, Card)
    return card


def give(house: CardHouse, card: Card) -> None:
    """Print it, scan it, and hand it to the head."""
    with house.database.writing() as session:
        card = session.get_one(Card, card.id)
        mark_printed(session, card, **house.rest)
        note_read_back(session, card, **house.rest)
        hand_over(session, card, head_of(card.family), id_seen=True, **house.rest)


def test_a_temporary_card_is_good_to_the_end_of_the_thirtieth_day(house: CardHouse):
    paper, plastic = issue(house), issue(house, CardMedium.PLASTIC)
    assert paper.medium is CardMedium.PAPER
    assert paper.expires_at.isoformat() == "2026-12-22T23:59:59+07:00"
    assert (plastic.medium, plastic.expires_at.year) == (CardMedium.PLASTIC, 2031)


def test_a_card_of_each_medium_says_itself_which_it_is(house: CardHouse):
    with house.database.reading() as session:
        trust = load_trust(session)
    for medium in CardMedium:
        assert read_card(to_text(issue(house, medium).token), trust, at=NOW).claims.medium is medium


@pytest.mark.parametrize("typed", [False, True], ids=["scanned", "typed"])
def test_past_its_last_day_the_family_is_sent_to_fetch_the_plastic_card(house: CardHouse, typed: bool):
    card = issue(house)
    give(house, card)
    text = card.number if typed else to_text(card.token)
    with house.database.reading() as session:
        trust = load_trust(session)
        last = card.expires_at - timedelta(seconds=1)
        before, after = (
            look(session, text, point_id=house.actor.point_id, trust=trust, at=at).decision.reasons
            for at in (last, card.expires_at)
        )
    assert ReasonCode.EXPIRED not in {reason.code for reason in before}
    [reason] = [reason for reason in after if reason.code is ReasonCode.EXPIRED]
    said = kiosk_words.of(reason.code, **reason.detail)
    assert "22 Desember 2026" in said.explanation
    assert said.next_step == "Arahkan keluarga ke loket untuk mengambil kartu tetap, pengganti kartu sementara ini."
    assert "kartu baru" in kiosk_words.of("expired", at=NOW.isoformat(), medium=CardMedium.PLASTIC).next_step


def test_the_plastic_card_replaces_it_once_it_is_there(house: CardHouse):
    paper = issue(house)
    give(house, paper)
    with house.database.writing() as session:
        paper = session.get_one(Card, paper.id)
        plastic = replace_card(session, paper, BlockReason.PROVISIONAL, **house.rest)
        assert (paper.state, paper.block_reason) == (CardState.REPLACED, BlockReason.PROVISIONAL)
        assert (plastic.medium, plastic.issue_number, plastic.replaces_id) == (CardMedium.PLASTIC, 2, paper.id)


def test_also_a_temporary_card_past_its_last_day_is_replaced(house: CardHouse):
    paper = issue(house)
    with house.database.writing() as session:
        later = {**house.rest, "at": NOW + timedelta(days=PAPER_DAYS + 5)}
        plastic = replace_card(session, session.get_one(Card, paper.id), BlockReason.PROVISIONAL, **later)
    assert plastic.medium is CardMedium.PLASTIC


@pytest.mark.parametrize(
    ("old", "new"),
    [(CardMedium.PLASTIC, CardMedium.PLASTIC), (CardMedium.PAPER, CardMedium.PAPER)],
    ids=["plastic-by-plastic", "paper-by-paper"],
)
def test_only_paper_makes_way_for_plastic_because_it_has_come(house: CardHouse, old: CardMedium, new: CardMedium):
    card = issue(house, old)
    with house.database.writing() as session, pytest.raises(Conflict) as caught:
        replace_card(session, session.get_one(Card, card.id), BlockReason.PROVISIONAL, medium=new, **house.rest)
    assert caught.value.code == "card_not_provisional"
    with house.database.reading() as session:
        assert session.get_one(Card, card.id).state is CardState.ISSUED


def test_a_lost_plastic_card_may_be_replaced_by_paper_for_the_time_being(house: CardHouse):
    card = issue(house, CardMedium.PLASTIC)
    with house.database.writing() as session:
        paper = replace_card(
            session, session.get_one(Card, card.id), BlockReason.LOST, medium=CardMedium.PAPER, **house.rest
        )
    assert paper.medium is CardMedium.PAPER


def test_those_in_hand_are_listed_as_they_end(house: CardHouse):
    issue(house)
    give(house, issue(house, CardMedium.PLASTIC))
    second = issue(house)
    with house.database.writing() as session:
        early = {**house.rest, "at": NOW - timedelta(days=5)}
        family = house.add_family(session)
        first = issue_card(session, family, medium=CardMedium.PAPER, **early)
    for card in (second, first):
        give(house, card)
    with house.database.reading() as session:
        assert [card.id for card in list_temporary(session, area="62.06", limit=10)] == [first.id, second.id]
        assert count_temporary(session, area="62.06") == 2
        assert count_temporary(session, area="62.71") == 0


@pytest.fixture(scope="module")
def slip() -> bytes:
    face = sample_face(photo=sample_photo(), issued_on=date(2026, 11, 22), valid_until=date(2026, 12, 22))
    return temporary_card_pdf(face, fetch_at="Loket Kartu Kecamatan Katingan Tengah")


def test_a_slip_is_one_page_of_a6_that_says_what_it_is_until_when_and_where_the_card_is(slip: bytes):
    assert picture(slip, 0).size == (SLIP.width, SLIP.height)
    text = " ".join(words(slip, 0).split())
    for said in (
        "Kartu sementara",
        "Berlaku sampai 22 Desember 2026",
        "Ambil kartu tetap di Loket Kartu Kecamatan Katingan Tengah sebelum tanggal itu.",
        "Bawa lembar ini dan KTP.",
        "GRATIS",
        "Tidak diperjualbelikan",
        "62-06-207002-0",
    ):
        assert said in text


def test_the_code_on_a_slip_is_whole_dots_of_pure_black_in_its_quiet_zone(slip: bytes):
    shown, place = picture(slip, 0), SLIP.back(0)
    left, top, dots = place.x + layout.QR.left, place.y + layout.QR.top, layout.QR_DOTS_PER_MODULE
    for row, modules in enumerate(qr_matrix(QR_TEXT)):
        for column, black in enumerate(modules):
            x, y = left + dots * column, top + dots * row
            colour = 0 if black else 255
            assert set(shown.crop((x, y, x + dots, y + dots)).get_flattened_data()) == {(colour,) * 3}
    quiet = layout.QR_QUIET
    around = shown.crop((place.x + quiet.left, place.y + quiet.top, place.x + quiet.right, place.y + quiet.bottom))
    around.paste((255, 255, 255), (20, 20, 20 + layout.QR.width, 20 + layout.QR.height))
    assert set(around.get_flattened_data()) == {(255, 255, 255)}
    [code] = zxingcpp.read_barcodes(shown)
    assert code.text == QR_TEXT


@pytest.mark.parametrize(
    "fetch_at", ["Loket", "MAWAS WWW " * 8, "Loket Pelayanan Terpadu " * 3], ids=["short", "wide", "long"]
)
def test_nothing_of_a_slip_stands_where_printers_leave_white_whatever_the_counter_is_called(fetch_at: str):
    slip = temporary_card_pdf(sample_face(), fetch_at=fetch_at.strip())
    for left, top, right, bottom in boxes_of_letters(slip, 0):
        assert left >= UNPRINTABLE
        assert top >= UNPRINTABLE
        assert right <= SLIP.width - UNPRINTABLE
        assert bottom <= SLIP.height - UNPRINTABLE
    assert "kartu tetap diserahkan." in " ".join(words(slip, 0).split())
