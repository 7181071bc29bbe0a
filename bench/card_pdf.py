"""How long does one card take to PDF, cold and warm, and a hundred: against WeasyPrint's bare floor.

    python -m bench.card_pdf

The floor is WeasyPrint with two empty pages of the card's size per card: no art, no code, no photo, no word. Times are
CPU milliseconds per card (medians), cold times are wall clock of a new process that imports, makes one PDF and ends.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO

_EMPTY_PAGES = "<style>@page {{ size: 242.88pt 153.12pt; margin: 0 }} p {{ break-after: page }}</style>{}"
_TEXT = "6BF0B4ZKD-$%*+./:XR2" * 18


def main() -> None:
    from PIL import Image

    from printing.batch import write_cards
    from printing.card import card_pdf
    from printing.face import CardFace
    from printing.photo import take_in
    from printing.qr import qr_stencil

    picture = BytesIO()
    Image.effect_noise((1280, 960), 60).convert("RGB").save(picture, "JPEG")
    photo = take_in(picture.getvalue())
    face = CardFace(
        programme="Kartu Huma Betang Sejahtera",
        head_name="Muhammad Alamsyah Nur Ramadhan",
        card_number="62-06-207002-0",
        district="Katingan Tengah",
        regency="Kabupaten Katingan",
        issue_number=1,
        issued_on=date(2026, 3, 2),
        valid_until=date(2031, 3, 2),
        qr_text=_TEXT,
        loss_contact="Lapor ke kantor desa atau Dinas Sosial kabupaten, telepon 0536-000000.",
        photo=photo,
    )

    rows = []
    rows.append(("one card, cold process", _wall("card"), _wall("floor")))
    rows.append(("one card, warm", _cpu(lambda: card_pdf([face]), 20), _cpu(lambda: _empty(1), 20)))
    rows.append(
        ("100 cards in one PDF", _cpu(lambda: card_pdf([face] * 100), 3) / 100, _cpu(lambda: _empty(100), 3) / 100)
    )
    rows.append(("100 cards by write_cards", _cpu(lambda: write_cards([face] * 100, BytesIO()), 3) / 100, rows[-1][2]))

    print(f"{'':28}{'ms/card':>10}{'floor':>10}{'ratio':>8}")
    for label, card, floor in rows:
        print(f"{label:28}{card:10.1f}{floor:10.1f}{card / floor:8.1f}")
    print(f"{'of which the QR code':28}{_cpu(lambda: qr_stencil(_TEXT, 5), 20):10.1f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"one card: {len(card_pdf([face])) / 1024:.0f} KiB; peak memory {peak} MiB")


def _empty(cards: int) -> bytes:
    from weasyprint import HTML

    pdf: bytes = HTML(string=_EMPTY_PAGES.format("<p>" * (2 * cards - 1) + "<p style='break-after: auto'>")).write_pdf()
    return pdf


def _cpu(act: Callable[[], object], times: int) -> float:
    act()
    taken = []
    for _ in range(times):
        start = time.process_time()
        act()
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


def _wall(what: str) -> float:
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bench.card_pdf", what], check=True)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def _once(what: str) -> None:
    if what == "floor":
        _empty(1)
        return
    from printing.card import card_pdf
    from printing.face import CardFace

    day = date(2026, 3, 2)
    card_pdf(
        [CardFace("Kartu Huma Betang", "Rina", "62-06-207002-0", "Kamipang", "Kota X", 1, day, day, _TEXT, "Desa")]
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _once(sys.argv[1])
    else:
        main()
