"""What waits for the officer who asks: the numbers on the tasks of the first page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.complaint_reader import complaint_reader
from kiosk.db import session
from kiosk.filters import angka
from kiosk.permissions import Permission, may
from kiosk.sign_in import current_actor, signed_in
from kiosk.supply_levels import supply_levels
from registry.complaints.reading import count_complaints
from registry.events.waiting import count_waiting
from registry.importing.waiting import count_held
from registry.programmes.versions import count_to_decide

__all__ = ["waiting_here"]


def waiting_here() -> Mapping[str, str]:
    """Return, by a task's endpoint, how much of it waits in words; of what is none of theirs, nothing is counted."""
    counted = {
        endpoint: (count(), words) for endpoint, (permission, count, words) in _COUNTS.items() if may(permission)
    }
    return {endpoint: f"{angka(number)} {words}" for endpoint, (number, words) in counted.items() if number}


def _changes() -> int:
    return count_to_decide(session(), current_actor())


def _events() -> int:
    return count_waiting(session(), area=signed_in().area_code, decider_id=signed_in().officer_id)


def _complaints() -> int:
    return count_complaints(session(), complaint_reader())


def _held() -> int:
    return sum(count_held(session(), area=signed_in().area_code).values())


def _low_supplies() -> int:
    return sum(level.is_low for level in supply_levels())


_COUNTS: Mapping[str, tuple[Permission, Callable[[], int], str]] = {
    "programmes.index": (Permission.PROGRAMMES_CHANGE, _changes, "perubahan menunggu keputusan"),
    "events.index": (Permission.EVENTS_DECIDE, _events, "menunggu keputusan"),
    "complaint_list.index": (Permission.COMPLAINTS_ANSWER, _complaints, "menunggu jawaban"),
    "supplies.index": (Permission.SUPPLIES_KEEP, _low_supplies, "persediaan menipis"),
    "held.index": (Permission.FAMILIES_DECIDE, _held, "menunggu keputusan"),
}
