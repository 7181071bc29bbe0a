"""How much the officer's point has of blanks and ribbons: asked for on every page where printing begins."""

from __future__ import annotations

from kiosk.clock import now
from kiosk.db import session
from kiosk.sign_in import signed_in
from registry.days import local_day
from registry.supplies.rates import SupplyLevel, read_levels

__all__ = ["supply_levels"]


def supply_levels() -> list[SupplyLevel]:
    """Return the levels of what the point keeps in boxes, blanks first; nothing of what it never had."""
    here = signed_in()
    levels = read_levels(session(), here.point_id, area=here.area_code, today=local_day(now()))
    return [level for level in levels if level.is_kept]
