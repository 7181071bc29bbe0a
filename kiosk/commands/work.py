"""``kiosk work``: draws and prints batches until it is stopped, beside the server or on a machine of its own."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from kiosk.state import state
from kiosk.work.worker import AT_ONCE
from printing.self_test import check_weasyprint


@click.command("work", help="Siapkan dan cetak paket kartu terus-menerus; hentikan dengan Ctrl+C.")
@click.option("--at-once", type=click.IntRange(1, 64), default=AT_ONCE, show_default=True, help="Paket sekaligus.")
@with_appcontext
def work(at_once: int) -> None:
    """Work until told to end; what is being drawn then is taken over by another worker."""
    check_weasyprint()
    click.echo(f"Pekerja berjalan: paling banyak {at_once} paket sekaligus. Ctrl+C untuk berhenti.")
    state().work.run(at_once=at_once)
