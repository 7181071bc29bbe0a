"""``kiosk cards batch``, ``batches``: cards drawn by the batch where there is no screen."""

from __future__ import annotations

import sys
from time import sleep
from uuid import UUID

import click
from flask.cli import with_appcontext

from kiosk import words
from kiosk.batch_titles import titles_of
from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.designs import design_in_force
from kiosk.filters import angka
from kiosk.state import State, state
from registry.db import Session
from registry.identifiers import CardNumber
from registry.kinds import BatchChoice, BatchState, PrintReason, SheetCode
from registry.models import PrintBatch
from registry.officers.points import get_point
from registry.prints.batches import find_batches, make_batch
from registry.prints.choosing import choose_cards
from registry.prints.progress import Progress, progress_of
from registry.regions import PROVINCE, find_path

__all__ = ["batch", "batches"]

_LOOK_EACH = 0.5  # seconds
_LISTED = 20


@click.command("batch", help="Buat satu paket cetak dari kartu yang menunggu, lalu siapkan PDF-nya.")
@click.option("--village", help="Kode desa atau kelurahan, misalnya 62.06.05.2003.")
@click.option("--list", "list_id", type=click.UUID, help="Id daftar keluarga yang sudah diterapkan.")
@click.option("--round", "round_id", type=click.UUID, help="Id tahap penyaluran.")
@click.option("--reason", type=click.Choice([reason.value for reason in PrintReason]), help="Alasan mencetak.")
@click.option("--card", "numbers", multiple=True, help="Nomor kartu; boleh diulang.")
@click.option(
    "--sheet", type=click.Choice([sheet.value for sheet in SheetCode]), default=SheetCode.CARD.value, show_default=True
)
@click.option("--wait", is_flag=True, help="Siapkan sekarang dan tunggu sampai selesai.")
@click.option("--point", help="Kode titik layanan yang mencetak; kalau tidak diisi, PUSAT.")
@with_appcontext
@click.pass_context
def batch(
    context: click.Context,
    village: str | None,
    list_id: UUID | None,
    round_id: UUID | None,
    reason: str | None,
    numbers: tuple[str, ...],
    sheet: str,
    wait: bool,
    point: str | None,
) -> None:
    """Make a batch and have it drawn; with ``--wait`` show how far that comes."""
    asked = {
        BatchChoice.VILLAGE: village,
        BatchChoice.LIST: str(list_id) if list_id else None,
        BatchChoice.ROUND: str(round_id) if round_id else None,
        BatchChoice.REASON: reason,
        BatchChoice.CARDS: "" if numbers else None,
    }
    chosen = [(choice, about) for choice, about in asked.items() if about is not None]
    if len(chosen) != 1:
        raise click.UsageError("Pilih satu: --village, --list, --round, --reason, atau --card.")
    chosen_by, about = chosen[0]
    here = state()
    with here.database.writing() as session:
        if village:
            find_path(session, village)
        actor = command_actor(session, point)
        area = get_point(session, point).area_code if point else PROVINCE
        picked = [CardNumber.parse(number) for number in numbers]
        design = design_in_force(session, here.settings.designs_folder)
        made = make_batch(
            session,
            chosen_by=chosen_by,
            about=about,
            cards=choose_cards(session, chosen_by, about, area=area, numbers=picked, at=now()),
            sheet=SheetCode(sheet),
            design=design.name,
            design_sha256=design.sha256,
            area=area,
            actor=actor,
            keys=here.keys,
            at=now(),
        )
    click.echo(f"Paket {made.number}: {angka(made.copies_total)} kartu.")
    here.work.draw(made.id)
    if wait:
        here.work.start()
        if not _wait_for(here, made.id):
            context.exit(1)


@click.command("batches", help="Tampilkan paket cetak terbaru.")
@with_appcontext
def batches() -> None:
    """List the newest batches with what became of their cards."""
    with state().database.reading() as session:
        found = find_batches(session, area=PROVINCE, limit=_LISTED)
        titles = titles_of(session, [seen.batch for seen in found])
        for seen in found:
            made = seen.batch
            fates = ", ".join(f"{words.label(fate)} {angka(count)}" for fate, count in sorted(seen.fates.items()))
            click.echo(
                f"{made.number}  {words.label(made.state)}  {titles[made.id]}  {angka(made.copies_total)} kartu"
                f"  ({fates})"
            )


def _wait_for(here: State, batch_id: UUID) -> bool:
    """Show the progress until the batch is drawn or a fault has stopped it; tell whether it is drawn."""
    while True:
        with here.database.reading() as session:
            made, progress = _look(session, batch_id)
        is_over = made.state is not BatchState.DRAWING or bool(made.fault_code)
        _show(progress, is_over=is_over)
        if is_over:
            break
        sleep(_LOOK_EACH)
    if made.fault_code:
        said = words.of(made.fault_code, about=made.fault_about)
        click.echo(f"{said.title}. {said.explanation} {said.next_step}".strip(), err=True)
        return False
    click.echo(f"Paket {made.number} {words.label(made.state)}.")
    return made.state in (BatchState.READY, BatchState.SETTLED)


def _look(session: Session, batch_id: UUID) -> tuple[PrintBatch, Progress]:
    made = session.get_one(PrintBatch, batch_id)
    return made, progress_of(session, made)


def _show(progress: Progress, *, is_over: bool) -> None:
    line = f"Disiapkan {angka(progress.drawn)} dari {angka(progress.total)} kartu"
    if progress.per_second:
        line += f", {angka(round(progress.per_second))} kartu per detik"
        if not is_over:
            line += f", kira-kira {angka(round(progress.seconds_left or 0))} detik lagi"
    if sys.stderr.isatty():
        click.echo(f"\r{line:<78}", nl=is_over, err=True)
    elif is_over:
        click.echo(line, err=True)
