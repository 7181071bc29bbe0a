"""The rounds that an officer may work on: of the own area, and of a programme that the own office owns."""

from __future__ import annotations

from uuid import UUID

from kiosk.db import session
from kiosk.sign_in import current_actor, signed_in
from registry.db import Session
from registry.models import Roster, Round
from registry.programmes.owners import check_owner
from registry.programmes.rosters import get_roster
from registry.programmes.rounds import get_round

__all__ = ["own_roster", "own_round"]


def own_round(round_id: UUID, *, using: Session | None = None) -> Round:
    """Return a round for changing it, or for reading its names.

    Args:
        using: the session to read with; the request's own when left out.

    Raises:
        NotFound: code ``round_unknown``.
        Conflict: code ``programme_of_other_office``.
    """
    reading = using or session()
    found = get_round(reading, round_id, area=signed_in().area_code)
    check_owner(reading, found.programme, current_actor())
    return found


def own_roster(roster_id: UUID) -> Roster:
    """Return a roster of such a round.

    Raises:
        NotFound: code ``roster_unknown``.
        Conflict: code ``programme_of_other_office``.
    """
    found = get_roster(session(), roster_id, area=signed_in().area_code)
    check_owner(session(), found.round.programme, current_actor())
    return found
