"""A small card printer that speaks IPP over HTTP, in its own process, and prints nothing but a log.

    python tests/ipp_printer.py FOLDER --port 0 --milliseconds 40

FOLDER/port   where it listens
FOLDER/out    what physically came out, a line each, on disk before the job is called completed:
              job-name, sha256 of the document, media, sides
FOLDER/ctl/   its faults, each a file that a test makes and takes away:
              media-empty, cover-open   it stops with the card under way, and goes on when the file is gone
              jam        the job aborts; nothing came out, or the card did when the file says "out"
              slow       so many milliseconds more for a card
              stuck      the card under way stands still, and comes out when the file is gone
              hang       it takes a question and answers when the file is gone
              busy       every new job is answered with server-error-busy
              forget     it knows nothing of the jobs it had
              no-media   it takes no media but its own default, as a badly chosen driver does
FOLDER/paper/ the documents, as they came, with --keep

What it had in memory is gone when it is killed: its history, and the seconds that it was up. One job at a time: a
second one is answered with server-error-busy, as ippeveprinter and most card printers do. A card that is on its way
comes out also when its job is cancelled.
"""

from __future__ import annotations

import argparse
import os
import socket
import threading
import time
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from printing.printers.message import Attribute, GroupTag, Message, Tag, decode, encode
from printing.printers.speaking import Operation, first, keyword, name, number, uri_value

MEDIA = ("om_cr80_53.98x85.6mm", "iso_a4_210x297mm", "custom_min_50x80mm", "custom_max_210x297mm")
PENDING, HELD, PROCESSING, STOPPED, CANCELLED, ABORTED, COMPLETED = range(3, 10)
BUSY, NOT_FOUND, NOT_POSSIBLE = 0x0507, 0x0406, 0x0404


@dataclass
class Job:
    """One job, from its making to its end."""

    number: int
    name: str
    media: str
    sides: str
    made_at: float
    state: int = HELD
    reasons: str = "job-incoming"
    document: bytes = b""
    began: int | None = None
    impressions: int = 0

    def attributes(self) -> dict[str, Attribute]:
        began = Attribute(Tag.INTEGER, (self.began,)) if self.began is not None else Attribute(Tag.NO_VALUE, (None,))
        return {
            "job-id": number(self.number),
            "job-uri": uri_value(f"ipp://localhost/ipp/print/{self.number}"),
            "job-name": name(self.name),
            "job-state": Attribute(Tag.ENUM, (self.state,)),
            "job-state-reasons": keyword(self.reasons),
            "job-impressions-completed": number(self.impressions),
            "time-at-processing": began,
        }


