"""The card's QR code: as whole numbers, as a matrix and as the 1-bit stencil that is printed.

Version 12, error correction M, alphanumeric mode: holds 419 characters, and the card's text has at most 390. The maker
is `qrcode`, but not of each code: every module is an exclusive or of bits of the text, so `printing.qr_tables` asks it
once what each bit does. Which of the eight masks a code gets is reckoned as ISO/IEC 18004 asks, on all modules at once.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, reduce
from itertools import product
from operator import getitem, xor

from printing.errors import PrintingError
from printing.qr_tables import (
    BLOCKS,
    CODEWORDS,
    CORRECTION,
    MODULES,
    QUIET_MODULES,
    STRIDE,
    VERSION,
    build_tables,
)

__all__ = ["MODULES", "QUIET_MODULES", "VERSION", "qr_matrix", "qr_stencil"]

LONGEST = 419
"""Characters that fit."""

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_PAIRS = {
    (first, second): f"{45 * _ALPHANUMERIC.index(first) + _ALPHANUMERIC.index(second):011b}"
    for first, second in product(_ALPHANUMERIC, repeat=2)
}
_LAST = {letter: f"{number:06b}" for number, letter in enumerate(_ALPHANUMERIC)}
_HEAD = 4 + 11
"""Bits before the text's own: the mode, and how many characters there are."""
_ROW = 8 * STRIDE


def _region(rows: int, columns: int) -> int:
    """The modules of the first ``rows`` and ``columns``."""
    row = ((1 << columns) - 1) << (_ROW - columns)
    return sum(row << (_ROW * (MODULES - 1 - number)) for number in range(rows))


_ALL = _region(MODULES, MODULES)
_NEIGHBOURS = ((1, _region(MODULES, MODULES - 1)), (_ROW, _region(MODULES - 1, MODULES)))
"""How far a module's neighbour lies, and the modules that have one: to the right and below."""


def qr_matrix(text: str) -> list[list[bool]]:
    """The 65 x 65 modules that say ``text``, True for black, without the quiet zone.

    Raises:
        PrintingError: ``qr_text_not_printable`` for a character outside the alphanumeric set or more than version
            12-M holds.
    """
    return list(_matrix_rows(_modules(text)))


def qr_stencil(text: str, dots: int = 1) -> bytes:
    """The code as rows of bits, ``dots`` x ``dots`` to a module, 0 for black, each row filled up to whole bytes.

    Raises:
        PrintingError: as `qr_matrix`.
    """
    if dots == 1:
        return (_modules(text) ^ _WHITE).to_bytes(MODULES * STRIDE)
    rows = []
    for row in qr_matrix(text):
        bits = "".join(("0" if black else "1") * dots for black in row)
        padded = bits + "1" * (-len(bits) % 8)
        rows.append(int(padded, 2).to_bytes(len(padded) // 8, "big") * dots)
    return b"".join(rows)


_WHITE = (1 << (_ROW * MODULES)) - 1


def _modules(text: str) -> int:
    """The modules as one number: rows of `_ROW` bits from the top, each from the left, 1 for black."""
    tables = build_tables()
    data = _data(text)
    codewords = [data]
    for start, end, correction in _blocks():
        word = reduce(xor, map(getitem, correction, data[start:end]))
        codewords.append(word.to_bytes(CORRECTION))
    source = b"".join(codewords)
    first, others = tables.sources
    # translate is how Python picks bytes by number without a loop: of each module's byte one bit is left
    picked = int.from_bytes(first.translate(source[:256])) & tables.bits[0]
    picked |= int.from_bytes(others.translate(source[256:].ljust(256))) & tables.bits[1]
    said = int(picked.to_bytes(_ROW * MODULES).translate(_FIGURES), 2)
    return said ^ tables.drawn[_best_mask(said, tables.tested)]


_FIGURES = b"0" + b"1" * 255


@cache
def _blocks() -> list[tuple[int, int, tuple[tuple[int, ...], ...]]]:
    """Where each block of the data begins and ends, and its error correction."""
    correction = build_tables().correction
    return [
        (sum(BLOCKS[:block]), sum(BLOCKS[: block + 1]), correction[-length:]) for block, length in enumerate(BLOCKS)
    ]


def _data(text: str) -> bytes:
    """``text`` as the bytes that a code has of it, filled up."""
    length = len(text)
    if not 0 < length <= LONGEST:
        raise PrintingError("qr_text_not_printable")
    try:
        bits = "".join(map(_PAIRS.__getitem__, zip(text[::2], text[1::2], strict=False)))
        if length % 2:
            bits += _LAST[text[-1]]
    except KeyError:
        raise PrintingError("qr_text_not_printable") from None
    free = 8 * CODEWORDS - _HEAD - len(bits)
    return (int(f"0010{length:011b}{bits}", 2) << free | _filling(free)).to_bytes(CODEWORDS)


@lru_cache(LONGEST)
def _filling(free: int) -> int:
    """What stands in the last ``free`` bits: four noughts, more up to a whole byte, and two bytes in turn."""
    whole = max(free - 4, 0) // 8
    return int.from_bytes((b"\xec\x11" * CODEWORDS)[:whole])


def _matrix_rows(modules: int) -> Iterator[list[bool]]:
    for row in range(MODULES):
        bits = modules >> (_ROW * (MODULES - 1 - row))
        yield [bool(bits >> (_ROW - 1 - column) & 1) for column in range(MODULES)]


def _best_mask(said: int, tested: Sequence[int]) -> int:
    """The mask with which a code is the least ill to read (ISO/IEC 18004:2015, 7.8.3), as `qrcode` reckons it.

    Each bit of the numbers stands for a module, and is 1 where what they are named for begins.
    """
    # what changes from a module to the next does so with the text or with the mask, but not with both
    changes = [(said ^ said << step) & region for step, region in _NEIGHBOURS]
    best = least = 0
    for mask, (dark_of_mask, *changes_of_mask) in enumerate(_masks(tested)):
        dark = said ^ dark_of_mask
        light = dark ^ _ALL
        points = 10 * int(abs(dark.bit_count() / MODULES**2 * 100 - 50) / 5)
        pairs = []
        for (step, region), change, of_mask in zip(_NEIGHBOURS, changes, changes_of_mask, strict=True):
            change ^= of_mask
            two = change ^ region
            pairs.append(two)
            three = two & two << step
            from_third = three << 2 * step
            # runs of five or more: three points, and one for each module more
            five = three & from_third
            points += 3 * five.bit_count() - 2 * (five & five << step).bit_count()
            # 1:1:3:1:1 like a finder pattern, with four light modules before or after
            single = change & change << step
            finder = single & single << 4 * step & from_third & dark
            if finder:
                four_light = three & two << 2 * step & light
                after, before = finder & four_light << 7 * step, finder & four_light >> 4 * step
                points += 40 * (after.bit_count() + before.bit_count())
        across, down = pairs
        points += 3 * (across & across << _ROW & down).bit_count()
        if mask == 0 or points < least:
            best, least = mask, points
    return best


@cache
def _masks(tested: Sequence[int]) -> list[tuple[int, ...]]:
    """For each mask its dark modules, and where these change to the next: to the right, and below."""
    return [(dark, *((dark ^ dark << step) & region for step, region in _NEIGHBOURS)) for dark in tested]
