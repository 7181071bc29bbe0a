"""``kiosk photos``: the photos of a village from a folder or a ZIP."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk import words
from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.commands.files import FileToWrite
from kiosk.filters import angka, kapital
from kiosk.photo_import import (
    REPORT_COLUMNS,
    Fate,
    PhotoPlan,
    apply_photos,
    discard_plan,
    plan_photos,
    report_rows,
)
from kiosk.state import state
from kiosk.words.photos import FATES, HINTS
from printing.errors import PhotoError
from printing.picture_sources import FolderSource, PictureSource, ZipSource
from registry.audit import Actor
from registry.officers.points import CENTRE, get_point
from registry.regions import find_path
from registry.reports import write_csv

photos = AppGroup("photos", help="Foto kepala keluarga.")

_EXAMPLES = 3  # files that each kind of finding names; the report has them all


@photos.command(
    "import",
    help="Baca foto dari folder atau ZIP, masing-masing dinamai nomor kartu atau rujukan keluarga, dan tunjukkan "
    "rencananya.",
)
@click.argument("path", metavar="FOLDER|FILE.zip", type=click.Path(exists=True, path_type=Path))
@click.option("--village", default="", help="Kode desa atau kelurahan; keluarga di luarnya tidak diambil.")
@click.option("--apply", "applies", is_flag=True, help="Simpan fotonya; yang sudah tersimpan dilewati.")
@click.option("--replace", "replaces", is_flag=True, help="Ganti foto yang sudah ada.")
@click.option("--report", "report_path", metavar="REPORT.csv", type=FileToWrite(), help="Tulis laporan per berkas.")
@click.option("--point", "point_code", default=CENTRE, show_default=True, help="Kode titik layanan yang memuatnya.")
@click.pass_context
def import_photos(
    context: click.Context,
    path: Path,
    village: str,
    applies: bool,
    replaces: bool,
    report_path: Path | None,
    point_code: str,
) -> None:
    """Plan the photos, keep them when asked to, and write the report."""
    here = state()
    with here.database.reading() as reading:
        area = get_point(reading, point_code).area_code
        actor = command_actor(reading, point_code)
        if village:
            find_path(reading, village)
    folder = here.settings.photo_plans_folder
    try:
        with ExitStack() as open_files:
            plan = plan_photos(
                here.database,
                _open(path, open_files),
                path.name,
                folder=folder,
                area=area,
                village=village,
                replaces=replaces,
                at=now(),
                progress=_tell_reading,
            )
    except PhotoError as error:
        said = words.of(error.code)
        click.echo(f"{said.title}. {said.explanation} {said.next_step}".strip(), err=True)
        context.exit(1)
    try:
        _tell_plan(plan)
        if applies:
            _apply(plan, actor)
        elif plan.to_take:
            click.echo("\nBelum ada yang berubah. Simpan fotonya dengan --apply.")
    finally:
        discard_plan(folder, plan)
    if report_path:
        with report_path.open("w", encoding="utf-8", newline="") as file:
            count = write_csv(file, REPORT_COLUMNS, report_rows(plan))
        click.echo(f"Laporan {angka(count)} baris: {report_path}")


def _open(path: Path, open_files: ExitStack) -> PictureSource:
    return FolderSource(path) if path.is_dir() else ZipSource(open_files.enter_context(path.open("rb")))


def _tell_plan(plan: PhotoPlan) -> None:
    click.echo(f"{plan.file_name}: {angka(len(plan.findings))} berkas")
    for fate in Fate:
        codes = {code: count for code, count in plan.counts.items() if _fate(plan, code) is fate}
        if codes:
            click.echo(f"\n{kapital(FATES[fate])}: {angka(sum(codes.values()))}")
        for code, count in codes.items():
            paths = [finding.path for finding in plan.findings if finding.code == code]
            named = ", ".join(paths[:_EXAMPLES]) + (", …" if count > _EXAMPLES else "")
            click.echo(f"  {angka(count):>9}  {words.of(code).title} ({named})")
    for hint, said in HINTS.items():
        if count := sum(hint in finding.hints for finding in plan.to_take):
            click.echo(f"  {angka(count):>9}  catatan: {said}")


def _fate(plan: PhotoPlan, code: str) -> Fate:
    return next(finding.fate for finding in plan.findings if finding.code == code)


def _apply(plan: PhotoPlan, actor: Actor) -> None:
    here = state()
    applied = apply_photos(
        here.database,
        plan,
        folder=here.settings.photo_plans_folder,
        photos=here.settings.photos_folder,
        actor=actor,
        keys=here.keys,
        at=now(),
        progress=_tell_keeping,
    )
    click.echo(f"\nDisimpan: {angka(applied.kept)} foto.")


def _tell_reading(done: int, total: int) -> None:
    _tell("Membaca", done, total)


def _tell_keeping(done: int, total: int) -> None:
    _tell("Menyimpan", done, total)


def _tell(what: str, done: int, total: int) -> None:
    if sys.stdout.isatty():  # a log wants no hundred lines of it
        click.echo(f"\r{what}: {angka(done)} dari {angka(total)} foto", nl=done == total)
