"""Batches of cards: chosen, drawn in the background, printed, and matched with what came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.batch_titles import title_of, titles_of
from kiosk.clock import now
from kiosk.db import session
from kiosk.designs import design_in_force
from kiosk.filters import angka, tanggal, tanggal_jam
from kiosk.forms.batches import BatchForm, GoodForm, PrinterForm, RuinedForm
from kiosk.forms.hand_over import FreshCardForm
from kiosk.paging import page_number
from kiosk.permissions import Permission, needs
from kiosk.sent_files import show_pdf
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.cards.cards import find_card, note_read_back
from registry.errors import Conflict, NotFound, RegistryError
from registry.identifiers import CardNumber
from registry.kinds import BatchChoice, BatchState, CopyFate, SheetCode
from registry.models import PrintBatch, PrintCopy, Printer
from registry.prints import batches, chunks, fates
from registry.prints.choosing import applied_lists, choose_cards, count_by_village, count_waiting, open_rounds
from registry.prints.chunks import Span
from registry.prints.copies import UNSETTLED, note_printed
from registry.prints.printers import find_printers
from registry.prints.progress import progress_of
from verify.facts import read_scan

views = Blueprint("batches", __name__, url_prefix="/kartu/paket")

PAGE = 20
COPIES_PAGE = 50
_LISTS = 20  # the newest lists are offered
_NAMED = 12  # positions that were passed over are named up to this many


@views.get("")
@needs(Permission.CARDS_PRINT)
def index() -> ResponseReturnValue:
    """Show the batches of the officer's area, the newest first."""
    page = page_number(request.args.get("page"))
    found = batches.find_batches(session(), area=signed_in().area_code, skip=(page - 1) * PAGE, limit=PAGE + 1)
    titles = titles_of(session(), [one.batch for one in found])
    return render_template(
        "batches/index.html",
        rows=[(one, titles[one.batch.id]) for one in found[:PAGE]],
        page=page,
        has_more=len(found) > PAGE,
    )


@views.get("/baru")
@needs(Permission.CARDS_PRINT)
def choose() -> ResponseReturnValue:
    """Show the form by which cards are chosen."""
    form = BatchForm(formdata=None, village=request.args.get("desa", ""))
    return _show_form(form)


@views.post("")
@needs(Permission.CARDS_PRINT)
def make() -> ResponseReturnValue:
    """Make a batch and have it drawn."""
    form = BatchForm()
    _offer(form)
    if not form.validate():
        return render_template("batches/choose.html", form=form), 422
    area = signed_in().area_code
    cards = choose_cards(session(), form.choice, form.about, area=area, numbers=form.picked, at=now())
    batch = _make(form.choice, form.about, cards, SheetCode(form.sheet.data))
    flash(f"Paket {batch.number} dibuat: {angka(batch.copies_total)} kartu, urut RW, RT, lalu nama.", "success")
    return _to(batch)


@views.get("/<int:number>")
@needs(Permission.CARDS_PRINT)
def show(number: int) -> ResponseReturnValue:
    """Show a batch: how far it is drawn, what is to be printed, what became of its cards."""
    return _show(_get(number))


@views.get("/<int:number>/kartu-<int:first>-<int:last>.pdf")
@needs(Permission.CARDS_PRINT)
def download(number: int, first: int, last: int) -> ResponseReturnValue:
    """Give one file of a batch; nothing is changed by it."""
    batch = _get(number)
    _refuse_unless_ready(batch)
    span = Span(first, last)
    for chunk in chunks.chunks_of(session(), batch):
        if (chunk.first_position, chunk.last_position) == span and chunk.size_bytes:
            pdf = chunks.read_chunk(state().settings.prints_folder, chunk)
            return show_pdf(pdf, f"paket-{batch.number}-kartu-{first}-{last}.pdf")
    raise NotFound("print_file_missing")


@views.post("/<int:number>/lanjutkan")
@needs(Permission.CARDS_PRINT)
def resume(number: int) -> ResponseReturnValue:
    """Go on drawing what a fault has stopped."""
    batch = _get(number)
    batches.resume_drawing(session(), batch, actor=current_actor(), keys=state().keys, at=now())
    session().commit()  # a worker looks for it in the database
    state().work.draw(batch.id)
    return _to(batch)


