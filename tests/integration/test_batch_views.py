"""Batches by the pages that an officer uses: chosen, drawn, downloaded, and matched with what came out."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from card_house import VILLAGE
from card_scene import CardScene
from design_samples import changed_design
from kiosk_fixtures import Browser
from sqlalchemy import Engine, event, select

from kiosk.designs import keep_design
from registry.cards.cards import block_card
from registry.kinds import BatchState, BlockReason, CardState, CopyFate, Role
from registry.models import Card, PrintBatch, PrintCopy
from registry.prints.chunks import stop_drawing, take_lease

CHOICE = {"chosen_by": "village", "village": VILLAGE, "sheet": "cr80"}
AT = "/kartu/paket/1"


@pytest.fixture
def clerk(scene: CardScene) -> Browser:
    return scene.sign_in(Role.CARD_CLERK)


@pytest.fixture
def cards(scene) -> list[Card]:
    return [scene.issue(scene.add_family()) for _ in range(4)]


@pytest.fixture
def drawn(scene, clerk, cards) -> list[Card]:
    """The cards of batch 1 by position, drawn."""
    assert clerk.post("/kartu/paket", CHOICE).location == AT
    scene.state.work.work_off()
    assert batch(scene).state is BatchState.READY
    with scene.state.database.reading() as session:
        query = select(Card).join(PrintCopy, PrintCopy.card_id == Card.id).order_by(PrintCopy.position)
        return list(session.scalars(query))


def batch(scene, number: int = 1) -> PrintBatch:
    with scene.state.database.reading() as session:
        return session.scalars(select(PrintBatch).where(PrintBatch.number == number)).one()


def fates(scene, number: int = 1) -> list[CopyFate]:
    with scene.state.database.reading() as session:
        query = select(PrintCopy.fate).where(PrintCopy.batch_id == batch(scene, number).id).order_by(PrintCopy.position)
        return list(session.scalars(query))


def codes(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        backs = [document[page].render(scale=300 / 72).to_pil() for page in range(1, len(document), 2)]
        return [zxingcpp.read_barcodes(picture)[0].text for picture in backs]


def test_a_village_becomes_one_pdf_in_the_order_of_its_batch(scene, clerk, drawn):
    page = clerk.get(AT).text
    assert "siap dicetak" in page
    pdf = clerk.get(f"{AT}/kartu-1-4.pdf")
    assert pdf.headers["Content-Disposition"] == "inline; filename=paket-1-kartu-1-4.pdf"
    assert [scene.read(code).claims.number for code in codes(pdf.data)] == [card.number for card in drawn]


def test_drawing_changes_no_card(scene, drawn):
    assert {scene.again(card).state for card in drawn} == {CardState.ISSUED}
    assert fates(scene) == [CopyFate.WAITING] * 4


def test_a_card_in_a_batch_is_not_printed_at_the_counter_as_well(clerk, drawn):
    answer = clerk.get(f"/kartu/{drawn[0].number}/cetak.pdf")
    assert answer.status_code == 409
    assert "Kartu sudah masuk paket" in answer.text


def test_a_second_officer_finds_nothing_left(clerk, drawn):
    answer = clerk.post("/kartu/paket", CHOICE)
    assert answer.status_code == 409
    assert "Tidak ada yang menunggu dicetak" in answer.text


def test_picked_cards_become_a_batch_and_wrong_numbers_do_not(scene, clerk, cards):
    form = {"chosen_by": "cards", "sheet": "cr80"}
    assert clerk.post("/kartu/paket", form | {"numbers": ""}).status_code == 422
    wrong = clerk.post("/kartu/paket", form | {"numbers": "62-06-000000-1"})
    assert wrong.status_code == 422
    assert "bukan nomor kartu" in wrong.text
    numbers = f"{cards[0].number}\n{cards[2].number.replace('-', '')}"
    assert clerk.post("/kartu/paket", form | {"numbers": numbers}).status_code == 303
    assert batch(scene).copies_total == 2


def test_the_page_tells_how_far_the_drawing_is(scene, clerk, cards):
    clerk.post("/kartu/paket", CHOICE)
    page = clerk.get(AT).text
    assert "Sedang disiapkan" in page
    assert 'data-live="yes"' in page
    assert clerk.get(f"{AT}/kartu-1-4.pdf").status_code == 409


def test_a_fault_is_told_in_words_and_the_drawing_goes_on(scene, clerk, cards):
    clerk.post("/kartu/paket", CHOICE)
    made = batch(scene)
    with scene.state.database.writing() as session:
        take_lease(session, made.id, worker="w", at=made.made_at)
        stop_drawing(session, made.id, "disk_full", "", worker="w", keys=scene.state.keys, at=made.made_at)
    page = clerk.get(AT).text
    assert "Penyimpanan penuh" in page
    scene.state.work.work_off()
    assert batch(scene).state is BatchState.DRAWING, "nobody draws until somebody says so"
    assert clerk.post(f"{AT}/lanjutkan").status_code == 303
    scene.state.work.work_off()
    assert batch(scene).state is BatchState.READY


def test_a_code_that_cannot_be_read_on_paper_refuses_the_batch_and_names_the_card(scene, clerk, cards):
    dark = changed_design(css=".code { background: black }")
    keep_design(scene.state.settings.designs_folder, dark)
    clerk.post("/kartu/paket", CHOICE)
    with scene.state.database.writing() as session:
        made = session.get_one(PrintBatch, batch(scene).id)
        made.design, made.design_sha256 = dark.name, dark.sha256
    scene.state.work.work_off()
    made = batch(scene)
    assert (made.state, made.fault_code) == (BatchState.REFUSED, "code_differs")
    assert made.fault_about in {card.number for card in cards}
    page = clerk.get(AT).text
    assert "Paket ini tidak boleh dicetak" in page
    assert made.fault_about in page
    assert clerk.post("/kartu/paket", CHOICE).location == "/kartu/paket/2", "its cards wait again"


def test_a_card_that_does_not_fit_is_put_aside_and_the_others_are_drawn(scene, clerk, cards):
    with scene.state.database.writing() as session:
        session.get_one(Card, cards[0].id).head_name = "W" * 120
    clerk.post("/kartu/paket", CHOICE)
    scene.state.work.work_off()
    assert sorted(fates(scene)) == [CopyFate.REVIEW, *[CopyFate.WAITING] * 3]
    page = clerk.get(AT).text
    assert "Tulisan tidak muat di kartu" in page
    assert len(codes(clerk.get(f"{AT}/kartu-1-4.pdf").data)) == 3


def test_a_range_then_all_but_these_then_settled(scene, clerk, drawn):
    assert "2 kartu ditandai tercetak" in clerk.post(f"{AT}/baik", {"places": "1-2"}, follow_redirects=True).text
    ruined = {"fate": "spoilt", "places": "3", "reason": "bergaris", "destroyed_by": "Ani", "rest_is_good": "y"}
    page = clerk.post(f"{AT}/tidak-baik", ruined, follow_redirects=True).text
    assert "1 kartu lain ditandai tercetak" in page
    assert fates(scene) == [CopyFate.PRINTED, CopyFate.PRINTED, CopyFate.SPOILT, CopyFate.PRINTED]
    assert batch(scene).state is BatchState.SETTLED
    assert "1 kartu dari paket ini masih harus dicetak" in page
    assert clerk.post(f"{AT}/cetak-ulang").location == "/kartu/paket/2"
    with scene.state.database.reading() as session:
        copy = session.scalars(select(PrintCopy).where(PrintCopy.batch_id == batch(scene, 2).id)).one()
    assert (copy.copy_number, copy.reprint_reason) == (2, "bergaris")


def test_who_destroyed_a_spoilt_print_of_a_batch_is_asked(scene, clerk, drawn):
    answer = clerk.post(f"{AT}/tidak-baik", {"fate": "spoilt", "places": "3", "reason": "bergaris", "destroyed_by": ""})
    assert answer.status_code == 422
    assert "Tulis siapa yang memusnahkannya." in answer.text
    assert set(fates(scene)) == {CopyFate.WAITING}


def test_a_missing_card_is_closed_and_its_family_gets_the_next(scene, clerk, drawn):
    ruined = {"fate": "missing", "places": drawn[1].number, "reason": "tidak keluar"}
    assert clerk.post(f"{AT}/tidak-baik", ruined).status_code == 303
    assert fates(scene)[1] is CopyFate.MISSING
    assert scene.again(drawn[1]).state is CardState.REPLACED


@pytest.mark.parametrize("places", ["", "0-3", "9-2", "satu", "62-06-000000-1"])
def test_what_is_no_position_is_asked_again(clerk, drawn, places):
    assert clerk.post(f"{AT}/baik", {"places": places}).status_code == 422


def test_a_position_beyond_the_batch_is_not_there(clerk, drawn):
    answer = clerk.post(f"{AT}/baik", {"places": "3-5"})
    assert answer.status_code == 404
    assert "Tidak ada di paket ini" in answer.text


def test_a_number_of_the_state_in_a_reason_is_refused(scene, clerk, drawn):
    ruined = {"fate": "spoilt", "places": "1", "reason": "KK 6206050101230001 salah"}
    assert clerk.post(f"{AT}/tidak-baik", ruined).status_code == 422
    assert fates(scene) == [CopyFate.WAITING] * 4


def test_each_scan_marks_its_card_printed_and_read_back(scene, clerk, drawn):
    for card in drawn:
        page = clerk.post(f"{AT}/pindai", {"scanned": scene.text_of(card)}).text
        assert "Tercetak dan terbaca" in page
        assert scene.again(card).read_back_at is not None
    assert batch(scene).state is BatchState.SETTLED
    assert "Sudah dicatat" in clerk.post(f"{AT}/pindai", {"scanned": scene.text_of(drawn[0])}).text


def test_a_typed_number_or_a_card_of_elsewhere_notes_nothing(scene, clerk, drawn):
    typed = clerk.post(f"{AT}/pindai", {"typed": drawn[0].number})
    assert typed.status_code == 422
    assert "Bukan pindaian kartu" in typed.text
    torn = clerk.post(f"{AT}/pindai", {"scanned": scene.text_of(drawn[0])[:-9]})
    assert torn.status_code == 422
    assert "Kode tidak terbaca" in torn.text
    other = scene.issue(scene.add_family())
    assert "Bukan kartu paket ini" in clerk.post(f"{AT}/pindai", {"scanned": scene.text_of(other)}).text
    assert fates(scene) == [CopyFate.WAITING] * 4


def test_a_card_cannot_come_out_of_a_batch_that_is_not_drawn(scene, clerk, cards):
    clerk.post("/kartu/paket", CHOICE)
    answer = clerk.post(f"{AT}/pindai", {"scanned": scene.text_of(cards[0])})
    assert answer.status_code == 422
    assert "Paket sedang disiapkan" in answer.text
    assert fates(scene) == [CopyFate.WAITING] * 4


def test_a_blocked_card_in_the_stack_is_to_be_destroyed(scene, clerk, drawn):
    scene.change(block_card, drawn[0], BlockReason.MISUSED)
    clerk.post(f"{AT}/semua-baik")
    assert "hancurkan: kartu diblokir" in clerk.get(AT).text
    assert scene.again(drawn[0]).state is CardState.BLOCKED


def test_a_cancelled_batch_lets_its_cards_go_and_its_files_disappear(scene, clerk, drawn):
    folder = scene.state.settings.prints_folder / str(batch(scene).id)
    assert [path.name for path in folder.iterdir()] == ["1.pdf"]
    assert folder.stat().st_mode & 0o077 == 0
    clerk.post(f"{AT}/batal")
    assert clerk.get(f"{AT}/kartu-1-4.pdf").status_code == 409
    scene.state.work.sweep()
    assert not folder.exists()
    assert clerk.post("/kartu/paket", CHOICE).location == "/kartu/paket/2"


def test_what_a_shared_file_system_keeps_for_itself_is_left_alone(scene, clerk, drawn):
    others = [scene.state.settings.prints_folder / name for name in ("lost+found", ".snapshot")]
    for other in others:
        other.mkdir()
    clerk.post(f"{AT}/batal")
    scene.state.work.sweep()
    assert sorted(scene.state.settings.prints_folder.iterdir()) == sorted(others)


def test_a_file_that_was_changed_is_not_given_out(scene, clerk, drawn):
    file = scene.state.settings.prints_folder / str(batch(scene).id) / "1.pdf"
    file.write_bytes(file.read_bytes() + b" ")
    answer = clerk.get(f"{AT}/kartu-1-4.pdf")
    assert answer.status_code == 404
    assert "Berkas cetak tidak ada" in answer.text


def test_a_batch_is_for_those_of_its_area_who_may_print(scene, drawn):
    assert scene.sign_in(Role.CARD_CLERK, username="jauh", area="62.71").get(AT).status_code == 404
    assert scene.sign_in(Role.REGISTRAR, username="rita", area="62.06").get(AT).status_code == 403


def test_a_batch_whose_message_was_lost_is_queued_again_by_the_sweep(scene, clerk, cards):
    clerk.post("/kartu/paket", CHOICE)
    while scene.state.work._tasks.queue.dequeue():
        pass
    scene.state.work.sweep()
    scene.state.work.work_off()
    assert batch(scene).state is BatchState.READY


def test_a_page_of_many_batches_asks_no_more_than_one_of_few(scene, clerk):
    def make_one() -> None:
        scene.issue(scene.add_family())
        assert clerk.post("/kartu/paket", CHOICE).status_code == 303

    def statements() -> int:
        told: list[str] = []
        listen = (Engine, "before_cursor_execute", lambda *args: told.append(args[2]))
        event.listen(*listen)
        page = clerk.get("/kartu/paket").text
        event.remove(*listen)
        assert page.count("Petak Puti") == batches
        return len(told)

    batches = 1
    make_one()
    of_one = statements()
    for _ in range(3):
        make_one()
    batches += 3
    assert statements() == of_one
