"""Printers, batches of cards, each copy that came or should have come out, and the jobs that a printer was sent.

The record of what was printed is here and never a spooler's: a job stands here before its first byte is sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.db import Base, choice, id_column
from registry.kinds import BatchChoice, BatchState, CopyFate, JobState, SheetCode, Transport
from registry.models.cards import Card

_OPEN = "fate IN ('waiting', 'sent', 'unknown', 'printed')"
_CAME_OUT = "fate NOT IN ('review', 'cancelled')"
_IN_FLIGHT = "state IN ('intended', 'accepted', 'unknown')"


class Printer(Base):
    """A row is a printer of a service point: how it is spoken to, and what it prints on."""

    __tablename__ = "printer"

    id: Mapped[UUID] = id_column()
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), index=True)
    transport: Mapped[Transport] = mapped_column(choice(Transport, "transport"))
    uri: Mapped[str] = mapped_column(String(200))
    """``ipp://host:631/ipp/print``, or the queue of a CUPS server."""
    media: Mapped[str] = mapped_column(String(80))
    """PWG 5101.1 name: ``om_cr80_53.98x85.6mm``. Always sent: a spooler left to choose lays cards on Letter."""
    sides: Mapped[str] = mapped_column(String(24), default="one-sided")
    dots_per_inch: Mapped[int] = mapped_column(SmallInteger, default=300)
    sheet: Mapped[SheetCode] = mapped_column(choice(SheetCode, "sheet"), default=SheetCode.CARD)
    tray: Mapped[str] = mapped_column(String(40), default="")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What a vendor's driver wants besides: ribbon, black panel, overlay."""
    is_active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (UniqueConstraint("code", name="uq_printer_code"),)


class Calibration(Base):
    """A row is how far a printer's tray prints beside its mark; the newest of a tray and side holds. Never changed."""

    __tablename__ = "calibration"

    id: Mapped[UUID] = id_column()
    printer_id: Mapped[UUID] = mapped_column(ForeignKey("printer.id"), index=True)
    tray: Mapped[str] = mapped_column(String(40), default="")
    is_back: Mapped[bool]
    shift_x: Mapped[int]
    """Micrometres to the right by which the picture is moved; ``shift_y`` downwards likewise."""
    shift_y: Mapped[int]
    scale_x: Mapped[int] = mapped_column(default=0)
    """Parts per million by which the picture is stretched; ``scale_y`` likewise."""
    scale_y: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int] = mapped_column(default=0)
    """Thousandths of a degree, clockwise."""
    measured_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (
        CheckConstraint("abs(shift_x) <= 10000 AND abs(shift_y) <= 10000", name="offset"),
        CheckConstraint("abs(scale_x) <= 50000 AND abs(scale_y) <= 50000 AND abs(turn) <= 3000", name="small"),
    )


class DesignChoice(Base):
    """A row is the choice of a card's design; the newest holds, and the packaged design without any. Never changed."""

    __tablename__ = "design_choice"

    id: Mapped[UUID] = id_column()
    name: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of its files as they were checked; files that were changed since are not drawn."""
    chosen_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))


class PrintBatch(Base):
    """A row is a numbered batch of cards that are drawn and printed together."""

    __tablename__ = "print_batch"

    id: Mapped[UUID] = id_column()
    number: Mapped[int]
    """1, 2, 3, … over the whole installation."""
    chosen_by: Mapped[BatchChoice] = mapped_column(choice(BatchChoice, "chosen_by"))
    about: Mapped[str] = mapped_column(String(200), default="")
    """Of what: the village's code, the id of list or round, or the reason in the officer's words."""
    sheet: Mapped[SheetCode] = mapped_column(choice(SheetCode, "sheet"))
    design: Mapped[str] = mapped_column(String(40))
    design_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the design as it was when the batch was drawn."""
    area_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    """The area of those who made it: no card outside it is in it."""
    point_id: Mapped[UUID] = mapped_column(ForeignKey("service_point.id"), index=True)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    printer_id: Mapped[UUID | None] = mapped_column(ForeignKey("printer.id"))
    """The printer that it is sent to; none while it is only a file."""
    state: Mapped[BatchState] = mapped_column(choice(BatchState, "state"), default=BatchState.DRAWING)
    is_paused: Mapped[bool] = mapped_column(default=False)
    copies_total: Mapped[int]
    copies_drawn: Mapped[int] = mapped_column(default=0)
    fault_code: Mapped[str] = mapped_column(String(40), default="")
    """Why it was refused, or why nobody draws on it until an officer says so: the disk is full, a worker died."""
    fault_about: Mapped[str] = mapped_column(String(80), default="")
    worker: Mapped[str] = mapped_column(String(80), default="")
    """Who works on it now (host and process); another may take it over once ``worked_until`` is past."""
    worked_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("number", name="uq_print_batch_number"),
        CheckConstraint("copies_drawn BETWEEN 0 AND copies_total", name="progress"),
        CheckConstraint("state <> 'refused' OR fault_code <> ''", name="refused_with_reason"),
    )


