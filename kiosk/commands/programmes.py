"""``kiosk programmes``: loading a catalogue from a file, and trying a rule."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.filters import angka
from kiosk.state import state
from registry.days import local_day
from registry.programmes.catalogue import get_programme
from registry.regions import PROVINCE
from verify.catalogue import load_file, programmes_for_nobody
from verify.trying import TriedRegency, try_rule

programmes = AppGroup("programmes", help="Program Huma Betang.")


@programmes.command("load", help="Muat program dari FILE (TOML, bentuknya seperti registry/data/programmes.toml).")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load a catalogue, and name each programme whose rule selects nobody: what an office changed is left alone."""
    here = state()
    with here.database.writing() as session:
        read = load_file(
            session, file.read_text(encoding="utf-8"), actor=command_actor(session), keys=here.keys, at=now()
        )
        in_force = [get_programme(session, one.code) for one in read.programmes]
        for programme in programmes_for_nobody(session, in_force, today=local_day(now())):
            click.echo(f"Perhatikan: syarat {programme.code} tidak dipenuhi siapa pun di seluruh provinsi.", err=True)
    click.echo(f"{angka(len(read.programmes))} program dan {angka(len(read.amounts))} besaran diperiksa dan dimuat.")


@programmes.command(
    "try", help="Coba rumus untuk program CODE: siapa berhak, masuk, dan keluar. Tidak mengubah apa pun."
)
@click.argument("code")
@click.option("--expression", required=True, multiple=True, help="Rumus satu syarat; boleh beberapa, semuanya berlaku.")
@click.option("--area", default=PROVINCE, help="Kode wilayah, misalnya 62.06.")
def try_(code: str, expression: tuple[str, ...], area: str) -> None:
    """Say what a rule would do, by kabupaten."""
    clauses = [
        {"code": f"syarat-{number}", "expression": one, "words": "percobaan"}
        for number, one in enumerate(expression, 1)
    ]
    with state().database.reading() as session:
        trial = try_rule(session, get_programme(session, code), clauses, area=area, at=now())
    click.echo(f"{'':32}{'sekarang':>12}{'menjadi':>12}{'masuk':>12}{'keluar':>12}")
    for one in trial.regencies:
        click.echo(_line(one.name, one))
    click.echo(_line("Jumlah", trial.total))


def _line(name: str, one: TriedRegency) -> str:
    numbers = (one.before, one.now, one.enters, one.leaves)
    return f"{name:32}" + "".join(f"{angka(number):>12}" for number in numbers)
