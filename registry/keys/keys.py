"""The keys of an installation: made on first start, kept in one folder, never in the database or its backups.

===============  =====================================================================================================
``root.pem``     signs the trust list and nothing else; may and should be moved to a safe once the kiosk runs
``root.pub``     its public half, raw; what the trust list is checked against
``issuing.pem``  signs cards
``trust.cwt``    which public keys are believed, signed by the root; written last
``field.key``    seals NIK and Nomor KK (64 hex digits, as the next two)
``index.key``    makes their indexes
``audit.key``    chains the audit trail
``session.key``  signs the web's cookies and forms
===============  =====================================================================================================
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from registry.code.cose import Signer
from registry.code.token import TrustedKey, TrustList
from registry.db import Session
from registry.errors import KeyFault
from registry.keys.private_keys import open_private_key, seal_private_key
from registry.keys.sealing import Vault
from registry.keys.trust import open_trust_list, sign_trust_list
from registry.models import TrustedKey as TrustedKeyRow
from registry.whole_files import write_whole

__all__ = ["KeyRing", "Signer", "load_keys", "load_trust", "make_missing_keys", "trust_issuing_key"]

_SECRETS = ("field.key", "index.key", "audit.key", "session.key")
_PRIVATE = ("root.pem", "issuing.pem")
_NEEDED = ("root.pub", "issuing.pem", "trust.cwt", *_SECRETS)
# a kiosk alone has nobody who would bring it a new key each year; a centre rotates yearly and gives shorter windows
_SIGNING_WINDOW = timedelta(days=5 * 365)
_SECRET_BYTES = 32
_PROVINCE = "62"


@dataclass(frozen=True)
class KeyRing:
    """The opened keys of an installation."""

    vault: Vault
    audit_key: bytes
    session_key: str
    signer: Signer
    issuer: str
    """The address (URI) that cards name as their issuer."""
    trusted: tuple[TrustedKey, ...]
    """What the root has signed for: the keys whose cards are believed here."""


def make_missing_keys(folder: Path, passphrase: bytes, *, issuer: str, at: datetime) -> list[Path]:
    """Make the keys of a new installation, with an own root, and return the files that were made.

    A folder with a trust list is in use: nothing is made there, for a fresh key would not open what a lost one sealed.
    One without was never used, so a first start that was cut off is simply completed.

    Args:
        folder: is made with mode 0700; the files get 0600.
        passphrase: seals the two private keys.
        issuer: the address that cards will name as their issuer.
        at: when the issuing key's window begins.

    Raises:
        KeyFault: ``key_missing`` (detail ``file``), when a folder in use has lost a key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if (folder / "trust.cwt").exists():
        _require_all(folder)
        return []
    made = []

    def make(name: str, content: bytes) -> None:
        write_whole(folder / name, content)
        made.append(folder / name)

    # secrets stand before the first private key is written, so one that is missing beside it was lost
    if any((folder / name).exists() for name in _PRIVATE):
        _require_all(folder, _SECRETS)
    for name in _SECRETS:
        if not (folder / name).exists():
            make(name, secrets.token_hex(_SECRET_BYTES).encode() + b"\n")
    for name in _PRIVATE:
        if not (folder / name).exists():
            make(name, seal_private_key(Ed25519PrivateKey.generate(), passphrase))
    root = _open_signer(folder / "root.pem", passphrase)
    issuing = _open_signer(folder / "issuing.pem", passphrase)
    make("root.pub", root.public_key)
    trusted = TrustedKey(issuing.kid, issuing.public_key, "card", issuer, _PROVINCE, at, at + _SIGNING_WINDOW)
    make("trust.cwt", sign_trust_list([trusted], root, at=at))
    return made


def load_keys(folder: Path, passphrase: bytes, *, issuer: str) -> KeyRing:
    """Open the keys in a folder; the root's private key is not needed.

    Raises:
        KeyFault: ``key_missing``, ``key_unreadable``, ``key_wrong_passphrase`` (detail ``file``),
            ``trust_list_unreadable``; ``issuing_key_untrusted``, when the trust list does not name the issuing key for
            this issuer, so that every card it signed would be refused.
    """
    _require_all(folder)
    field, index, audit, session = (_read_secret(folder / name) for name in _SECRETS)
    signer = _open_signer(folder / "issuing.pem", passphrase)
    trusted = open_trust_list((folder / "trust.cwt").read_bytes(), (folder / "root.pub").read_bytes())
    if not any((key.kid, key.issuer) == (signer.kid, issuer) for key in trusted):
        raise KeyFault("issuing_key_untrusted")
    return KeyRing(
        vault=Vault(field, index),
        audit_key=audit,
        session_key=session.hex(),
        signer=signer,
        issuer=issuer,
        trusted=trusted,
    )


def trust_issuing_key(session: Session, keys: KeyRing) -> None:
    """Bring the trust list into the database: keys that it names and the database does not know yet are added.

    Raises:
        KeyFault: ``keys_of_another_database``, when the database believes keys and the trust list names none of them:
            the keys folder and the database do not belong together.
    """
    known = set(session.scalars(select(TrustedKeyRow.kid)))
    if known and known.isdisjoint(key.kid for key in keys.trusted):
        raise KeyFault("keys_of_another_database")
    session.add_all(_to_row(key) for key in keys.trusted if key.kid not in known)
    session.flush()


def load_trust(session: Session) -> TrustList:
    """Return the keys that the database believes."""
    return TrustList(_from_row(row) for row in session.scalars(select(TrustedKeyRow)))


def _to_row(key: TrustedKey) -> TrustedKeyRow:
    return TrustedKeyRow(
        kid=key.kid,
        public_key=key.public_key,
        role=key.role,
        issuer=key.issuer,
        region_prefix=key.region_prefix,
        valid_from=key.valid_from,
        valid_until=key.valid_until,
    )


def _from_row(row: TrustedKeyRow) -> TrustedKey:
    return TrustedKey(
        kid=row.kid,
        public_key=row.public_key,
        role=row.role,
        issuer=row.issuer,
        region_prefix=row.region_prefix,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        retired_at=row.retired_at,
    )


def _require_all(folder: Path, names: Sequence[str] = _NEEDED) -> None:
    for name in names:
        if not (folder / name).is_file():
            raise KeyFault("key_missing", file=name)


def _open_signer(path: Path, passphrase: bytes) -> Signer:
    try:
        return Signer.of(open_private_key(path.read_bytes(), passphrase))
    except KeyFault as fault:
        raise KeyFault(fault.code, file=path.name) from None


def _read_secret(path: Path) -> bytes:
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except ValueError:
        secret = b""
    if len(secret) != _SECRET_BYTES:
        raise KeyFault("key_unreadable", file=path.name)
    return secret