@views.post("/<int:number>/printer")
@needs(Permission.CARDS_PRINT)
def send(number: int) -> ResponseReturnValue:
    """Have a batch printed by one of the printers here, or go on where it was paused."""
    batch, form = _get(number), PrinterForm()
    printers = {str(one.id): one for one in _printers_for(batch)}
    form.printer.choices = [(key, one.name) for key, one in printers.items()]
    if not form.validate():
        return _show(batch, printer=form), 422
    chosen = printers[form.printer.data]
    batches.send_to_printer(session(), batch, chosen, actor=current_actor(), keys=state().keys, at=now())
    session().commit()
    state().work.print(batch.id)
    flash(f"Paket {batch.number} dikirim ke {chosen.name}.", "success")
    return _to(batch)


@views.post("/<int:number>/jeda")
@needs(Permission.CARDS_PRINT)
def pause(number: int) -> ResponseReturnValue:
    """Stop after the card that is at the printer now."""
    batch = _get(number)
    batches.pause_batch(session(), batch, actor=current_actor(), keys=state().keys, at=now())
    flash("Paket dijeda. Kartu yang sudah di printer masih akan keluar.", "success")
    return _to(batch)


@views.post("/<int:number>/batal")
@needs(Permission.CARDS_PRINT)
def cancel(number: int) -> ResponseReturnValue:
    """Cancel what still waits of a batch."""
    batch = _get(number)
    batches.cancel_batch(session(), batch, actor=current_actor(), keys=state().keys, at=now())
    flash(f"Paket {batch.number} dibatalkan. Kartu yang belum tercetak menunggu paket lain.", "success")
    return _to(batch)


@views.post("/<int:number>/baik")
@needs(Permission.CARDS_PRINT)
def note_good(number: int) -> ResponseReturnValue:
    """Note which positions came out well."""
    batch, form = _get(number), GoodForm()
    _refuse_unless_ready(batch)
    if not form.validate():
        return _show(batch, good=form), 422
    _check_places(batch, form.spans)
    noted = fates.note_range_printed(session(), batch, form.spans, actor=current_actor(), keys=state().keys, at=now())
    _say(f"{angka(noted.count)} kartu ditandai tercetak.", noted)
    return _to(batch)


@views.post("/<int:number>/tidak-baik")
@needs(Permission.CARDS_PRINT)
def note_ruined(number: int) -> ResponseReturnValue:
    """Note which copies are spoilt or missing, and when it was said so, that all others are good."""
    batch, form = _get(number), RuinedForm()
    if batch.state is not BatchState.SETTLED:
        _refuse_unless_ready(batch)
    if not form.validate():
        return _show(batch, ruined=form), 422
    one = fates.Ruined(CopyFate(form.fate.data), form.reason.data or "", form.destroyed_by.data or "")
    positions = _positions(batch, form.named)
    rest: dict[str, Any] = {"actor": current_actor(), "keys": state().keys, "at": now()}
    noted = fates.note_ruined(session(), batch, dict.fromkeys(positions, one), **rest)
    _say(f"{angka(noted.count)} cetakan dicatat {words.label(one.fate)}.", noted)
    if form.rest_is_good.data:
        good = fates.note_rest_printed(session(), batch, **rest)
        flash(f"{angka(good)} kartu lain ditandai tercetak.", "success")
    return _to(batch)


@views.post("/<int:number>/semua-baik")
@needs(Permission.CARDS_PRINT)
def note_all_good(number: int) -> ResponseReturnValue:
    """Note that everything that waits came out well."""
    batch = _get(number)
    _refuse_unless_ready(batch)
    good = fates.note_rest_printed(session(), batch, actor=current_actor(), keys=state().keys, at=now())
    flash(f"{angka(good)} kartu ditandai tercetak.", "success")
    return _to(batch)


