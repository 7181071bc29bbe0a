"""Private keys at rest: PKCS#8, sealed under a passphrase that scrypt makes slow to guess.

What ``cryptography`` 50 writes by itself (``BestAvailableEncryption``) takes 0.25 ms a guess, 2,048 rounds of PBKDF2,
and its builder has neither more rounds nor scrypt for PKCS#8. ``openssl pkcs8 -scrypt`` takes 74 ms a guess, and
``cryptography`` opens what it writes.
"""

from __future__ import annotations

import os
import subprocess

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from registry.errors import KeyFault

__all__ = ["open_private_key", "seal_private_key"]

_OPENSSL_SECONDS = 60  # it takes a tenth of one; a machine that needs more than this is stuck


def seal_private_key(key: Ed25519PrivateKey, passphrase: bytes) -> bytes:
    """Return the key as PEM, sealed under the passphrase; neither is ever an argument of a command or a file.

    Raises:
        KeyFault: ``openssl_missing`` or ``openssl_failed``; ``passphrase_unfit``, when it is empty or has a line break,
            at which OpenSSL would cut it.
    """
    if not passphrase or b"\n" in passphrase or b"\r" in passphrase:
        raise KeyFault("passphrase_unfit")
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    reading, writing = os.pipe()
    try:
        os.write(writing, passphrase + b"\n")
        os.close(writing)
        done = subprocess.run(  # noqa: S603 (fixed arguments)
            ["openssl", "pkcs8", "-topk8", "-scrypt", "-passout", f"fd:{reading}"],  # noqa: S607 (where the system has it)
            input=plain,
            capture_output=True,
            pass_fds=[reading],
            timeout=_OPENSSL_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise KeyFault("openssl_missing") from None
    finally:
        os.close(reading)
    if done.returncode != 0:
        raise KeyFault("openssl_failed")
    return done.stdout


def open_private_key(pem: bytes, passphrase: bytes) -> Ed25519PrivateKey:
    """Return the key in a sealed PEM.

    Raises:
        KeyFault: ``key_wrong_passphrase`` (a damaged file looks the same), or ``key_unreadable`` when it is no sealed
            Ed25519 key.
    """
    if b"BEGIN ENCRYPTED PRIVATE KEY" not in pem:
        raise KeyFault("key_unreadable")
    try:
        key = load_pem_private_key(pem, passphrase or b"\n")
    except ValueError:
        raise KeyFault("key_wrong_passphrase") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault("key_unreadable")
    return key
