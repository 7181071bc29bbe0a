"""Making an installation: the folder, the keys, the schema and the first rows; what is there already is left alone."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kiosk.photo_import.plan import sweep_plans
from kiosk.settings import Settings
from registry import regions, schema
from registry.db import Database, Session
from registry.errors import NotFound
from registry.giving import redemptions
from registry.importing import sweep_working_files
from registry.keys.keys import KeyRing, load_keys, make_missing_keys, trust_issuing_key
from registry.kinds import PointKind
from registry.officers import points
from registry.whole_files import write_whole
from verify import catalogue


@dataclass(frozen=True)
class Step:
    """One thing that an installation needs, and whether it was made just now, was there, or was brought up to date."""

    what: Literal["home", "passphrase", "keys", "schema", "regions", "programmes", "hub", "point", "trust"]
    how: Literal["made", "found", "checked"]


def complete(settings: Settings, *, at: datetime) -> Iterator[Step]:
    """Make what is missing, step by step; the order is that in which one needs the other.

    Raises:
        KeyFault: when the keys that are there cannot be opened, or belong to another database.
    """
    is_new = not settings.home.exists()
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    yield Step("home", _how(is_new))
    settings, is_new = _with_passphrase(settings)
    yield Step("passphrase", _how(is_new))
    passphrase = settings.passphrase or b""
    made = make_missing_keys(settings.keys_folder, passphrase, issuer=settings.issuer, at=at)
    keys = load_keys(settings.keys_folder, passphrase, issuer=settings.issuer)
    yield Step("keys", _how(bool(made)))
    database = Database(settings.database_url)
    try:
        yield Step("schema", _how(_migrate(database)))
        with database.writing() as session:
            yield Step("regions", _how(bool(regions.load_regions(session))))
            catalogue.load_catalogue(session, at=at)
            yield Step("programmes", "checked")
            redemptions.ensure_own_hub(session, points.CENTRE)
            yield Step("hub", "checked")
            yield Step("point", _how(_make_centre(session, keys, at=at)))
            trust_issuing_key(session, keys)
            yield Step("trust", "checked")
    finally:
        database.close()
    sweep_working_files(settings.lists_folder, at=at)
    sweep_plans(settings.photo_plans_folder, at=at)


def _how(was_made: bool) -> Literal["made", "found"]:
    return "made" if was_made else "found"


def _with_passphrase(settings: Settings) -> tuple[Settings, bool]:
    if settings.passphrase:
        return settings, False
    settings.keys_folder.mkdir(mode=0o700, exist_ok=True)
    passphrase = secrets.token_urlsafe(32).encode()
    # on the disk before the keys that it opens are
    write_whole(settings.passphrase_file, passphrase + b"\n")
    return replace(settings, passphrase=passphrase), True


def _migrate(database: Database) -> bool:
    if schema.is_current(database):
        return False
    schema.upgrade(database)
    return True


def _make_centre(session: Session, keys: KeyRing, *, at: datetime) -> bool:
    try:
        points.get_point(session, points.CENTRE)
    except NotFound:
        points.add_point(
            session,
            code=points.CENTRE,
            name="Kantor pusat",
            kind=PointKind.OFFICE,
            area_code=regions.PROVINCE,
            actor=None,
            keys=keys,
            at=at,
        )
        return True
    return False
