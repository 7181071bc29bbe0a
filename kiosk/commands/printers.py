"""``kiosk printers``: the printers of a service point, as they are set up and as they are now."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from kiosk import words
from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.printer_states import see_printers, warn_of
from kiosk.state import state
from printing.errors import PrintingError
from printing.printers.finding import find_announced, find_queues
from printing.printers.looking import PrinterLook, look_at_printer
from registry.errors import RegistryError
from registry.kinds import SheetCode, Transport
from registry.officers.points import CENTRE
from registry.prints.printers import SIDES, PrinterPlan, add_printer, check_uri, find_printers

printers = AppGroup("printers", help="Printer titik layanan.")


@printers.command("list", help="Tampilkan printer sebuah titik dan keadaannya sekarang.")
@click.option("--point", default=CENTRE, help="Kode titik layanan; tanpa ini, pusat.")
def list_(point: str) -> None:
    """Show the printers of a point, one line each, and what hinders them."""
    with state().database.reading() as session:
        found = find_printers(session, point_id=command_actor(session, point).point_id)
    for one in see_printers(found):
        printer = one.printer
        click.echo(f"{printer.code}\t{one.word}\t{printer.name}\t{printer.uri}\t{printer.media}")
        for said in one.hindrances:
            click.echo(f"\t{said.title}. {said.explanation} {said.next_step}".rstrip())


@printers.command("find", help="Cari printer di jaringan server ini dan antrean di CUPS.")
def find() -> None:
    """Show the printers that announce themselves and the queues of the CUPS server, one line each."""
    for one in (*find_announced(), *find_queues(state().settings.cups_url)):
        way = words.label(Transport.CUPS if one.is_queue else Transport.IPP)
        click.echo(f"{one.uri}\t{one.name}\t{one.model}\t{one.place}\t{way}")


@printers.command("probe", help="Tanya printer di URI apa saja yang dapat dicetaknya.")
@click.argument("uri")
def probe(uri: str) -> None:
    """Show what a printer says of itself."""
    look = _look(check_uri(uri))
    click.echo(f"nama\t{look.name}")
    click.echo(f"model\t{look.model}")
    click.echo(f"media\t{' '.join(look.media)}")
    click.echo(f"terpasang\t{' '.join(look.ready_media)}")
    click.echo(f"sisi\t{' '.join(look.sides)}")
    click.echo(f"dpi\t{' '.join(map(str, look.resolutions))}")
    click.echo(f"baki\t{' '.join(look.trays)}")
    for said in warn_of(look):
        click.echo(f"{said.title}. {said.explanation} {said.next_step}", err=True)


@printers.command("add", help="Tambah printer CODE di alamat URI.")
@click.argument("code")
@click.argument("uri")
@click.option("--name", required=True, help="Nama printer, seperti tampil di layar.")
@click.option("--point", default=CENTRE, help="Kode titik layanan; tanpa ini, pusat.")
@click.option("--cups", is_flag=True, help="URI itu antrean CUPS, bukan printernya sendiri.")
@click.option(
    "--sheet", type=click.Choice([one.value for one in SheetCode]), default=SheetCode.CARD.value, help="Lembar."
)
@click.option("--media", default="om_cr80_53.98x85.6mm", help="Nama PWG medianya.", show_default=True)
@click.option("--sides", type=click.Choice(SIDES), default=SIDES[2], help="Sisi cetak.", show_default=True)
@click.option("--dpi", type=int, default=300, help="Titik per inci.", show_default=True)
@click.option("--tray", default="", help="Baki.")
@click.option("--option", "options", multiple=True, help="Pilihan penggerak, nama=nilai; boleh berulang.")
def add(
    code: str,
    uri: str,
    name: str,
    point: str,
    *,
    cups: bool,
    sheet: str,
    media: str,
    sides: str,
    dpi: int,
    tray: str,
    options: tuple[str, ...],
) -> None:
    """Add a printer; it need not be switched on."""
    pairs = (option.partition("=") for option in options)
    plan = PrinterPlan(
        name=name,
        transport=Transport.CUPS if cups else Transport.IPP,
        uri=uri,
        media=media,
        sheet=SheetCode(sheet),
        sides=sides,
        dots_per_inch=dpi,
        tray=tray,
        options={option: value for option, _equals, value in pairs},
    )
    here = state()
    with here.database.writing() as session:
        actor = command_actor(session, point)
        add_printer(session, code, plan, point_id=actor.point_id, actor=actor, keys=here.keys, at=now())
    click.echo(f"Printer {code} ditambahkan.")


def _look(uri: str) -> PrinterLook:
    try:
        return look_at_printer(uri)
    except PrintingError as error:
        raise RegistryError(error.code) from error
