"""IPP messages as RFC 8010 has them, byte for byte; and whatever a printer sends breaks nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.errors import PrintingError
from printing.printers.message import Attribute, GroupTag, Message, Tag, decode, encode
from printing.printers.sending import Setting

PRINT_JOB = (  # RFC 8010, A.1, of version 2.0
    b"\x02\x00\x00\x02\x00\x00\x00\x01"
    b"\x01"
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x48\x00\x1battributes-natural-language\x00\x05en-us"
    b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree"
    b"\x42\x00\x08job-name\x00\x06foobar"
    b"\x22\x00\x16ipp-attribute-fidelity\x00\x01\x01"
    b"\x02"
    b"\x21\x00\x06copies\x00\x04\x00\x00\x00\x14"
    b"\x44\x00\x05sides\x00\x13two-sided-long-edge"
    b"\x03%!PDF..."
)
MEDIA_COL = (  # RFC 8010, 3.1.6 and 3.1.7: a collection in a collection
    b"\x34\x00\x09media-col\x00\x00"
    b"\x4a\x00\x00\x00\x0amedia-size"
    b"\x34\x00\x00\x00\x00"
    b"\x4a\x00\x00\x00\x0bx-dimension\x21\x00\x00\x00\x04\x00\x00\x15\x16"
    b"\x4a\x00\x00\x00\x0by-dimension\x21\x00\x00\x00\x04\x00\x00\x21\x70"
    b"\x37\x00\x00\x00\x00"
    b"\x4a\x00\x00\x00\x0cmedia-source\x44\x00\x00\x00\x04main"
    b"\x37\x00\x00\x00\x00"
)


def test_the_example_of_the_rfc_is_read_and_written():
    told = decode(PRINT_JOB)
    assert (told.code, told.request_id, told.document) == (2, 1, b"%!PDF...")
    (first, operation), (second, job) = told.groups
    assert (first, second) == (GroupTag.OPERATION, GroupTag.JOB)
    assert operation["job-name"] == Attribute(Tag.NAME, ("foobar",))
    assert operation["ipp-attribute-fidelity"].values == (True,)
    assert job == {
        "copies": Attribute(Tag.INTEGER, (20,)),
        "sides": Attribute(Tag.KEYWORD, ("two-sided-long-edge",)),
    }
    assert encode(told) == PRINT_JOB


def test_a_tray_is_a_collection_with_the_size_and_no_media_beside_it():
    setting = Setting("om_cr80_53.98x85.6mm", "one-sided", None, "main", {})
    attributes = setting.attributes()
    assert "media" not in attributes
    sent = encode(Message(5, 1, [(GroupTag.JOB, {"media-col": attributes["media-col"]})]))
    assert sent == b"\x02\x00\x00\x05\x00\x00\x00\x01\x02" + MEDIA_COL + b"\x03"
    assert encode(decode(sent)) == sent


def test_more_values_of_an_attribute_have_no_name_and_an_attribute_that_stands_twice_is_one():
    more = Attribute(Tag.KEYWORD, ("media-empty", "cover-open"))
    sent = encode(Message(0, 7, [(GroupTag.PRINTER, {"printer-state-reasons": more})]))
    assert sent.count(b"printer-state-reasons") == 1
    assert decode(sent).groups[0][1]["printer-state-reasons"] == more
    twice = sent[:-1] + b"\x44\x00\x15printer-state-reasons\x00\x05other\x03"
    assert decode(twice).groups[0][1]["printer-state-reasons"].values == ("media-empty", "cover-open", "other")


@pytest.mark.parametrize(
    ("tag", "raw", "value"),
    [
        (Tag.NO_VALUE, b"", None),
        (Tag.RESOLUTION, b"\x00\x00\x01\x2c\x00\x00\x01\x2c\x03", (300, 300, 3)),
        (Tag.RANGE, b"\x00\x00\x00\x01\x00\x00\x00\x63", (1, 99)),
        (Tag.NAME_WITH_LANGUAGE, b"\x00\x02id\x00\x05Kartu", "Kartu"),
        (0x31, b"\x07\xea\x0b\x16\x02\x00\x00\x00+\x07\x00", b"\x07\xea\x0b\x16\x02\x00\x00\x00+\x07\x00"),
        (Tag.TEXT, b"Pita \xff", "Pita \ufffd"),
    ],
)
def test_every_kind_of_value_is_read(tag, raw, value):
    told = b"\x02\x00\x00\x00\x00\x00\x00\x01\x04" + bytes([tag]) + b"\x00\x01x" + len(raw).to_bytes(2, "big") + raw
    assert decode(told + b"\x03").groups[0][1]["x"].values == (value,)


@given(st.binary(max_size=200), st.integers(0, len(PRINT_JOB)), st.binary(max_size=3))
def test_whatever_a_printer_sends_is_read_or_refused(noise, at, change):
    for told in (noise, PRINT_JOB[:at], PRINT_JOB[:at] + change + PRINT_JOB[at + len(change) :]):
        try:
            decode(told)
        except PrintingError as error:
            assert error.code == "printer_answer_unreadable"  # noqa: PT017 (it may be read as well)


def test_collections_in_collections_without_end_are_refused():
    deep = b"\x34\x00\x01x\x00\x00" + b"\x4a\x00\x00\x00\x01y\x34\x00\x00\x00\x00" * 50
    with pytest.raises(PrintingError, match="printer_answer_unreadable"):
        decode(b"\x02\x00\x00\x00\x00\x00\x00\x01\x04" + deep)
