"""``kiosk rounds``: the determined lists of rounds."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from kiosk.state import state
from registry.programmes.determinations import check_lists

rounds = AppGroup("rounds", help="Tahap penyaluran.")


@rounds.command("verify", help="Hitung ulang sidik setiap daftar yang ditetapkan; kode keluar 1 bila ada yang berubah.")
@click.pass_context
def verify(context: click.Context) -> None:
    """Make the hash of every determined list anew and name each that differs."""
    count = broken = 0
    with state().database.reading() as session:
        for check in check_lists(session):
            count += 1
            if not check.is_whole:
                broken += 1
                click.echo(f"{check.programme_code} {check.round_name}: daftar berubah sesudah ditetapkan.", err=True)
                click.echo(f"  ditetapkan {check.frozen}\n  sekarang   {check.found}", err=True)
    if broken:
        context.exit(1)
    click.echo(f"{count} daftar utuh.")
