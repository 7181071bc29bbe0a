"""An IPP message: attributes in groups, and a document behind them, as bytes and back (RFC 8010).

Only what a print client needs: text without languages going out, every value type coming in. A value that is not
understood is kept as bytes, never a reason to lose the rest of a printer's answer.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from printing.errors import PrintingError

__all__ = ["Attribute", "Group", "GroupTag", "Message", "Tag", "Value", "decode", "encode"]

Value: TypeAlias = "int | bool | str | bytes | tuple[int, ...] | Mapping[str, Attribute] | None"

_VERSION = (2, 0)  # IPP/2.0: what IPP Everywhere asks of a printer, and CUPS speaks since 1.5
_HEAD = struct.Struct(">BBHI")
_LENGTH = struct.Struct(">H")
_DEEPEST = 8  # collections in collections; a printer's media-col-database has three


class GroupTag(IntEnum):
    """Begins a group of attributes (RFC 8010, 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """The syntax of a value (RFC 8010, 3.5.2)."""

    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    RESOLUTION = 0x32
    RANGE = 0x33
    BEGIN_COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49
    MEMBER_NAME = 0x4A


_OUT_OF_BAND = range(0x10, 0x20)
_STRINGS = range(0x40, 0x60)


@dataclass(frozen=True, slots=True)
class Attribute:
    """The values of one attribute, all of one syntax.

    An integer or enum is an ``int``, a resolution ``(across, along, 3)`` in dots per inch, a range ``(low, high)``, a
    collection the attributes of its members, an out-of-band value ``None``.
    """

    tag: int
    values: tuple[Value, ...]


Group: TypeAlias = "tuple[int, Mapping[str, Attribute]]"


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer; ``code`` is the operation or the status."""

    code: int
    request_id: int
    groups: Sequence[Group] = field(default_factory=tuple)
    document: bytes = b""


def encode(message: Message) -> bytes:
    """Return a message as the bytes that travel."""
    parts = [_HEAD.pack(*_VERSION, message.code, message.request_id)]
    for group_tag, attributes in message.groups:
        parts.append(bytes([group_tag]))
        parts += [_encode_attribute(name, attribute) for name, attribute in attributes.items()]
    return b"".join([*parts, bytes([GroupTag.END]), message.document])


def decode(data: bytes) -> Message:
    """Read a message.

    Raises:
        PrintingError: code ``printer_answer_unreadable``.
    """
    try:
        _major, _minor, code, request_id = _HEAD.unpack_from(data)
        groups, at = _decode_groups(data, _HEAD.size)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise PrintingError("printer_answer_unreadable") from error
    return Message(code, request_id, groups, data[at:])


def _encode_attribute(name: str, attribute: Attribute) -> bytes:
    parts = []
    for index, value in enumerate(attribute.values):
        parts.append(_encode_value(attribute.tag, name if index == 0 else "", value))
    return b"".join(parts)


def _encode_value(tag: int, name: str, value: Value) -> bytes:
    if isinstance(value, Mapping):
        members = b"".join(
            _piece(Tag.MEMBER_NAME, "", member.encode()) + _encode_attribute("", attribute)
            for member, attribute in value.items()
        )
        return _piece(tag, name, b"") + members + _piece(Tag.END_COLLECTION, "", b"")
    return _piece(tag, name, _pack(value))


def _piece(tag: int, name: str, value: bytes) -> bytes:
    return bytes([tag]) + _LENGTH.pack(len(name)) + name.encode("ascii") + _LENGTH.pack(len(value)) + value


def _pack(value: Value) -> bytes:
    match value:
        case None:
            return b""
        case bool():
            return bytes([value])
        case int():
            return struct.pack(">i", value)
        case str():
            return value.encode()
        case bytes():
            return value
        case (across, along, unit):
            return struct.pack(">iib", across, along, unit)
        case (low, high):
            return struct.pack(">ii", low, high)
    raise TypeError(value)


def _decode_groups(data: bytes, at: int) -> tuple[list[Group], int]:
    groups: list[Group] = []
    attributes: dict[str, Attribute] = {}
    name = ""
    while (tag := data[at]) != GroupTag.END:
        if tag < _OUT_OF_BAND.start:
            attributes, name = {}, ""
            groups.append((tag, attributes))
            at += 1
            continue
        new_name, value, at = _decode_value(data, at, 0)
        name = new_name or name
        _add(attributes, name, tag, value)
    return groups, at + 1


def _decode_value(data: bytes, at: int, depth: int) -> tuple[str, Value, int]:
    tag, name, raw, at = _next_piece(data, at)
    if tag != Tag.BEGIN_COLLECTION:
        return name, _unpack(tag, raw), at
    if depth == _DEEPEST:
        raise IndexError(at)
    members: dict[str, Attribute] = {}
    member = ""
    while data[at] != Tag.END_COLLECTION:
        if data[at] == Tag.MEMBER_NAME:
            _tag, _name, raw, at = _next_piece(data, at)
            member = raw.decode()
            continue
        member_tag = data[at]
        _name, value, at = _decode_value(data, at, depth + 1)
        _add(members, member, member_tag, value)
    _tag, _name, _raw, at = _next_piece(data, at)
    return name, members, at


def _next_piece(data: bytes, at: int) -> tuple[int, str, bytes, int]:
    tag = data[at]
    name, at = _counted(data, at + 1)
    raw, at = _counted(data, at)
    return tag, name.decode(), raw, at


def _counted(data: bytes, at: int) -> tuple[bytes, int]:
    (length,) = _LENGTH.unpack_from(data, at)
    end = at + _LENGTH.size + length
    if end > len(data):
        raise IndexError(at)
    return data[at + _LENGTH.size : end], end


def _unpack(tag: int, raw: bytes) -> Value:
    if tag in _OUT_OF_BAND:
        return None
    if tag in (Tag.INTEGER, Tag.ENUM):
        return int(struct.unpack(">i", raw)[0])
    if tag == Tag.BOOLEAN:
        return raw != b"\0"
    if tag == Tag.RESOLUTION:
        across, along, unit = struct.unpack(">iib", raw)
        return (across, along, unit)
    if tag == Tag.RANGE:
        low, high = struct.unpack(">ii", raw)
        return (low, high)
    if tag in (Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE):
        _language, at = _counted(raw, 0)
        return _counted(raw, at)[0].decode(errors="replace")
    return raw.decode(errors="replace") if tag in _STRINGS else raw


def _add(attributes: dict[str, Attribute], name: str, tag: int, value: Value) -> None:
    """Add a value; also to an attribute that stands twice in its group, as ippeveprinter's formats do."""
    before = attributes.get(name)
    attributes[name] = Attribute(before.tag, (*before.values, value)) if before else Attribute(tag, (value,))
