"""``kiosk demo``: an installation to try things out with."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from kiosk import demo as trying_out
from kiosk.clock import now
from kiosk.state import state
from kiosk.words import label

demo = AppGroup("demo", help="Data contoh untuk mencoba.")


@demo.command("load", help="Isi kios yang masih kosong dengan keluarga karangan; sebutkan cara masuknya.")
def load() -> None:
    """Fill an empty installation, and say how to sign in; an installation in use is left alone."""
    here = state()
    if trying_out.load(here, at=now()):
        click.echo("Data contoh dimuat: keluarga karangan, titik layanan, petugas, kartu, dan tahap.")
    password = trying_out.password(here.settings)
    if password is None:
        click.echo("Kios ini sudah dipakai; data contoh tidak dimuat.")
        return
    click.echo("\nMasuk sebagai (kata sandi sama untuk semua petugas contoh):\n")
    for officer in trying_out.sign_ins():
        click.echo(f"  {officer.username:<16} {label(officer.role):<26} {officer.point}")
    click.echo(f"\n  Kata sandi: {password}\n")
