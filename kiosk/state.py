"""What a running kiosk works with: opened once at start, the same for every request of the process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from kiosk.settings import Settings
from kiosk.work.worker import Work
from registry import schema
from registry.code.token import TrustList
from registry.db import Database
from registry.errors import RegistryError
from registry.keys.keys import KeyRing, load_keys, load_trust
from verify.redeem import RedeemWriter, open_writer


@dataclass(frozen=True)
class State:
    """The settings, the open database, the keys, whose cards are believed, the writer that gives, the background."""

    settings: Settings
    database: Database
    keys: KeyRing
    trust: TrustList
    writer: RedeemWriter
    work: Work

    def close(self) -> None:
        """Let what is being written or drawn end, and close the database."""
        self.work.close()
        self.writer.close()
        self.database.close()


def open_state(settings: Settings) -> State:
    """Open an installation that ``kiosk setup`` has made.

    Raises:
        KeyFault: when a key is missing or cannot be opened.
        RegistryError: code ``schema_outdated`` when the database has not the newest schema.
    """
    keys = load_keys(settings.keys_folder, settings.passphrase or b"", issuer=settings.issuer)
    database = Database(settings.database_url)
    if not schema.is_current(database):
        raise RegistryError("schema_outdated")
    with database.reading() as session:
        trust = load_trust(session)
    writer = open_writer(database, audit_key=keys.audit_key)
    return State(settings, database, keys, trust, writer, Work(settings, database, keys))


def state() -> State:
    """Return the state of the application that handles this request or command."""
    return cast(State, current_app.extensions["kiosk"])
