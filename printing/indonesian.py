"""Money, dates and times as Indonesian official papers write them."""

from datetime import date, datetime, timedelta, timezone

from num2words import num2words

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian Time. Kalimantan Tengah keeps it the whole year."""

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def rupiah(amount: int) -> str:
    """150000 -> ``Rp150.000``; -15000 -> ``-Rp15.000``."""
    return f"{'-' if amount < 0 else ''}Rp{abs(amount):,}".replace(",", ".")


def in_words(amount: int) -> str:
    """An amount of whole rupiah as it is read out (*terbilang*): 15000 -> ``lima belas ribu rupiah``."""
    return f"{num2words(amount, lang='id')} rupiah"


def long_date(day: date) -> str:
    """``20 Februari 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def weekday_date(day: date) -> str:
    """``Jumat, 20 Februari 2026``."""
    return f"{_WEEKDAYS[day.weekday()]}, {long_date(day)}"


def short_date(day: date) -> str:
    """``20 Feb 2026``, where there is little room."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def clock_time(moment: datetime) -> str:
    """An aware moment as ``08.30 WIB``."""
    return f"{moment.astimezone(WIB):%H.%M} WIB"
