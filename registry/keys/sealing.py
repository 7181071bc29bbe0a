"""Sealing of NIK and Nomor KK: unreadable in the database, and still found and unique.

A sealed field is bound to its table, column and row, so that ciphertext moved elsewhere does not open. For search and
uniqueness stands beside it a keyed index: a plain hash of a NIK is guessed in half a second.
"""

from __future__ import annotations

import hmac
import os
from typing import Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.errors import KeyFault

__all__ = ["Vault"]

_KEY_ID = b"\x01"  # leads each sealed field, so that a later key can stand beside this one
_NONCE_BYTES = 12
# 2**64 tries for one chance collision by luck; every byte less is index space for three million rows
_INDEX_BYTES = 16


class Vault:
    """Seals fields with AES-256-GCM and makes their indexes with HMAC-SHA-256.

    A sealed field is ``key id (1 byte) | nonce (12) | ciphertext | tag (16)``, with ``table|column|row id`` as its
    associated data.

    Args:
        seal_key: 32 bytes.
        index_key: 32 bytes, another than ``seal_key``.
    """

    def __init__(self, seal_key: bytes, index_key: bytes) -> None:
        self._cipher = AESGCM(seal_key)
        self._index_key = index_key

    def seal(self, table: str, column: str, row_id: UUID, text: str) -> bytes:
        """Return ``text`` sealed for this one place."""
        nonce = os.urandom(_NONCE_BYTES)
        return _KEY_ID + nonce + self._cipher.encrypt(nonce, text.encode(), _place(table, column, row_id))

    def open(self, table: str, column: str, row_id: UUID, sealed: bytes) -> str:
        """Return the text of a sealed field.

        Raises:
            KeyFault: ``sealed_text_unreadable``, when the key or the place is another one, or a byte was changed.
        """
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _KEY_ID:
                raise KeyFault("sealed_text_unreadable", table=table, column=column)
            return self._cipher.decrypt(nonce, body, _place(table, column, row_id)).decode()
        except (InvalidTag, ValueError):
            raise KeyFault("sealed_text_unreadable", table=table, column=column) from None

    def index(self, kind: Literal["nik", "family_number"], text: str) -> bytes:
        """Return the 16 bytes by which a number is looked up; the same digits of another kind give other bytes."""
        return hmac.digest(self._index_key, f"{kind}|{text}".encode(), "sha256")[:_INDEX_BYTES]


def _place(table: str, column: str, row_id: UUID) -> bytes:
    return f"{table}|{column}|{row_id}".encode()