class PrintChunk(Base):
    """A row is one file of a batch that was drawn whole; it lies in the installation's prints folder."""

    __tablename__ = "print_chunk"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("print_batch.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    first_position: Mapped[int]
    last_position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    milliseconds: Mapped[int]
    drawn_at: Mapped[datetime]


class PrintJob(Base):
    """A row is what a printer was sent in one go; its id is the job's name at the printer."""

    __tablename__ = "print_job"

    id: Mapped[UUID] = id_column()
    printer_id: Mapped[UUID] = mapped_column(ForeignKey("printer.id"), index=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("print_batch.id"), index=True)
    state: Mapped[JobState] = mapped_column(choice(JobState, "state"), default=JobState.INTENDED)
    printer_job_id: Mapped[int | None]
    """The printer's own number of it; used again after a restart, so it proves nothing by itself."""
    printer_up_time: Mapped[int | None]
    """Seconds that the printer had been up when the job was intended; a smaller number later means it restarted."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the bytes that are sent."""
    said: Mapped[str] = mapped_column(String(200), default="")
    """What the printer said last: its state reasons as IPP keywords."""
    intended_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    __table_args__ = (
        Index(
            "uq_print_job_one_in_flight",
            "printer_id",
            unique=True,
            sqlite_where=text(_IN_FLIGHT),
            postgresql_where=text(_IN_FLIGHT),
        ),
        CheckConstraint("(state IN ('completed', 'failed', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"),
    )


class PrintCopy(Base):
    """A row is one copy of a card, in a batch or printed singly by the browser, and what became of it."""

    __tablename__ = "print_copy"

    id: Mapped[UUID] = id_column()
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id"), index=True)
    copy_number: Mapped[int] = mapped_column(SmallInteger)
    """1, or one more for each earlier copy that was spoilt: a reprint of the same issue number."""
    reprint_reason: Mapped[str] = mapped_column(String(200), default="")
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("print_batch.id"))
    position: Mapped[int | None]
    """In its batch, from 1."""
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("print_job.id"), index=True)
    fate: Mapped[CopyFate] = mapped_column(choice(CopyFate, "fate"), default=CopyFate.WAITING)
    fate_reason: Mapped[str] = mapped_column(String(200), default="")
    """Why it was spoilt or is missing, in words; for review the code and the field."""
    fate_at: Mapped[datetime]
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    """Who said what became of it; none when the printer did."""

    card: Mapped[Card] = relationship()

    __table_args__ = (
        UniqueConstraint("batch_id", "position", name="uq_print_copy_batch_position"),
        Index(
            "uq_print_copy_one_open_per_card",
            "card_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index(
            "uq_print_copy_card_copy_number",
            "card_id",
            "copy_number",
            unique=True,
            sqlite_where=text(_CAME_OUT),
            postgresql_where=text(_CAME_OUT),
        ),
        CheckConstraint("(batch_id IS NULL) = (position IS NULL)", name="position_in_batch"),
        CheckConstraint("copy_number = 1 OR reprint_reason <> ''", name="reprint_with_reason"),
        CheckConstraint("fate NOT IN ('spoilt', 'missing', 'review') OR fate_reason <> ''", name="fate_with_reason"),
    )