class CardPrinter:
    """The machine: jobs, faults, and one card under way at a time."""

    def __init__(self, folder: Path, milliseconds: float, *, stale: float, keep: bool) -> None:
        self.folder, self.control = folder, folder / "ctl"
        self.control.mkdir(exist_ok=True)
        self._seconds, self._paper = milliseconds / 1000, folder / "paper" if keep else None
        if self._paper:
            self._paper.mkdir(exist_ok=True)
        self._started, self._stale = time.monotonic(), stale
        self._jobs: dict[int, Job] = {}
        self._changed = threading.Condition()
        threading.Thread(target=self._print_for_ever, daemon=True).start()

    def answer(self, request: Message) -> Message:
        asked = request.groups[0][1]
        with self._changed:
            if self._has("forget"):
                self._jobs.clear()
            for job in self._jobs.values():
                if job.state == HELD and time.monotonic() - job.made_at > self._stale:
                    job.state, job.reasons = ABORTED, "aborted-by-system"
            status, groups = self._act(request, asked)
            self._changed.notify_all()
        opening = {"attributes-charset": Attribute(Tag.CHARSET, ("utf-8",))}
        opening["attributes-natural-language"] = Attribute(Tag.LANGUAGE, ("en",))
        return Message(status, request.request_id, [(GroupTag.OPERATION, opening), *groups])

    def _act(self, request: Message, asked) -> tuple[int, list]:
        job = self._jobs.get(first(asked, "job-id"))
        match request.code:
            case Operation.GET_PRINTER_ATTRIBUTES:
                return 0, [(GroupTag.PRINTER, self._attributes())]
            case Operation.CREATE_JOB:
                return self._make(request)
            case Operation.GET_JOBS:
                done = first(asked, "which-jobs") == "completed"
                jobs = [one for one in reversed(self._jobs.values()) if (one.state >= CANCELLED) is done]
                return 0, [(GroupTag.JOB, one.attributes()) for one in jobs]
            case Operation.CUPS_GET_PRINTERS:
                return 0, [(GroupTag.PRINTER, self._attributes())]
        if job is None:
            return NOT_FOUND, []
        if request.code == Operation.SEND_DOCUMENT:
            if job.state != HELD:
                return NOT_POSSIBLE, []
            job.document, job.state, job.reasons = request.document, PENDING, "none"
        elif request.code == Operation.CANCEL_JOB:
            if job.state >= CANCELLED:
                return NOT_POSSIBLE, []
            job.state, job.reasons = CANCELLED, "job-canceled-by-user"
        return 0, [(GroupTag.JOB, job.attributes())]

    def _make(self, request: Message) -> tuple[int, list]:
        if self._has("busy") or any(job.state < CANCELLED for job in self._jobs.values()):
            return BUSY, []
        wanted = next(group for tag, group in request.groups if tag == GroupTag.JOB)
        media = first(wanted, "media") or "by tray"
        job = Job(
            len(self._jobs) + 1,
            first(request.groups[0][1], "job-name"),
            media,
            first(wanted, "sides"),
            time.monotonic(),
        )
        self._jobs[job.number] = job
        told = [(GroupTag.JOB, job.attributes())]
        if self._has("no-media"):
            return 0x0001, [(GroupTag.UNSUPPORTED, {"media": wanted["media"]}), *told]
        return 0, told

    def _attributes(self) -> dict[str, Attribute]:
        hindrances = [fault for fault in ("media-empty", "cover-open") if self._has(fault)]
        busy = any(job.state == PROCESSING for job in self._jobs.values())
        port = (self.folder / "port").read_text()
        return {
            "printer-uri-supported": uri_value(f"ipp://localhost:{port}/ipp/print"),
            "printer-name": name("kartu"),
            "printer-info": Attribute(Tag.TEXT, ("Pencetak kartu percobaan",)),
            "printer-make-and-model": Attribute(Tag.TEXT, ("Huma Betang CR80",)),
            "printer-state": Attribute(Tag.ENUM, (5 if hindrances else 4 if busy else 3,)),
            "printer-state-reasons": keyword(*([f"{fault}-error" for fault in hindrances] or ["none"])),
            "printer-is-accepting-jobs": Attribute(Tag.BOOLEAN, (True,)),
            "printer-up-time": number(int(time.monotonic() - self._started) + 1),
            "operations-supported": Attribute(Tag.ENUM, tuple(operation for operation in Operation)),
            "document-format-supported": Attribute(Tag.MIME_TYPE, ("application/pdf", "image/pwg-raster")),
            "media-supported": keyword(*MEDIA),
            "media-ready": keyword(MEDIA[0]),
            "media-source-supported": keyword("main"),
            "sides-supported": keyword("one-sided", "two-sided-long-edge", "two-sided-short-edge"),
            "printer-resolution-supported": Attribute(Tag.RESOLUTION, ((300, 300, 3), (600, 600, 3))),
        }

    def _print_for_ever(self) -> None:
        while True:
            with self._changed:
                job = next((job for job in self._jobs.values() if job.state == PENDING), None)
                if job is None:
                    self._changed.wait(0.05)
                    continue
                job.state, job.reasons = PROCESSING, "job-printing"
                job.began = int(time.monotonic() - self._started) + 1
            self._print(job)

    def _print(self, job: Job) -> None:
        while self._has("media-empty") or self._has("cover-open"):
            if job.state == CANCELLED:  # no card was taken from the hopper yet
                return
            time.sleep(0.01)
        jam = self.control / "jam"
        if jam.exists():
            if jam.read_text() == "out":
                self._let_out(job)
            jam.unlink()
            self._end(job, ABORTED, "aborted-by-system")
            return
        while self._has("stuck"):
            time.sleep(0.01)
        slow = self.control / "slow"
        time.sleep(self._seconds + (float(slow.read_text()) / 1000 if slow.exists() else 0))
        self._let_out(job)
        job.impressions = 2
        self._end(job, COMPLETED, "job-completed-successfully")

    def _let_out(self, job: Job) -> None:
        with (self.folder / "out").open("a") as log:
            log.write(f"{job.name} {sha256(job.document).hexdigest()} {job.media} {job.sides}\n")
            log.flush()
            os.fsync(log.fileno())
        if self._paper:
            (self._paper / f"{job.name}.pdf").write_bytes(job.document)

    def _end(self, job: Job, state: int, reasons: str) -> None:
        with self._changed:
            if job.state != CANCELLED:
                job.state, job.reasons = state, reasons
            job.document = b""

    def _has(self, fault: str) -> bool:
        return (self.control / fault).exists()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    printer: CardPrinter

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # whoever sent it died: nothing was received
            self.close_connection = True
            return
        while (self.printer.control / "hang").exists():
            time.sleep(0.01)
        answer = encode(self.printer.answer(decode(body)))
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *said: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address) -> None:
        """Say nothing of a client that was killed."""


def main() -> None:
    wanted = argparse.ArgumentParser()
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--port", type=int, default=0)
    wanted.add_argument("--milliseconds", type=float, default=40)
    # a job without a document is aborted after so many seconds (multiple-operation-time-out)
    wanted.add_argument("--stale", type=float, default=5)
    wanted.add_argument("--keep", action="store_true")
    given = wanted.parse_args()
    server = _Server(("127.0.0.1", given.port), _Handler)
    (given.folder / "port").write_text(str(server.server_port))
    _Handler.printer = CardPrinter(given.folder, given.milliseconds, stale=given.stale, keep=given.keep)
    (given.folder / "ready").touch()
    server.serve_forever()


if __name__ == "__main__":
    main()
