"""The commands for cards: a village issued and printed, a card handed over without a screen."""

from __future__ import annotations

import stat
from io import BytesIO

import pypdfium2
import pytest
from card_house import VILLAGE
from click.testing import CliRunner, Result
from code_pictures import code_file
from sqlalchemy import select

from kiosk.commands import main
from printing.reading import find_codes
from registry.cards import cards
from registry.kinds import BlockReason, CardState
from registry.models import Attempt


@pytest.fixture
def kiosk(scene, monkeypatch: pytest.MonkeyPatch):
    """Run ``kiosk cards …`` in the scene's installation."""
    settings = scene.state.settings
    monkeypatch.setenv("KIOSK_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KIOSK_PASSPHRASE", settings.passphrase.decode())

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["cards", *words])

    return run


def test_every_entitled_family_of_a_village_is_issued_a_card(scene, kiosk):
    entitled = [scene.add_family() for _ in range(3)]
    scene.issue(entitled[2])
    poor_in_vain = scene.add_family(desil=9)
    elsewhere = scene.add_family(village="62.71.01.1001")
    answer = kiosk("issue", "--village", VILLAGE)
    assert answer.exit_code == 0, answer.output
    assert "Terbit: 2 kartu." in answer.output
    assert "Sudah mempunyai kartu: 1 keluarga." in answer.output
    assert "Syarat tidak terpenuhi (batas desil 2): 1" in answer.output
    assert all(scene.card_of(family) for family in entitled)
    assert scene.card_of(poor_in_vain) is None
    assert scene.card_of(elsewhere) is None


def test_issuing_a_village_again_changes_nothing(scene, kiosk):
    scene.add_family()
    kiosk("issue", "--village", VILLAGE)
    assert "Terbit: 0 kartu." in kiosk("issue", "--village", VILLAGE).output


@pytest.mark.parametrize("village", ["62.06.05", "62.06.05.9999", "x"])
def test_what_is_no_village_is_wrong_use(kiosk, village):
    assert kiosk("issue", "--village", village).exit_code == 2


def test_a_villages_waiting_cards_become_a_batch_that_is_drawn_while_one_waits(scene, kiosk, tmp_path):
    waiting = [scene.issue(scene.add_family()) for _ in range(2)]
    scene.print_card(scene.add_family())
    answer = kiosk("batch", "--village", VILLAGE, "--wait")
    assert answer.exit_code == 0, answer.output
    assert "Paket 1: 2 kartu." in answer.stdout
    assert "Disiapkan 2 dari 2 kartu" in answer.stderr
    assert "siap dicetak" in kiosk("batches").stdout
    written = kiosk("pdf", "--batch", "1", "--out", str(tmp_path / "keluar"))
    assert written.exit_code == 0, written.output
    [pdf] = (tmp_path / "keluar").iterdir()
    with pypdfium2.PdfDocument(BytesIO(pdf.read_bytes())) as document:
        assert len(document) == 4
    assert all(scene.again(card).state is CardState.ISSUED for card in waiting)


def test_without_waiting_the_batch_is_left_to_the_workers(scene, kiosk, tmp_path):
    card = scene.issue(scene.add_family())
    assert kiosk("batch", "--card", card.number).exit_code == 0
    refused = kiosk("pdf", "--batch", "1", "--out", str(tmp_path / "keluar"))
    assert refused.exit_code == 1
    assert "Paket sedang disiapkan" in refused.stderr


def test_no_waiting_cards_make_no_batch(kiosk):
    answer = kiosk("batch", "--village", VILLAGE)
    assert answer.exit_code == 1
    assert "Tidak ada yang menunggu dicetak" in answer.stderr


def test_a_villages_waiting_cards_are_written_to_one_file_and_nothing_is_changed(scene, kiosk, tmp_path):
    in_a_batch, *waiting = [scene.issue(scene.add_family()) for _ in range(3)]
    scene.print_card(scene.add_family())
    scene.issue(scene.add_family(village="62.71.01.1001"))
    assert kiosk("batch", "--card", in_a_batch.number).exit_code == 0
    out = tmp_path / "desa.pdf"
    answer = kiosk("pdf", "--village", VILLAGE, "--out", str(out))
    assert answer.exit_code == 0, answer.output
    assert "2 kartu ditulis" in answer.stdout
    with pypdfium2.PdfDocument(out) as document:
        read = [code.text for page in (1, 3) for code in find_codes(document[page].render(scale=300 / 72).to_pil())]
    assert sorted(read) == sorted(map(scene.text_of, waiting))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob(".*.part")) == []
    assert {scene.again(card).state for card in waiting} == {CardState.ISSUED}


