"""``kiosk cards``: cards issued and printed by the village, and handed over where there is no screen."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from kiosk import words
from kiosk.clock import now
from kiosk.commands import batches, card_files
from kiosk.commands.acting import command_actor
from kiosk.filters import angka
from kiosk.forms.print_grade import COARSEST_DPI, FINEST_DPI
from kiosk.state import state
from kiosk.words.print_grades import judge
from printing.errors import PhotoError
from printing.grading import Grade, grade_print
from registry.cards.cards import hand_over as hand_card_over
from registry.cards.cards import note_read_back
from registry.cards.history import find_receiver
from registry.regions import PROVINCE
from verify.hand_over import look_at_fresh_card
from verify.issue import issue_for_village
from verify.refusals import keep_refusal

cards = AppGroup("cards", help="Kartu.")
for command in (batches.batch, batches.batches, card_files.pdf):
    cards.add_command(command)


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
            if fresh.is_to_note:
                note_read_back(session, fresh.card, actor=actor, keys=here.keys, at=at)
            taker = find_receiver(session, fresh.card, receiver, at=at)
            hand_card_over(session, fresh.card, taker, id_seen=id_seen, actor=actor, keys=here.keys, at=at)
    if fresh.card is None or not fresh.decision.is_granted:
        context.exit(1)
    click.echo(f"Kartu {fresh.card.number} sudah diserahkan dan sekarang aktif.")


@cards.command("grade", help="Nilai mutu cetak kode dari foto atau pindaian kartu PICTURE (JPEG, PNG, WebP).")
@click.argument("picture", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dpi", type=click.IntRange(COARSEST_DPI, FINEST_DPI), help="Resolusi alat pindai: ukuran ikut dinilai.")
@click.pass_context
def grade(context: click.Context, picture: Path, dpi: int | None) -> None:
    """Say how good the print is and why; ends with 1 when it is poor or cannot be judged."""
    try:
        found = grade_print(picture.read_bytes(), dots_per_inch=dpi)
    except PhotoError as error:
        said = words.of(error.code)
        click.echo(f"{said.title}. {said.explanation} {said.next_step}", err=True)
        context.exit(1)
    judgement = judge(found)
    click.echo(f"{judgement.word}.")
    for reason in judgement.reasons:
        click.echo(f"- {reason.title}. {reason.explanation} {reason.next_step}")
    for name, value in judgement.values:
        click.echo(f"  {name}: {value}")
    if found.is_too_far or found.grade is Grade.POOR:
        context.exit(1)
