"""Exactly what stands on a card: nothing reaches the paper that is not a field here."""

from dataclasses import dataclass
from datetime import date

from printing.errors import PrintingError

_LONGEST = {
    "programme": 80,
    "head_name": 120,
    "card_number": 20,
    "district": 60,
    "regency": 60,
    "loss_contact": 160,
}
"""In characters. The registry holds no longer names; no layout may have to cope with a page of text."""


@dataclass(frozen=True)
class CardFace:
    """What both sides of one card say. Never a NIK, a Nomor KK, an address below the kecamatan or an official.

    Raises:
        PrintingError: ``text_too_long``, about the field.
    """

    programme: str
    head_name: str
    card_number: str
    """With its dashes: 62-06-207002-0."""
    district: str
    """The kecamatan."""
    regency: str
    """With its kind, as the region list names it: Kabupaten Katingan, Kota Palangka Raya."""
    issue_number: int
    issued_on: date
    valid_until: date
    qr_text: str
    """The signed token as docs/card-token.md says."""
    loss_contact: str
    """Where to report a loss or bring a card that was found."""
    photo: bytes | None = None
    """The head's photo as `printing.photo.take_in` made it."""

    def __post_init__(self) -> None:
        for name, longest in _LONGEST.items():
            if len(getattr(self, name)) > longest:
                raise PrintingError("text_too_long", name)
