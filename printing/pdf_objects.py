"""PDF objects in the order of their numbers, before they are written."""

import zlib


class Objects:
    """The objects of a file's beginning; the first has number 1."""

    def __init__(self) -> None:
        self._bodies: list[bytes | None] = []

    def __len__(self) -> int:
        return len(self._bodies)

    def reserve(self) -> int:
        """A number whose object comes later."""
        self._bodies.append(None)
        return len(self._bodies)

    def put(self, number: int, body: bytes) -> None:
        """The object of a number that was reserved."""
        self._bodies[number - 1] = body

    def add(self, body: bytes) -> int:
        """The next object; says its number."""
        self._bodies.append(body)
        return len(self._bodies)

    def written(self, start: bytes) -> tuple[bytes, list[int]]:
        """``start`` and all objects after it, and for each where it begins; 0 for those that come later."""
        parts, offsets, position = [start], [], len(start)
        for number, body in enumerate(self._bodies, 1):
            if body is None:
                offsets.append(0)
                continue
            parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
            offsets.append(position)
            position += len(parts[-1])
        return b"".join(parts), offsets


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A compressed stream object with these entries in its dictionary."""
    packed = zlib.compress(data, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (entries, len(packed), packed)


def number(value: float) -> bytes:
    """A number as PDF writes it, to a hundred-thousandth of a point."""
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return b"0" if text == "-0" else text.encode()