def test_a_file_that_cannot_be_drawn_whole_is_not_written(scene, kiosk, tmp_path):
    family = scene.add_family()
    card = scene.issue(family)
    scene.give_photo(family, b"bukan gambar")
    answer = kiosk("pdf", "--village", VILLAGE, "--out", str(tmp_path / "desa.pdf"))
    assert answer.exit_code == 1
    assert f"Kartu {card.number}:\nFoto tidak cocok." in answer.stderr
    assert list(tmp_path.glob("*desa*")) == []


def test_where_no_card_waits_no_file_is_written(kiosk, tmp_path):
    answer = kiosk("pdf", "--village", VILLAGE, "--out", str(tmp_path / "desa.pdf"))
    assert answer.exit_code == 1
    assert "Tidak ada yang menunggu dicetak" in answer.stderr
    assert list(tmp_path.glob("*desa*")) == []


@pytest.mark.parametrize("words", [(), ("--village", VILLAGE, "--batch", "1")], ids=["nothing", "both"])
def test_a_file_is_of_a_village_or_of_a_batch(kiosk, tmp_path, words):
    answer = kiosk("pdf", *words, "--out", str(tmp_path / "desa.pdf"))
    assert answer.exit_code == 2
    assert "Pilih satu" in answer.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--village", "62.99", "--out", "kartu.pdf"),
        ("--village", VILLAGE, "--out", "/tidak-ada/kartu.pdf"),
        ("--batch", "99", "--out", "keluar"),
    ],
    ids=["no such village", "no such folder", "no such batch"],
)
def test_a_file_of_what_is_not_there_is_wrong_use_and_says_so(scene, kiosk, tmp_path, monkeypatch, words):
    scene.issue(scene.add_family())
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    answer = kiosk("pdf", *words)
    assert answer.exit_code == 2
    assert "No such option" not in answer.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("words", [(), ("--village", VILLAGE, "--reason", "spoilt")], ids=["nothing", "two ways"])
def test_a_batch_is_chosen_in_one_way(kiosk, words):
    assert kiosk("batch", *words).exit_code == 2


def test_the_head_takes_the_card_that_is_handed_over(scene, kiosk):
    card = scene.print_card(scene.add_family())
    answer = kiosk("hand-over", scene.text_of(card), "--id-seen")
    assert answer.exit_code == 0, answer.output
    assert scene.is_active(card)
    assert scene.steps(card)[-1].receiver_is_head


def test_a_proxy_is_named_as_in_the_family_card(scene, kiosk):
    card = scene.read_back(scene.add_family())
    assert kiosk("hand-over", card.number, "--receiver", "rahmat", "--id-seen").exit_code == 0
    assert scene.steps(card)[-1].receiver == "RAHMAT"


@pytest.mark.parametrize("name", ["MINA", "ORANG LAIN"])
def test_a_child_or_a_stranger_does_not_take_the_card(scene, kiosk, name):
    card = scene.read_back(scene.add_family())
    answer = kiosk("hand-over", card.number, "--receiver", name, "--id-seen")
    assert answer.exit_code == 1
    assert "Penerima tidak dikenal" in answer.stderr
    assert not scene.is_active(card)


def test_without_having_seen_the_identity_card_it_is_wrong_use(scene, kiosk):
    card = scene.print_card(scene.add_family())
    answer = kiosk("hand-over", card.number)
    assert answer.exit_code == 2
    assert "KTP asli" in answer.stderr
    assert not scene.is_active(card)


def test_a_blocked_card_is_refused_with_its_reason(scene, kiosk):
    card = scene.print_card(scene.add_family())
    scene.change(cards.block_card, card, BlockReason.MISUSED)
    answer = kiosk("hand-over", card.number, "--id-seen")
    assert answer.exit_code == 1
    assert "disalahgunakan" in answer.stderr
    with scene.state.database.reading() as session:
        assert session.scalars(select(Attempt.reasons)).all() == [["card_blocked"]]


def test_a_code_that_is_not_ours_is_refused(kiosk):
    answer = kiosk("hand-over", "https://example.org", "--id-seen")
    assert answer.exit_code == 1
    assert "Bukan Kartu Huma Betang" in answer.stderr


def test_a_print_is_graded_in_words_from_a_picture(kiosk, tmp_path):
    picture = tmp_path / "kartu.png"
    picture.write_bytes(code_file("A1B2" * 90))
    answer = kiosk("grade", str(picture))
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("Mutu baik.\n")
    answer = kiosk("grade", str(picture), "--dpi", "450")
    assert answer.exit_code == 1
    assert "Kode dicetak terlalu kecil" in answer.output
    picture.write_bytes(b"bukan gambar")
    answer = kiosk("grade", str(picture))
    assert answer.exit_code == 1
    assert "Jenis foto salah" in answer.stderr
