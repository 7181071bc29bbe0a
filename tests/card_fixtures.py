"""The scene of the tests of card pages and card commands, as a fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from card_scene import CardScene


@pytest.fixture
def scene(app, signed_in) -> CardScene:
    """A kiosk with families who may have cards."""
    from card_scene import CardScene

    return CardScene(app.extensions["kiosk"], signed_in)
