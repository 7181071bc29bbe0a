"""Temporary cards at the counter: issued on paper, printed as a slip, replaced by plastic."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from card_scene import CardScene
from kiosk_fixtures import Browser

from registry.cards.waiting import waiting_villages
from registry.kinds import BlockReason, CardMedium, CardState, Role


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


def issue_paper(scene: CardScene, clerk: Browser):
    family = scene.add_family()
    answer = clerk.post(f"/keluarga/{family}/kartu", {"medium": "paper"})
    assert answer.status_code == 303
    return family, scene.card_of(family)


def test_a_family_that_cannot_wait_is_issued_paper_whose_slip_carries_its_code(scene, clerk):
    family, card = issue_paper(scene, clerk)
    assert card.medium is CardMedium.PAPER
    page = clerk.get(f"/kartu/{card.number}").text
    assert "Kartu sementara" in page
    assert "Buka lembar kartu sementara" in page
    assert "Buka PDF kartu" not in page
    answer = clerk.get(f"/kartu/{card.number}/cetak.pdf")
    assert answer.headers["Content-Disposition"] == f"inline; filename=kartu-sementara-{card.number}.pdf"
    with pypdfium2.PdfDocument(BytesIO(answer.data)) as slip:
        assert len(slip) == 1
        assert [round(side / 72 * 25.4) for side in slip[0].get_size()] == [105, 148]
        [code] = zxingcpp.read_barcodes(slip[0].render(scale=300 / 72).to_pil())
    assert scene.read(code.text).claims.number == card.number
    assert "Kartu sementara (kertas)" in clerk.get(f"/keluarga/{family}").text


def test_a_plastic_card_offers_no_slip(scene, clerk):
    card = scene.issue(scene.add_family())
    page = clerk.get(f"/kartu/{card.number}").text
    assert "Buka PDF kartu" in page
    assert "Buka lembar kartu sementara" not in page
    assert "provisional" not in page
    with pypdfium2.PdfDocument(BytesIO(clerk.get(f"/kartu/{card.number}/cetak.pdf").data)) as pdf:
        assert len(pdf) == 2


def test_paper_does_not_wait_for_the_card_printer_but_for_its_family(scene, clerk):
    _, card = issue_paper(scene, clerk)
    scene.issue(scene.add_family())
    with scene.state.database.reading() as session:
        [village] = waiting_villages(session, area="62.06")
        assert (village.to_print, village.to_hand_over) == (1, 0)
    clerk.post(f"/kartu/{card.number}/tercetak")
    with scene.state.database.reading() as session:
        [village] = waiting_villages(session, area="62.06")
        assert (village.to_print, village.to_hand_over) == (1, 1)


def test_paper_is_replaced_by_plastic_once_it_has_come(scene, clerk):
    family, paper = issue_paper(scene, clerk)
    answer = clerk.post(f"/kartu/{paper.number}/ganti", {"why": "provisional", "medium": "plastic"})
    plastic = scene.card_of(family)
    assert answer.location == f"/kartu/{plastic.number}"
    assert plastic.medium is CardMedium.PLASTIC
    assert (scene.again(paper).state, scene.again(paper).block_reason) == (CardState.REPLACED, BlockReason.PROVISIONAL)
    assert "kartu sementara diganti kartu tetap" in clerk.get(f"/kartu/{paper.number}").text


def test_a_paper_card_for_a_paper_card_because_the_plastic_one_has_come_is_refused_by_the_form(scene, clerk):
    _, paper = issue_paper(scene, clerk)
    answer = clerk.post(f"/kartu/{paper.number}/ganti", {"why": "provisional", "medium": "paper"})
    assert answer.status_code == 422
    assert "diganti dengan kartu tetap." in answer.text
    assert scene.again(paper).state is CardState.ISSUED


def test_a_plastic_card_is_not_replaced_because_it_was_provisional(scene, clerk):
    card = scene.issue(scene.add_family())
    assert clerk.post(f"/kartu/{card.number}/ganti", {"why": "provisional", "medium": "plastic"}).status_code == 422
    assert scene.again(card).state is CardState.ISSUED


def test_a_lost_card_may_be_replaced_by_paper(scene, clerk):
    family = scene.add_family()
    card = scene.issue(family)
    assert clerk.post(f"/kartu/{card.number}/ganti", {"why": "lost", "medium": "paper"}).status_code == 303
    assert scene.card_of(family).medium is CardMedium.PAPER


def test_the_list_of_temporary_cards_names_those_in_hand(scene, clerk):
    _, paper = issue_paper(scene, clerk)
    assert "Tidak ada kartu sementara" in clerk.get("/kartu/sementara").text
    clerk.post(f"/kartu/{paper.number}/tercetak")
    scene.change(_give, paper)
    assert paper.number in clerk.get("/kartu/sementara").text


def _give(session, card, **rest):
    from registry.cards.cards import hand_over, note_read_back
    from registry.families.families import head_of

    note_read_back(session, card, **rest)
    hand_over(session, card, head_of(card.family), id_seen=True, **rest)
