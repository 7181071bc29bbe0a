"""Numbers, dates and times as an Indonesian paper writes them."""

from datetime import UTC, date, datetime

from printing.indonesian import clock_time, long_date, rupiah, short_date


def test_money_has_dots_between_thousands_and_no_cents():
    assert rupiah(150_000) == "Rp150.000"
    assert rupiah(0) == "Rp0"
    assert rupiah(1_234_567_890) == "Rp1.234.567.890"
    assert rupiah(-15_000) == "-Rp15.000"


def test_dates_name_the_month():
    assert long_date(date(2026, 2, 20)) == "20 Februari 2026"
    assert short_date(date(2026, 8, 1)) == "1 Agu 2026"


def test_time_is_western_indonesian_with_a_dot():
    assert clock_time(datetime(2026, 3, 2, 1, 30, tzinfo=UTC)) == "08.30 WIB"
    assert clock_time(datetime(2026, 3, 1, 18, 5, tzinfo=UTC)) == "01.05 WIB"
