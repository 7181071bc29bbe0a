"""A job at a printer: made, filled, followed, found again, cancelled.

The job's name is ours, and the only thing by which it is known: a printer's numbers begin anew when it restarts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from printing.errors import PrintingError
from printing.printers.looking import PDF, media_size
from printing.printers.message import Attribute, GroupTag, Tag
from printing.printers.speaking import Operation, Status, ask, first, keyword, name, number, texts

__all__ = [
    "JobLook",
    "RemoteState",
    "Setting",
    "cancel_job",
    "create_job",
    "find_job",
    "send_document",
]

_ASKED = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "time-at-processing",
)
_NEWEST = 100  # jobs that are looked through for ours, which is the last that we sent
_MUST_BE_TAKEN = {"media": "media_not_supported", "media-col": "media_not_supported", "sides": "sides_not_supported"}
_GONE = {f"{Status.NOT_FOUND:04x}", f"{Status.GONE:04x}"}
_TOO_LATE = _GONE | {f"{Status.NOT_POSSIBLE:04x}"}
_PER_INCH = 3


class RemoteState(IntEnum):
    """The states of a job at a printer (RFC 8011, 5.3.7)."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELLED = 7
    ABORTED = 8
    COMPLETED = 9


WAITING = frozenset({RemoteState.PENDING, RemoteState.HELD})
ENDED = frozenset({RemoteState.CANCELLED, RemoteState.ABORTED, RemoteState.COMPLETED})


@dataclass(frozen=True, slots=True)
class Setting:
    """How a job is to be printed."""

    media: str
    """PWG 5101.1 name. Always sent: a spooler left to choose lays cards on Letter."""
    sides: str
    dots_per_inch: int | None
    """None where the printer does not say which it knows."""
    tray: str
    options: Mapping[str, str | int | bool]

    def attributes(self) -> dict[str, Attribute]:
        """Return the job attributes that say so."""
        return (
            {option: _of_option(value) for option, value in self.options.items()}
            | self._media()
            | {
                "sides": keyword(self.sides),
                "copies": number(1),
                "print-scaling": keyword("none"),
            }
            | self._resolution()
        )

    def _media(self) -> dict[str, Attribute]:
        if not self.tray:
            return {"media": keyword(self.media)}
        # a tray can be named only inside media-col, and a job may not have both (PWG 5100.7, 6.3)
        width, height = media_size(self.media)
        size = {"x-dimension": number(width), "y-dimension": number(height)}
        column: dict[str, Attribute] = {
            "media-size": Attribute(Tag.BEGIN_COLLECTION, (size,)),
            "media-source": keyword(self.tray),
        }
        return {"media-col": Attribute(Tag.BEGIN_COLLECTION, (column,))}

    def _resolution(self) -> dict[str, Attribute]:
        dots = self.dots_per_inch
        return {"printer-resolution": Attribute(Tag.RESOLUTION, ((dots, dots, _PER_INCH),))} if dots else {}


@dataclass(frozen=True, slots=True)
class JobLook:
    """What a printer said of a job."""

    number: int
    name: str
    state: RemoteState
    reasons: tuple[str, ...]
    began: bool | None
    """Whether the printer ever began with it; none where it does not say."""

    @property
    def has_begun(self) -> bool:
        """Whether something of it can have come out: a printer that does not say may have begun."""
        return self.began is not False

    @property
    def was_taken_back(self) -> bool:
        """Whether it waits again after it was begun: a spooler that was restarted would print it later by surprise."""
        return self.began is True and self.state in WAITING

    @property
    def is_incoming(self) -> bool:
        """Whether the printer still waits for its document."""
        return bool({"job-incoming", "job-data-insufficient"} & set(self.reasons))


def create_job(uri: str, job_name: str, setting: Setting) -> int:
    """Make a job without a document and return the printer's number of it.

    Raises:
        PrintingError: as :func:`printing.printers.speaking.ask`; ``media_not_supported``, ``sides_not_supported``,
            when the printer would print otherwise than it was told. No job stays behind then.
    """
    answer = ask(uri, Operation.CREATE_JOB, {"job-name": name(job_name)}, job=setting.attributes())
    jobs = [attributes for group, attributes in answer.groups if group == GroupTag.JOB]
    job_id = first(jobs[0], "job-id") if jobs else None
    if not isinstance(job_id, int):
        raise PrintingError("printer_answer_unreadable")
    for group, attributes in answer.groups:
        for attribute in attributes if group == GroupTag.UNSUPPORTED else ():
            if attribute in _MUST_BE_TAKEN:
                cancel_job(uri, job_id)
                raise PrintingError(_MUST_BE_TAKEN[attribute], setting.media)
    return job_id


def send_document(uri: str, job_id: int, pdf: bytes) -> None:
    """Send the one document of a job.

    Raises:
        PrintingError: as :func:`printing.printers.speaking.ask`.
    """
    ask(
        uri,
        Operation.SEND_DOCUMENT,
        {
            "job-id": number(job_id),
            "document-format": Attribute(Tag.MIME_TYPE, (PDF,)),
            "last-document": Attribute(Tag.BOOLEAN, (True,)),
        },
        document=pdf,
    )


def find_job(uri: str, job_name: str, job_id: int | None) -> JobLook | None:
    """Return the job of that name, by its number where that is known, else from the printer's list and history.

    Raises:
        PrintingError: as :func:`printing.printers.speaking.ask`.
    """
    if job_id is not None:
        try:
            answer = ask(
                uri,
                Operation.GET_JOB_ATTRIBUTES,
                {"job-id": number(job_id), "requested-attributes": keyword(*_ASKED)},
            )
        except PrintingError as error:
            if error.about not in _GONE:
                raise
        else:
            if found := _named(job_name, answer.groups):
                return found
    for which in ("not-completed", "completed"):
        answer = ask(
            uri,
            Operation.GET_JOBS,
            {
                "limit": number(_NEWEST),
                "which-jobs": keyword(which),
                "requested-attributes": keyword(*_ASKED),
            },
        )
        if found := _named(job_name, answer.groups):
            return found
    return None


def cancel_job(uri: str, job_id: int) -> None:
    """Ask the printer to give up a job; a card on its way still comes out, and one that has ended stays as it is.

    Raises:
        PrintingError: as :func:`printing.printers.speaking.ask`.
    """
    try:
        ask(uri, Operation.CANCEL_JOB, {"job-id": number(job_id)})
    except PrintingError as error:
        if error.about not in _TOO_LATE:
            raise


def _named(job_name: str, groups: Iterable[tuple[int, Mapping[str, Attribute]]]) -> JobLook | None:
    for group, attributes in groups:
        if group == GroupTag.JOB and first(attributes, "job-name") == job_name:
            return _read(attributes)
    return None


def _read(attributes: Mapping[str, Attribute]) -> JobLook:
    job_id, state = first(attributes, "job-id"), first(attributes, "job-state")
    if not isinstance(job_id, int) or state not in set(RemoteState):
        raise PrintingError("printer_answer_unreadable")
    began, impressions = first(attributes, "time-at-processing"), first(attributes, "job-impressions-completed")
    remote = RemoteState(state)
    return JobLook(
        number=job_id,
        name=str(first(attributes, "job-name")),
        state=remote,
        reasons=texts(attributes, "job-state-reasons"),
        began=bool(began is not None or impressions) if "time-at-processing" in attributes else None,
    )


def _of_option(value: str | int | bool) -> Attribute:
    if isinstance(value, bool):
        return Attribute(Tag.BOOLEAN, (value,))
    if isinstance(value, int):
        return number(value)
    return name(value)
