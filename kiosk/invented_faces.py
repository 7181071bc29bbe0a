"""Cards of families that are not there, for looking at a design: an ordinary one and the extremes of the province."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kiosk.words.cards import LOSS_CONTACT, PROGRAMME
from printing.face import CardFace
from printing.invented_photo import invented_photo
from registry.db import Session
from registry.regions import PROVINCE, list_grandchildren

__all__ = ["invented_faces"]

_LONGEST_NAME = "Maximilianus Bungai Tambuna Sempung Antang Rambang Laksamana"
"""60 letters, the most that a name in the population register may have (Permendagri 73/2022, pasal 4)."""
_LONGEST_TEXT = 380
"""Letters of the longest code (docs/card-token.md)."""


def invented_faces(session: Session) -> Mapping[str, CardFace]:
    """Return the faces by what they show, in Indonesian.

    The kecamatan and kabupaten are the longest and the shortest of the real list; a code that is scanned is refused as
    unreadable.
    """
    regions = list_grandchildren(session, PROVINCE)
    regencies = sorted((regency.name for regency, _ in regions), key=len)
    districts = sorted((district.name for _, within in regions for district in within), key=len)
    return {
        "Kartu biasa": _face("Rina Lestari", "Katingan Tengah", "Kabupaten Katingan", issue=1, photo=invented_photo()),
        "Nama dan wilayah terpanjang": _face(
            _LONGEST_NAME, districts[-1], regencies[-1], issue=12, photo=invented_photo()
        ),
        "Nama dan wilayah terpendek, tanpa foto": _face("Ai", districts[0], regencies[0], issue=1),
    }


def _face(head_name: str, district: str, regency: str, *, issue: int, photo: bytes | None = None) -> CardFace:
    return CardFace(
        programme=PROGRAMME,
        head_name=head_name,
        card_number="62-06-207002-0",
        district=district,
        regency=regency,
        issue_number=issue,
        issued_on=date(2026, 11, 22),
        valid_until=date(2031, 11, 22),
        qr_text=("CONTOH-BUKAN-KARTU " * _LONGEST_TEXT)[:_LONGEST_TEXT],
        loss_contact=LOSS_CONTACT.format(regency=regency),
        photo=photo,
    )
