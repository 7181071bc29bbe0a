"""Rattan plaiting as geometry: the lozenge twill that mats and baskets of Kalimantan are woven in.

In a twill every strand passes over two and under two of the others. Where the weaver mirrors the steps, the floats
close to lozenges within lozenges. We draw only the upright, dark strands; the pale ones are the ground.
"""

from typing import NamedTuple


class Floats(NamedTuple):
    """The woven band as SVG path data, to be stroked with the width of a strand."""

    strands: str
    accents: str
    """The floats of the one ring that may have a colour of its own."""


def lozenge_twill(
    left: int, top: int, columns: int, rows: int, *, cell: int, half: int, middle: tuple[int, int], accent: int
) -> Floats:
    """A cloth of ``columns`` x ``rows`` cells of ``cell`` dots, its lozenges ``2 * half`` cells wide and high.

    One of the lozenges has its heart at the cell ``middle``, counted from the top left; the others follow from it.
    ``accent`` is the ring to be told apart, counted from the heart (0).
    """
    strands: list[str] = []
    accents: list[str] = []
    for column in range(columns):
        x = left + column * cell + cell / 2
        across = _steps(column - middle[0], half)
        floats: dict[bool, list[int]] = {False: [], True: []}
        for row in range(rows):
            ring = across + _steps(row - middle[1], half)
            if ring % 4 < 2:
                floats[ring // 4 == accent].append(row)
        for accented, path in ((False, strands), (True, accents)):
            for first, last in _runs(floats[accented]):
                path.append(f"M{x:g} {top + first * cell}V{top + (last + 1) * cell}")
    return Floats("".join(strands), "".join(accents))


def _steps(distance: int, half: int) -> int:
    """How far it is to the nearest heart, hearts being ``2 * half`` cells apart."""
    return half - abs(distance % (2 * half) - half)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
