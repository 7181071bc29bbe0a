"""The slip that a pupil takes home from the school or campus that confirmed them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest
from printing_samples import picture, words

from printing.enrolment_slip import EnrolmentSlip, enrolment_pdf

SLIP = EnrolmentSlip(
    programme="Sekolah Gratis · 2026/2027",
    receipt_number="260302-K7M3QF-000123",
    name="Mina Contoh",
    birth_year=2010,
    stated=[("NISN", "••••••4567")],
    point="SMAN 1 Katingan Tengah (NPSN 30201234)",
    given_at=datetime(2026, 3, 1, 18, 30, tzinfo=UTC),
    officer_id="P-0417",
    complaint_contact="Pengaduan: di tempat ini.",
    audit_tail="9f3c01ab",
)


def said(slip: EnrolmentSlip) -> str:
    return re.sub(r"\s+", " ", words(enrolment_pdf(slip), 0))


def test_it_says_who_is_confirmed_for_what_where_and_when():
    text = said(SLIP)
    for part in (
        "Bukti konfirmasi", "Sekolah Gratis · 2026/2027", "Mina Contoh, lahir tahun 2010", "260302-K7M3QF-000123",
        "••••••4567", "SMAN 1 Katingan Tengah (NPSN 30201234)", "2 Maret 2026", "01.30 WIB", "P-0417", "GRATIS",
        "9f3c01ab",
    ):  # fmt: skip
        assert part in text
    assert "Kepala keluarga" not in text


def test_of_a_student_it_says_campus_and_letter():
    text = said(replace(SLIP, stated=[("Kampus", "Universitas Palangka Raya"), ("Surat", "123/UN24/2026")]))
    assert "Kampus Universitas Palangka Raya" in text
    assert "123/UN24/2026" in text


def test_one_that_was_taken_back_says_so():
    assert "DIBATALKAN 3 Maret 2026" in said(replace(SLIP, undone_at=datetime(2026, 3, 3, 1, tzinfo=UTC)))


def test_it_is_eighty_millimetres_wide_and_black_only():
    pdf = enrolment_pdf(SLIP)
    with pdfium.PdfDocument(pdf) as document:
        assert len(document) == 1
        assert document[0].get_width() == pytest.approx(80 * 72 / 25.4, abs=0.01)
    assert all(red == green == blue for _, (red, green, blue) in picture(pdf, 0).getcolors(1_000_000))


def test_the_longest_words_stay_on_the_slip():
    long = replace(SLIP, name="W" * 120, programme="Sekolah " * 20, point="SMAN " * 24, stated=[("Surat", "S" * 80)])
    assert said(long).replace(" ", "").count("W") >= 120
