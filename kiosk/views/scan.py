"""Scanning: look at a card, give what it opens. What is scanned stays out of addresses and logs."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.answers import answer_of
from kiosk.clock import now
from kiosk.forms.scan import GiveForm, ScanForm
from kiosk.permissions import Permission, needs
from kiosk.photo_data import photo_data
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from registry.programmes.rounds import rounds_at
from verify.facts import read_scan
from verify.look import look
from verify.redeem import Given, RedeemRequest, redeem
from verify.refusals import keep_refusal

views = Blueprint("scan", __name__, url_prefix="/pindai")


@views.get("")
@needs(Permission.SCAN_LOOK)
def page() -> ResponseReturnValue:
    """Wait for a scan, and say what is given here today."""
    return _wait(ScanForm(formdata=None))


@views.post("")
@needs(Permission.SCAN_LOOK)
def verdict() -> ResponseReturnValue:
    """Answer a scan over the whole screen: what the family may have here now, or every reason why not."""
    form = ScanForm()
    if not form.validate() or not form.text:
        form.typed.errors = form.typed.errors or ["Pindai kartu, atau ketik nomornya."]
        return _wait(form), 422
    here, at = state(), now()
    with here.database.reading() as reading:  # looking holds back nobody who gives
        seen = look(
            reading,
            form.text,
            as_typed=form.scanned_as_typed.data or "",
            point_id=signed_in().point_id,
            trust=here.trust,
            at=at,
        )
        photo = photo_data(reading, seen.card.head_id) if seen.card else ""
    if not seen.decision.is_granted:
        with here.database.writing() as keeping:
            keep_refusal(
                keeping,
                seen.decision,
                card_id=seen.card_id,
                round_id=seen.round_id,
                actor=current_actor(),
                keys=here.keys,
                at=at,
            )
    return render_template(
        "scan/verdict.html",
        form=ScanForm(formdata=None),
        answer=answer_of(seen.decision.outcome, seen.decision.reasons),
        card=seen.card,
        photo=photo,
        offers=[(offer, answer_of(offer.decision.outcome, offer.decision.reasons)) for offer in seen.offers],
        give=lambda round_id: GiveForm(
            formdata=None, text=form.text, as_typed=form.scanned_as_typed.data, round_id=round_id, key=uuid4()
        ),
    )


@views.post("/salurkan")
@needs(Permission.SCAN_GIVE)
def give() -> ResponseReturnValue:
    """Give a package once, and go to its receipt; pressed again, to the same receipt."""
    form, at = GiveForm(), now()
    if not form.validate():
        again = ScanForm(formdata=None)
        again.typed.errors = ["Permintaan tidak lengkap. Pindai kartunya sekali lagi."]
        return _wait(again), 422
    here = state()
    request = RedeemRequest(
        scan=read_scan(form.text.data, here.trust, at=at, as_typed=form.as_typed.data or ""),
        round_id=UUID(form.round_id.data),
        # one way of writing it: the same key with other brackets or letters would be another one
        idempotency_key=str(UUID(form.key.data)),
        actor=current_actor(),
        at=at,
    )
    result = redeem(here.writer, request)
    if isinstance(result, Given):
        return redirect(url_for("receipts.show", number=result.receipt_number), 303)
    refusal = answer_of(result.decision.outcome, result.decision.reasons)
    return render_template("scan/verdict.html", form=ScanForm(formdata=None), answer=refusal, card=None, offers=())


def _wait(form: ScanForm) -> str:
    with state().database.reading() as reading:
        return render_template("scan/page.html", form=form, rounds=rounds_at(reading, signed_in().point_id, at=now()))
