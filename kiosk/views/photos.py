"""Face photos: taken at the counter or uploaded, and shown to those who may see the family."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk import words
from kiosk.clock import now
from kiosk.db import session
from kiosk.forms.photos import PhotoForm
from kiosk.permissions import Permission, needs
from kiosk.sign_in import current_actor, signed_in
from kiosk.state import state
from kiosk.words import Words
from kiosk.words.photos import HINTS
from printing.errors import PhotoError
from printing.photo import background_hints, take_in
from registry.cards import photos
from registry.errors import Conflict
from registry.families.families import get_family, head_of
from registry.models import Family, Person

views = Blueprint("photos", __name__)


@views.get("/keluarga/<reference>/foto")
@needs(Permission.CARDS_ISSUE)
def take(reference: str) -> ResponseReturnValue:
    """Show the camera and the file field."""
    family, head = _family_with_head(reference)
    return _show(family, head, PhotoForm(formdata=None))


@views.post("/keluarga/<reference>/foto")
@needs(Permission.CARDS_ISSUE)
def keep(reference: str) -> ResponseReturnValue:
    """Keep the photo, cleaned and cut to 3:4 where the officer wants it cut."""
    form, said = PhotoForm(), None
    if form.validate():
        try:
            # before the database is asked for: reading a large picture takes a second, and holds back nobody who gives
            jpeg = take_in(form.photo.data.read(), cut=form.chosen_cut())
        except PhotoError as error:
            said = words.of(error.code)
    if form.errors or said:
        family, head = _family_with_head(reference)
        return _show(family, head, form, said), 422
    family, head = _family_with_head(reference)
    photos.keep_photo(
        session(),
        head,
        jpeg,
        folder=state().settings.photos_folder,
        actor=current_actor(),
        keys=state().keys,
        at=now(),
    )
    flash("Foto disimpan. Kartu yang dicetak mulai sekarang memuat foto ini.", "success")
    if hints := background_hints(jpeg):
        said_of_it = " ".join(HINTS[hint] for hint in hints)
        flash(f"{said_of_it} Bila sempat, ambil lagi di depan dinding atau kain yang terang dan polos.", "warning")
    return redirect(url_for("families.show", reference=family.reference), 303)


@views.get("/foto/<uuid:photo_id>.jpg")
@needs(Permission.FAMILIES_SEE)
def picture(photo_id: UUID) -> ResponseReturnValue:
    """Give a photo of somebody in the officer's area; a scanned card of elsewhere carries its photo in the page."""
    photo = photos.get_photo(session(), photo_id, area=signed_in().area_code)
    return Response(photos.read_photo(state().settings.photos_folder, photo), mimetype="image/jpeg")


def _family_with_head(reference: str) -> tuple[Family, Person]:
    family = get_family(session(), reference, area=signed_in().area_code)
    head = head_of(family)
    if head is None:
        raise Conflict("no_head")
    return family, head


def _show(family: Family, head: Person, form: PhotoForm, said: Words | None = None) -> str:
    photo = photos.current_photo(session(), head.id)
    return render_template("photos/take.html", family=family, head=head, photo=photo, form=form, said=said)
