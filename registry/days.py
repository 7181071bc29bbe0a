"""The day at the counter: Kalimantan Tengah keeps WIB, seven hours ahead of UTC, all year."""

from datetime import date, datetime, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")


def local_day(at: datetime) -> date:
    """Return the calendar day in Kalimantan Tengah at an aware moment."""
    return at.astimezone(WIB).date()
