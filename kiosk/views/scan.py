"""Scanning: look at a card, give what it opens. What is scanned stays out of addresses and logs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.answers import Answer, answer_of
from kiosk.clock import now
from kiosk.forms.giving import GiveForm
from kiosk.forms.scan import ScanForm
from kiosk.permissions import Permission, needs
from kiosk.photo_data import photo_data
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words.given import given_as
from registry.cards.view import CardView
from registry.programmes.rounds import rounds_at
from verify.facts import read_scan
from verify.look import Offer, Verdict, look
from verify.reasons import OF_THE_HAND_OVER
from verify.redeem import Given, RedeemRequest, Refused, redeem
from verify.refusals import keep_refusals

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
    seen, photo = _look(form.text, form.scanned_as_typed.data or "")
    refused = seen.refusals
    attempts: dict[UUID | None, UUID] = {}
    if refused:
        with state().database.writing() as keeping:
            kept = keep_refusals(
                keeping, refused, card_id=seen.card_id, actor=current_actor(), keys=state().keys, at=now()
            )
        attempts = {one.round_id: attempt_id for one, attempt_id in zip(refused, kept, strict=True)}
    return _show(
        seen,
        photo,
        answer_of(seen.decision.outcome, seen.decision.reasons),
        lambda round_id: GiveForm(
            formdata=None, text=form.text, as_typed=form.scanned_as_typed.data, round_id=round_id, key=uuid4()
        ),
        attempts=attempts,
    )


@views.post("/salurkan")
@needs(Permission.SCAN_GIVE)
def give() -> ResponseReturnValue:
    """Give a package once, and go to its receipt; pressed again, to the same receipt."""
    form, at = GiveForm(), now()
    if not form.validate():
        if form.is_whole:
            return _again(form), 422
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
        person_id=form.person_id,
        receiver_id=form.receiver_id,
        proxy=form.proxy(here.keys.vault),
        proofs=form.seen,
        is_paid=form.is_paid.data,
        substitution=(form.substitution.data or "").strip(),
        amount=form.rupiah,
    )
    result = redeem(here.writer, request)
    if isinstance(result, Given):
        if result.is_undone:
            flash("Penyaluran ini sudah dibatalkan. Pindai lagi kartunya untuk menyalurkan.", "warning")
        return redirect(url_for("receipts.show", number=result.receipt_number), 303)
    if all(reason.code in OF_THE_HAND_OVER for reason in result.decision.reasons):
        return _again(form, result)
    refusal = answer_of(result.decision.outcome, result.decision.reasons)
    return _page(answer=refusal, attempts={None: result.attempt_id} if result.attempt_id else {})


def _look(text: str, as_typed: str) -> tuple[Verdict, str]:
    here = state()
    with here.database.reading() as reading:  # looking holds back nobody who gives
        seen = look(reading, text, as_typed=as_typed, point_id=signed_in().point_id, trust=here.trust, at=now())
        return seen, photo_data(reading, seen.card.head_id) if seen.card else ""


def _again(form: GiveForm, refused: Refused | None = None) -> str:
    """Show the same offer once more, with what was wrong of its form, or why the hand-over was refused."""
    seen, photo = _look(form.text.data, form.as_typed.data or "")
    offers = tuple(offer for offer in seen.offers if str(offer.round_id) == form.round_id.data)
    decision = refused.decision if refused else seen.decision
    return _show(
        replace(seen, offers=offers),
        photo,
        answer_of(decision.outcome, decision.reasons),
        lambda _: form,
        attempts={UUID(form.round_id.data): refused.attempt_id} if refused and refused.attempt_id else {},
    )


def _show(
    seen: Verdict,
    photo: str,
    answer: Answer,
    give: Callable[[UUID], GiveForm],
    *,
    attempts: Mapping[UUID | None, UUID],
) -> str:
    """Show a verdict; ``attempts`` has the rows of what was refused, by round."""
    return _page(
        answer=answer,
        card=seen.card,
        photo=photo,
        offers=[(offer, answer_of(offer.decision.outcome, offer.decision.reasons)) for offer in seen.offers],
        receivers=seen.receivers,
        give=give,
        said_of=lambda decision: answer_of(decision.outcome, decision.reasons).reasons,
        attempts=attempts,
    )


def _page(
    *, answer: Answer, offers: Sequence[tuple[Offer, Answer]] = (), card: CardView | None = None, **rest: Any
) -> str:
    form = ScanForm(formdata=None)
    return render_template(
        "scan/verdict.html", form=form, answer=answer, card=card, offers=offers, given_as=given_as, **rest
    )


def _wait(form: ScanForm) -> str:
    with state().database.reading() as reading:
        return render_template("scan/page.html", form=form, rounds=rounds_at(reading, signed_in().point_id, at=now()))
