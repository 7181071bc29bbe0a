"""A design made ready: what is refused, and what happens when WeasyPrint is not the one that is known."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
import weasyprint
from printing_samples import sample_face, words

from printing import press, self_test
from printing.card import card_pdf
from printing.design import Design, packaged_design
from printing.errors import PrintingError
from printing.layout import PHOTO, QR
from printing.press import press_for
from registry.kinds import SheetCode


@pytest.fixture
def fresh() -> Iterator[None]:
    """As in a process that has drawn nothing yet, and after it again."""
    self_test.check_weasyprint.cache_clear()
    press._ready.clear()
    yield
    self_test.check_weasyprint.cache_clear()
    press._ready.clear()


def changed(*changes: tuple[str, str]) -> Design:
    design = packaged_design()
    html = design.html
    for old, new in changes:
        assert old in html
        html = html.replace(old, new, 1)
    return replace(design, html=html, sha256=html)


def test_the_packaged_design_has_its_pictures_where_the_layout_says():
    places = {type(place).__name__: place for place in press_for(None, SheetCode.CARD).places}
    code, photo = places["CodePlace"], places["PhotoPlace"]
    assert (code.left, code.top, code.size) == (QR.left, QR.top, QR.width)
    assert (photo.left, photo.width) == pytest.approx((PHOTO.left * 0.24, PHOTO.width * 0.24))


@pytest.mark.parametrize(
    ("old", "new", "code", "about"),
    [
        ('data-field="programme"', 'data-field="religion"', "design_field_unknown", "religion"),
        ('class="code"', 'class="code" style="left: 151.5pt"', "design_code_off_grid", "code"),
        ('class="code"', 'class="code" style="width: 46.8pt; height: 46.8pt"', "design_code_size", "16,5 mm"),
        ('class="number"', 'class="number" style="width: auto"', "design_field_without_width", "card_number"),
        ('class="number"', 'class="number" style="display: none"', "design_field_not_shown", "card_number"),
        ('class="name"', 'class="name" style="font-style: italic"', "design_field_style", "head_name: font-style"),
        ('class="number"', 'class="number" style="font-family: serif"', "design_field_style", "card_number: font"),
        ('data-lines="3"', 'data-lines="many"', "design_field_rule", "head_name: data-lines"),
        ('ke-<span', 'ke-<b>!</b><span', "design_field_mixed", "b"),
    ],
)  # fmt: skip
def test_a_design_that_cannot_be_drawn_is_refused(old: str, new: str, code: str, about: str):
    with pytest.raises(PrintingError) as refusal:
        card_pdf([sample_face()], design=changed((old, new)))
    assert (refusal.value.code, refusal.value.about) == (code, about)


def test_words_around_fields_stay_where_the_design_has_them():
    design = changed(("ke-<span", "nomor <span"), ("</span> · <span", "</span> dari <span"))
    assert "nomor 2 dari 2 Mar 2026" in words(card_pdf([sample_face()], design=design), 0)


def test_a_card_is_the_same_file_each_time_it_is_drawn(fresh: None):
    once = card_pdf([sample_face()])
    press._ready.clear()
    assert card_pdf([sample_face()]) == once


def test_another_weasyprint_ends_in_an_error_before_a_card_is_drawn(fresh: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(RuntimeError, match=r"WeasyPrint 71\.0"):
        card_pdf([sample_face()])


def test_boxes_that_lie_elsewhere_than_words_are_drawn_end_in_an_error(fresh: None, monkeypatch: pytest.MonkeyPatch):
    from weasyprint.formatting_structure.boxes import Box

    true_place = Box.content_box_x
    monkeypatch.setattr(Box, "content_box_x", lambda box: true_place(box) + 1)
    with pytest.raises(RuntimeError, match="elsewhere"):
        card_pdf([sample_face()])


def test_what_is_the_same_on_all_cards_is_in_the_file_once():
    with pikepdf.open(BytesIO(card_pdf([sample_face()] * 3))) as pdf:
        forms = [page.Resources.XObject[f"/A{number % 2}"].objgen for number, page in enumerate(pdf.pages)]
        assert len(set(forms)) == 2
        fonts = [page.Resources.Font.W700.objgen for page in pdf.pages]
        assert len(set(fonts)) == 1
