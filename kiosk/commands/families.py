"""``kiosk families``: taking over family lists."""

from __future__ import annotations

import sys
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup

from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.commands.files import FileToWrite
from kiosk.filters import angka, kapital, tanggal
from kiosk.state import state
from kiosk.words import imports as words_import
from kiosk.words import label
from registry.audit import Actor
from registry.days import local_day
from registry.families.lists import findings_by_code
from registry.importing import DEFAULT_SOURCE, apply_list, plan_list
from registry.kinds import Fate
from registry.models import FamilyList
from registry.officers.points import CENTRE, get_point
from registry.reports import LIST_REPORT_COLUMNS, list_report_rows, write_csv

families = AppGroup("families", help="Data keluarga.")

_EXAMPLES = 5  # line numbers that each kind of finding names; the report has them all
_STEPS = {
    "new": "keluarga baru",
    "changed": "diperbarui",
    "same": "tidak berubah",
    "older": "sudah ada data lebih baru",
    "held": "ditahan untuk diputuskan",
}


@families.command("import", help="Baca daftar keluarga LIST (CSV atau XLSX) dan tunjukkan rencananya.")
@click.argument("path", metavar="LIST", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "applies", is_flag=True, help="Terapkan rencananya; bila pernah terputus, lanjutkan.")
@click.option(
    "--report",
    "report_path",
    metavar="REPORT.csv",
    type=FileToWrite(),
    help="Tulis laporan per baris ke berkas CSV.",
)
@click.option("--source", default=DEFAULT_SOURCE, show_default=True, help="Sumber data.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Keadaan data per tanggal; kalau tidak diisi, hari ini."
)
@click.option("--point", "point_code", default=CENTRE, show_default=True, help="Kode titik layanan yang memuatnya.")
def import_list(
    path: Path, applies: bool, report_path: Path | None, source: str, as_of: datetime | None, point_code: str
) -> None:
    """Plan a list, apply it when asked to, and write the report."""
    here = state()
    with here.database.reading() as reading:
        point = get_point(reading, point_code)
        actor = command_actor(reading, point_code)
    planned = plan_list(
        here.database,
        path,
        path.name,
        source=source,
        as_of=as_of.date() if as_of else local_day(now()),
        folder=here.settings.lists_folder,
        area=point.area_code,
        actor=actor,
        keys=here.keys,
        at=now(),
    )
    _tell_plan(planned)
    _tell_findings(planned.id)
    if applies:
        _apply(planned, actor)
    elif planned.families_done:
        click.echo(
            f"\nPenerapannya terputus setelah keluarga ke-{angka(planned.families_done)}. Lanjutkan dengan --apply."
        )
    else:
        click.echo("\nBelum ada yang berubah. Terapkan dengan --apply.")
    if report_path:
        _write_report(planned.id, report_path)


def _tell_plan(planned: FamilyList) -> None:
    counts = planned.counts
    click.echo(f"{planned.file_name}: {planned.source}, keadaan {tanggal(planned.as_of)}")
    click.echo(f"\n{angka(counts['lines'])} baris")
    for fate in Fate:
        click.echo(f"  {angka(counts[f'lines_{fate}']):>9}  {label(fate)}")
    click.echo(f"\n{angka(planned.families_total)} keluarga")
    for step, said in _STEPS.items():
        click.echo(f"  {angka(counts[f'families_{step}']):>9}  {said}")


def _tell_findings(list_id: UUID) -> None:
    with state().database.reading() as reading:
        found = findings_by_code(reading, list_id, examples=_EXAMPLES)
    for fate, groups in groupby(found, key=attrgetter("fate")):
        click.echo(f"\n{kapital(label(fate))}")
        for group in groups:
            lines = ", ".join(map(str, group.lines)) + (", …" if group.count > len(group.lines) else "")
            said = words_import.message_of_many(group.code, group.detail)
            click.echo(f"  {angka(group.count):>9}  {said} (baris {lines})")


def _apply(planned: FamilyList, actor: Actor) -> None:
    click.echo("")
    if planned.families_done:
        click.echo(f"Penerapan pernah terputus; dilanjutkan dari keluarga ke-{angka(planned.families_done + 1)}.")
    applied = apply_list(
        state().database,
        planned.id,
        folder=state().settings.lists_folder,
        actor=actor,
        keys=state().keys,
        at=now(),
        progress=_tell_progress,
    )
    told = ", ".join(f"{angka(applied.counts.get(step, 0))} {said}" for step, said in _STEPS.items())
    click.echo(f"Diterapkan: {told}.")


def _tell_progress(done: int, total: int) -> None:
    if sys.stdout.isatty():  # a log wants no hundred lines of it
        click.echo(f"\rMenerapkan: {angka(done)} dari {angka(total)} keluarga", nl=done == total)


def _write_report(list_id: UUID, path: Path) -> None:
    with state().database.reading() as reading, path.open("w", encoding="utf-8", newline="") as file:
        count = write_csv(file, LIST_REPORT_COLUMNS, list_report_rows(reading, list_id, words_import.message))
    click.echo(f"Laporan {angka(count)} baris: {path}")
