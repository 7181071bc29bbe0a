"""A worker that draws is killed at random, fifty times and more; every card is in exactly one file afterwards."""

from __future__ import annotations

from random import Random
from uuid import UUID

from batch_scene import assert_drawn_whole, drawing_worker, make_batch_of_village

from kiosk.state import State
from registry.kinds import BatchState
from registry.models import PrintBatch, PrintCopy

CARDS, CHUNK, LONGEST_LIFE = 60, 2, 3.5
KILLS = {"sqlite": 50, "postgresql": 12}


def is_drawing(state: State, batch_id: UUID) -> bool:
    with state.database.reading() as session:
        return session.get_one(PrintBatch, batch_id).state is BatchState.DRAWING


def test_no_kill_loses_or_doubles_a_card(scene):
    random = Random(20261122)
    wanted = KILLS["sqlite" if scene.state.database.is_sqlite else "postgresql"]
    kills, batches = 0, []
    with drawing_worker(scene.state.settings, chunk=CHUNK) as drawing:
        while kills < wanted:
            batch_id = make_batch_of_village(scene, CARDS)
            batches.append(batch_id)
            while kills < wanted and is_drawing(scene.state, batch_id):
                kills += drawing.live(batch_id, seconds=random.uniform(0.05, LONGEST_LIFE))
        if is_drawing(scene.state, batches[-1]):
            assert not drawing.live(batches[-1], seconds=600)
    for batch_id in batches:
        assert_drawn_whole(scene.state, batch_id, cards=CARDS)
    with scene.state.database.reading() as session:
        assert session.query(PrintCopy).count() == CARDS * len(batches)
    print(f"{kills} kills, {len(batches)} batches of {CARDS} cards")
