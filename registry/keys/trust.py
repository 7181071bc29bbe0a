"""The trust list: which keys are believed, signed by the root key that itself signs nothing else.

Its file is a CWT like the cards': COSE_Sign1 over ``{6: iat, "keys": [{kid, pub, role, iss, region, nbf,
exp}, …]}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import cbor2

from registry.code.cose import Signer, key_id, open_sign1, read_cbor, sign1
from registry.code.token import TrustedKey
from registry.errors import KeyFault

__all__ = ["open_trust_list", "sign_trust_list"]

_IAT = 6


def sign_trust_list(keys: Sequence[TrustedKey], root: Signer, *, at: datetime) -> bytes:
    """Return the trust list of these keys, signed by the root."""
    payload = {_IAT: int(at.timestamp()), "keys": [_pack(key) for key in keys]}
    return sign1(cbor2.dumps(payload, canonical=True), root)


def open_trust_list(data: bytes, root_public_key: bytes) -> tuple[TrustedKey, ...]:
    """Return the keys of a trust list.

    Raises:
        KeyFault: ``trust_list_unreadable``, when it is damaged or another root has signed it.
    """
    try:
        parts = open_sign1(data)
        if not parts.is_signed_by(root_public_key):
            raise KeyFault("trust_list_unreadable")
        keys = tuple(_unpack(stated) for stated in read_cbor(parts.payload)["keys"])
    except (ValueError, KeyError, TypeError):
        raise KeyFault("trust_list_unreadable") from None
    if any(key.kid != key_id(key.public_key) for key in keys) or len({key.kid for key in keys}) < len(keys):
        raise KeyFault("trust_list_unreadable")
    return keys


def _pack(key: TrustedKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "pub": key.public_key,
        "role": key.role,
        "iss": key.issuer,
        "region": key.region_prefix,
        "nbf": int(key.valid_from.timestamp()),
        "exp": int(key.valid_until.timestamp()),
    }


def _unpack(stated: dict[str, Any]) -> TrustedKey:
    return TrustedKey(
        kid=stated["kid"],
        public_key=stated["pub"],
        role=stated["role"],
        issuer=stated["iss"],
        region_prefix=stated["region"],
        valid_from=datetime.fromtimestamp(stated["nbf"], UTC),
        valid_until=datetime.fromtimestamp(stated["exp"], UTC),
    )
