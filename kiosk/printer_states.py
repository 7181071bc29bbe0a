"""How a printer is now, in words: asked over the network while a page is made, so briefly."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from kiosk import words
from kiosk.words import Words
from kiosk.words.printers import STATES, say_hindrance
from printing.errors import PrintingError
from printing.printers.looking import PrinterLook, look_at_printer
from registry.models import Printer

_SECONDS = 2.0  # a page that waits longer is taken for broken
_AT_ONCE = 8


@dataclass(frozen=True)
class SeenPrinter:
    """A printer and what it said, or that it said nothing."""

    printer: Printer
    look: PrinterLook | None
    word: str
    kind: str
    """Of the badge: good, wait, bad."""
    hindrances: tuple[Words, ...]


def see_printers(printers: Sequence[Printer]) -> list[SeenPrinter]:
    """Ask all printers at the same time how they are."""
    if not printers:
        return []
    with ThreadPoolExecutor(min(_AT_ONCE, len(printers))) as asking:
        return list(asking.map(see_printer, printers))


def see_printer(printer: Printer) -> SeenPrinter:
    """Ask a printer how it is, and whether it still is what the kiosk takes it for."""
    try:
        look = look_at_printer(printer.uri, seconds=_SECONDS)
    except PrintingError as error:
        return SeenPrinter(printer, None, "tidak menjawab", "bad", (words.of(error.code),))
    hindrances = (*_differences(printer, look), *map(say_hindrance, look.reasons))
    kind = "bad" if look.hindered or _differences(printer, look) else "wait" if hindrances else "good"
    return SeenPrinter(printer, look, STATES[look.state], kind, hindrances)


def warn_of(look: PrinterLook) -> tuple[Words, ...]:
    """Return why a printer that was found can't be used as it is."""
    codes = []
    if not look.takes_pdf:
        codes.append("format_not_supported")
    if not look.takes_jobs_in_two_steps:
        codes.append("jobs_not_supported")
    return tuple(words.of(code) for code in codes)


def _differences(printer: Printer, look: PrinterLook) -> tuple[Words, ...]:
    codes = []
    if look.media_for(printer.media) is None:
        codes.append("media_not_supported")
    if look.sides and printer.sides not in look.sides:
        codes.append("sides_not_supported")
    return (*warn_of(look), *(words.of(code) for code in codes))
