"""The commands for cards: a village issued and printed, a card handed over without a screen."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from card_house import VILLAGE
from click.testing import CliRunner, Result
from sqlalchemy import select

from kiosk.commands import main
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


def test_a_villages_waiting_cards_are_written_to_one_pdf_and_go_on_waiting(scene, kiosk, tmp_path):
    waiting = [scene.issue(scene.add_family()) for _ in range(2)]
    scene.print_card(scene.add_family())
    out = tmp_path / "desa.pdf"
    answer = kiosk("pdf", "--village", VILLAGE, "--out", str(out))
    assert answer.exit_code == 0, answer.output
    assert "2 kartu ditulis" in answer.output
    assert len(pypdfium2.PdfDocument(BytesIO(out.read_bytes()))) == 4
    assert all(scene.again(card).state is CardState.ISSUED for card in waiting)
    assert [file.name for file in tmp_path.glob(".*.part")] == []


def test_no_waiting_cards_make_no_file(kiosk, tmp_path):
    out: Path = tmp_path / "desa.pdf"
    answer = kiosk("pdf", "--village", VILLAGE, "--out", str(out))
    assert answer.exit_code == 1
    assert "Tidak ada yang menunggu dicetak" in answer.stderr
    assert not out.exists()


def test_the_head_takes_the_card_that_is_handed_over(scene, kiosk):
    card = scene.print_card(scene.add_family())
    answer = kiosk("hand-over", scene.text_of(card), "--id-seen")
    assert answer.exit_code == 0, answer.output
    assert scene.is_active(card)
    assert scene.steps(card)[-1].receiver_is_head


def test_a_proxy_is_named_as_in_the_family_card(scene, kiosk):
    card = scene.print_card(scene.add_family())
    assert kiosk("hand-over", card.number, "--receiver", "rahmat", "--id-seen").exit_code == 0
    assert scene.steps(card)[-1].receiver == "RAHMAT"


@pytest.mark.parametrize("name", ["MINA", "ORANG LAIN"])
def test_a_child_or_a_stranger_does_not_take_the_card(scene, kiosk, name):
    card = scene.print_card(scene.add_family())
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
