"""Passwords: which are accepted, how they are kept (Argon2id), how they are checked without telling who exists."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from registry.errors import RegistryError

SHORTEST = 12  # NIST SP 800-63B-4 asks for length only: no composition rules, no forced change
LONGEST = 128  # enough for any sentence, too little to keep the hash busy with

_HASHER = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
"""Argon2id with 46 MiB and two passes: 86 ms on one free core of the measuring machine, twice that when it is busy."""

_TURNS = threading.BoundedSemaphore(2)  # two hashes at a time and process: 92 MiB, and the other threads stay free
_WAIT_S = 5.0

_NOBODYS_HASH = "$argon2id$v=19$m=47104,t=2,p=1$U9WLfSTbWToCDSDpttIi3A$QBmERe4n8Z04nbJieAP0IgxAiKqNzOY+EwAAVVY7jtg"
"""What a password is checked against when there is no such officer, so that both answers take the same time."""


def make_password_hash(password: str, *, username: str) -> str:
    """Return the Argon2id hash of a new password, as text with its parameters.

    It takes a tenth of a second by intent: made before a writing session begins, so that no lock is held meanwhile.

    Raises:
        RegistryError: code ``password_short``, ``password_long``, ``password_has_username``; ``sign_in_busy`` when too
            many hashes are under way.
    """
    if len(password) < SHORTEST:
        raise RegistryError("password_short", shortest=str(SHORTEST))
    if len(password) > LONGEST:
        raise RegistryError("password_long", longest=str(LONGEST))
    if username.casefold() in password.casefold():
        raise RegistryError("password_has_username")
    with _turn():
        return _HASHER.hash(_normal(password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Tell whether this is the password; takes as long for an officer that does not exist (``None``).

    Raises:
        RegistryError: code ``sign_in_busy`` when too many hashes are under way.
    """
    with _turn():
        try:
            return _HASHER.verify(password_hash or _NOBODYS_HASH, _normal(password)) and password_hash is not None
        except VerifyMismatchError:
            return False


def _normal(password: str) -> str:
    # the same sentence typed at a phone and at a PC may reach us as different code points
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURNS.acquire(timeout=_WAIT_S):
        raise RegistryError("sign_in_busy")
    try:
        yield
    finally:
        _TURNS.release()
