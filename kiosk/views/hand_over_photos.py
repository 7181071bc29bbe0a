"""The photo of a hand-over: taken after giving, kept with the receipt, never needed."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.hand_over_photo import HandOverPhotoForm
from kiosk.permissions import Permission, needs
from kiosk.seen_receipt import seen_receipt
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import Words
from printing.errors import PhotoError
from printing.photo import AS_WITNESS, take_in
from registry.cards.photos import read_picture
from registry.errors import Conflict, NotFound
from registry.giving.hand_over_photos import keep_hand_over_photo, may_be_photographed
from registry.giving.receipts import Receipt

views = Blueprint("hand_over_photos", __name__, url_prefix="/bukti")


@views.get("/<number>/foto")
@needs(Permission.SCAN_GIVE)
def take(number: str) -> ResponseReturnValue:
    """Show the camera and the file field."""
    receipt = seen_receipt(number)
    if not may_be_photographed(session(), receipt.redemption_id, point_id=signed_in().point_id, at=now()):
        raise Conflict("hand_over_photo_late")
    return _show(receipt, HandOverPhotoForm(formdata=None))


@views.post("/<number>/foto")
@needs(Permission.SCAN_GIVE)
def keep(number: str) -> ResponseReturnValue:
    """Keep the photo, cleaned of everything that the camera wrote into it."""
    form, said = HandOverPhotoForm(), None
    if form.validate():
        try:
            # before the database is asked for: reading a large picture takes a second, and holds back nobody who gives
            jpeg = take_in(form.photo.data.read(), kept=AS_WITNESS)
        except PhotoError as error:
            said = words.of(error.code)
    receipt = seen_receipt(number)
    if form.errors or said:
        return _show(receipt, form, said), 422
    keep_hand_over_photo(
        session(),
        receipt.redemption_id,
        jpeg,
        folder=state().settings.photos_folder,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash("Foto serah terima disimpan bersama buktinya.", "success")
    return redirect(url_for("receipts.show", number=receipt.number), 303)


@views.get("/<number>/foto.jpg")
@needs(Permission.SCAN_UNDO)
def picture(number: str) -> ResponseReturnValue:
    """Give the photo of a hand-over to who looks into a giving."""
    receipt = seen_receipt(number)
    if receipt.photo is None:
        raise NotFound("photo_missing")
    return Response(read_picture(state().settings.photos_folder, receipt.photo), mimetype="image/jpeg")


def _show(receipt: Receipt, form: HandOverPhotoForm, said: Words | None = None) -> str:
    return render_template("receipts/photo.html", receipt=receipt, form=form, said=said)
