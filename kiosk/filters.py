"""How values are shown: rupiah, numbers, dates and times of Western Indonesia."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

WIB = ZoneInfo("Asia/Jakarta")
"""Western Indonesian time: all of Kalimantan Tengah."""


def angka(value: int) -> str:
    """Show a whole number: ``1.234``."""
    return format_decimal(value, locale="id")


def rupiah(value: int) -> str:
    """Show an amount of whole rupiah as the government writes it: ``Rp150.000``."""
    return f"{'−' if value < 0 else ''}Rp{angka(abs(value))}"


def tanggal(value: date | datetime) -> str:
    """Show a date, or the date in WIB of a time: ``20 Februari 2026``."""
    return format_date(_day(value), "d MMMM y", locale="id")


def hari_tanggal(value: date | datetime) -> str:
    """Show a date with its weekday: ``Jumat, 20 Februari 2026``."""
    return format_date(_day(value), "EEEE, d MMMM y", locale="id")


def jam(value: datetime) -> str:
    """Show a time of day in WIB: ``08.30 WIB``."""
    return f"{value.astimezone(WIB):%H.%M} WIB"


def tanggal_jam(value: datetime) -> str:
    """Show a moment in WIB: ``20 Februari 2026, 08.30 WIB``."""
    return f"{tanggal(value)}, {jam(value)}"


def umur(born: date, on: date) -> str:
    """Show how old somebody is on a day: ``34 tahun``, below two years ``8 bulan``."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return f"{months // 12} tahun" if months >= 24 else f"{max(0, months)} bulan"


def kapital(text: str) -> str:
    """Begin a label as a sentence begins, every other letter as it is: ``Pecah KK``."""
    return text[:1].upper() + text[1:]


def _day(value: date | datetime) -> date:
    return value.astimezone(WIB).date() if isinstance(value, datetime) else value


def teach(app: Flask) -> None:
    """Make the filters known to the templates."""
    for shows in (angka, rupiah, tanggal, hari_tanggal, jam, tanggal_jam, umur, kapital):
        app.jinja_env.filters[shows.__name__] = shows
