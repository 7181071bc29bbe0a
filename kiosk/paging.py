"""Pages of long lists, counted from 1."""

from __future__ import annotations

_LAST = 100_000  # no list is so long; a larger number only upsets the database


def page_number(text: str | None) -> int:
    """Return the page that was asked for; the first when the text is no page."""
    return min(max(1, int(text)), _LAST) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1


def page_of(text: str | None, rows: int, *, per_page: int) -> tuple[int, int]:
    """Return the page that was asked for, the last one at most, and how many pages the rows fill; one at least."""
    pages = max(1, -(-rows // per_page))
    return min(page_number(text), pages), pages
