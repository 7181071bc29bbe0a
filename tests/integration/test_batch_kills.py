"""A worker that draws is killed at random, fifty times and more; every card is in exactly one file afterwards."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from uuid import UUID

from batch_scene import drawing_worker, make_batch_of_village

from kiosk.card_faces import faces_of
from kiosk.state import State
from printing.preflight import check_pictures
from registry.kinds import BatchState, CopyFate
from registry.models import PrintBatch, PrintCopy
from registry.prints.batches import copies_of
from registry.prints.chunks import chunk_path, chunks_of

CARDS, CHUNK, LONGEST_LIFE = 60, 2, 3.5
KILLS = {"sqlite": 50, "postgresql": 12}


def is_drawing(state: State, batch_id: UUID) -> bool:
    with state.database.reading() as session:
        return session.get_one(PrintBatch, batch_id).state is BatchState.DRAWING


def check(state: State, batch_id: UUID) -> None:
    """Every card is in exactly one file, at its place, with its own code."""
    folder = state.settings.prints_folder
    with state.database.reading() as session:
        batch = session.get_one(PrintBatch, batch_id)
        assert (batch.state, batch.copies_drawn, batch.worker) == (BatchState.READY, CARDS, "")
        chunks = chunks_of(session, batch)
        covered = [position for one in chunks for position in range(one.first_position, one.last_position + 1)]
        assert covered == list(range(1, CARDS + 1)), "none twice, none skipped"
        assert {path.name for path in (folder / str(batch_id)).iterdir()} == {f"{one.ordinal}.pdf" for one in chunks}
        for chunk in chunks:
            path = chunk_path(folder, chunk)
            assert sha256(path.read_bytes()).hexdigest() == chunk.sha256
            copies = copies_of(session, batch, first=chunk.first_position, last=chunk.last_position)
            faces = list(faces_of(session, [copy.card for copy in copies], photos=state.settings.photos_folder))
            check_pictures(path, {2 * index + 1: [face] for index, face in enumerate(faces)})
        copies = copies_of(session, batch)
        assert {copy.fate for copy in copies} == {CopyFate.WAITING}
        assert len({copy.card_id for copy in copies}) == CARDS


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
        check(scene.state, batch_id)
    with scene.state.database.reading() as session:
        assert session.query(PrintCopy).count() == CARDS * len(batches)
    print(f"{kills} kills, {len(batches)} batches of {CARDS} cards")
