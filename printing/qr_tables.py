"""What the bits of a text do to the modules of its code, asked of `qrcode` once in a process (about 0.1 s).

For a fixed version and level, a code without its mask is linear over GF(2): the exclusive or of what its single bits
draw. So it is enough to know which error correction each byte of a block brings, and at which module each bit stands.
"""

from dataclasses import dataclass
from functools import cache

import qrcode
from qrcode import base, util
from qrcode.constants import ERROR_CORRECT_M

VERSION = 12
MODULES = 17 + 4 * VERSION
QUIET_MODULES = 4
"""White modules that ISO/IEC 18004 asks for on every side."""
STRIDE = (MODULES + 7) // 8
"""Bytes of a row of modules, filled up with nothing."""

_RS_BLOCKS = base.rs_blocks(VERSION, ERROR_CORRECT_M)
BLOCKS = tuple(block.data_count for block in _RS_BLOCKS)
"""Bytes of text in each block; the shorter ones come first."""
CODEWORDS = sum(BLOCKS)
"""Bytes of text that version 12-M has, all in all."""
CORRECTION = _RS_BLOCKS[0].total_count - BLOCKS[0]
"""Bytes of error correction of each block."""
_ALL = CODEWORDS + CORRECTION * len(BLOCKS)
_MASKS = 8


@dataclass(frozen=True)
class Tables:
    """Modules as numbers: rows of ``8 * STRIDE`` bits from the top, each from the left, 1 for black."""

    correction: tuple[tuple[int, ...], ...]
    """By a byte's place, counted so that a block's last byte has the last place, and by its value: what error
    correction it brings."""
    sources: tuple[bytes, bytes]
    """For each module the number of the codeword that it comes from, of the first 256 and of the others less 256: all
    data before all error correction, block after block."""
    bits: tuple[int, int]
    """For each module as a byte, likewise, which bit of it; none if it does not come from one of these."""
    drawn: tuple[int, ...]
    """By mask: all that is no text, and the mask."""
    tested: tuple[int, ...]
    """The same as penalties are reckoned from: `qrcode` leaves out the format and version information there."""


@cache
def build_tables() -> Tables:
    """Ask `qrcode`, and put the answers together."""
    nothing = [0] * _ALL
    sources = (bytearray(8 * STRIDE * MODULES), bytearray(8 * STRIDE * MODULES))
    bits = (bytearray(8 * STRIDE * MODULES), bytearray(8 * STRIDE * MODULES))
    order = _order()
    for module, bit in _places().items():
        half, source = divmod(order[bit // 8], 256)
        sources[half][module] = source
        bits[half][module] = 0x80 >> bit % 8
    return Tables(
        correction=_corrections(),
        sources=(bytes(sources[0]), bytes(sources[1])),
        bits=(int.from_bytes(bits[0]), int.from_bytes(bits[1])),
        drawn=tuple(int(_asked(nothing, mask, test=False), 2) for mask in range(_MASKS)),
        tested=tuple(int(_asked(nothing, mask, test=True), 2) for mask in range(_MASKS)),
    )


def _asked(codewords: list[int], mask: int, *, test: bool) -> str:
    """What `qrcode` draws of ready codewords, as figures 0 and 1."""
    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=0)
    code.data_cache = codewords
    code.makeImpl(test, mask)
    return "".join("".join("1" if module else "0" for module in row).ljust(8 * STRIDE, "0") for row in code.modules)


def _places() -> dict[int, int]:
    """For each module that says something the bit of the codewords, as they are interleaved, that it shows.

    Asked for the bits whose number has its lowest digit set, then the next digit, and so on.
    """
    empty = _asked([0] * _ALL, 0, test=False)
    full = _asked([0xFF] * _ALL, 0, test=False)
    places = {module: 0 for module, (one, other) in enumerate(zip(empty, full, strict=True)) if one != other}
    for digit in range((8 * _ALL - 1).bit_length()):
        numbers = "".join(str(bit >> digit & 1) for bit in range(8 * _ALL))
        drawn = _asked(list(int(numbers, 2).to_bytes(_ALL)), 0, test=False)
        for module in places:
            places[module] |= (drawn[module] != empty[module]) << digit
    return places


def _order() -> list[int]:
    """For each codeword as they are interleaved, its number block after block.

    Interleaved are the first of each block, the second of each, and so on; at the end the error correction likewise
    (ISO/IEC 18004:2015, 7.6).
    """
    starts = [sum(BLOCKS[:block]) for block in range(len(BLOCKS))]
    data = [
        start + place
        for place in range(max(BLOCKS))
        for start, length in zip(starts, BLOCKS, strict=True)
        if place < length
    ]
    corrections = [
        CODEWORDS + CORRECTION * block + place for place in range(CORRECTION) for block in range(len(BLOCKS))
    ]
    return data + corrections


def _corrections() -> tuple[tuple[int, ...], ...]:
    longest = _RS_BLOCKS[-1]
    places = []
    for place in range(longest.data_count):
        of_byte = [0]
        for bit in range(8):
            buffer = util.BitBuffer()
            buffer.buffer = [0] * longest.data_count
            buffer.buffer[place] = 1 << bit
            single = int.from_bytes(util.create_bytes(buffer, [longest])[longest.data_count :])
            of_byte += [single ^ other for other in of_byte]
        places.append(tuple(of_byte))
    return tuple(places)
