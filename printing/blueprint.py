"""Where a design puts what changes from card to card, read from the boxes that WeasyPrint has laid it out in.

The boxes are no public interface of WeasyPrint. Whatever is not where version 70 has it ends in a `RuntimeError`, here
and by `printing.self_test`, before a card is drawn wrongly. Places are in points from the card's bottom left corner, as
PDF counts; WeasyPrint counts in CSS pixels from the page's top left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from weasyprint import Document

from printing.design_layout import BLEED, PICTURES, OpenDesign, Slot, slot_number
from printing.errors import PrintingError
from printing.face import TEXTS, CardFace
from printing.fitting import Fitted, Room, fit, line_runs
from printing.layout import CARD_HEIGHT, POINTS_PER_DOT
from printing.qr import MODULES
from printing.shaping import Lettering
from printing.typeface import FAMILY, Weight

_POINTS_PER_PX = 0.75
_TOP = (CARD_HEIGHT + BLEED) * POINTS_PER_DOT
"""The card's bottom edge, from the page's top."""
FEWEST_DOTS = 5
"""Of a module: 0.42 mm (docs/designs.md). Under 4, what a rasteriser thickens would eat the white."""

_ALIGNMENTS = {"start": 0.0, "left": 0.0, "justify": 0.0, "center": 0.5, "end": 1.0, "right": 1.0}
_PLAIN: Mapping[str, object] = {
    "font_style": "normal",
    "text_transform": "none",
    "text_decoration_line": "none",
    "font_variant_numeric": "normal",
    "font_variant_caps": "normal",
    "visibility": "visible",
    "word_spacing": 0,
    "text_indent": (0, "px"),
    "opacity": 1,
    "transform": (),
}
"""What the words of a field cannot have otherwise: the fast way would not draw it."""


@dataclass(frozen=True)
class TextPlace:
    """The place of a line, or lines, of words."""

    pattern: tuple[tuple[str, str | None], ...]
    field: str
    room: Room
    left: float
    top: float
    height: float
    """Of the element, within which ``is_middle`` centres the lines."""
    baseline: float
    """Of the first line under its top, in sizes."""
    align: float
    """0 left, 0.5 middle, 1 right."""
    is_middle: bool
    colour: tuple[float, float, float]

    def reader(self) -> Callable[[CardFace], str]:
        """What gives the words of a card's face."""
        if len(self.pattern) == 1 and not self.pattern[0][0]:
            return TEXTS[self.field]
        parts = [(words, None if name is None else TEXTS[name]) for words, name in self.pattern]
        return lambda face: "".join(words + (get(face) if get else "") for words, get in parts)

    def fit(self, text: str) -> Fitted:
        """``text`` as it fits here.

        Raises:
            PrintingError: ``text_does_not_fit``, ``text_not_in_typeface``: about the field.
        """
        fitted = fit(text, self.room, self.field)
        if not all(run.is_whole for line in fitted.lines for run in line_runs(line, self.room.lettering)):
            raise PrintingError("text_not_in_typeface", self.field)
        return fitted

    def down(self, fitted: Fitted) -> float:
        """How far under its top the first line begins."""
        return (self.height - fitted.height(self.room.pitch)) / 2 if self.is_middle else 0.0


@dataclass(frozen=True)
class PhotoPlace:
    """The place of the head's photo; the art shows there where a card has none."""

    left: float
    bottom: float
    width: float
    height: float
    chamfer: float
    """What is cut off its corners."""


@dataclass(frozen=True)
class CodePlace:
    """The place of the code, in dots from the card's top left corner."""

    left: int
    top: int
    size: int


Place = TextPlace | PhotoPlace | CodePlace


def read_places(opened: OpenDesign, document: Document) -> list[Place]:
    """The place of every slot, from a document in which each is filled with a no-break space.

    Raises:
        PrintingError: ``design_field_…``, ``design_code_off_grid``: about the field.
        RuntimeError: WeasyPrint's boxes are not as they were in the version that this was written for.
    """
    found: dict[int, Any] = {}
    try:
        for page in document.pages:
            for box in page._page_box.descendants(True):
                number = slot_number(box.element)
                if number is not None and number not in found:
                    found[number] = box
        places: list[Place] = []
        for number, slot in enumerate(opened.slots):
            if number not in found:
                raise PrintingError("design_field_not_shown", slot.field)
            places.append(_READERS.get(slot.field, _text_place)(slot, found[number]))
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise RuntimeError("WeasyPrint lays out in another way than this was written for") from error
    return places


