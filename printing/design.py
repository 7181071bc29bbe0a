"""A card's design: a folder with ``card.html``, ``card.css`` and the pictures that these two name (docs/designs.md).

What stands in it is the same on every card, but for the elements that carry ``data-field``: they get what `FIELDS`
says. This module reads; whether a design will do is told by `printing.design_check`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from printing.errors import PrintingError

__all__ = ["ADDRESS", "FIELDS", "Design", "packaged_design", "read_design"]

FIELDS: Mapping[str, bool] = {
    "programme": True,
    "photo": False,
    "head_name": True,
    "card_number": True,
    "district": True,
    "regency": False,
    "regency_kind": False,
    "regency_name": False,
    "issue_number": True,
    "issued_on": False,
    "valid_until": True,
    "code": True,
    "loss_contact": True,
}
"""What ``data-field`` may name, and whether a card must say it (shared by all designs of the province).

``regency`` is with its kind (Kabupaten Katingan); ``regency_kind`` and ``regency_name`` are its two parts, and a card
must have either.
"""

ADDRESS = "https://design.invalid/"
"""Where a design's files lie, as far as its HTML and CSS know: relative addresses work as in a browser, and no name
under ``.invalid`` is anybody's (RFC 2606)."""

PICTURES: Mapping[str, str] = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
"""The pictures that a design may have, by the end of their name, with their media type."""

MAX_FILES = 40
MAX_BYTES = 8 * 1024 * 1024
"""Of the whole folder. The art of a card at 300 dpi has 646,000 pixels: no picture of it needs more than a few MB."""
_MAX_TEXT = 256 * 1024

_NAME = re.compile(r"[a-z][a-z0-9_]{0,38}[a-z0-9]")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_HTML, _CSS = "card.html", "card.css"
_PACKAGED = Path(__file__).parent / "designs" / "huma_betang"


@dataclass(frozen=True)
class Design:
    """One design as it was read; picklable, so that it may travel to the process that draws."""

    name: str
    html: str
    css: str
    assets: Mapping[str, bytes]
    """The pictures, by their name in the folder."""
    sha256: str
    """Of all its files with their names: two designs with the same are the same."""

    def addresses(self) -> dict[str, bytes]:
        """All that the design may load while it is drawn, by the whole address."""
        files = {_CSS: self.css.encode(), **self.assets}
        return {ADDRESS + name: body for name, body in files.items()}

    def files(self) -> dict[str, bytes]:
        """The folder's files by name, as they were read."""
        return {_HTML: self.html.encode(), _CSS: self.css.encode(), **self.assets}


@cache
def packaged_design() -> Design:
    """The design that comes with the kiosk: Huma Betang, the long house."""
    return read_design(_PACKAGED)


def read_design(folder: Path) -> Design:
    """Read a design; files whose names begin with a dot and ``README.*`` are passed over.

    Raises:
        PrintingError: as `make_design`; ``design_missing`` when there is no such folder, ``design_file_unknown``
            (about: the name) for a folder or a link in it.
    """
    if not folder.is_dir():
        raise PrintingError("design_missing", folder.name)
    files: dict[str, bytes] = {}
    size = 0
    for path in sorted(folder.iterdir()):
        if is_passed_over(path.name):
            continue
        if path.is_symlink() or not path.is_file():
            raise PrintingError("design_file_unknown", path.name)
        size += path.stat().st_size
        if size > MAX_BYTES or len(files) == MAX_FILES:
            raise PrintingError("design_too_large", path.name)
        files[path.name] = path.read_bytes()
    return make_design(folder.name, files)


def make_design(name: str, files: Mapping[str, bytes]) -> Design:
    """The design that these files are.

    Raises:
        PrintingError: ``design_name_malformed``, ``design_file_missing``, ``design_file_unknown``, ``design_not_text``
            or ``design_too_large``; about: the file.
    """
    if not _NAME.fullmatch(name):
        raise PrintingError("design_name_malformed", name[:40])
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_BYTES:
        raise PrintingError("design_too_large", name)
    digest = hashlib.sha256()
    for file, body in sorted(files.items()):
        if file not in (_HTML, _CSS) and (Path(file).suffix.lower() not in PICTURES or not _FILE_NAME.fullmatch(file)):
            raise PrintingError("design_file_unknown", file[:60])
        digest.update(b"%d:%s%d:" % (len(file), file.encode(), len(body)) + body)
    return Design(
        name=name,
        html=_text(files, _HTML),
        css=_text(files, _CSS),
        assets={file: body for file, body in files.items() if file not in (_HTML, _CSS)},
        sha256=digest.hexdigest(),
    )


def is_passed_over(file: str) -> bool:
    """Tell whether a file of that name is none of the design's: what a computer or a person left beside it."""
    return file.startswith((".", "README", "__MACOSX")) or file in ("Thumbs.db", "desktop.ini")


def _text(files: Mapping[str, bytes], name: str) -> str:
    body = files.get(name)
    if body is None:
        raise PrintingError("design_file_missing", name)
    if len(body) > _MAX_TEXT:
        raise PrintingError("design_too_large", name)
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise PrintingError("design_not_text", name) from None
