"""The card as it comes out of the rasteriser: what stands on it, where, and in which ink."""

import io
import re
import shutil
import subprocess
import tracemalloc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from printing_samples import QR_TEXT, boxes_of_letters, picture, sample_face, sample_photo, sample_picture, words

from printing.batch import write_cards
from printing.card import card_pdf, check_face
from printing.errors import PrintingError
from printing.layout import CARD_HEIGHT, CARD_WIDTH, CORNER, PHOTO, QR, SAFE
from printing.photo import PHOTO_SIZE
from printing.qr import MODULES, QUIET_MODULES, qr_matrix
from printing.sheets import PLAIN, SHEETS, Adjustment, Place
from registry.kinds import SheetCode

LONG_NAME = "Muhammad Alamsyah Nur Ramadhan Kusumawat"
DOTS = 5


@pytest.fixture(scope="module")
def plain() -> bytes:
    return card_pdf([sample_face()])


TWO_SIDED = [SheetCode.CARD, SheetCode.PRESS, SheetCode.A4_LONG_EDGE, SheetCode.A4_SHORT_EDGE]


ALONE = Place(0, 0, 0, turned=False)


def code_area(page: Image.Image, place: Place = ALONE, *, quiet: int = 0) -> Image.Image:
    """The code of a back that lies at ``place``, upright, with a margin around it."""
    card = page.crop((place.x, place.y, place.x + CARD_WIDTH, place.y + CARD_HEIGHT))
    if place.turned:
        card = card.transpose(Image.Transpose.ROTATE_180)
    return card.crop((QR.left - quiet, QR.top - quiet, QR.right + quiet, QR.bottom + quiet))


def poppler(pdf: bytes, folder: Path, *options: str) -> Image.Image:
    program = shutil.which("pdftoppm")
    if program is None:
        pytest.fail("poppler-utils are missing: setup/system-packages.sh test installs them")
    (folder / "card.pdf").write_bytes(pdf)
    subprocess.run(
        [program, "-r", "300", "-png", "-f", "2", "-l", "2", *options, folder / "card.pdf", folder / "page"], check=True
    )
    return Image.open(next(folder.glob("page*.png"))).convert("RGB")


def test_the_front_says_what_card_md_lists_and_no_more(plain: bytes):
    said = re.sub(r"\s+", " ", words(plain, 0)).strip()
    for part in (
        "Kartu Huma Betang Sejahtera", "Kepala keluarga", "Rina Lestari", "Nomor kartu", "62-06-207002-0", "Kecamatan",
        "Katingan Tengah", "Kabupaten", "Katingan", "Terbitan", "ke-2 · 2 Mar 2026", "Berlaku sampai", "2 Mar 2031",
    ):  # fmt: skip
        assert part in said
        said = said.replace(part, "", 1)
    assert not said.strip()


def test_the_back_says_that_it_is_free_and_no_money_and_where_to_report_loss(plain: bytes):
    said = re.sub(r"\s+", " ", words(plain, 1))
    for part in ("GRATIS", "Tidak diperjualbelikan", "Bukan alat bayar", "Lapor ke kantor desa", "62-06-207002-0"):
        assert part in said


@pytest.mark.parametrize("sheet", SheetCode)
def test_every_module_is_five_whole_dots_of_pure_black_or_white(sheet: SheetCode):
    form = SHEETS[sheet]
    last = form.cards - 1
    faces = [sample_face(qr_text=f"{QR_TEXT[:-2]}{index:02}") for index in range(form.cards)]
    place = form.back(last)
    page = picture(card_pdf(faces, sheet=sheet), place.page)
    quiet = QUIET_MODULES * DOTS
    colours = {colour: count for count, colour in code_area(page, place, quiet=quiet).getcolors()}
    assert set(colours) == {(0, 0, 0), (255, 255, 255)}
    matrix = qr_matrix(faces[last].qr_text)
    code = code_area(page, place)
    for y, row in enumerate(matrix):
        for x, black in enumerate(row):
            module = code.crop((x * DOTS, y * DOTS, (x + 1) * DOTS, (y + 1) * DOTS))
            assert module.getcolors() == [(DOTS * DOTS, (0, 0, 0) if black else (255, 255, 255))]
    assert colours[0, 0, 0] == DOTS * DOTS * sum(map(sum, matrix))


