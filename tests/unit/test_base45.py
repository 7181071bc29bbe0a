"""Base45 as RFC 9285 has it."""

from __future__ import annotations

import pytest

from registry.code import base45


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")],
)
def test_the_examples_of_the_rfc(data, text):
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@pytest.mark.parametrize("text", ["GGW", ":::", "::", "B", "BB8A", "bb8", "BB8\n", "BB_", "٣٣٣", "ÀBB"])
def test_what_no_bytes_give_is_refused(text):
    with pytest.raises(ValueError, match="base45"):
        base45.decode(text)
