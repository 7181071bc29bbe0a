"""How a file goes out to a browser: shown or offered, of which kind, under which name."""

from __future__ import annotations

import pytest
from werkzeug.http import parse_options_header

from kiosk.sent_files import offer_file, show_pdf


def test_a_pdf_is_shown_in_the_browser():
    answer = show_pdf(b"%PDF-", "kartu.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data == b"%PDF-"
    assert parse_options_header(answer.headers["Content-Disposition"]) == ("inline", {"filename": "kartu.pdf"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("laporan.csv", "text/csv"),
        ("anggaran-2026.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("rancangan.zip", "application/zip"),
    ],
)
def test_a_list_is_offered_to_keep_as_what_its_name_says(name, kind):
    answer = offer_file(b"rows", name)
    assert answer.mimetype == kind
    assert parse_options_header(answer.headers["Content-Disposition"]) == ("attachment", {"filename": name})


@pytest.mark.parametrize("name", ['a"; filename=b.pdf', "daftar desa.pdf"])
def test_a_name_arrives_as_it_is_whatever_stands_in_it(name):
    said = show_pdf(b"%PDF-", name).headers["Content-Disposition"]
    assert parse_options_header(said) == ("inline", {"filename": name})