@views.get("/<int:number>/pindai")
@needs(Permission.CARDS_PRINT)
def scan_page(number: int) -> ResponseReturnValue:
    """Wait for the next card of the stack."""
    return _show_scan(_get(number), FreshCardForm(formdata=None))


@views.post("/<int:number>/pindai")
@needs(Permission.CARDS_PRINT)
def scan(number: int) -> ResponseReturnValue:
    """Note that the scanned card came out well and can be read, and wait for the next one."""
    batch, form = _get(number), FreshCardForm()
    if not form.validate():
        return _show_scan(batch, form), 422
    again = FreshCardForm(formdata=None)
    try:
        with session().begin_nested():
            seen = _note_scanned(batch, form)
    except RegistryError as error:
        return _show_scan(batch, again, said=words.of(error.code, **error.detail)), 422
    return _show_scan(batch, again, seen=seen)


@views.post("/<int:number>/cetak-ulang")
@needs(Permission.CARDS_PRINT)
def reprint(number: int) -> ResponseReturnValue:
    """Make a batch of what this one still owes: the spoilt, and the new cards for the missing."""
    old = _get(number)
    cards = batches.cards_to_reprint(session(), old, area=signed_in().area_code)
    batch = _make(BatchChoice.CARDS, f"Cetak ulang dari paket {old.number}", cards, old.sheet)
    flash(f"Paket {batch.number} dibuat untuk {angka(batch.copies_total)} kartu yang dicetak ulang.", "success")
    return _to(batch)


class _Scanned(NamedTuple):
    """A card of the stack that was scanned."""

    copy: PrintCopy
    was_known: bool
    """Whether it was noted before."""


