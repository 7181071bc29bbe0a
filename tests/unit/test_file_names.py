"""Names of downloaded files."""

from __future__ import annotations

import pytest

from kiosk.file_names import file_name


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("bnba", "PANGAN", "Tahap XI", "62.06.05.2001"), "bnba-pangan-tahap-xi-62-06-05-2001.pdf"),
        (("murid", "Sekolah Gratis", "2026/2027 – “é”"), "murid-sekolah-gratis-2026-2027-e.pdf"),
        (("undangan", 'x"; y=\r\n../z', ""), "undangan-x-y-z.pdf"),
    ],
)
def test_a_name_is_plain_whatever_a_round_is_called(parts, name):
    assert file_name(*parts, ending="pdf") == name
