"""Exactly what stands on a card: nothing reaches the paper that is not a field here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from types import MappingProxyType

from printing.errors import PrintingError
from printing.indonesian import short_date

_LONGEST = {
    "programme": 80,
    "head_name": 120,
    "card_number": 20,
    "district": 60,
    "regency": 60,
    "loss_contact": 160,
}
"""In characters. The registry holds no longer names; no layout may have to cope with a page of text."""

_KINDS = ("Kabupaten", "Kota")


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

    @property
    def regency_kind(self) -> str:
        """Kabupaten or Kota; both where the name does not say."""
        kind, _, _ = self.regency.partition(" ")
        return kind if kind in _KINDS else "/".join(_KINDS)

    @property
    def regency_name(self) -> str:
        """Without its kind."""
        kind, _, name = self.regency.partition(" ")
        return name if kind in _KINDS else self.regency


TEXTS: Mapping[str, Callable[[CardFace], str]] = MappingProxyType(
    {
        "programme": attrgetter("programme"),
        "head_name": attrgetter("head_name"),
        "card_number": attrgetter("card_number"),
        "district": attrgetter("district"),
        "regency": attrgetter("regency"),
        "regency_kind": attrgetter("regency_kind"),
        "regency_name": attrgetter("regency_name"),
        "issue_number": lambda face: str(face.issue_number),
        "issued_on": lambda face: short_date(face.issued_on),
        "valid_until": lambda face: short_date(face.valid_until),
        "loss_contact": attrgetter("loss_contact"),
    }
)
"""The words that a design may ask for with ``data-field``. ``photo`` and ``code`` are its pictures."""
