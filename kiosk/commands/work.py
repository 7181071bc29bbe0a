"""``kiosk work``: draws and prints batches until it is stopped, beside the server or on a machine of its own."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from kiosk.state import State, state
from kiosk.work.worker import AT_ONCE
from printing.self_test import check_weasyprint
from registry.cards.photos import newest_photo, read_photo
from registry.errors import NotFound


@click.command("work", help="Siapkan dan cetak paket kartu terus-menerus; hentikan dengan Ctrl+C.")
@click.option("--at-once", type=click.IntRange(1, 64), default=AT_ONCE, show_default=True, help="Paket sekaligus.")
@with_appcontext
def work(at_once: int) -> None:
    """Work until told to end; what is being drawn then is taken over by another worker."""
    check_weasyprint()
    here = state()
    _check_photos(here)
    click.echo(f"Pekerja berjalan: paling banyak {at_once} paket sekaligus. Ctrl+C untuk berhenti.")
    here.work.run(at_once=at_once)


def _check_photos(here: State) -> None:
    # a card whose photo is not there is drawn without it: a machine that sees none would do so to a whole village
    with here.database.reading() as session:
        newest = newest_photo(session)
    if newest is None:
        return
    try:
        read_photo(here.settings.photos_folder, newest)
    except NotFound:
        raise NotFound("photos_not_shared") from None
