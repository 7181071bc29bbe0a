"""Who may do what: every right, every role, and the one guard that asks before any view runs.

Closed unless opened: a view without ``@needs`` is refused when the application starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from registry.kinds import Role


class Permission(StrEnum):
    """One right; its Indonesian words stand in kiosk/words/."""

    PUBLIC = "public"  # also without signing in
    HOME = "home"  # every officer
    FAMILIES_SEE = "families.see"
    FAMILIES_SEE_NIK = "families.see_nik"
    FAMILIES_IMPORT = "families.import"
    FAMILIES_DECIDE = "families.decide"
    CARDS_ISSUE = "cards.issue"
    CARDS_PRINT = "cards.print"
    PRINTERS_MANAGE = "printers.manage"
    DESIGNS_CHANGE = "designs.change"
    SUPPLIES_KEEP = "supplies.keep"
    CARDS_HAND_OVER = "cards.hand_over"
    CARDS_BLOCK = "cards.block"
    SCAN_LOOK = "scan.look"
    SCAN_GIVE = "scan.give"
    SCAN_UNDO = "scan.undo"
    ROUNDS_MANAGE = "rounds.manage"
    PROGRAMMES_SEE = "programmes.see"
    PROGRAMMES_CHANGE = "programmes.change"  # propose a change, or decide a colleague's
    QUEUE_SEE = "queue.see"
    STOCK_KEEP = "stock.keep"
    CARE_SERVE = "care.serve"
    SCHOOL_SERVE = "school.serve"
    ATTENDANCE_TAKE = "attendance.take"
    EVENTS_PROPOSE = "events.propose"
    EVENTS_DECIDE = "events.decide"
    COMPLAINTS_TAKE = "complaints.take"
    COMPLAINTS_ANSWER = "complaints.answer"
    BUDGET_SEE = "budget.see"  # of the own office
    BUDGET_SEE_ALL = "budget.see_all"
    OFFICERS_MANAGE = "officers.manage"
    AUDIT_SEE = "audit.see"


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # runs the installation, and sees no family by it
    Role.ADMINISTRATOR: frozenset({P.OFFICERS_MANAGE, P.PRINTERS_MANAGE, P.DESIGNS_CHANGE, P.AUDIT_SEE}),
    # Dinas Sosial: who is in the registry, and with what facts
    Role.REGISTRAR: frozenset(
        {
            P.FAMILIES_SEE,
            P.FAMILIES_SEE_NIK,
            P.FAMILIES_IMPORT,
            P.FAMILIES_DECIDE,
            P.EVENTS_PROPOSE,
            P.EVENTS_DECIDE,
            P.COMPLAINTS_TAKE,
            P.COMPLAINTS_ANSWER,
            P.PROGRAMMES_SEE,
        }
    ),
    # the counter: from an entitled family to a card in its hands, and what happens to the family
    Role.CARD_CLERK: frozenset(
        {
            P.FAMILIES_SEE,
            P.CARDS_ISSUE,
            P.CARDS_PRINT,
            P.SUPPLIES_KEEP,
            P.CARDS_HAND_OVER,
            P.CARDS_BLOCK,
            P.EVENTS_PROPOSE,
            P.COMPLAINTS_TAKE,
            P.PROGRAMMES_SEE,
        }
    ),
    # the office (OPD): its programmes, rounds and lists, and what they cost
    Role.PROGRAMME_MANAGER: frozenset(
        {
            P.PROGRAMMES_SEE,
            P.PROGRAMMES_CHANGE,
            P.ROUNDS_MANAGE,
            P.QUEUE_SEE,
            P.BUDGET_SEE,
            P.COMPLAINTS_ANSWER,
        }
    ),
    # the distribution point: a card is scanned, a package given; no browsing of families
    Role.DISTRIBUTOR: frozenset(
        {P.SCAN_LOOK, P.SCAN_GIVE, P.QUEUE_SEE, P.STOCK_KEEP, P.ATTENDANCE_TAKE, P.COMPLAINTS_TAKE}
    ),
    # the puskesmas: who is in front of me, and what was done; nothing of poverty, aid or other places
    Role.HEALTH_WORKER: frozenset({P.CARE_SERVE, P.COMPLAINTS_TAKE}),
    # the school: its pupils, and nothing of their families
    Role.SCHOOL_CLERK: frozenset({P.SCHOOL_SERVE, P.ATTENDANCE_TAKE, P.COMPLAINTS_TAKE}),
    Role.SUPERVISOR: frozenset(
        {
            P.FAMILIES_SEE,
            P.FAMILIES_SEE_NIK,
            P.CARDS_BLOCK,
            P.PRINTERS_MANAGE,
            P.SUPPLIES_KEEP,
            P.SCAN_LOOK,
            P.SCAN_GIVE,
            P.SCAN_UNDO,
            P.QUEUE_SEE,
            P.STOCK_KEEP,
            P.ATTENDANCE_TAKE,
            P.EVENTS_DECIDE,
            P.COMPLAINTS_TAKE,
            P.COMPLAINTS_ANSWER,
            P.PROGRAMMES_SEE,
            P.AUDIT_SEE,
        }
    ),
    Role.AUDITOR: frozenset({P.AUDIT_SEE, P.PROGRAMMES_SEE, P.BUDGET_SEE, P.BUDGET_SEE_ALL}),
}


def rights_of(roles: Collection[Role]) -> frozenset[Permission]:
    """Return everything that these roles together may do."""
    return frozenset({Permission.HOME}).union(*(ROLE_PERMISSIONS[role] for role in roles))


def roles_with(permission: Permission) -> list[Role]:
    """Return the roles that have a right, for telling an officer whom to ask."""
    return [role for role, rights in ROLE_PERMISSIONS.items() if permission in rights]


_View = TypeVar("_View", bound=Callable[..., Any])


def needs(permission: Permission) -> Callable[[_View], _View]:
    """Mark a view with the right that it needs; the guard reads the mark."""

    def mark(view: _View) -> _View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """Return the right that a view needs; none when it was never marked."""
    return getattr(view, "permission", None)


def may(permission: Permission) -> bool:
    """Tell whether the one who asks has this right."""
    return permission is Permission.PUBLIC or (
        current_user.is_authenticated and permission in rights_of(current_user.signed_in.roles)
    )


class MissingRight(Forbidden):
    """The officer is signed in, but has not the right that the page needs."""

    def __init__(self, permission: Permission | None) -> None:
        super().__init__()
        self.permission = permission


def guard() -> ResponseReturnValue | None:
    """Let a request through to its view, send it to the sign-in page, or refuse it.

    Raises:
        MissingRight: when a signed-in officer lacks the right.
    """
    if request.endpoint is None:  # no such address, or not by this method: the error page says so
        return None
    permission = permission_of(current_app.view_functions[request.endpoint])
    if permission is not None and may(permission):
        return None
    if not current_user.is_authenticated:
        answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    raise MissingRight(permission)


def close_unmarked(app: Flask) -> None:
    """Refuse to start with a view that says not who may see it.

    Raises:
        RuntimeError: naming every such view.
    """
    unmarked = sorted(endpoint for endpoint, view in app.view_functions.items() if permission_of(view) is None)
    if unmarked:
        raise RuntimeError(f"views without @needs: {', '.join(unmarked)}")
