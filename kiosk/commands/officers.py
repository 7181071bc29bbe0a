"""``kiosk officers``: the people who work with this kiosk."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.state import state
from registry.kinds import Role
from registry.officers.officers import add_officer, has_officers, normal_username
from registry.officers.passwords import make_password_hash
from registry.officers.points import CENTRE, get_point

officers = AppGroup("officers", help="Petugas.")


@officers.command("add", help="Tambah petugas USERNAME; kata sandi ditanyakan, tidak pernah ditulis di baris perintah.")
@click.argument("username")
@click.option("--name", required=True, help="Nama lengkap.")
@click.option("--point", default=CENTRE, show_default=True, help="Kode titik layanan tempatnya bertugas.")
@click.option(
    "--role", "roles", type=click.Choice([role.value for role in Role]), multiple=True, required=True, help="Peran."
)
@click.option("--password-stdin", is_flag=True, help="Baca kata sandi dari masukan standar.")
def add(username: str, name: str, point: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Add an officer."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Kata sandi", hide_input=True, confirmation_prompt="Ulangi kata sandi")
    here = state()
    password_hash = make_password_hash(password, username=normal_username(username))
    with here.database.writing() as session:
        officer = add_officer(
            session,
            get_point(session, point),
            username=username,
            name=name,
            password_hash=password_hash,
            roles=[Role(role) for role in roles],
            actor=command_actor(session),
            keys=here.keys,
            at=now(),
        )
        click.echo(f"Petugas {officer.username} ditambahkan di {point} dengan nomor {officer.number}.")


@officers.command("first", help="Tambah petugas pertama bila belum ada seorang pun; tanpa layar, sebutkan perintahnya.")
@click.pass_context
def first(context: click.Context) -> None:
    """Ask for the first administrator of an empty installation, or say by which command one is added."""
    with state().database.reading() as session:
        if has_officers(session):
            return
    if not sys.stdin.isatty():
        click.echo("Belum ada petugas. Tambahkan yang pertama dengan:")
        click.echo('  .venv/bin/kiosk officers add NAMA_PENGGUNA --name "Nama Lengkap" --role administrator')
        return
    click.echo("Belum ada petugas. Tambahkan administrator pertama.")
    context.invoke(
        add,
        username=click.prompt("Nama pengguna"),
        name=click.prompt("Nama lengkap"),
        point=CENTRE,
        roles=(Role.ADMINISTRATOR.value,),
        password_stdin=False,
    )
