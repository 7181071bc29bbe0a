"""``kiosk points``: the places where officers serve families."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.state import state
from registry.kinds import PointKind
from registry.officers.points import add_point

points = AppGroup("points", help="Titik layanan.")


@points.command("add", help="Tambah titik layanan CODE, misalnya LOKET-BUNTOK.")
@click.argument("code")
@click.option("--name", required=True, help="Nama titik, seperti tampil di layar.")
@click.option("--kind", type=click.Choice([kind.value for kind in PointKind]), required=True, help="Jenis titik.")
@click.option("--area", required=True, help="Kode wilayah yang dilayani, misalnya 62.06 atau 62.06.05.")
@click.option("--address", default="", help="Alamat titik.")
@click.option("--facility", default="", help="NPSN sekolah, atau kode puskesmas.")
@click.option("--office", default=None, help="Kode perangkat daerah, bila titik ini kantornya; misalnya DINSOS.")
def add(code: str, name: str, kind: str, area: str, address: str, facility: str, office: str | None) -> None:
    """Add a service point."""
    here = state()
    with here.database.writing() as session:
        add_point(
            session,
            code=code,
            name=name,
            kind=PointKind(kind),
            area_code=area,
            address=address,
            facility_code=facility,
            office_code=office,
            actor=command_actor(session),
            keys=here.keys,
            at=now(),
        )
        click.echo(f"Titik {code} ditambahkan.")
