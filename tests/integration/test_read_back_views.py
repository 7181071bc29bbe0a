"""Reading fresh cards back at the counter: scanned or photographed, each is ready or the page says what is wrong."""

from __future__ import annotations

from io import BytesIO

import pytest
from card_scene import CardScene
from code_pictures import code_file, code_picture, file_of
from kiosk_fixtures import Browser
from printing_samples import sample_picture
from sqlalchemy import func, select

from registry.cards import cards
from registry.kinds import BlockReason, CardState, Role
from registry.models import Attempt
from registry.prints.copies import add_copy

PAGE, PICTURE = "/kartu/periksa-cetak", "/kartu/periksa-cetak/foto"
QRIS = "00020101021126610014COM.GO-JEK.WWW01189360091434506469550210G4506469550303UMI"


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


def kept_files(scene: CardScene) -> set[str]:
    """Return every file of the installation but the database's own."""
    return {str(file) for file in scene.state.settings.home.rglob("*") if file.is_file() and ".db" not in file.name}


def photograph(clerk: Browser, content: bytes):
    return clerk.post(PICTURE, {"picture": (BytesIO(content), "kode.png")})


def test_a_fresh_card_is_ready_when_it_is_scanned_and_is_told_so_once(scene, clerk):
    card = scene.print_card(scene.add_family())
    page = clerk.post(PAGE, {"scanned": scene.text_of(card)}).text
    assert 'id="putusan">Siap<' in page
    assert f"{card.number}</span>, SITI AMINAH" in page
    assert scene.again(card).read_back_at is not None
    again = clerk.post(PAGE, {"scanned": scene.text_of(card)}).text
    assert 'id="putusan">Sudah diperiksa<' in again


def test_a_card_of_another_area_is_ready_where_it_is_scanned(scene, clerk):
    card = scene.print_card(scene.add_family(village="62.71.01.1001"))
    assert ">Siap<" in clerk.post(PAGE, {"scanned": scene.text_of(card)}).text


def test_a_photo_of_the_code_does_as_well_and_is_not_kept(scene, clerk):
    card = scene.print_card(scene.add_family())
    before = kept_files(scene)
    assert ">Siap<" in photograph(clerk, code_file(scene.text_of(card))).text
    assert scene.again(card).read_back_at is not None
    assert kept_files(scene) == before


def test_a_scan_says_that_a_copy_came_out_that_was_only_waiting(scene, clerk):
    card = scene.issue(scene.add_family())
    with scene.state.database.writing() as session:
        add_copy(session, session.merge(card), at=card.issued_at)
    assert ">Siap<" in clerk.post(PAGE, {"scanned": scene.text_of(card)}).text
    assert scene.again(card).state is CardState.PRINTED


def test_what_is_wrong_with_a_card_is_said_and_nothing_is_noted(scene, clerk):
    unprinted = scene.issue(scene.add_family())
    blocked = scene.print_card(scene.add_family())
    scene.change(cards.block_card, blocked, BlockReason.LOST)
    replaced = scene.print_card(scene.add_family())
    scene.change(cards.replace_card, replaced, BlockReason.DAMAGED)
    for card, words in (
        (unprinted, "Kartu belum ditandai tercetak"),
        (blocked, "Kartu diblokir"),
        (replaced, "Ada kartu yang lebih baru"),
    ):
        page = clerk.post(PAGE, {"scanned": scene.text_of(card)}).text
        assert 'id="putusan">Belum siap<' in page
        assert words in page
        assert scene.again(card).read_back_at is None


def test_what_is_not_ours_is_grey_and_no_family_was_refused(scene, clerk):
    page = clerk.post(PAGE, {"scanned": QRIS}).text
    assert "verdict--unknown" in page
    assert "Bukan Kartu Huma Betang" in page
    with scene.state.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_number_typed_by_hand_makes_no_card_ready(scene, clerk):
    card = scene.print_card(scene.add_family())
    page = clerk.post(PAGE, {"typed": card.number}).text
    assert "Kode kartu belum dipindai" in page
    assert scene.again(card).read_back_at is None


def test_cards_that_are_still_to_be_scanned_are_counted_and_named(scene, clerk):
    first, second = (scene.print_card(scene.add_family()) for _ in range(2))
    scene.print_card(scene.add_family(village="62.71.01.1001"))
    page = clerk.get(PAGE).text
    assert "2 kartu" in page
    page = clerk.post(PAGE, {"scanned": scene.text_of(first)}).text
    assert page.count("1 kartu") == 2
    assert second.number in page
    assert f"/kartu/{first.number}" not in page


def test_a_bad_picture_is_refused_with_what_to_do(scene, clerk):
    two = code_picture("A" * 300)
    wide = two.resize((two.width * 2, two.height))
    wide.paste(two, (0, 0))
    wide.paste(code_picture("B" * 300), (two.width, 0))
    for content, words in (
        (sample_picture((800, 600)), "Dekatkan kamera"),
        (b"bukan gambar", "Jenis foto salah"),
        (file_of(wide), "Lebih dari satu kode"),
    ):
        answer = photograph(clerk, content)
        assert answer.status_code == 422
        assert words in answer.text


def test_nothing_scanned_and_no_picture_ask_for_one(clerk):
    assert "Pindai kartunya" in clerk.post(PAGE, {}).text
    answer = clerk.post(PICTURE, {})
    assert answer.status_code == 422
    assert "Ambil foto kodenya" in answer.text


def test_a_print_is_graded_from_a_picture(clerk):
    page = clerk.post("/kartu/mutu-cetak", {"picture": (BytesIO(code_file("A1B2" * 90)), "kode.png")}).text
    assert 'id="putusan">Mutu baik<' in page
    assert "Sisa koreksi kesalahan" in page
    small = {"picture": (BytesIO(file_of(code_picture("A1B2" * 90))), "kode.png"), "dots_per_inch": "400"}
    assert "Kode dicetak terlalu kecil" in clerk.post("/kartu/mutu-cetak", small).text


def test_a_grade_asks_for_a_picture_and_a_likely_resolution(clerk):
    assert "Ambil foto kodenya" in clerk.post("/kartu/mutu-cetak", {}).text
    wrong = {"picture": (BytesIO(code_file("A1")), "kode.png"), "dots_per_inch": "3"}
    answer = clerk.post("/kartu/mutu-cetak", wrong)
    assert answer.status_code == 422
    assert "Tulis angka 100 sampai 2400" in answer.text
    answer = clerk.post("/kartu/mutu-cetak", {"picture": (BytesIO(sample_picture((800, 600))), "kode.jpg")})
    assert answer.status_code == 422
    assert "Tidak ada kode di foto" in answer.text


def test_only_who_may_print_reads_back_and_grades(scene):
    supervisor = scene.sign_in(Role.SUPERVISOR)
    for path in (PAGE, "/kartu/mutu-cetak"):
        assert supervisor.get(path).status_code == 403
        assert supervisor.post(path, {"scanned": "x"}).status_code == 403
    assert supervisor.post(PICTURE, {}).status_code == 403
