"""``kiosk cards pdf``: what is to be printed, as files: a batch that is drawn, or the waiting cards of a village."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext

from kiosk import words
from kiosk.card_faces import faces_of
from kiosk.clock import now
from kiosk.commands.files import FileToWrite
from kiosk.designs import design_in_force
from kiosk.filters import angka
from kiosk.state import state
from printing.batch import write_cards
from printing.card import check_face
from printing.design import Design
from printing.errors import PrintingError
from printing.face import CardFace
from printing.preflight import check_codes
from registry.cards.waiting import load_cards
from registry.errors import Conflict
from registry.kinds import BatchChoice, BatchState
from registry.prints.batches import get_batch
from registry.prints.choosing import choose_cards
from registry.prints.chunks import chunks_of, read_chunk
from registry.regions import PROVINCE, find_path
from registry.whole_files import write_whole

__all__ = ["pdf"]


@click.command("pdf", help="Tulis PDF kartu satu desa yang menunggu dicetak, atau satu paket; nasib kartu tetap.")
@click.option("--village", help="Kode desa atau kelurahan: semua kartunya yang belum masuk paket, dalam satu berkas.")
@click.option("--batch", "number", type=int, help="Nomor paket yang sudah siap.")
@click.option("--out", required=True, type=click.Path(), help="Untuk desa berkas PDF, untuk paket folder tujuan.")
@with_appcontext
@click.pass_context
def pdf(context: click.Context, village: str | None, number: int | None, out: str) -> None:
    """Write the file of a village, or those of a batch."""
    if village is not None and number is None:
        _write_village(context, village, FileToWrite().convert(out, None, context))
    elif number is not None and village is None:
        _write_batch(number, click.Path(file_okay=False, path_type=Path)(out, ctx=context))
    else:
        raise click.UsageError("Pilih satu: --village atau --batch.")


def _write_village(context: click.Context, village: str, out: Path) -> None:
    here = state()
    # beside the file that is wanted, so that it is there whole or not at all
    unfinished = out.with_name(f".{out.name}.part")
    with here.database.reading() as session:
        find_path(session, village)
        chosen = choose_cards(session, BatchChoice.VILLAGE, village, area=PROVINCE, at=now())
        if not chosen:
            raise Conflict("nothing_to_print")
        faces = faces_of(session, load_cards(session, chosen), photos=here.settings.photos_folder)
        try:
            design = design_in_force(session, here.settings.designs_folder)
            unfinished.touch(mode=0o600)  # names, faces and codes of families
            with unfinished.open("wb") as target:
                written = write_cards(_checked(faces, design), target, design=design)
            unfinished.replace(out)
        except PrintingError as error:
            said = words.of(error.code, about=error.about)
            click.echo(f"{said.title}. {said.explanation} {said.next_step}".strip(), err=True)
            context.exit(1)
        finally:
            unfinished.unlink(missing_ok=True)
    click.echo(f"{angka(written)} kartu ditulis ke {out}.")


def _checked(faces: Iterable[CardFace], design: Design) -> Iterator[CardFace]:
    for face in faces:
        try:
            check_face(face, design=design)
            check_codes([face])
        except PrintingError:
            click.echo(f"Kartu {face.card_number}:", err=True)
            raise
        yield face


def _write_batch(number: int, out: Path) -> None:
    here = state()
    with here.database.reading() as session:
        made = get_batch(session, number, area=PROVINCE)
        if made.state is not BatchState.READY:
            raise Conflict(f"batch_is_{made.state}", number=str(number))
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for chunk in chunks_of(session, made):
            if chunk.size_bytes:
                path = out / f"paket-{number}-kartu-{chunk.first_position}-{chunk.last_position}.pdf"
                write_whole(path, read_chunk(here.settings.prints_folder, chunk))
                click.echo(str(path))
