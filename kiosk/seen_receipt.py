"""Which receipts an officer sees: their numbers can be counted through, so not those of the neighbours."""

from __future__ import annotations

from kiosk.db import session
from kiosk.permissions import Permission, may
from kiosk.sign_in import signed_in
from registry.giving.receipts import Receipt, get_receipt

__all__ = ["seen_receipt"]


def seen_receipt(number: str) -> Receipt:
    """Return a receipt: of the whole area to who may undo there, to everybody else of their own point only.

    Raises:
        NotFound: code ``receipt_unknown``.
    """
    here = signed_in()
    only = None if may(Permission.SCAN_UNDO) else here.point_id
    return get_receipt(session(), number, area=here.area_code, point_id=only)
