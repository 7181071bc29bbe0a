"""``kiosk setup``: make what an installation lacks."""

from __future__ import annotations

import click

from kiosk import installation
from kiosk.clock import now
from kiosk.settings import Settings

_WHAT = {
    "home": "Folder instalasi",
    "passphrase": "Frasa sandi kunci",
    "keys": "Kunci (segel, indeks, jejak, sesi, akar, penerbit)",
    "schema": "Skema basis data",
    "regions": "Wilayah Kalimantan Tengah",
    "programmes": "Program dan aturan kartu",
    "hub": "Identitas simpul",
    "point": "Titik PUSAT",
    "trust": "Daftar kunci tepercaya",
}
_HOW = {"made": "dibuat", "found": "sudah ada", "checked": "diperiksa"}


@click.command(help="Lengkapi instalasi di KIOSK_HOME; aman dijalankan lagi kapan saja.")
def setup() -> None:
    """Make what is missing and say, line by line, what was made and what was there."""
    settings = Settings.from_environment()
    click.echo(f"Instalasi di {settings.home}")
    for step in installation.complete(settings, at=now()):
        click.echo(f"  {_WHAT[step.what]:<52} {_HOW[step.how]}")
