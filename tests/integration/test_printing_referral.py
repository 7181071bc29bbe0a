"""The letter to Dinas Sosial."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest
from printing_samples import picture, words

from printing.referral import ReferralNote, referral_pdf

NOTE = ReferralNote(
    point="Puskesmas Tumbang Samba",
    regency="Kabupaten Katingan",
    name="Siti Ma'rifah Kahayan",
    birth_year=1989,
    card_number="62-06-207002-0",
    ask="kepesertaan PBI-JK yang dinonaktifkan diaktifkan kembali",
    made_at=datetime(2026, 11, 21, 18, 30, tzinfo=UTC),
    officer="Lina Marlina",
    officer_id="P-0417",
    audit_tail="9f3c01ab",
)


def said(note: ReferralNote) -> str:
    return re.sub(r"\s+", " ", words(referral_pdf(note), 0))


def test_it_says_who_asks_what_for_whom_when_and_where_to_go():
    text = said(NOTE)
    for part in (
        "Surat Keterangan Membutuhkan Layanan Kesehatan", "Puskesmas Tumbang Samba",
        "Kepada Dinas Sosial Kabupaten Katingan", "Siti Ma'rifah Kahayan", "1989", "62-06-207002-0",
        "22 November 2026, 01.30 WIB", "Mohon agar kepesertaan PBI-JK yang dinonaktifkan diaktifkan kembali.",
        "KTP dan KK asli", "Lina Marlina (P-0417)", "9f3c01ab",
    ):  # fmt: skip
        assert part in text


def test_it_is_one_page_a5_and_black_only():
    pdf = referral_pdf(NOTE)
    with pdfium.PdfDocument(pdf) as document:
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx((148 * 72 / 25.4, 210 * 72 / 25.4), abs=0.01)
    assert all(red == green == blue for _, (red, green, blue) in picture(pdf, 0).getcolors(1_000_000))


def test_the_longest_words_the_registry_can_hold_stay_on_the_page():
    long = replace(NOTE, name="W" * 120, point="Puskesmas " * 8, officer="W" * 80)
    assert said(long).replace(" ", "").count("W") >= 200
