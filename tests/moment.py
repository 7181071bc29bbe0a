"""The moment that tests live in."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""2 Maret 2026, 08.30 WIB."""
