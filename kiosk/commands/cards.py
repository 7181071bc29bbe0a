"""``kiosk cards``: cards issued and printed by the village, and handed over where there is no screen."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk import words
from kiosk.card_faces import faces_of
from kiosk.clock import now
from kiosk.commands.acting import command_actor
from kiosk.commands.files import FileToWrite
from kiosk.filters import angka
from kiosk.state import state
from printing.batch import write_cards
from printing.errors import PrintingError
from registry.cards.cards import hand_over as hand_card_over
from registry.cards.history import find_receiver
from registry.cards.waiting import next_batch
from registry.regions import PROVINCE, find_path
from verify.hand_over import look_at_fresh_card
from verify.issue import issue_for_village
from verify.refusals import keep_refusal

cards = AppGroup("cards", help="Kartu.")


@cards.command("issue", help="Terbitkan kartu untuk semua keluarga satu desa yang berhak dan belum mempunyainya.")
@click.option("--village", required=True, help="Kode desa atau kelurahan, misalnya 62.06.05.2003.")
@click.option("--point", help="Kode titik layanan yang menerbitkan; kalau tidak diisi, PUSAT.")
def issue(village: str, point: str | None) -> None:
    """Issue to every entitled family of a village, and say how many were not entitled and why."""
    here = state()
    with here.database.writing() as session:
        actor = command_actor(session, point)
        count = issue_for_village(session, village, actor=actor, keys=here.keys, at=now())
    click.echo(f"Terbit: {angka(count.issued)} kartu.")
    click.echo(f"Sudah mempunyai kartu: {angka(count.had_one)} keluarga.")
    click.echo(f"Belum berhak: {angka(count.refused)} keluarga.")
    for (code, clause), families in sorted(count.reasons.items(), key=lambda item: -item[1]):
        click.echo(f"  {words.of(code).title}{f' ({clause})' if clause else ''}: {angka(families)}")


@cards.command("pdf", help="Tulis kartu satu desa yang menunggu dicetak ke satu PDF; keadaan kartu tidak berubah.")
@click.option("--village", required=True, help="Kode desa atau kelurahan.")
@click.option("--out", required=True, type=FileToWrite(), help="Berkas PDF yang ditulis.")
@click.pass_context
def pdf(context: click.Context, village: str, out: Path) -> None:
    """Write all cards of a village that wait for the printer."""
    here = state()
    # beside the file that is wanted, so that it is there whole or not at all
    unfinished = out.with_name(f".{out.name}.part")
    with here.database.reading() as session:
        find_path(session, village)
        batch = next_batch(session, village)
        try:
            with unfinished.open("wb") as target:
                written = write_cards(faces_of(session, batch, photos=here.settings.photos_folder), target)
            unfinished.replace(out)
        except PrintingError as error:
            said = words.of(error.code)
            click.echo(f"{said.title}. {said.explanation}", err=True)
            context.exit(1)
        finally:
            unfinished.unlink(missing_ok=True)
    click.echo(f"{angka(written)} kartu ditulis ke {out}.")


@cards.command("hand-over", help="Serahkan kartu TEXT (isi kode QR atau nomor kartu): sejak itu kartu aktif.")
@click.argument("text")
@click.option("--receiver", help="Nama wakil di KK yang sama; kalau tidak diisi, kepala keluarga.")
@click.option("--id-seen", is_flag=True, help="KTP asli penerima sudah dilihat; tanpa ini kartu tidak diserahkan.")
@click.option("--point", help="Kode titik layanan yang menyerahkan; kalau tidak diisi, PUSAT.")
@click.pass_context
def hand_over(context: click.Context, text: str, receiver: str | None, id_seen: bool, point: str | None) -> None:
    """Hand a card over, or say every reason why not."""
    if not id_seen:
        raise click.UsageError("Lihat dulu KTP asli penerima, lalu tambahkan --id-seen.")
    here, at = state(), now()
    with here.database.writing() as session:
        actor = command_actor(session, point)
        fresh = look_at_fresh_card(session, text, here.trust, area=PROVINCE, at=at)
        if fresh.card is None or not fresh.decision.is_granted:
            card_id = fresh.card.id if fresh.card else None
            keep_refusal(session, fresh.decision, card_id=card_id, actor=actor, keys=here.keys, at=at)
            for reason in fresh.decision.reasons:
                said = words.of(reason.code, **reason.detail)
                click.echo(f"{said.title}. {said.explanation} {said.next_step}".strip(), err=True)
        else:
            taker = find_receiver(session, fresh.card, receiver, at=at)
            hand_card_over(session, fresh.card, taker, id_seen=id_seen, actor=actor, keys=here.keys, at=at)
    if fresh.card is None or not fresh.decision.is_granted:
        context.exit(1)
    click.echo(f"Kartu {fresh.card.number} sudah diserahkan dan sekarang aktif.")
