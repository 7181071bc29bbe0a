"""Laws of sheets: nothing overlaps or leaves the paper, and however it is turned a back lies behind its own front."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing import layout
from printing.layout import CARD_HEIGHT, CARD_WIDTH, Box
from printing.qr import MODULES, QUIET_MODULES
from printing.sheets import LONG_EDGE, SHEETS, SHORT_EDGE, Place, Sheet
from registry.kinds import SheetCode
from registry.prints.printers import DOTS_PER_INCH

TWO_SIDED = [sheet for sheet in SHEETS.values() if sheet.pages == 2]
EVERY = st.sampled_from(list(SHEETS.values()))


@st.composite
def places(draw, sheets=EVERY):
    """A sheet, one of its cards, and a spot on that card from its top left corner as one reads it."""
    sheet = draw(sheets)
    index = draw(st.integers(0, sheet.cards - 1))
    return sheet, index, (draw(st.integers(0, CARD_WIDTH)), draw(st.integers(0, CARD_HEIGHT)))


def on_paper(place: Place, spot: tuple[int, int]) -> tuple[int, int]:
    """Where a spot of a card's side lies on its page."""
    x, y = spot
    return (place.x + CARD_WIDTH - x, place.y + CARD_HEIGHT - y) if place.turned else (place.x + x, place.y + y)


def behind(sheet: Sheet, spot: tuple[int, int]) -> tuple[int, int]:
    """Where a spot of the back page lies when one looks through the paper from the front."""
    x, y = spot
    edges = {"upright": (sheet.width - x, y), "level": (x, sheet.height - y)}
    long, short = ("upright", "level") if sheet.height >= sheet.width else ("level", "upright")
    return edges[long if sheet.duplex == LONG_EDGE else short]


def meets(sheet: Sheet, index: int, spot: tuple[int, int]) -> bool:
    """Whether a spot of the back lies behind the spot of the front that a card turned like a book's page has there."""
    x, y = spot
    through = behind(sheet, on_paper(sheet.back(index), spot))
    return through == on_paper(sheet.front(index), (CARD_WIDTH - x, y))


@given(places(st.sampled_from(TWO_SIDED)))
def test_a_back_lies_behind_its_own_front_and_upright(chosen):
    assert meets(*chosen)


@pytest.mark.parametrize("sheet", [sheet for sheet in TWO_SIDED if sheet.cards > 1], ids=lambda sheet: sheet.code)
def test_paper_turned_over_the_other_edge_would_be_found_out(sheet: Sheet):
    wrong = replace(sheet, duplex=SHORT_EDGE if sheet.duplex == LONG_EDGE else LONG_EDGE)

    class Mistaken(Sheet):
        def back(self, index: int) -> Place:
            return wrong.back(index)

    mistaken = Mistaken(**{name: getattr(sheet, name) for name in sheet.__dataclass_fields__})
    assert not any(meets(mistaken, index, (0, 0)) for index in range(sheet.cards))


@given(places(st.just(SHEETS[SheetCode.A4_FOLD])))
def test_folded_behind_a_back_lies_behind_its_own_front_and_upright(chosen):
    sheet, index, (x, y) = chosen
    front, back = sheet.front(index), sheet.back(index)
    (fold,) = {mark.x1 for mark in sheet.marks() if mark.fold}
    paper_x, paper_y = on_paper(back, (x, y))
    assert (2 * fold - paper_x, paper_y) == on_paper(front, (CARD_WIDTH - x, y))


def test_only_what_is_folded_along_its_long_side_has_to_be_turned():
    """Why the fold of five cards is drawn upright: a fold over the level side puts the back head down."""
    above = Place(0, 100, 100, turned=False)
    for turned in (False, True):
        below = Place(0, 100, 100 + CARD_HEIGHT, turned=turned)
        fold = 100 + CARD_HEIGHT
        x, y = on_paper(below, (0, 0))
        assert ((x, 2 * fold - y) == on_paper(above, (CARD_WIDTH, 0))) is turned


@given(EVERY)
def test_no_art_covers_another_cards_and_none_leaves_the_page(sheet: Sheet):
    sides = [side for index in range(sheet.cards) for side in (sheet.front(index), sheet.back(index))]
    assert {side.page for side in sides} == set(range(sheet.pages))
    boxes = [(side.page, sheet.art_box(side)) for side in sides]
    for number, (page, box) in enumerate(boxes):
        assert 0 <= box.left < box.right <= sheet.width
        assert 0 <= box.top < box.bottom <= sheet.height
        assert not [other for elsewhere, other in boxes[:number] if elsewhere == page and overlap(box, other)]


