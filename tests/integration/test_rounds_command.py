"""``kiosk rounds verify`` finds a list that was changed behind the application's back."""

from __future__ import annotations

import pytest
from giving_house import GivingScene
from sqlalchemy import update

from kiosk.commands import rounds
from registry.models import Round


@pytest.fixture
def house(app, signed_in) -> GivingScene:
    return GivingScene(app.extensions["kiosk"], signed_in)


def test_a_list_that_was_changed_is_named_and_the_command_fails(app, house):
    house.add_family()
    house.sign_in("distributor")
    house.open_round()
    runner = app.test_cli_runner()
    whole = runner.invoke(rounds.verify)
    assert (whole.exit_code, whole.output) == (0, "1 daftar utuh.\n")
    with house.state.database.writing() as session:
        session.execute(update(Round).values(price=1))
    broken = runner.invoke(rounds.verify)
    assert broken.exit_code == 1
    assert "PANGAN Tahap I: daftar berubah sesudah ditetapkan." in broken.output
