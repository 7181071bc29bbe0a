"""The day at the counter: Kalimantan Tengah keeps WIB, seven hours ahead of UTC, all year."""

from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")


def local_day(at: datetime) -> date:
    """Return the calendar day in Kalimantan Tengah at an aware moment."""
    return at.astimezone(WIB).date()


def full_years(born: date, day: date) -> int:
    """Return the age in full years on a day; who was born on 29 February is a year older from 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a calendar day in Kalimantan Tengah begins, and when the next one does."""
    begins = datetime.combine(day, time(), WIB)
    return begins, begins + timedelta(days=1)
