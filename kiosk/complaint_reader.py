"""As whom the officer who asks reads complaints."""

from __future__ import annotations

from kiosk.permissions import Permission, may
from kiosk.sign_in import signed_in
from registry.complaints.reading import Reader

__all__ = ["complaint_reader"]


def complaint_reader() -> Reader:
    """Return who reads, for the services that show only what is for them."""
    me = signed_in()
    return Reader(me.point_id, me.area_code, may(Permission.FAMILIES_SEE), me.office_code)
