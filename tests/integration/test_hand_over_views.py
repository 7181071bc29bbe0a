"""Handing a card over: the fresh card is scanned, its receiver chosen, and only then is it active."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO

import pytest
from card_scene import CardScene
from code_pictures import code_file
from kiosk_fixtures import Browser
from printing_samples import sample_picture
from sqlalchemy import func, select, update

from kiosk.clock import now
from registry.cards import cards
from registry.kinds import BlockReason, CardEventKind, CardState, FamilyState, PersonState, Relation, Role
from registry.models import Attempt, AuditLine, Card

LOOK, CONFIRM, PICTURE = "/kartu/serahkan", "/kartu/serahkan/penerima", "/kartu/serahkan/foto"


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


def receivers(page: str) -> list[str]:
    """Return who is offered on a page, by the value of the choice."""
    return re.findall(r'<input[^>]*type="radio"[^>]*value="([^"]+)"', page)


def people_of(scene: CardScene, card: Card) -> dict[str, str]:
    with scene.state.database.reading() as session:
        return {str(person.id): person.name for person in session.get_one(Card, card.id).family.people}


def test_the_scanned_card_shows_its_receivers_head_first_then_the_grown_ups(scene, clerk):
    card = scene.print_card(scene.add_family())
    page = clerk.post(LOOK, {"scanned": scene.text_of(card)}).text
    names = people_of(scene, card)
    assert [names[person] for person in receivers(page)] == ["SITI AMINAH", "RAHMAT"]
    assert "Wakil keluarga, anak" in page
    assert ">MINA<" not in page


def test_looking_hands_nothing_over_but_shows_that_the_code_is_read(scene, clerk):
    card = scene.print_card(scene.add_family())
    for _ in range(2):
        clerk.post(LOOK, {"scanned": scene.text_of(card)})
    assert scene.again(card).state is CardState.PRINTED
    assert scene.again(card).read_back_at is not None
    assert [step.kind for step in scene.steps(card)].count(CardEventKind.READ_BACK) == 1


def test_a_number_alone_hands_nothing_over_while_the_code_was_never_scanned(scene, clerk):
    card = scene.print_card(scene.add_family())
    refuse(scene, clerk, card.number, "Kode kartu belum dipindai")
    assert scene.again(card).read_back_at is None


def test_a_picture_of_the_code_does_as_well_as_a_scan(scene, clerk):
    card = scene.print_card(scene.add_family())
    page = clerk.post(PICTURE, {"picture": (BytesIO(code_file(scene.text_of(card))), "kode.png")}).text
    assert "Siapa yang menerima kartu?" in page
    assert scene.again(card).read_back_at is not None
    [scanned] = re.findall(r'<input[^>]*name="scanned"[^>]*value="([^"]*)"', page)
    clerk.post(CONFIRM, {"scanned": html.unescape(scanned), "receiver": str(card.head_id), "id_seen": "y"})
    assert scene.is_active(card)


def test_a_picture_without_a_code_says_what_to_do(clerk):
    answer = clerk.post(PICTURE, {"picture": (BytesIO(sample_picture((800, 600))), "kode.jpg")})
    assert answer.status_code == 422
    assert "Dekatkan kamera" in answer.text
    assert clerk.post(PICTURE, {}).status_code == 422


def test_the_head_takes_the_card_and_it_is_active(scene, clerk):
    card = scene.print_card(scene.add_family())
    answer = clerk.post(CONFIRM, {"scanned": scene.text_of(card), "receiver": str(card.head_id), "id_seen": "y"})
    assert (answer.status_code, answer.location) == (303, LOOK)
    assert scene.is_active(card)
    last = scene.steps(card)[-1]
    assert (last.kind, last.receiver, last.receiver_is_head) == (CardEventKind.HANDED_OVER, "SITI AMINAH", True)
    assert f"Kartu {card.number} sudah diserahkan dan sekarang aktif" in clerk.get(LOOK).text


def test_a_proxy_of_the_same_family_takes_the_card(scene, clerk):
    card = scene.print_card(scene.add_family())
    page = clerk.post(LOOK, {"scanned": scene.text_of(card)}).text
    proxy = receivers(page)[1]
    clerk.post(CONFIRM, {"scanned": scene.text_of(card), "receiver": proxy, "id_seen": "y"})
    last = scene.steps(card)[-1]
    assert (last.receiver, last.receiver_is_head) == ("RAHMAT", False)
    assert "Diterima RAHMAT, wakil keluarga" in clerk.get(f"/kartu/{card.number}").text


def test_without_having_seen_the_identity_card_nothing_is_handed_over(scene, clerk):
    card = scene.print_card(scene.add_family())
    answer = clerk.post(CONFIRM, {"scanned": scene.text_of(card), "receiver": str(card.head_id)})
    assert answer.status_code == 422
    assert "Lihat dulu KTP asli penerima" in answer.text
    assert not scene.is_active(card)


def test_without_a_receiver_nothing_is_handed_over(scene, clerk):
    card = scene.print_card(scene.add_family())
    answer = clerk.post(CONFIRM, {"scanned": scene.text_of(card), "id_seen": "y"})
    assert answer.status_code == 422
    assert not scene.is_active(card)


def test_a_child_or_a_stranger_does_not_take_the_card(scene, clerk):
    card = scene.print_card(scene.add_family())
    stranger = scene.print_card(scene.add_family())
    child = next(person for person, name in people_of(scene, card).items() if name == "MINA")
    for person in (child, str(stranger.head_id), "bukan-orang"):
        answer = clerk.post(CONFIRM, {"scanned": scene.text_of(card), "receiver": person, "id_seen": "y"})
        assert answer.status_code == 422
    assert not scene.is_active(card)


def test_a_code_damaged_later_is_replaced_by_the_number_typed_by_hand(scene, clerk):
    card = scene.read_back(scene.add_family())
    page = clerk.post(LOOK, {"typed": card.number.replace("-", " ")}).text
    assert "Siapa yang menerima kartu?" in page
    [scanned] = re.findall(r'<input[^>]*name="scanned"[^>]*value="([^"]*)"', page)
    clerk.post(CONFIRM, {"scanned": scanned, "receiver": str(card.head_id), "id_seen": "y"})
    assert scene.is_active(card)


def test_a_scan_under_another_keyboard_layout_is_read_by_the_other_reading(scene, clerk):
    card = scene.print_card(scene.add_family())
    page = clerk.post(LOOK, {"scanned": "(((", "scanned_as_typed": scene.text_of(card)}).text
    assert "Siapa yang menerima kartu?" in page


def test_nothing_scanned_asks_to_scan(scene, clerk):
    answer = clerk.post(LOOK, {})
    assert answer.status_code == 422
    assert "Pindai kartunya" in answer.text


def test_a_card_of_another_area_is_handed_over_where_its_family_comes(scene, clerk):
    card = scene.print_card(scene.add_family(village="62.71.01.1001"))
    assert "Siapa yang menerima kartu?" in clerk.post(LOOK, {"scanned": scene.text_of(card)}).text
    clerk.post(CONFIRM, {"scanned": scene.text_of(card), "receiver": str(card.head_id), "id_seen": "y"})
    assert scene.is_active(card)


def test_a_number_typed_by_hand_shows_nobody_of_another_area(scene, clerk):
    card = scene.print_card(scene.add_family(village="62.71.01.1001"))
    for path in (LOOK, CONFIRM):
        answer = clerk.post(path, {"typed": card.number, "receiver": str(card.head_id), "id_seen": "y"})
        assert "Kartu wilayah lain" in answer.text
        assert "RAHMAT" not in answer.text
        assert "SITI AMINAH" not in answer.text
    assert not scene.is_active(card)


def test_a_refused_hand_over_is_a_row_and_a_line_in_the_trail(scene, clerk):
    card = scene.issue(scene.add_family())
    refuse(scene, clerk, scene.text_of(card), "Kartu belum ditandai tercetak")
    clerk.post(LOOK, {"scanned": "apa saja"})
    with scene.state.database.reading() as session:
        kept = [(one.card_id, one.reasons) for one in session.scalars(select(Attempt).order_by(Attempt.id))]
        lines = session.scalar(select(func.count()).where(AuditLine.action == "scan.refused"))
    assert kept == [(card.id, ["card_not_printed"])] * 2 + [(None, ["not_ours"])]
    assert lines == 3


def test_the_photo_of_a_family_elsewhere_is_in_the_page_itself(scene, clerk):
    family = scene.add_family(village="62.71.01.1001")
    card = scene.print_card(family)
    scene.give_photo(family)
    assert "data:image/jpeg;base64," in clerk.post(LOOK, {"scanned": scene.text_of(card)}).text


def refuse(scene: CardScene, clerk: Browser, text: str, *words: str) -> None:
    """Expect the refusal on looking and, for whoever sends the form anyway, on confirming."""
    for path in (LOOK, CONFIRM):
        answer = clerk.post(path, {"scanned": text, "receiver": "x", "id_seen": "y"})
        assert answer.status_code == 200
        for word in words:
            assert word in answer.text


def test_a_card_that_is_not_printed_is_not_handed_over(scene, clerk):
    card = scene.issue(scene.add_family())
    refuse(scene, clerk, scene.text_of(card), "Kartu belum ditandai tercetak", f"/kartu/{card.number}")


def test_an_active_card_is_not_handed_over_again(scene, clerk):
    card = scene.print_card(scene.add_family())
    clerk.post(CONFIRM, {"scanned": scene.text_of(card), "receiver": str(card.head_id), "id_seen": "y"})
    refuse(scene, clerk, scene.text_of(card), "Kartu sudah diserahkan")
    assert len(scene.steps(card)) == 4


def test_a_blocked_card_is_not_handed_over(scene, clerk):
    card = scene.print_card(scene.add_family())
    scene.change(cards.block_card, card, BlockReason.LOST)
    refuse(scene, clerk, scene.text_of(card), "Kartu diblokir", "hilang")


def test_a_replaced_card_says_that_there_is_a_newer_one(scene, clerk):
    card = scene.print_card(scene.add_family())
    scene.change(cards.replace_card, card, BlockReason.DAMAGED)
    refuse(scene, clerk, scene.text_of(card), "Ada kartu yang lebih baru", "rusak")


def test_the_card_of_a_family_that_moved_is_not_handed_over(scene, clerk):
    family = scene.add_family()
    card = scene.print_card(family)
    scene.change_family(family, lambda row: setattr(row, "state", FamilyState.MOVED))
    refuse(scene, clerk, scene.text_of(card), "Keluarga sudah pindah")


def test_the_card_of_a_dead_head_is_not_handed_over(scene, clerk):
    family = scene.add_family()
    card = scene.print_card(family)
    scene.change_family(family, lambda row: setattr(row.people[0], "state", PersonState.DEAD))
    refuse(scene, clerk, scene.text_of(card), "Kepala keluarga meninggal")


def test_a_card_with_the_name_of_the_head_before_is_not_handed_over(scene, clerk):
    family = scene.add_family()
    card = scene.print_card(family)
    scene.change_family(family, lambda row: setattr(row.people[0], "relation", Relation.PARENT))
    scene.change_family(family, lambda row: setattr(row.people[1], "relation", Relation.HEAD))
    refuse(scene, clerk, scene.text_of(card), "Kepala keluarga sudah berganti")


def test_an_expired_card_is_not_handed_over(scene, clerk):
    card = scene.print_card(scene.add_family())
    with scene.state.database.writing() as session:
        session.execute(update(Card).values(expires_at=now() - timedelta(days=1)))
    refuse(scene, clerk, card.number, "Masa berlaku habis")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("00020101021126610014COM.GO-JEK.WWW01189360091434506469550210G4506469550303UMI", "Bukan Kartu Huma Betang"),
        ("https://example.org/kartu", "Bukan Kartu Huma Betang"),
        ("apa saja", "Bukan Kartu Huma Betang"),
        ("62-06-207002-1", "salah ketik"),
    ],
)
def test_what_is_not_ours_is_grey_and_says_so(scene, clerk, text, word):
    answer = clerk.post(LOOK, {"scanned": text})
    assert answer.status_code == 200
    assert "verdict--unknown" in answer.text
    assert word in answer.text


def test_a_token_with_one_changed_letter_is_refused(scene, clerk):
    card = scene.print_card(scene.add_family())
    text = scene.text_of(card)
    changed = text[:200] + ("A" if text[200] != "A" else "B") + text[201:]
    answer = clerk.post(CONFIRM, {"scanned": changed, "receiver": str(card.head_id), "id_seen": "y"})
    assert answer.status_code == 200
    assert not scene.is_active(card)


def test_two_counters_at_once_hand_a_card_over_once(scene):
    card = scene.print_card(scene.add_family())
    counters = [
        scene.sign_in(Role.CARD_CLERK, username=f"petugas.{n}", area=area)
        for n, area in enumerate(("62.06", "62.06.05"))
    ]
    form = {"scanned": scene.text_of(card), "receiver": str(card.head_id), "id_seen": "y"}
    tokens = [counter.token() for counter in counters]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda one: one[0].client.post(CONFIRM, data={**form, "csrf_token": one[1]}).status_code,
                zip(counters, tokens, strict=True),
            )
        )
    assert answers.count(303) == 1
    assert len(scene.steps(card)) == 4


def test_only_who_may_hand_over_does(scene):
    supervisor = scene.sign_in(Role.SUPERVISOR)
    assert supervisor.get(LOOK).status_code == 403
    assert supervisor.post(CONFIRM, {"scanned": "x"}).status_code == 403
