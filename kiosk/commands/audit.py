"""``kiosk audit``: the trail of every change."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from kiosk import words
from kiosk.state import state
from registry.audit import verify_chains

audit = AppGroup("audit", help="Jejak perubahan.")


@audit.command("verify", help="Periksa rantai jejak; kode keluar 1 bila ada yang diubah, dihapus, atau hilang.")
@click.pass_context
def verify(context: click.Context) -> None:
    """Check every chain of the trail and name each fault."""
    here = state()
    with here.database.reading() as session:
        faults = verify_chains(session, key=here.keys.audit_key)
    for fault in faults:
        click.echo(f"{fault.point_code} no. {fault.seq}: {words.label(fault.code)}", err=True)
    if faults:
        context.exit(1)
    click.echo("Jejak utuh.")
