"""How values are shown to officers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.filters import angka, hari_tanggal, jam, kapital, rupiah, tanggal, tanggal_jam

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "Rp0"), (15_000, "Rp15.000"), (150_000, "Rp150.000"), (-1_500_000, "−Rp1.500.000")]
)
def test_rupiah_as_the_government_writes_it(value, shown):
    assert rupiah(value) == shown


@given(st.integers(min_value=0, max_value=10**15))
def test_a_number_keeps_its_digits(value):
    assert int(angka(value).replace(".", "")) == value


def test_times_are_those_of_western_indonesia():
    assert jam(NOW) == "08.30 WIB"
    assert tanggal_jam(NOW) == "2 Maret 2026, 08.30 WIB"
    assert hari_tanggal(NOW) == "Senin, 2 Maret 2026"


def test_the_day_begins_at_midnight_in_palangka_raya():
    assert tanggal(datetime(2026, 2, 19, 17, 0, tzinfo=UTC)) == "20 Februari 2026"
    assert tanggal(datetime(2026, 2, 19, 16, 59, tzinfo=UTC)) == "19 Februari 2026"
    assert tanggal(date(2026, 2, 20)) == "20 Februari 2026"


@pytest.mark.parametrize(("label", "shown"), [("pecah KK", "Pecah KK"), ("loket", "Loket"), ("", "")])
def test_a_label_that_begins_a_line_keeps_its_other_capitals(label, shown):
    assert kapital(label) == shown
