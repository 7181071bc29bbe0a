"""The receipt that a family takes home."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest
from printing_samples import picture, words

from printing.slip import ReceiptSlip, receipt_pdf

SLIP = ReceiptSlip(
    programme="Pangan Huma Betang",
    package="1 paket pangan senilai Rp150.000",
    receipt_number="TB01-000128",
    head_name="Rina Lestari",
    village="Tumbang Lahang",
    point="Titik bagi Balai Desa Tumbang Lahang",
    given_at=datetime(2026, 2, 19, 18, 30, tzinfo=UTC),
    officer_id="P-0417",
    price=0,
    complaint_contact="Dinas Sosial, telepon 0536-000000",
    audit_tail="9f3c01ab",
)


def said(slip: ReceiptSlip) -> str:
    return re.sub(r"\s+", " ", words(receipt_pdf(slip), 0))


def test_it_says_what_was_given_to_whom_where_when_and_by_whom():
    text = said(SLIP)
    for part in (
        "Pangan Huma Betang", "1 paket pangan senilai Rp150.000", "TB01-000128", "Rina Lestari", "Tumbang Lahang",
        "20 Februari 2026", "01.30 WIB", "Titik bagi Balai Desa", "P-0417", "Dinas Sosial, telepon 0536-000000",
        "9f3c01ab",
    ):  # fmt: skip
        assert part in text


def test_it_says_free_of_charge_or_the_official_price():
    assert "GRATIS – tidak dipungut biaya" in said(SLIP)
    priced = said(replace(SLIP, price=15_000))
    assert "Harga resmi Rp15.000" in priced
    assert "GRATIS" not in priced


def test_without_a_chain_there_is_no_code_for_one():
    assert "Kode catatan" not in said(replace(SLIP, audit_tail=None))


def test_it_is_eighty_millimetres_wide_and_black_only():
    pdf = receipt_pdf(SLIP)
    with pdfium.PdfDocument(pdf) as document:
        assert len(document) == 1
        assert document[0].get_width() == pytest.approx(80 * 72 / 25.4, abs=0.01)
    assert all(red == green == blue for _, (red, green, blue) in picture(pdf, 0).getcolors(1_000_000))


def test_the_longest_words_the_registry_can_hold_stay_on_the_slip():
    long = replace(
        SLIP,
        programme="Pasar Murah " * 6,
        package="1 paket " * 10,
        head_name="W" * 120,
        village="Desa " * 16,
        point="Balai " * 13,
        complaint_contact="Dinas Sosial " * 12,
    )
    assert said(long).replace(" ", "").count("W") >= 120