def _make(chosen_by: BatchChoice, about: str, cards: Sequence[UUID], sheet: SheetCode) -> PrintBatch:
    design = design_in_force(session(), state().settings.designs_folder)
    batch = batches.make_batch(
        session(),
        chosen_by=chosen_by,
        about=about,
        cards=cards,
        sheet=sheet,
        design=design.name,
        design_sha256=design.sha256,
        area=signed_in().area_code,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    session().commit()  # a worker looks for it in the database
    state().work.draw(batch.id)
    return batch


def _note_scanned(batch: PrintBatch, form: FreshCardForm) -> _Scanned:
    scan = read_scan(form.text, state().trust, at=now(), as_typed=form.scanned_as_typed.data or "")
    if scan.refusal is not None:
        raise RegistryError(scan.refusal.code, **scan.refusal.detail)
    if scan.token_hash is None:
        raise RegistryError("card_not_scanned")
    card = find_card(session(), token_hash=scan.token_hash)
    copy = batches.copy_of_card(session(), batch, card) if card else None
    if card is None or copy is None:
        raise Conflict("card_not_in_batch", number=card.number if card else "")
    rest: dict[str, Any] = {"actor": current_actor(), "keys": state().keys, "at": now()}
    was_known = copy.fate not in UNSETTLED and card.read_back_at is not None
    if copy.fate in UNSETTLED:
        _refuse_unless_ready(batch)  # nothing of it can have come out yet: this is an older copy of the card
        note_printed(session(), copy, **rest)
    elif copy.fate is not CopyFate.PRINTED:
        raise Conflict(f"copy_is_{copy.fate}", number=card.number)
    note_read_back(session(), card, **rest)
    batches.settle_if_done(session(), batch, **rest)
    return _Scanned(copy, was_known)


def _show_form(form: BatchForm) -> str:
    _offer(form)
    return render_template("batches/choose.html", form=form)


def _offer(form: BatchForm) -> None:
    area = signed_in().area_code
    villages = [
        (one.code, f"{one.name}, {one.district} ({angka(one.cards)} kartu)")
        for one in count_by_village(session(), area=area)
    ]
    lists = [
        (str(one.id), f"{one.file_name} (keadaan {tanggal(one.as_of)}, diunggah {tanggal_jam(one.received_at)})")
        for one in applied_lists(session(), area=area, limit=_LISTS)
    ]
    rounds = [(str(one.id), f"{one.programme.name}, {one.name}") for one in open_rounds(session(), area=area)]
    form.offer(villages, lists, rounds, count_waiting(session(), area=area, at=now()))


def _get(number: int) -> PrintBatch:
    return batches.get_batch(session(), number, area=signed_in().area_code)


def _to(batch: PrintBatch) -> ResponseReturnValue:
    return redirect(url_for("batches.show", number=batch.number), 303)


def _refuse_unless_ready(batch: PrintBatch) -> None:
    if batch.state is not BatchState.READY:
        raise Conflict(f"batch_is_{batch.state}", number=str(batch.number))


def _printers_for(batch: PrintBatch) -> list[Printer]:
    """Return the printers here that have the batch's sheet in them."""
    return [one for one in find_printers(session(), point_id=signed_in().point_id) if one.sheet is batch.sheet]


def _check_places(batch: PrintBatch, spans: Sequence[Span]) -> None:
    for span in spans:
        if span.last > batch.copies_total:
            raise NotFound("position_unknown", place=str(span.last))


def _positions(batch: PrintBatch, named: Sequence[Span | CardNumber]) -> list[int]:
    _check_places(batch, [one for one in named if isinstance(one, Span)])
    numbers = [one for one in named if isinstance(one, CardNumber)]
    places = batches.positions_of_cards(session(), batch, numbers)
    positions: list[int] = []
    for one in named:
        if isinstance(one, Span):
            positions += range(one.first, one.last + 1)
        elif one in places:
            positions.append(places[one])
        else:
            raise NotFound("position_unknown", place=one)
    return positions


def _say(done: str, noted: fates.Noted) -> None:
    flash(done, "success")
    if noted.passed_over:
        left = ", ".join(f"{position} ({words.label(fate)})" for position, fate in noted.passed_over[:_NAMED])
        more = "" if len(noted.passed_over) <= _NAMED else ", …"
        flash(f"Dilewati karena sudah dicatat lain: {left}{more}.", "warning")


def _show(
    batch: PrintBatch,
    *,
    printer: PrinterForm | None = None,
    good: GoodForm | None = None,
    ruined: RuinedForm | None = None,
) -> str:
    page = page_number(request.args.get("page"))
    first = (page - 1) * COPIES_PAGE + 1
    printers = _printers_for(batch)
    printer = printer or PrinterForm(formdata=None)
    printer.printer.choices = [(str(one.id), one.name) for one in printers]
    seen = batches.see_batch(session(), batch)
    return render_template(
        "batches/show.html",
        seen=seen,
        batch=batch,
        title=title_of(session(), batch),
        fault=words.of(batch.fault_code, about=batch.fault_about) if batch.fault_code else None,
        progress=progress_of(session(), batch),
        files=[one for one in chunks.chunks_of(session(), batch) if one.size_bytes],
        printers=printers,
        printer_now=session().get(Printer, batch.printer_id) if batch.printer_id else None,
        printer=printer,
        good=good or GoodForm(formdata=None),
        ruined=ruined or RuinedForm(formdata=None),
        fates=[(fate, seen.fates[fate]) for fate in CopyFate if seen.fates.get(fate)],
        owed=len(batches.cards_to_reprint(session(), batch, area=signed_in().area_code)),
        copies=batches.copies_of(session(), batch, first=first, limit=COPIES_PAGE),
        why=_why,
        page=page,
        pages=-(-batch.copies_total // COPIES_PAGE),
    )


def _why(copy: PrintCopy) -> str:
    """Return why a copy has its fate: what an officer wrote, or what is wrong with a card that was put aside."""
    if copy.fate is not CopyFate.REVIEW:
        return copy.fate_reason
    code, _, about = copy.fate_reason.partition(": ")
    return words.of(code, about=about).title


def _show_scan(
    batch: PrintBatch, form: FreshCardForm, *, seen: _Scanned | None = None, said: words.Words | None = None
) -> str:
    return render_template(
        "batches/scan.html",
        batch=batch,
        title=title_of(session(), batch),
        form=form,
        seen=seen,
        said=said,
        counted=batches.see_batch(session(), batch),
    )
