"""How a photo among many says whose it is: by the number of the card, or by the reference of the family."""

from __future__ import annotations

from dataclasses import dataclass

from registry.errors import RegistryError
from registry.identifiers import CardNumber, is_reference

__all__ = ["PhotoName", "read_photo_name"]


@dataclass(frozen=True)
class PhotoName:
    """What the name of a photo's file says; one of the two is set."""

    card_number: CardNumber | None = None
    reference: str = ""


def read_photo_name(stem: str) -> PhotoName:
    """Read the name of a file, without its ending: ``62-06-207002-0`` or ``k7m2p9xr``, in letters of any size.

    Nothing may follow, as in ``62-06-207002-0 (1)``: such a copy is rather somebody's mistake than the right picture.

    Raises:
        RegistryError: ``photo_name_unknown``; ``card_number_check`` for a card number with a wrong digit.
    """
    name = stem.strip()
    if is_reference(name.lower()):
        return PhotoName(reference=name.lower())
    try:
        return PhotoName(card_number=CardNumber.parse(name))
    except RegistryError as error:
        raise RegistryError("photo_name_unknown") if error.code == "card_number_shape" else error from None
