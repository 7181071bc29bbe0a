"""The card that was shown where a person of the family is served: read anew at every step, from the form."""

from __future__ import annotations

from kiosk.clock import now
from kiosk.forms.scan import ScanForm
from kiosk.sign_in import signed_in
from kiosk.state import state
from registry.db import Session
from verify.members import CardShown, look_at_members

__all__ = ["look_at_shown_card"]


def look_at_shown_card(reading: Session, form: ScanForm) -> CardShown:
    """Return whose card it is and who may be chosen here, or every reason why it is not good."""
    return look_at_members(
        reading,
        form.text,
        state().trust,
        area=signed_in().area_code,
        here=signed_in().point_kind,
        as_typed=form.scanned_as_typed.data or "",
        at=now(),
    )
