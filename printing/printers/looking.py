"""What a printer says of itself: whether it is ready, what hinders it, and what it can print on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from printing.errors import PrintingError
from printing.printers.message import Attribute, GroupTag
from printing.printers.speaking import Operation, ask, first, keyword, text, texts

__all__ = ["PrinterLook", "PrinterState", "look_at_printer", "media_size"]

PDF = "application/pdf"

_ASKED = (
    "printer-name",
    "printer-info",
    "printer-make-and-model",
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-up-time",
    "operations-supported",
    "document-format-supported",
    "media-supported",
    "media-ready",
    "media-default",
    "media-source-supported",
    "sides-supported",
    "printer-resolution-supported",
)
_NAMED = re.compile(r"_(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(mm|in)$")
_PER_UNIT = {"mm": 100, "in": 2540}
_CUSTOM = ("custom_min_", "custom_max_")
_SEVERITY = re.compile(r"-(?:error|warning|report)$")
_PER_INCH = 3  # the unit of a resolution (RFC 8011, 5.1.16)


class PrinterState(IntEnum):
    """The states of a printer (RFC 8011, 5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


@dataclass(frozen=True, slots=True)
class PrinterLook:
    """What a printer said when it was asked."""

    name: str
    model: str
    state: PrinterState
    reasons: tuple[str, ...]
    """What hinders it, as IPP keywords without their severity; nothing when all is well."""
    hindered: bool
    """Whether it cannot print now: it is stopped, or one of its reasons is an error."""
    up_time: int | None
    """Seconds since it was switched on; of a CUPS queue the clock, which proves nothing."""
    operations: frozenset[int]
    formats: tuple[str, ...]
    media: tuple[str, ...]
    """PWG 5101.1 names of what it can print on; may be empty."""
    ready_media: tuple[str, ...]
    sides: tuple[str, ...]
    resolutions: tuple[int, ...]
    """Dots per inch, the same across and along."""
    trays: tuple[str, ...]

    @property
    def takes_pdf(self) -> bool:
        """Whether it prints our files as they are."""
        return not self.formats or PDF in self.formats

    @property
    def takes_jobs_in_two_steps(self) -> bool:
        """Whether a job can be made first and its document sent after: without that nothing is sure after a crash."""
        return {Operation.CREATE_JOB, Operation.SEND_DOCUMENT} <= self.operations

    def media_for(self, media: str) -> str | None:
        """Return the name by which it knows this media, or one of the same size; none when it cannot print on it.

        CUPS gives sizes names of its own, ``custom_53.98x85.6mm_53.98x85.6mm``, but prints on them only when it is told
        the size by another name: with its own the job is cancelled ("Printer cannot print with supplied options").
        """
        if not self.media or media in self.media:
            return media
        size = _size(media)
        for other in self.media:
            if size and not other.startswith(_CUSTOM) and _size(other) == size:
                return media if other.startswith("custom_") else other
        least, most = (next((_size(one) for one in self.media if one.startswith(start)), None) for start in _CUSTOM)
        if size and least and most and all(map(_is_between, least, size, most)):
            return media
        return None


def look_at_printer(uri: str, *, seconds: float = 15.0) -> PrinterLook:
    """Ask a printer what it is and how it is.

    Raises:
        PrintingError: as :func:`printing.printers.speaking.ask`.
    """
    answer = ask(uri, Operation.GET_PRINTER_ATTRIBUTES, {"requested-attributes": keyword(*_ASKED)}, seconds=seconds)
    for group, attributes in answer.groups:
        if group == GroupTag.PRINTER:
            return _read(attributes)
    raise PrintingError("printer_answer_unreadable")


def media_size(media: str) -> tuple[int, int]:
    """Return width and height, in hundredths of a millimetre, that a PWG media name tells.

    Raises:
        PrintingError: code ``media_not_supported``.
    """
    size = _size(media)
    if size is None:
        raise PrintingError("media_not_supported", media)
    return size


def _is_between(least: int, asked: int, most: int) -> bool:
    return least <= asked <= most


def _size(media: str) -> tuple[int, int] | None:
    found = _NAMED.search(media)
    if found is None:
        return None
    scale = _PER_UNIT[found[3]]
    return round(float(found[1]) * scale), round(float(found[2]) * scale)


def _read(attributes: Mapping[str, Attribute]) -> PrinterLook:
    state = first(attributes, "printer-state")
    told = [reason for reason in texts(attributes, "printer-state-reasons") if reason != "none"]
    up_time = first(attributes, "printer-up-time")
    is_stopped = state == PrinterState.STOPPED or first(attributes, "printer-is-accepting-jobs") is False
    return PrinterLook(
        name=text(attributes, "printer-info") or text(attributes, "printer-name"),
        model=text(attributes, "printer-make-and-model"),
        state=PrinterState(state) if state in set(PrinterState) else PrinterState.STOPPED,
        reasons=tuple(dict.fromkeys(_SEVERITY.sub("", reason) for reason in told)),
        hindered=is_stopped or any(reason.endswith("-error") for reason in told),
        up_time=up_time if isinstance(up_time, int) else None,
        operations=frozenset(_numbers(attributes, "operations-supported")),
        formats=texts(attributes, "document-format-supported"),
        media=texts(attributes, "media-supported"),
        ready_media=texts(attributes, "media-ready"),
        sides=texts(attributes, "sides-supported"),
        resolutions=_resolutions(attributes),
        trays=texts(attributes, "media-source-supported"),
    )


def _numbers(attributes: Mapping[str, Attribute], attribute: str) -> list[int]:
    found = attributes.get(attribute)
    return [value for value in found.values if isinstance(value, int)] if found else []


def _resolutions(attributes: Mapping[str, Attribute]) -> tuple[int, ...]:
    found = attributes.get("printer-resolution-supported")
    told = [value for value in found.values if isinstance(value, tuple)] if found else []
    return tuple(dict.fromkeys(one[0] for one in told if one[0] == one[1] and one[2:] == (_PER_INCH,)))
