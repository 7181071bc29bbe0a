"""How well a code is printed, judged from pictures that are our own card, spoilt in known ways."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from code_pictures import code_picture
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from printing_samples import QR_TEXT, picture, sample_face

from kiosk.words.print_grades import judge
from printing.card import card_pdf
from printing.errors import PhotoError
from printing.grading import Grade, PrintGrade, Scale, grade_print

CORNER = (863, 300, 963, 396)
"""The bottom right of the code, in dots: no finder pattern stands there."""


@pytest.fixture(scope="module")
def back() -> Image.Image:
    """The back of a card as a printer of 300 dpi prints it, a pixel a dot."""
    return picture(card_pdf([sample_face()]), 1)


@pytest.fixture(scope="module")
def scan(back) -> Image.Image:
    """The same card in a scanner of 600 dpi."""
    return back.resize((back.width * 2, back.height * 2), Image.Resampling.NEAREST)


def grade(image: Image.Image, dots_per_inch: int | None = None) -> PrintGrade:
    target = BytesIO()
    image.save(target, "PNG")
    return grade_print(target.getvalue(), dots_per_inch=dots_per_inch)


def paler(image: Image.Image, darkest: int) -> Image.Image:
    return image.point(lambda value: darkest + (255 - darkest) * value // 255)


def thicker(image: Image.Image) -> Image.Image:
    """Every dark part one dot wider and higher."""
    wider = ImageChops.darker(image, ImageChops.offset(image, 1, 0))
    return ImageChops.darker(wider, ImageChops.offset(wider, 0, 1))


def thinner(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.MaxFilter(3))


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """Out of focus, as light mixes and not as grey values do."""
    light = image.convert("L").point([round(255 * (value / 255) ** 2.2) for value in range(256)])
    mixed = light.filter(ImageFilter.GaussianBlur(radius))
    return mixed.point([round(255 * (value / 255) ** (1 / 2.2)) for value in range(256)])


def covered(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    image = image.copy()
    ImageDraw.Draw(image).rectangle(box, fill="#8a6a50")
    return image


def scaled(image: Image.Image, factor: float) -> Image.Image:
    return image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.LANCZOS)


def leaning(image: Image.Image) -> Image.Image:
    """Seen from the side, and lit from one."""
    bent = (1.02, 0.06, -40, 0.02, 1.04, -30, 0.00001, 0.00002)
    seen = image.transform(image.size, Image.Transform.PERSPECTIVE, bent, Image.Resampling.BICUBIC, fillcolor="white")
    lamp = Image.linear_gradient("L").resize(image.size).point(lambda value: 90 + value * 120 // 255)
    return ImageChops.multiply(seen, Image.merge("RGB", (lamp,) * 3))


def test_a_good_print_is_good_and_nothing_is_found_wrong(back, scan):
    for image, dots_per_inch in ((back, 300), (scan, 600)):
        found = grade(image, dots_per_inch)
        assert (found.text, found.grade, found.faults) == (QR_TEXT, Grade.GOOD, [])
        assert found.measured["size"] == pytest.approx(5 * 25.4 / 300, rel=0.01)
        assert abs(found.measured["growth"]) < 0.1
        assert judge(found).word == "Mutu baik"
        assert judge(found).reasons == ()


def test_how_the_card_lies_and_where_the_lamp_stands_is_no_fault_of_the_print(scan):
    turned = scan.rotate(7, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert grade(turned, 600).grade is Grade.GOOD
    assert grade(leaning(scan)).grade is Grade.GOOD


@pytest.mark.parametrize(
    ("spoil", "expected", "title"),
    [
        (lambda image: paler(image, 150), Grade.FAIR, "Hitamnya kurang hitam"),
        (lambda image: paler(image, 200), Grade.POOR, "Hitamnya kurang hitam"),
        (thicker, Grade.FAIR, "Kotak hitam melebar"),
        (lambda image: thicker(thicker(image)), Grade.POOR, "Kotak hitam melebar"),
        (thinner, Grade.POOR, "Kotak hitam menipis"),
        (lambda image: blurred(scaled(image, 2), 2), Grade.FAIR, "Tepi kotak kabur"),
        (lambda image: blurred(scaled(image, 2), 4), Grade.POOR, "Tepi kotak kabur"),
        (lambda image: covered(image, CORNER), Grade.POOR, "Cadangan koreksi hampir habis"),
        (lambda image: covered(image, (910, 380, 1011, 420)), Grade.FAIR, "Tepi putih kode tidak bersih"),
    ],
)
def test_what_is_wrong_is_graded_and_said(back, spoil: Callable, expected: Grade, title: str):
    found = grade(spoil(back))
    judgement = judge(found)
    assert title in [reason.title for reason in judgement.reasons]
    assert (found.grade, judgement.word) == (expected, {Grade.FAIR: "Mutu cukup", Grade.POOR: "Mutu buruk"}[expected])
    assert all(reason.next_step and "{" not in reason.explanation for reason in judgement.reasons)


@pytest.mark.parametrize(("factor", "expected"), [(0.97, Grade.FAIR), (0.8, Grade.FAIR), (0.72, Grade.POOR)])
def test_a_code_that_was_printed_smaller_is_found_in_a_scan(scan, factor, expected):
    found = grade(scaled(scan, factor), 600)
    assert found.grade is expected
    assert [reason.title for reason in judge(found).reasons] == ["Kode dicetak terlalu kecil"]
    # a camera knows no millimetres
    assert "size" not in grade(scaled(scan, factor)).measured


def test_a_step_worse_is_never_graded_better(back):
    doubled = scaled(back, 2)
    for spoil, image, steps in ((paler, back, (60, 120, 160, 200)), (blurred, doubled, (1, 2, 3, 4))):
        grades = [grade(spoil(image, step)).grade for step in steps]
        assert grades == sorted(grades, reverse=True)
        assert grades[0] > grades[-1]


def test_of_a_blurred_code_what_only_follows_from_the_blur_is_not_told(back):
    found = grade(blurred(scaled(back, 2), 4))
    assert found.grades["weak"] < Grade.GOOD
    assert "weak" not in found.faults


def test_a_picture_from_too_far_away_is_not_judged(back):
    judgement = judge(grade(scaled(back, 0.6)))
    assert (judgement.word, judgement.kind) == ("Tidak dapat dinilai", "unknown")
    assert "Dekatkan kamera" in judgement.reasons[0].next_step


def test_a_text_that_another_maker_writes_in_fewer_bits_is_graded_as_it_is_drawn():
    text = f"{QR_TEXT[:150]}{'0123456789' * 3}{QR_TEXT[:150]}"
    found = grade(code_picture(text, module=6))
    assert (found.text, found.grade, found.faults) == (text, Grade.GOOD, [])


def test_what_cannot_be_read_is_refused_with_its_reason(back):
    with pytest.raises(PhotoError, match="code_not_found"):
        grade(covered(back, (600, 0, 1011, 637)))


def test_where_less_is_better_a_scale_is_turned_round():
    assert [Scale(0.15, 0.35).grade(value) for value in (0.1, 0.3, 0.4)] == [Grade.GOOD, Grade.FAIR, Grade.POOR]
    assert [Scale(0.75, 0.5).grade(value) for value in (0.8, 0.6, 0.4)] == [Grade.GOOD, Grade.FAIR, Grade.POOR]
