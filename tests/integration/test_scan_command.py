"""``kiosk verify`` and ``kiosk redeem``: what scripts read, and that a package is given once."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from giving_house import POINT, GivingScene
from sqlalchemy import func, select

from kiosk.commands import main
from registry.cards.cards import block_card
from registry.kinds import BlockReason, Role
from registry.models import Attempt, Redemption


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    """A kiosk with a point where packages are given."""
    scene = GivingScene(app.extensions["kiosk"], signed_in)
    scene.sign_in(Role.DISTRIBUTOR)
    return scene


@pytest.fixture
def kiosk(house, monkeypatch: pytest.MonkeyPatch):
    """Run ``kiosk …`` in the house's installation."""
    settings = house.state.settings
    monkeypatch.setenv("KIOSK_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KIOSK_PASSPHRASE", settings.passphrase.decode())

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return run


def redeem(kiosk, text: str, *more: str) -> Result:
    return kiosk("redeem", text, "--programme", "PANGAN", "--point", POINT, "--seen", "ktp", *more)


def count(house: GivingScene, model: type) -> int:
    with house.state.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_good_card_is_granted_with_what_stands_on_it(house, kiosk):
    card = house.active_card()
    answer = kiosk("verify", house.text_of(card))
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["outcome"], told["reasons"]) == (0, "granted", [])
    assert (told["card"]["number"], told["card"]["head_name"]) == (card.number, card.head_name)


def test_the_number_typed_by_hand_verifies_as_well(house, kiosk):
    card = house.active_card()
    assert json.loads(kiosk("verify", card.number).stdout)["outcome"] == "granted"


def test_a_blocked_card_is_refused_with_its_reason_and_leaves_a_row(house, kiosk):
    card = house.active_card()
    house.change(block_card, card, BlockReason.LOST)
    answer = kiosk("verify", house.text_of(card))
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["outcome"]) == (1, "refused")
    assert [reason["code"] for reason in told["reasons"]] == ["card_blocked"]
    assert all(reason["next_step"] for reason in told["reasons"])
    assert count(house, Attempt) == 1


def test_what_is_not_ours_is_unknown(kiosk):
    answer = kiosk("verify", "https://contoh.invalid/kartu")
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["outcome"], told["card"]) == (1, "unknown", None)


def test_at_a_point_it_says_what_can_be_given_there(house, kiosk):
    card = house.active_card()
    house.open_round()
    told = json.loads(kiosk("verify", house.text_of(card), "--point", POINT).stdout)
    assert [(offer["programme"], offer["outcome"]) for offer in told["offers"]] == [("PANGAN", "granted")]


def test_at_a_point_every_refused_round_leaves_its_row_also_beside_one_that_is_granted(house, kiosk):
    card = house.active_card()
    given = house.open_round()
    redeem(kiosk, house.text_of(card))
    house.open_round(programme="PASAR")
    told = json.loads(kiosk("verify", house.text_of(card), "--point", POINT).stdout)
    assert {offer["outcome"] for offer in told["offers"]} == {"granted", "refused"}
    with house.state.database.reading() as session:
        assert session.scalars(select(Attempt.round_id)).all() == [given]


def test_a_package_is_given_with_a_receipt(house, kiosk):
    card = house.active_card()
    house.open_round()
    answer = redeem(kiosk, house.text_of(card))
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["outcome"], told["repeated"]) == (0, "granted", False)
    assert told["receipt"]["number"]
    assert count(house, Redemption) == 1


def test_the_same_key_gives_the_same_receipt_and_nothing_twice(house, kiosk):
    card = house.active_card()
    house.open_round()
    first, second = (json.loads(redeem(kiosk, house.text_of(card), "--key", "skrip-1").stdout) for _ in range(2))
    assert first["receipt"] == second["receipt"]
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert count(house, Redemption) == 1


def test_another_key_is_told_that_it_was_given(house, kiosk):
    card = house.active_card()
    house.open_round()
    redeem(kiosk, house.text_of(card), "--key", "skrip-1")
    answer = redeem(kiosk, house.text_of(card), "--key", "skrip-2")
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["outcome"], told["receipt"]) == (1, "refused", None)
    assert [reason["code"] for reason in told["reasons"]] == ["already_given"]
    assert count(house, Redemption) == 1


def test_without_having_seen_the_identity_card_nothing_is_given(house, kiosk):
    card = house.active_card()
    house.open_round()
    answer = kiosk("redeem", house.text_of(card), "--programme", "PANGAN", "--point", POINT)
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["receipt"] is None
    assert count(house, Redemption) == 0