@pytest.mark.parametrize("sheet", SheetCode)
def test_all_codes_of_a_sheet_are_read_from_the_pictures_of_its_pages(sheet: SheetCode):
    faces = [sample_face(qr_text=f"{QR_TEXT[:-2]}{index:02}") for index in range(SHEETS[sheet].cards + 1)]
    pdf = card_pdf(faces, sheet=sheet)
    pages = 2 * SHEETS[sheet].pages
    read = [code for page in range(pages) for code in zxingcpp.read_barcodes(picture(pdf, page))]
    assert sorted(code.text for code in read) == [face.qr_text for face in faces]
    for code in read:
        width = abs(code.position.top_right.x - code.position.top_left.x)
        assert (code.ec_level, width) == ("M", pytest.approx(DOTS * MODULES, abs=6))


@pytest.mark.parametrize("sheet", [SheetCode.A4_LONG_EDGE, SheetCode.A4_SHORT_EDGE])
def test_a_back_lies_behind_its_own_front(sheet: SheetCode):
    form = SHEETS[sheet]
    colours = [f"#{40 * index // 2 + 20:02x}4080" for index in range(form.cards)]
    faces = [
        sample_face(photo=sample_photo(colour), qr_text=f"{QR_TEXT[:-2]}{index:02}")
        for index, colour in enumerate(colours)
    ]
    pdf = card_pdf(faces, sheet=sheet)
    fronts, backs = picture(pdf, 0), picture(pdf, 1)
    for index in range(form.cards):
        front, back = form.front(index), form.back(index)
        red = fronts.getpixel((front.x + PHOTO.left + 99, front.y + PHOTO.top + 99))[0]
        assert abs(red - int(colours[index][1:3], 16)) < 6
        card = backs.crop((back.x, back.y, back.x + CARD_WIDTH, back.y + CARD_HEIGHT))
        assert zxingcpp.read_barcodes(card)[0].text == faces[index].qr_text


def test_a_printer_that_prints_half_a_millimetre_to_the_left_gets_pages_moved_to_the_right():
    moved = picture(card_pdf([sample_face()], back=Adjustment(shift_x=508, shift_y=-254)), 1)
    plain = picture(card_pdf([sample_face()]), 1)
    # 508 um are six dots, 254 are three
    assert moved.crop((106, 97, 806, 497)).tobytes() == plain.crop((100, 100, 800, 500)).tobytes()
    assert picture(card_pdf([sample_face()], back=PLAIN), 1).tobytes() == plain.tobytes()


@pytest.mark.parametrize("sheet", TWO_SIDED)
def test_the_printing_program_is_told_not_to_scale_and_over_which_edge_to_turn(sheet: SheetCode):
    with pikepdf.open(io.BytesIO(card_pdf([sample_face()], sheet=sheet))) as pdf:
        wishes = pdf.Root.ViewerPreferences
        assert wishes.PrintScaling == "/None"
        edge = "Long" if sheet is SheetCode.A4_LONG_EDGE else "Short"
        assert wishes.Duplex == f"/DuplexFlip{edge}Edge"


@pytest.mark.parametrize("options", [(), ("-aa", "no", "-aaVector", "no")])
def test_another_rasteriser_sees_the_very_same_code(plain: bytes, tmp_path: Path, options: tuple[str, ...]):
    page = poppler(plain, tmp_path, *options)
    assert code_area(page).tobytes() == code_area(picture(plain, 1)).tobytes()
    assert zxingcpp.read_barcodes(page)[0].text == QR_TEXT


def test_the_code_is_a_stencil_in_grey_black_and_nothing_on_the_page_is_cmyk(plain: bytes):
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        back = pdf.pages[1]
        code = back.Resources.XObject["/C0"]
        assert code.ImageMask
        assert not code.Interpolate
        assert (code.Width, code.Height, code.BitsPerComponent) == (MODULES, MODULES, 1)
        steps = [
            (str(step.operator), [str(part) for part in step.operands]) for step in pikepdf.parse_content_stream(back)
        ]
        drawn = steps.index(("Do", ["/C0"]))
        assert [operator for operator, _ in steps[drawn - 3 : drawn]] == ["q", "g", "cm"]
        assert steps[drawn - 2] == ("g", ["0"])
        for side, page in enumerate(pdf.pages):
            streams = [
                pikepdf.parse_content_stream(page),
                pikepdf.parse_content_stream(page.Resources.XObject[f"/A{side}"]),
            ]
            assert not {str(step.operator) for stream in streams for step in stream} & {"k", "K"}


def test_the_back_for_card_printers_needs_no_colour_panel(plain: bytes):
    assert all(red == green == blue for _, (red, green, blue) in picture(plain, 1).getcolors(1_000_000))


def test_boxes_for_card_printers(plain: bytes):
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        for page in pdf.pages:
            assert [float(side) for side in page.MediaBox] == pytest.approx([0, 0, 242.88, 153.12], abs=0.0002)
            trim = [float(side) for side in page.TrimBox]
            assert trim[2] - trim[0] == pytest.approx(85.60 * 72 / 25.4, abs=0.001)
            assert trim[3] - trim[1] == pytest.approx(53.98 * 72 / 25.4, abs=0.001)
            assert 0 < trim[0] < 0.2


