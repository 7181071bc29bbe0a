"""Closing what a giving stands on: a card or a round is closed before a giving is looked at, or after it is stored."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong

import pytest
from giving_scene import Scene, set_scene
from moment import NOW

from registry.audit import Actor
from registry.cards.cards import block_card, replace_card
from registry.db import Database, Session
from registry.keys.keys import trust_issuing_key
from registry.kinds import BlockReason
from registry.models import Card, Round
from registry.programmes.rounds import close_round
from verify.redeem import Given, Refused, redeem_all


@pytest.fixture
def scene(database: Database) -> Scene:
    made = set_scene(database, NOW)
    with database.writing() as session:
        trust_issuing_key(session, made.keys)
    return made


def block(session: Session, scene: Scene, **rest) -> None:
    block_card(session, session.get_one(Card, scene.cards[0]), BlockReason.LOST, **rest)


def replace(session: Session, scene: Scene, **rest) -> None:
    replace_card(session, session.get_one(Card, scene.cards[0]), BlockReason.LOST, **rest)


def close(session: Session, scene: Scene, **rest) -> None:
    close_round(session, session.get_one(Round, scene.round_id), **rest)


def closing(database: Database, scene: Scene, act: Callable[..., None]) -> None:
    """Close at another service point, whose chain of audit lines no giving holds."""
    with database.writing() as session:
        act(session, scene, actor=Actor(scene.officer_id, scene.other_point_id), keys=scene.keys, at=NOW)


@pytest.mark.parametrize("act", [block, replace, close])
def test_what_is_being_given_is_stored_before_its_card_or_round_is_closed(database, scene, act):
    with ThreadPoolExecutor(1) as pool:
        with database.connecting(writes=True) as giving:
            (first,) = redeem_all(giving, [scene.request(key="a")], audit_key=scene.keys.audit_key)
            closed = pool.submit(closing, database, scene, act)
            with pytest.raises(TooLong):
                closed.result(timeout=0.7)
        closed.result()
    assert isinstance(first, Given)
    with database.connecting(writes=True) as giving:
        (second,) = redeem_all(giving, [scene.request(key="b")], audit_key=scene.keys.audit_key)
    assert isinstance(second, Refused)


def test_a_round_that_two_close_at_once_is_closed_once(database, scene):
    """The row decides, not what a session believes of it."""
    with ThreadPoolExecutor(6) as pool:
        closings = [pool.submit(closing, database, scene, close) for _ in range(6)]
    assert sorted(getattr(one.exception(), "code", "done") for one in closings) == ["done"] + ["round_closed"] * 5