def _text_place(slot: Slot, box: Any) -> TextPlace:
    style = box.style
    for name, plain in _PLAIN.items():
        if style[name] != plain:
            raise PrintingError("design_field_style", f"{slot.field}: {name.replace('_', '-')}")
    if style["font_family"][0] != FAMILY or style["font_weight"] not in set(Weight):
        raise PrintingError("design_field_style", f"{slot.field}: font")
    if (
        style["position"] in ("absolute", "fixed")
        and style["width"] == "auto"
        and "auto" in (style["left"], style["right"])
    ):
        raise PrintingError("design_field_without_width", slot.field)
    line = next(inner for inner in box.descendants() if type(inner).__name__ == "LineBox")
    text = next(inner for inner in line.descendants() if type(inner).__name__ == "TextBox")
    size = _points(style["font_size"])
    pitch = line.height / style["font_size"]
    lines = _number(slot, "data-lines", 1, least=1)
    height = _points(box.height)
    features = style["font_feature_settings"]
    return TextPlace(
        pattern=slot.pattern,
        field=slot.field,
        room=Room(
            width=_points(box.width),
            height=height if style["height"] != "auto" else lines * pitch * size,
            size=size,
            smallest=min(size, _number(slot, "data-smallest", size, least=1)),
            lettering=Lettering(
                Weight(style["font_weight"]),
                () if features == "normal" else tuple((tag, int(value)) for tag, value in features),
                0.0 if style["letter_spacing"] == "normal" else _points(style["letter_spacing"]),
            ),
            lines=int(lines),
            pitch=pitch,
        ),
        left=_points(box.content_box_x()) - BLEED * POINTS_PER_DOT,
        top=_TOP - _points(box.content_box_y()),
        height=height,
        baseline=(text.position_y + text.baseline - box.content_box_y()) / style["font_size"],
        align=_ALIGNMENTS[style["text_align_all"]],
        is_middle="data-middle" in slot.attributes,
        colour=tuple(style["color"].to("srgb").coordinates),
    )


def _photo_place(slot: Slot, box: Any) -> PhotoPlace:
    return PhotoPlace(
        left=_points(box.content_box_x()) - BLEED * POINTS_PER_DOT,
        bottom=_TOP - _points(box.content_box_y() + box.height),
        width=_points(box.width),
        height=_points(box.height),
        chamfer=_number(slot, "data-chamfer", 0, least=0),
    )


def _code_place(_slot: Slot, box: Any) -> CodePlace:
    dots = [
        _points(length) / POINTS_PER_DOT for length in (box.content_box_x(), box.content_box_y(), box.width, box.height)
    ]
    left, top, width, height = (round(length) for length in dots)
    if any(abs(length - round(length)) > 0.01 for length in dots):
        raise PrintingError("design_code_off_grid", "code")
    if width != height or width % MODULES or width < FEWEST_DOTS * MODULES:
        raise PrintingError("design_code_size", f"{width * 25.4 / 300:.1f} mm".replace(".", ","))
    return CodePlace(left - BLEED, top - BLEED, width)


_READERS: Mapping[str, Callable[[Slot, Any], Place]] = dict(zip(PICTURES, (_photo_place, _code_place), strict=True))


def _points(px: float) -> float:
    # more digits than a rasteriser can see would only hide that two places are the same
    return round(px * _POINTS_PER_PX, 5)


def _number(slot: Slot, name: str, otherwise: float, *, least: float) -> float:
    try:
        number = float(slot.attributes.get(name, otherwise))
    except ValueError:
        raise PrintingError("design_field_rule", f"{slot.field}: {name}") from None
    if not least <= number < 1000:
        raise PrintingError("design_field_rule", f"{slot.field}: {name}")
    return number