def test_print_shops_get_three_millimetres_of_bleed_and_crop_marks_outside():
    pdf_bytes = card_pdf([sample_face()], sheet=SheetCode.PRESS)
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        for page in pdf.pages:
            trim, bleed, media = ([float(side) for side in box] for box in (page.TrimBox, page.BleedBox, page.MediaBox))
            for edge in range(4):
                assert 3 <= abs(trim[edge] - bleed[edge]) * 25.4 / 72 < 3.2
                assert abs(media[edge] - bleed[edge]) * 25.4 / 72 > 4
    page = picture(pdf_bytes, 0)
    form = SHEETS[SheetCode.PRESS]
    box = form.art_box(form.front(0))
    art = page.crop((box.left, box.top, box.right, box.bottom))
    assert (255, 255, 255) not in {art.getpixel((x, y)) for x in (2, art.width - 3) for y in range(2, art.height - 2)}
    assert min(page.crop((90, 0, 102, 50)).convert("L").getextrema()) < 120


@pytest.mark.parametrize("page", [0, 1])
def test_the_art_runs_past_the_trim_and_has_no_edge_there(plain: bytes, page: int):
    shown = picture(plain, page)
    ground = shown.getpixel((SAFE, 12))
    assert all(
        shown.getpixel(place) == ground for place in [(0, 0), (CARD_WIDTH - 1, 0), (0, 300), (CARD_WIDTH - 1, 300)]
    )


@settings(max_examples=12)
@given(
    st.lists(
        st.text("ABCDEFGHIJKLMNOPRSTUWYabcdefghijklmnoprstuwy'.-", min_size=1, max_size=18), min_size=1, max_size=9
    )
    .map(" ".join)
    .map(lambda name: name[:120].strip())
)
def test_no_name_is_cut_and_no_letter_leaves_the_safe_area(name: str):
    pdf = card_pdf([sample_face(head_name=name, district=name[:25], regency="Kota " + name[:25])])
    squeezed = re.sub(r"[\s\x02\xad￾-]+", "", words(pdf, 0))
    assert re.sub(r"[\s-]+", "", name) in squeezed
    for page in (0, 1):
        for left, top, right, bottom in boxes_of_letters(pdf, page):
            assert left >= SAFE
            assert top >= SAFE
            assert right <= CARD_WIDTH - SAFE
            assert bottom <= CARD_HEIGHT - SAFE
            assert not (left < CORNER and top < CORNER)


def test_the_longest_name_keeps_clear_of_what_stands_below():
    pdf = card_pdf([sample_face(head_name=LONG_NAME)])
    assert "Muhammad Alamsyah" in words(pdf, 0)
    bottoms = [bottom for left, top, _, bottom in boxes_of_letters(pdf, 0) if 140 < top < 225 and left > 350]
    assert max(bottoms) <= 240


def test_a_name_that_fits_at_no_size_is_refused_and_not_cut():
    with pytest.raises(PrintingError) as refusal:
        card_pdf([sample_face(district="W" * 60)])
    assert (refusal.value.code, refusal.value.about) == ("text_does_not_fit", "district")


def test_a_text_of_a_pages_length_never_reaches_the_layout():
    with pytest.raises(PrintingError) as refusal:
        sample_face(head_name="a" * 121)
    assert (refusal.value.code, refusal.value.about) == ("text_too_long", "head_name")


def test_a_letter_that_the_typeface_lacks_is_refused_and_not_left_out():
    with pytest.raises(PrintingError) as refusal:
        card_pdf([sample_face(head_name="Rina ɞ Lestari")])
    assert (refusal.value.code, refusal.value.about) == ("text_not_in_typeface", "head_name")


@pytest.mark.parametrize(
    ("changed", "code", "about"),
    [
        ({"district": "W" * 60}, "text_does_not_fit", "district"),
        ({"head_name": "Rina ɞ"}, "text_not_in_typeface", "head_name"),
        ({"qr_text": "a"}, "qr_text_not_printable", ""),
        ({"photo": b"nothing"}, "photo_not_ours", ""),
    ],
)
def test_what_cannot_be_drawn_is_told_beforehand(changed: dict[str, object], code: str, about: str):
    check_face(sample_face())
    with pytest.raises(PrintingError) as refusal:
        check_face(sample_face(**changed))
    assert (refusal.value.code, refusal.value.about) == (code, about)


