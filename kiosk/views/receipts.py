"""Receipts: what was given, the slip for the family, and the counter-entry when it was not given after all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.scan import ScanForm, UndoForm
from kiosk.permissions import Permission, needs
from kiosk.seen_receipt import seen_receipt
from kiosk.sent_files import show_pdf
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.given import GivenAs, given_as
from kiosk.words.slip import COMPLAINTS
from printing.indonesian import in_words
from printing.slip import ReceiptSlip, receipt_pdf
from registry.audit import head_hash
from registry.giving.hand_over_photos import may_be_photographed
from registry.giving.receipts import Receipt, undo_redemption
from registry.regions import find_path

views = Blueprint("receipts", __name__, url_prefix="/bukti")


@views.get("/<number>")
@needs(Permission.SCAN_LOOK)
def show(number: str) -> ResponseReturnValue:
    """Show a receipt; the next card can be scanned from here."""
    return _page(seen_receipt(number), UndoForm(formdata=None))


@views.get("/<number>/slip.pdf")
@needs(Permission.SCAN_LOOK)
def slip(number: str) -> ResponseReturnValue:
    """Give the receipt as a slip of paper."""
    receipt = seen_receipt(number)
    said_as = _said_as(receipt)
    village = find_path(session(), receipt.village_code)
    paper = receipt_pdf(
        ReceiptSlip(
            programme=f"{receipt.programme} · {receipt.round_name}",
            package=receipt.package,
            receipt_number=receipt.number,
            head_name=receipt.head_name,
            village=f"{village.village}, {village.district}",
            point=receipt.point,
            given_at=receipt.given_at,
            officer_id=receipt.officer_number,
            price=receipt.price,
            title=f"Bukti {said_as.act}",
            unpriced=said_as.unpriced,
            takes=said_as.takes,
            ask=said_as.ask,
            complaint_contact=COMPLAINTS,
            taken_by=_taken_by(receipt),
            substitution=receipt.substitution,
            spent=None if receipt.balance_left is None else receipt.value,
            undone_at=receipt.undone_at,
            undo_reason=receipt.undo_reason or "",
            audit_tail=head_hash(session(), receipt.point_id).hex()[-8:],
        )
    )
    return show_pdf(paper, f"bukti-{receipt.number}.pdf")


@views.post("/<number>/batal")
@needs(Permission.SCAN_UNDO)
def undo(number: str) -> ResponseReturnValue:
    """Take a giving back, with a reason."""
    receipt, form = seen_receipt(number), UndoForm()
    if not form.validate():
        return _page(receipt, form), 422
    undo_redemption(
        session(),
        receipt.redemption_id,
        reason=form.reason.data,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash(f"Dibatalkan: {_said_as(receipt).again}.", "success")
    return redirect(url_for("receipts.show", number=receipt.number), 303)


def _said_as(receipt: Receipt) -> GivenAs:
    return given_as(receipt.unit, is_spent=receipt.balance_left is not None)


def _taken_by(receipt: Receipt) -> str:
    """Say who took it where that was not the head of the family: the slip goes home with them."""
    if receipt.proxy:
        return f"{receipt.proxy} (wakil, surat {receipt.proxy_letter})"
    return "" if receipt.is_receiver_head else receipt.receiver


def _page(receipt: Receipt, form: UndoForm) -> str:
    paid = receipt.value if receipt.balance_left is not None else receipt.price
    return render_template(
        "receipts/show.html",
        receipt=receipt,
        said_as=_said_as(receipt),
        in_words=in_words(paid) if paid else "",
        undo=form,
        is_own=receipt.officer_number == signed_in().number,
        may_be_photographed=may_be_photographed(
            session(), receipt.redemption_id, point_id=signed_in().point_id, at=now()
        ),
        form=ScanForm(formdata=None),
    )
