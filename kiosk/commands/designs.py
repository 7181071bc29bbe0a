"""``kiosk designs``: the card's designs, for those who draw them and for the keeper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk import words
from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.commands.files import FileToWrite
from kiosk.designs import find_names, get_design, name_in_force
from kiosk.invented_faces import invented_faces
from kiosk.state import state
from printing.design import Design, packaged_design, read_design
from printing.design_check import Examination, examine
from printing.errors import PrintingError
from registry.prints.designs import choose_design

designs = AppGroup("designs", help="Rancangan kartu.")


@designs.command("list", help="Sebut rancangan yang ada; yang dipakai bertanda bintang.")
def list_all() -> None:
    """Name the designs."""
    here = state()
    with here.database.reading() as session:
        in_force = name_in_force(session)
    for name in [packaged_design().name, *find_names(here.settings.designs_folder)]:
        click.echo(f"{'*' if name == in_force else ' '} {name}")


@designs.command("check", help="Periksa rancangan di FOLDER; tidak ada yang disimpan atau dipakai.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path))
@click.option("--preview", type=FileToWrite(), help="Tulis kartu contoh ke PDF ini.")
@click.pass_context
def check(context: click.Context, folder: Path, preview: Path | None) -> None:
    """Say everything that is wrong with a design."""
    try:
        examined = _examine(read_design(folder))
    except PrintingError as fault:
        examined = Examination([fault], None)
    if preview and examined.preview:
        preview.write_bytes(examined.preview.pdf)
    _tell(context, examined.faults)
    click.echo("Rancangan lulus pemeriksaan.")


@designs.command("use", help="Pakai rancangan NAME: kartu yang dibuat sejak itu digambar menurutnya.")
@click.argument("name")
@click.option("--point", help="Kode titik layanan; kalau tidak diisi, PUSAT.")
@click.pass_context
def use(context: click.Context, name: str, point: str | None) -> None:
    """Put a design in force once it has passed."""
    here = state()
    try:
        design = get_design(here.settings.designs_folder, name)
    except PrintingError as fault:
        _tell(context, [fault])
        return
    _tell(context, _examine(design).faults)
    with here.database.writing() as session:
        actor = command_actor(session, point)
        choose_design(session, name=design.name, sha256=design.sha256, actor=actor, keys=here.keys, at=now())
    click.echo(f"Rancangan {name} dipakai mulai sekarang.")


def _examine(design: Design) -> Examination:
    with state().database.reading() as session:
        faces = invented_faces(session)
    return examine(design, list(faces.values()))


def _tell(context: click.Context, faults: Sequence[PrintingError]) -> None:
    for fault in faults:
        said = words.of(fault.code, about=fault.about)
        click.echo(f"{said.title}. {said.explanation} {said.next_step}".strip(), err=True)
    if faults:
        context.exit(1)