def test_markup_in_a_name_is_words():
    pdf = card_pdf([sample_face(head_name="<b>Budi</b> {{ 1 }} & <img src=x>")])
    assert "<b>Budi</b>" in words(pdf, 0)
    assert "<img src=x>" in re.sub(r"\s+", " ", words(pdf, 0))


def test_the_photo_is_printed_as_it_was_kept():
    photo = sample_photo("#3070b0")
    pdf_bytes = card_pdf([sample_face(photo=photo)])
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        assert pdf.pages[0].Resources.XObject["/P0"].read_raw_bytes() == photo
    middle = picture(pdf_bytes, 0).getpixel((PHOTO.left + PHOTO.width // 2, PHOTO.top + PHOTO.height // 2))
    assert all(abs(seen - meant) < 8 for seen, meant in zip(middle, (0x30, 0x70, 0xB0), strict=True))


@pytest.mark.parametrize(
    "photo",
    [
        b"not a picture",
        b"\xff\xd8\xff\xd9",
        sample_picture(PHOTO_SIZE, kind="PNG"),
        sample_picture((600, 800)),
        sample_picture(PHOTO_SIZE, progressive=True),
        sample_picture(PHOTO_SIZE, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"),
        sample_photo()[:-2],
    ],
)
def test_a_picture_that_did_not_come_through_the_intake_is_refused(photo: bytes):
    with pytest.raises(PrintingError) as refusal:
        card_pdf([sample_face(photo=photo)])
    assert refusal.value.code == "photo_not_ours"


@pytest.mark.parametrize("sheet", [SheetCode.CARD, SheetCode.A4_LONG_EDGE])
def test_a_page_cut_out_of_a_batch_carries_nothing_of_another_family(sheet: SheetCode):
    form = SHEETS[sheet]
    colours = ("#803020", "#208030", "#203080")
    photos = [sample_photo(colour) for colour in colours]
    faces = [
        sample_face(photo=photo, head_name=name)
        for photo, name in zip(photos, ("Ani", "Budi", "Citra"), strict=True)
        for _ in range(form.cards)
    ]
    target = io.BytesIO()
    assert write_cards(iter(faces), target, sheet=sheet) == len(faces)
    with pikepdf.open(target) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 6
        for index, photo in enumerate(photos):
            with pikepdf.new() as cut:
                cut.pages.extend([pdf.pages[2 * index], pdf.pages[2 * index + 1]])
                kept = io.BytesIO()
                cut.save(kept)
            for other in photos:
                assert (other in kept.getvalue()) == (other == photo)


def test_a_batch_prints_the_same_pictures_as_single_cards():
    faces = [
        sample_face(head_name=name, qr_text=f"{QR_TEXT[:-1]}{index}")
        for index, name in enumerate(("Ani", "Budi", "Citra"))
    ]
    target = io.BytesIO()
    write_cards(faces, target)
    for index, face in enumerate(faces):
        single = card_pdf([face])
        for side in (0, 1):
            assert picture(target.getvalue(), 2 * index + side).tobytes() == picture(single, side).tobytes()


def test_a_batch_of_more_pages_than_a_branch_of_the_tree_holds_is_whole():
    faces = [sample_face(card_number=f"62-06-{index:06}-0") for index in range(200)]
    with pikepdf.open(io.BytesIO(card_pdf(faces))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 400
        assert len(pdf.Root.Pages.Kids) == 4
    assert "62-06-000199-0" in words(card_pdf(faces), 398)


def test_nothing_of_a_batch_stays_in_memory_but_where_its_objects_begin():
    class Paper(io.RawIOBase):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            return len(data)

    photo = sample_photo()

    def most_held(cards: int) -> int:
        faces = (sample_face(photo=photo) for _ in range(cards))
        tracemalloc.start()
        try:
            write_cards(faces, Paper())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most_held(20)
    # a page's photo and code alone are 1,500 bytes
    assert most_held(450) - most_held(300) < 150 * 400


def test_several_processes_draw_what_one_would():
    faces = [sample_face(head_name=name) for name in ("Ani", "Budi", "Citra", "Dedi")]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        drawn = list(processes.map(card_pdf, [faces[:2], faces[2:]]))
    assert drawn == [card_pdf(faces[:2]), card_pdf(faces[2:])]


def test_the_file_says_nothing_of_the_family_outside_the_page(plain: bytes):
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        assert set(pdf.docinfo.keys()) == {"/Producer", "/Title"}
        assert str(pdf.docinfo["/Title"]) == "Kartu"


def test_only_our_own_typeface_is_embedded(plain: bytes):
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        fonts = {
            str(item.BaseFont) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        }
    assert fonts
    assert all("Plus-Jakarta-Sans" in font for font in fonts)
