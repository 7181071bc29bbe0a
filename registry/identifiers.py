"""The numbers by which people, families and cards are known: parsed, checked, masked.

A NIK or Nomor KK has 16 digits: six of the region where it was first given, six of a date (birth, for women the day
plus 40; issue of the KK), four of a serial. Neither has a check digit. A NIK moves with its person and is not corrected
with a corrected birth date: so any province is accepted, and what the digits say of birth and sex may only warn.
Source: Kemendagri's published structure of the NIK.
"""

from __future__ import annotations

import re
from datetime import date
from random import Random
from typing import ClassVar, Self

from stdnum import damm

from registry.errors import IdentifierError
from registry.kinds import Sex

__all__ = ["CardNumber", "FamilyNumber", "Nik", "is_reference", "make_reference", "repair"]

_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
# what spreadsheets and hands put into long numbers: apostrophes, spaces of every width, dots, dashes, byte-order marks
_NOISE = re.compile(r"[\s'`´‘’.\-‐-―\u200b-\u200d\u2060\ufeff]+")
_LOWEST_PROVINCE = "11"  # Aceh; new provinces are added at the other end, so there is no highest
_WOMAN_DAY = 40
_HIDDEN = "•" * 8
_REFERENCE_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that is mistaken for another: no 0 o 1 l i u
_REFERENCE_LENGTH = 8  # 30**8: with 850,000 families the next draw meets a taken one once in 770,000 draws


def repair(text: str) -> tuple[str, bool]:
    """Take out of a long number what does not belong there, and tell whether anything did.

    A number in scientific notation (``6.20317E+15``) is given back as it stands: its digits are lost.
    """
    if _is_scientific(text):
        return text, False
    clean = _NOISE.sub("", text)
    return clean, clean != text


def _is_scientific(text: str) -> bool:
    return _SCIENTIFIC.fullmatch(text.strip().lstrip("'")) is not None


class _StateNumber(str):
    """A 16-digit number that the state gives; never logged and never stored in clear."""

    __slots__ = ()
    _word: ClassVar[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the number, repairing the obvious.

        Raises:
            IdentifierError: ``nik_…`` or ``kk_…`` ``empty``, ``scientific``, ``not_digits``, ``length`` (detail
                ``digits``: how many there are), ``no_province``.
        """
        clean, _ = repair(text)
        if not clean:
            raise IdentifierError(f"{cls._word}_empty")
        if _is_scientific(clean):
            raise IdentifierError(f"{cls._word}_scientific")
        if not (clean.isascii() and clean.isdigit()):
            raise IdentifierError(f"{cls._word}_not_digits")
        if len(clean) != 16:
            raise IdentifierError(f"{cls._word}_length", digits=str(len(clean)))
        if clean < _LOWEST_PROVINCE:
            raise IdentifierError(f"{cls._word}_no_province")
        return cls(clean)

    @property
    def area(self) -> str:
        """Return the six digits of the kecamatan where the number was first given."""
        return self[:6]

    @property
    def masked(self) -> str:
        """Return the number with its middle hidden: the first and the last four stay."""
        return self[:4] + _HIDDEN + self[-4:]


class Nik(_StateNumber):
    """A person's *Nomor Induk Kependudukan*."""

    __slots__ = ()
    _word = "nik"

    @property
    def sex(self) -> Sex:
        """Return the sex that the day of birth tells."""
        return Sex.FEMALE if int(self[6:8]) > _WOMAN_DAY else Sex.MALE

    def birth_date(self, at: date) -> date | None:
        """Return the birth date in the digits, in the newest century that is not after ``at``; ``None`` if no date."""
        day, month, year = int(self[6:8]), int(self[8:10]), int(self[10:12])
        day -= _WOMAN_DAY if self.sex is Sex.FEMALE else 0
        century = 2000 if 2000 + year <= at.year else 1900
        try:
            return date(century + year, month, day)
        except ValueError:
            return None


class FamilyNumber(_StateNumber):
    """A family's *Nomor Kartu Keluarga*; a family gets a new one on marriage, split or move."""

    __slots__ = ()
    _word = "kk"


class CardNumber(str):
    """The number on a card: ``62-06-207002-8``, kabupaten, six random digits, check digit.

    The check digit is Damm's over the ten digits before it: it finds every single wrong digit and every swap of two
    neighbours, which are the errors of typing and of reading aloud, and it is a digit itself.
    """

    __slots__ = ()

    @classmethod
    def make(cls, kabupaten_code: str, serial: int) -> Self:
        """Return the number for a kabupaten (``62.06``) and a serial below 1,000,000."""
        digits = f"{kabupaten_code.replace('.', '')}{serial:06d}"
        return cls._spell(digits + damm.calc_check_digit(digits))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as it is typed: spaces, missing dashes, O for 0, I or l for 1.

        Raises:
            IdentifierError: ``card_number_shape`` or ``card_number_check``.
        """
        digits = _NOISE.sub("", text).translate(_LOOKALIKES)
        if not (len(digits) == 11 and digits.isascii() and digits.isdigit()):
            raise IdentifierError("card_number_shape")
        if not damm.is_valid(digits):
            raise IdentifierError("card_number_check")
        return cls._spell(digits)

    @classmethod
    def _spell(cls, digits: str) -> Self:
        return cls(f"{digits[:2]}-{digits[2:4]}-{digits[4:10]}-{digits[10]}")

    @property
    def regency(self) -> str:
        """Return the code of the kabupaten or kota: ``62.06``."""
        return f"{self[:2]}.{self[3:5]}"


_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1"})


def make_reference(random: Random) -> str:
    """Return a random family reference of eight unambiguous lowercase characters, for addresses (URLs)."""
    return "".join(random.choices(_REFERENCE_ALPHABET, k=_REFERENCE_LENGTH))


def is_reference(text: str) -> bool:
    """Tell whether a text has the form of a family reference."""
    return len(text) == _REFERENCE_LENGTH and set(text) <= set(_REFERENCE_ALPHABET)
