"""Names of the files that are downloaded: small letters, digits, dashes; whoever saves several can tell them apart."""

from __future__ import annotations

import re
from unicodedata import normalize

__all__ = ["file_name"]


def file_name(*parts: str, ending: str) -> str:
    """Return a name in ASCII: of "bnba", "PANGAN", "Tahap XI" and the ending "pdf" ``bnba-pangan-tahap-xi.pdf``."""
    plain = normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')}.{ending}"
