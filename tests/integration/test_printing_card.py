"""The card as it comes out of the rasteriser: what stands on it, where, and in which ink."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from printing_samples import QR_TEXT, boxes_of_letters, picture, sample_face, sample_photo, sample_picture, words

from printing.batch import write_cards
from printing.card import CardForm, card_pdf
from printing.errors import PrintingError
from printing.layout import CARD_HEIGHT, CARD_WIDTH, CORNER, PHOTO, QR, SAFE
from printing.qr import MODULES, QUIET_MODULES, qr_matrix

LONG_NAME = "Muhammad Alamsyah Nur Ramadhan Kusumawat"
DOTS = 5


@pytest.fixture(scope="module")
def plain() -> bytes:
    return card_pdf([sample_face()])


def code_area(page: Image.Image, *, margin: int = 0, quiet: int = 0) -> Image.Image:
    left, top = QR.left + margin - quiet, QR.top + margin - quiet
    return page.crop((left, top, left + QR.width + 2 * quiet, top + QR.height + 2 * quiet))


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


@pytest.mark.parametrize("form", CardForm)
def test_every_module_is_five_whole_dots_of_pure_black_or_white(form: CardForm):
    page = picture(card_pdf([sample_face()], form=form), 1)
    quiet = QUIET_MODULES * DOTS
    colours = {colour: count for count, colour in code_area(page, margin=form.value.margin, quiet=quiet).getcolors()}
    assert set(colours) == {(0, 0, 0), (255, 255, 255)}
    code = code_area(page, margin=form.value.margin)
    for y, row in enumerate(qr_matrix(QR_TEXT)):
        for x, black in enumerate(row):
            module = code.crop((x * DOTS, y * DOTS, (x + 1) * DOTS, (y + 1) * DOTS))
            assert module.getcolors() == [(DOTS * DOTS, (0, 0, 0) if black else (255, 255, 255))]
    assert colours[0, 0, 0] == DOTS * DOTS * sum(map(sum, qr_matrix(QR_TEXT)))


@pytest.mark.parametrize("form", CardForm)
def test_the_code_is_read_from_the_picture_of_the_page(form: CardForm):
    (read,) = zxingcpp.read_barcodes(picture(card_pdf([sample_face()], form=form), 1))
    assert read.text == QR_TEXT
    assert (read.ec_level, read.position.top_right.x - read.position.top_left.x) == (
        "M",
        pytest.approx(DOTS * MODULES, abs=6),
    )


@pytest.mark.parametrize("options", [(), ("-aa", "no", "-aaVector", "no")])
def test_another_rasteriser_sees_the_very_same_code(plain: bytes, tmp_path: Path, options: tuple[str, ...]):
    page = poppler(plain, tmp_path, *options)
    assert code_area(page).tobytes() == code_area(picture(plain, 1)).tobytes()
    assert zxingcpp.read_barcodes(page)[0].text == QR_TEXT


def test_the_code_is_a_stencil_in_grey_black_and_nothing_on_the_page_is_cmyk(plain: bytes):
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        back = pdf.pages[1]
        code = back.Resources.XObject["/Own"]
        assert code.ImageMask
        assert not code.Interpolate
        assert (code.Width, code.Height, code.BitsPerComponent) == (325, 325, 1)
        drawing = pikepdf.parse_content_stream(back)
        assert [str(step.operator) for step in drawing][:5] == ["Do", "q", "g", "cm", "Do"]
        for page in pdf.pages:
            streams = [pikepdf.parse_content_stream(page), pikepdf.parse_content_stream(page.Resources.XObject["/Art"])]
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
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"


def test_print_shops_get_three_millimetres_of_bleed_and_crop_marks_outside():
    pdf_bytes = card_pdf([sample_face()], form=CardForm.PRESS)
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        for page in pdf.pages:
            trim, bleed, media = ([float(side) for side in box] for box in (page.TrimBox, page.BleedBox, page.MediaBox))
            for edge in range(4):
                assert 3 <= abs(trim[edge] - bleed[edge]) * 25.4 / 72 < 3.2
                assert abs(media[edge] - bleed[edge]) * 25.4 / 72 > 4
    page = picture(pdf_bytes, 0)
    sheet = CardForm.PRESS.value
    art = page.crop(
        (
            sheet.margin - sheet.bleed,
            sheet.margin - sheet.bleed,
            sheet.width - sheet.margin + sheet.bleed,
            sheet.height - sheet.margin + sheet.bleed,
        )
    )
    assert (255, 255, 255) not in {art.getpixel((x, y)) for x in (2, art.width - 3) for y in range(2, art.height - 2)}
    assert min(page.crop((90, 0, 102, 50)).convert("L").getextrema()) < 120


@pytest.mark.parametrize("page", [0, 1])
def test_the_art_runs_past_the_trim_and_has_no_edge_there(plain: bytes, page: int):
    shown = picture(plain, page)
    ground = shown.getpixel((SAFE, 12))
    assert all(
        shown.getpixel(place) == ground for place in [(0, 0), (CARD_WIDTH - 1, 0), (0, 300), (CARD_WIDTH - 1, 300)]
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


def test_markup_in_a_name_is_words():
    pdf = card_pdf([sample_face(head_name="<b>Budi</b> {{ 1 }} & <img src=x>")])
    assert "<b>Budi</b>" in words(pdf, 0)
    assert "<img src=x>" in re.sub(r"\s+", " ", words(pdf, 0))


def test_the_photo_is_printed_as_it_was_kept():
    photo = sample_photo("#3070b0")
    pdf_bytes = card_pdf([sample_face(photo=photo)])
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        assert pdf.pages[0].Resources.XObject["/Own"].read_raw_bytes() == photo
    middle = picture(pdf_bytes, 0).getpixel((PHOTO.left + PHOTO.width // 2, PHOTO.top + PHOTO.height // 2))
    assert all(abs(seen - meant) < 8 for seen, meant in zip(middle, (0x30, 0x70, 0xB0), strict=True))


@pytest.mark.parametrize(
    "photo", [b"not a picture", sample_picture((354, 472), kind="PNG"), sample_picture((600, 800))]
)
def test_a_picture_that_did_not_come_through_the_intake_is_refused(photo: bytes):
    with pytest.raises(PrintingError) as refusal:
        card_pdf([sample_face(photo=photo)])
    assert refusal.value.code == "photo_not_ours"


@pytest.mark.parametrize("batched", [False, True])
def test_a_page_cut_out_of_a_batch_carries_nothing_of_another_family(batched: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("printing.batch._AT_ONCE", 2)
    photos = [sample_photo(colour) for colour in ("#803020", "#208030", "#203080")]
    faces = [
        sample_face(photo=photo, head_name=name) for photo, name in zip(photos, ("Ani", "Budi", "Citra"), strict=True)
    ]
    target = io.BytesIO()
    if batched:
        assert write_cards(iter(faces), target) == 3
    else:
        target.write(card_pdf(faces))
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


def test_a_batch_prints_the_same_pictures_as_single_cards(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("printing.batch._AT_ONCE", 2)
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
