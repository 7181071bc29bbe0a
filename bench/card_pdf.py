"""Cards to PDF: ours against WeasyPrint alone, against pretix and against the floor, in one run on one core.

    python -m bench.card_pdf            # everything; some two minutes
    python -m bench.card_pdf quick      # without the 100,000 cards

Four ways draw the same invented families, each with a photo and a code of its own:

* WeasyPrint alone (`printing.proof`): one document for the batch, and one document for each card;
* pretix's badges, where ``PRETIX_PYTHON`` names a Python that has it (`bench.pretix_badges`);
* ours (`printing.batch`): single cards, and ten to a sheet of A4;
* the floor: page contents, codes and photos prepared beforehand, and copied into a file.

Times are CPU milliseconds for a card, the median of runs that take turns, so that a busy machine is busy for all.
Memory is the highest that a process of its own ever held.
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

FAMILIES = 1000
SLOW = 20
"""Cards that WeasyPrint alone, and pretix, draw in one run."""
RUNS = 5
MANY = 100_000

if TYPE_CHECKING:
    from printing.face import CardFace

_FIRST = (
    "Muhammad", "Siti", "Budi", "Rina", "Ani", "Dewi", "Agus", "Yusuf", "Hendra", "Lestari", "Wahyu", "Putri", "Nur",
    "Ramadhan", "Kusuma", "Sari", "Ratna", "Andi", "Bambang", "Tri", "Sri", "Eko", "Dwi", "Indah", "Joko", "Fitri",
    "Ahmad", "Abdul", "Rahman", "Yanti", "Suryani", "Hartono", "Wulandari", "Saputra", "Pratiwi",
)  # fmt: skip
_PLACES = ("Katingan Tengah", "Kamipang", "Mentawa Baru Ketapang", "Jekan Raya", "Dusun Selatan", "Kapuas Hilir")
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


class Nothing(BytesIO):
    """Where a file goes that nobody keeps."""

    def write(self, data: bytes) -> int:  # type: ignore[override] # nothing else is written
        return len(data)


def main() -> None:
    from printing.batch import write_cards
    from printing.card import card_pdf
    from printing.qr import qr_matrix
    from printing.qr_tables import build_tables
    from registry.kinds import SheetCode

    start = time.process_time()
    build_tables()
    tables = 1000 * (time.process_time() - start)

    faces = list(invented(FAMILIES))
    start = time.process_time()
    card_pdf(faces[:1])
    first = 1000 * (time.process_time() - start)
    card_pdf(faces[:1], sheet=SheetCode.A4_LONG_EDGE)
    _race(faces)

    singles = sorted(_cpu(lambda face=face: card_pdf([face])) for face in faces)  # type: ignore[misc]
    p50, p95 = singles[len(singles) // 2], singles[len(singles) * 95 // 100]
    print(f"one card in a warm process: p50 {p50:.2f}, p95 {p95:.2f} ms")
    print(f"the first card of a process: {first:.0f} ms of CPU, and {tables:.0f} ms for the tables of codes")
    print(f"a new process that draws one card and ends: {_cpu_of_a_process():.0f} ms of CPU")

    texts = [face.qr_text for face in faces]
    ours = _cpu(lambda: [_stencil(text) for text in texts]) / len(texts)
    theirs = _cpu(lambda: [_by_qrcode(text) for text in texts[:20]]) / 20
    assert all(qr_matrix(text) == _by_qrcode(text) for text in texts[:20])
    print(f"code: ours {ours:.3f} ms, qrcode {theirs:.1f} ms ({theirs / ours:.0f} x), the same modules")

    whole = BytesIO()
    write_cards(faces, whole)
    photos = sum(len(face.photo or b"") for face in faces)
    size = len(whole.getvalue())
    print(f"file: {size / FAMILIES / 1000:.1f} KB a card, of which {photos / FAMILIES / 1000:.1f} are the photo")
    if "quick" not in sys.argv:
        one, many = _peak_of_a_process(1), _peak_of_a_process(MANY)
        print(f"peak memory: {one:.0f} MB for 1 card, {many:.0f} MB for {MANY:,}: grows by {many - one:.1f} MB")


def invented(count: int) -> Iterator["CardFace"]:
    """Families, the same in every run; every photo differs from every other."""
    from PIL import Image, ImageFilter

    from printing.face import CardFace
    from printing.photo import PHOTO_SIZE, take_in

    draw = random.Random(4)
    grain = Image.effect_noise((3 * PHOTO_SIZE[0], 3 * PHOTO_SIZE[1]), 70).filter(ImageFilter.GaussianBlur(1))
    target = BytesIO()
    grain.convert("RGB").save(target, "JPEG", quality=92)
    picture = Image.open(BytesIO(take_in(target.getvalue())))
    for number in range(count):
        for digit in range(10):  # its number in black and white squares
            left = 96 + 8 * digit
            picture.paste("white" if number >> digit & 1 else "black", (left, 96, left + 8, 104))
        photo = BytesIO()
        picture.save(photo, "JPEG", quality=70, optimize=True)
        yield CardFace(
            programme="Kartu Huma Betang Sejahtera",
            head_name=" ".join(draw.sample(_FIRST, draw.randint(1, 4))),
            card_number=f"62-{draw.randint(1, 14):02}-{number:06}-{number % 10}",
            district=draw.choice(_PLACES),
            regency="Kabupaten Katingan",
            issue_number=1,
            issued_on=date(2026, 3, 2),
            valid_until=date(2031, 3, 2),
            qr_text="".join(draw.choices(_LETTERS, k=draw.randint(330, 380))),
            loss_contact="Lapor ke kantor desa atau Dinas Sosial kabupaten, telepon 0536-000000.",
            photo=photo.getvalue(),
        )


def _race(faces: list["CardFace"]) -> None:
    """Let all ways draw in turns, and say how long each took."""
    from printing.batch import write_cards
    from printing.proof import proof_pdf
    from registry.kinds import SheetCode

    floor = prepared(faces)

    ways: dict[str, tuple[int, Callable[[], float]]] = {
        f"WeasyPrint alone, one document for {SLOW}": (SLOW, lambda: _cpu(lambda: proof_pdf(faces[:SLOW]))),
        "WeasyPrint alone, a document for each": (5, lambda: _cpu(lambda: [proof_pdf([face]) for face in faces[:5]])),
        "ours, single cards": (FAMILIES, lambda: _cpu(lambda: write_cards(faces, Nothing()))),
        "ours, ten to a sheet of A4": (
            FAMILIES,
            lambda: _cpu(lambda: write_cards(faces, Nothing(), sheet=SheetCode.A4_LONG_EDGE)),
        ),
        "floor: prepared streams copied": (FAMILIES, lambda: _cpu(lambda: floor(Nothing()))),
    }
    peers = [next(iter(ways))]
    pretix = None
    if python := os.environ.get("PRETIX_PYTHON"):
        from bench.pretix_badges import PretixBadges

        pretix = PretixBadges(python, faces[:SLOW])
        peers.append(f"pretix {pretix.version}, {SLOW} badges in a file")
        ways[peers[-1]] = (SLOW, pretix.draw)
        pretix.draw()  # as WeasyPrint above: what it loads only once is not counted
    else:
        print("pretix is left out: PRETIX_PYTHON names no Python that has it")
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, (cards, measure) in ways.items():
            taken[name].append(measure() / cards)
    _print_ratios(taken, peers)
    if pretix:
        pretix.close()


def _print_ratios(taken: Mapping[str, Sequence[float]], peers: Sequence[str]) -> None:
    """For each way its median, and how many times longer each peer takes, run by run: median, lowest and highest."""
    heads = "".join(f"{'x ' + peer.partition(' ')[0]:>26}" for peer in peers)
    print(f"{'':42}{'ms/card':>10}{heads}")
    for name, times in taken.items():
        line = f"{name:42}{statistics.median(times):10.3f}"
        for peer in peers:
            pairs = [slow / own for slow, own in zip(taken[peer], times, strict=True)]
            line += f"{statistics.median(pairs):12.1f}{f'({min(pairs):.1f}-{max(pairs):.1f})':>14}"
        print(line)


def prepared(faces: list["CardFace"]) -> Callable[[BinaryIO], None]:
    """What a writer cannot do without: for each card the finished bytes of its objects, joined and written."""
    from printing.batch import write_cards

    whole = BytesIO()
    write_cards(faces, whole)
    data = whole.getvalue()
    parts = []
    end = 0
    for face in faces:
        photo = face.photo or b""
        place = data.index(photo, end)
        parts.append((data[end:place], photo))
        end = place + len(photo)

    def write(target: BinaryIO) -> None:
        for drawn, photo in parts:
            target.write(b"".join((drawn, photo)))

    return write


def _stencil(text: str) -> bytes:
    from printing.qr import qr_stencil

    return qr_stencil(text)


def _by_qrcode(text: str) -> list[list[bool]]:
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.util import MODE_ALPHA_NUM, QRData

    code = qrcode.QRCode(version=12, error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM), optimize=0)  # type: ignore[call-overload]
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _cpu(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return 1000 * (time.process_time() - start)


def _cpu_of_a_process() -> float:
    taken = []
    for _ in range(3):
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "bench.card_pdf", "one"], check=True)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(1000 * (end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime))
    return statistics.median(taken)


def _peak_of_a_process(cards: int) -> float:
    run = [sys.executable, "-m", "bench.card_pdf", "peak", str(cards)]
    return float(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def _draw(cards: int) -> None:
    from printing.batch import write_cards

    few = list(invented(min(cards, FAMILIES)))
    # every card has another number, so that nothing is remembered for the next round
    from dataclasses import replace

    def all_faces() -> Iterator["CardFace"]:
        for number in range(cards):
            face = few[number % len(few)]
            yield replace(face, card_number=f"62-06-{number:06}-0", head_name=f"{face.head_name} {number}")

    write_cards(all_faces(), Nothing())


if __name__ == "__main__":
    if "one" in sys.argv:
        _draw(1)
    elif "peak" in sys.argv:
        _draw(int(sys.argv[-1]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        main()