@given(EVERY)
def test_cards_and_marks_lie_where_the_printer_prints(sheet: Sheet):
    lost = sheet.unprintable
    for index in range(sheet.cards):
        for side in (sheet.front(index), sheet.back(index)):
            assert lost <= side.x <= sheet.width - lost - CARD_WIDTH
            assert lost <= side.y <= sheet.height - lost - CARD_HEIGHT
    for mark in sheet.marks():
        assert lost <= min(mark.x1, mark.x2) <= max(mark.x1, mark.x2) <= sheet.width - lost
        assert lost <= min(mark.y1, mark.y2) <= max(mark.y1, mark.y2) <= sheet.height - lost


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS.values() if sheet.crop_marks], ids=lambda one: one.code)
def test_every_cut_has_a_mark_on_both_ends_and_no_mark_touches_the_art(sheet: Sheet):
    sides = [side for index in range(sheet.cards) for side in (sheet.front(index), sheet.back(index))]
    upright = [mark.x1 for mark in sheet.marks() if mark.x1 == mark.x2]
    level = [mark.y1 for mark in sheet.marks() if mark.y1 == mark.y2]
    for side in sides:
        assert {upright.count(x) for x in (side.x, side.x + CARD_WIDTH)} == {2}
        assert {level.count(y) for y in (side.y, side.y + CARD_HEIGHT)} == {2}
    for mark in sheet.marks():
        line = Box(mark.x1, mark.y1, mark.x2 - mark.x1, mark.y2 - mark.y1)
        assert line.width + line.height >= 30  # 2.5 mm, to be seen
        assert not [side for side in sides if overlap(line, sheet.art_box(side))]


def test_sheets_are_paper_as_it_is_sold():
    def millimetres(code: SheetCode) -> tuple[float, float]:
        return (SHEETS[code].width * 25.4 / 300, SHEETS[code].height * 25.4 / 300)

    for code in (SheetCode.A4_LONG_EDGE, SheetCode.A4_SHORT_EDGE, SheetCode.A4_FOLD):
        assert millimetres(code) == pytest.approx((210, 297), abs=0.05)
    assert millimetres(SheetCode.A6_SLIP) == pytest.approx((105, 148), abs=0.05)
    assert millimetres(SheetCode.CARD) == pytest.approx((85.6, 53.98), abs=0.1)
    assert set(SHEETS) == set(SheetCode)
    assert {code: SHEETS[code].cards for code in SheetCode} == {
        SheetCode.CARD: 1,
        SheetCode.PRESS: 1,
        SheetCode.A4_LONG_EDGE: 10,
        SheetCode.A4_SHORT_EDGE: 10,
        SheetCode.A4_FOLD: 5,
        SheetCode.A6_SLIP: 1,
    }


def test_modules_are_whole_dots_at_every_resolution_and_never_thinner_than_four():
    for dots_per_inch in DOTS_PER_INCH:
        dots, left_over = divmod(layout.QR_DOTS_PER_MODULE * dots_per_inch, 300)
        assert (dots >= 4, left_over) == (True, 0)
    assert layout.QR.width == layout.QR.height == MODULES * layout.QR_DOTS_PER_MODULE


def test_the_codes_quiet_zone_is_free_and_stands_in_the_safe_area():
    quiet = layout.QR_QUIET
    reach = QUIET_MODULES * layout.QR_DOTS_PER_MODULE
    assert (quiet.left, quiet.top) == (layout.QR.left - reach, layout.QR.top - reach)
    assert (quiet.right, quiet.bottom) == (layout.QR.right + reach, layout.QR.bottom + reach)
    assert layout.SAFE <= quiet.left < quiet.right <= CARD_WIDTH - layout.SAFE
    assert layout.SAFE <= quiet.top < quiet.bottom <= CARD_HEIGHT - layout.SAFE


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share a dot; a line has none, but may not lie inside either."""
    return (
        one.left < other.right
        and other.left < max(one.right, one.left + 1)
        and one.top < other.bottom
        and other.top < max(one.bottom, one.top + 1)
    )
