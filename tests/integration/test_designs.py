"""A design of the card passes only if every card that it can make is one that may be handed out."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from warnings import catch_warnings, simplefilter
from zipfile import ZipFile

import pytest
from canary import canary_in
from design_samples import changed_design
from PIL import ImageFile
from printing_samples import sample_face, sample_photo, sample_picture

from printing.card import check_face
from printing.design import make_design, packaged_design, read_design
from printing.design_archive import pack_design, unpack_design
from printing.design_check import examine, examine_here
from printing.design_drawn import draw_cards
from printing.design_markup import markup_faults
from printing.errors import PrintingError
from registry.kinds import SheetCode

FACES = (
    sample_face(photo=sample_photo()),
    sample_face(
        head_name="Maximilianus Bungai Tambuna Sempung Antang Rambang Laksamana",
        district="Tewang Sangalang Garing",
        regency="Kabupaten Kotawaringin Timur",
        issue_number=12,
        photo=sample_photo(),
    ),
    sample_face(head_name="Ai", district="Paku", regency="Kota Palangka Raya"),
)


def told(faults: object) -> set[tuple[str, str]]:
    return {(fault.code, fault.about) for fault in faults}  # type: ignore[attr-defined]


def test_the_packaged_design_passes_and_is_shown_from_both_sides_in_both_ways():
    examined = examine(packaged_design(), FACES)
    assert told(examined.faults) == set()
    assert examined.preview is not None
    assert examined.preview.pdf.startswith(b"%PDF-")
    printed, coloured, proof = examined.preview.printed, examined.preview.coloured, examined.preview.proof
    assert [len(printed), len(coloured), len(proof)] == [6, 2, 6]
    assert {picture[:8] for picture in (*printed, *coloured, *proof)} == {b"\x89PNG\r\n\x1a\n"}
    assert [coloured[0] == printed[0], coloured[1] == printed[1]] == [True, False]


PHOTO = '<div class="photo" data-field="photo" data-chamfer="3.36"></div>'
IN_THE_TEXT = {
    "no back": ({'class="back"': 'class="rear"'}, "", ("design_side_missing", "back")),
    "a third part": ({"</body>": "<section></section></body>"}, "", ("design_side_missing", "front")),
    "an unknown field": ({'data-field="issued_on"': 'data-field="nik"'}, "", ("design_field_unknown", "nik")),
    "no kecamatan": ({'data-field="district"': ""}, "", ("design_field_missing", "district")),
    "no kabupaten": ({'data-field="regency_name"': ""}, "", ("design_field_missing", "regency")),
    "no place to report": ({'data-field="loss_contact"': ""}, "", ("design_field_missing", "loss_contact")),
    "two codes": ({PHOTO: '<div data-field="code"></div>'}, "", ("design_field_twice", "code")),
    "a script": ({"</body>": "</body><script></script>"}, "", ("design_element_forbidden", "<script>")),
    "a frame": ({PHOTO: "<iframe></iframe>"}, "", ("design_element_forbidden", "<iframe>")),
    "an attachment": (
        {"<title>": '<link rel="attachment" href="front.svg"><title>'},
        "",
        ("design_element_forbidden", "<link>"),
    ),
    "flex": ({}, "p { display: flex }", ("design_css_forbidden", "display: flex")),
    "grid in a media rule": (
        {},
        "@media print { p { display: inline-grid } }",
        ("design_css_forbidden", "display: inline-grid"),
    ),
    "flex by attribute": (
        {PHOTO: '<div style="display: flex"></div>'},
        "",
        ("design_css_forbidden", "display: flex"),
    ),
    "an import": ({}, "@import 'a.css';", ("design_css_forbidden", "@import")),
    "a typeface of its own": ({}, "@font-face { font-family: a }", ("design_css_forbidden", "@font-face")),
    "a page of its own": ({}, "@page { size: A4 }", ("design_css_forbidden", "@page")),
    "a picture of the internet": (
        {'src="front.svg"': 'src="https://example.org/a.png"'},
        "",
        ("design_address_outside", "https://example.org/a.png"),
    ),
    "a file": (
        {},
        "p { background: url(file:///etc/hostname) }",
        ("design_address_outside", "file:///etc/hostname"),
    ),
    "a folder above": ({'src="front.svg"': 'src="../front.svg"'}, "", ("design_address_outside", "../front.svg")),
    "data": ({}, "p { background: url('data:,x') }", ("design_address_outside", "data:,x")),
    "a missing picture": ({'src="front.svg"': 'src="fornt.svg"'}, "", ("design_picture_missing", "fornt.svg")),
}


@pytest.mark.parametrize("case", IN_THE_TEXT)
def test_what_a_design_may_not_say_is_told_before_it_is_drawn(case: str):
    html, css, fault = IN_THE_TEXT[case]
    assert fault in told(markup_faults(changed_design(html, css)))


def svg(inner: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inner}</svg>'.encode()


PICTURES = {
    "a script": ("a.svg", svg("<script/>"), ("design_element_forbidden", "<script>")),
    "a page": ("a.svg", svg("<foreignObject/>"), ("design_element_forbidden", "<foreignObject>")),
    "an outer picture": ("a.svg", svg('<image href="http://a/b"/>'), ("design_address_outside", "http://a/b")),
    "an outer fill": ("a.svg", svg('<path fill="url(http://a/b)"/>'), ("design_address_outside", "http://a/b")),
    "a style": (
        "a.svg",
        svg("<style>path { fill: url(file:///a) }</style>"),
        ("design_address_outside", "file:///a"),
    ),
    "entities": (
        "a.svg",
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("&a;"),
        ("design_element_forbidden", "a.svg: <!DOCTYPE>"),
    ),
    "no XML": ("a.svg", b"<svg", ("design_picture_broken", "a.svg")),
    "another kind of XML": ("a.svg", b"<html/>", ("design_picture_broken", "a.svg")),
    "half a JPEG": ("a.jpg", sample_picture((600, 800))[:-400], ("design_picture_broken", "a.jpg")),
    "a text": ("a.png", b"hello", ("design_picture_broken", "a.png")),
    "a bomb": ("a.png", sample_picture((20_000, 20_000), kind="PNG"), ("design_picture_too_large", "a.png")),
}


@pytest.mark.parametrize("case", PICTURES)
def test_a_picture_that_cannot_be_taken_is_told(case: str):
    name, body, fault = PICTURES[case]
    assert fault in told(markup_faults(changed_design(files={name: body})))


def test_half_a_picture_is_refused_though_weasyprint_is_loaded_here():
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_gradient_and_a_use_within_the_picture_are_no_addresses():
    inner = '<linearGradient id="g"/><path id="p" fill="url(#g)"/><use href="#p"/>'
    assert markup_faults(changed_design(files={"a.svg": svg(inner)})) == []


DRAWN = {
    "GRATIS left out": ({">GRATIS<": "><"}, "", ("design_words_missing", "GRATIS")),
    "hidden words": ({}, ".no-money { display: none }", ("design_words_missing", "bukan alat bayar")),
    "a code between the dots": ({}, ".code { left: 151.5pt }", ("design_code_off_grid", "code")),
    "a code too small": ({}, ".code { width: 70pt; height: 70pt }", ("design_code_off_grid", "code")),
    "four dots to a module": ({}, ".code { width: 62.4pt; height: 62.4pt }", ("design_code_size", "22,0 mm")),
    "a photo at the edge": ({}, ".photo { left: 4.8pt }", ("design_outside_safe_area", "photo")),
    "a code at the edge": ({}, ".code { left: 163.2pt }", ("design_outside_safe_area", "code")),
}


@pytest.mark.parametrize("case", DRAWN)
def test_what_comes_of_a_design_is_looked_at(case: str):
    html, css, fault = DRAWN[case]
    assert fault in told(examine_here(changed_design(html, css), FACES).faults)


def test_words_too_near_to_the_edge_are_told_with_the_words():
    faults = examine_here(changed_design(css=".free { left: 2.4pt }"), FACES).faults
    assert ("design_outside_safe_area", True) in {(fault.code, "GRATIS" in fault.about) for fault in faults}


def test_words_over_other_words_are_told():
    faults = examine_here(changed_design(css=".no-money { top: 58pt }"), FACES).faults
    assert "design_fields_overlap" in {fault.code for fault in faults}


def test_words_over_the_photo_are_told():
    faults = examine_here(changed_design(css=".number { left: 60pt }"), FACES).faults
    assert {"photo"} == {fault.about[:5] for fault in faults if fault.code == "design_fields_overlap"}


def test_art_beside_the_code_is_told():
    art = {PHOTO: PHOTO, '<div class="code"': '<div class="near"></div><div class="code"'}
    css = ".near { position: absolute; left: 146pt; top: 17pt; width: 2pt; height: 78pt; background: #333 }"
    assert told(examine_here(changed_design(art, css), FACES).faults) == {("design_code_crowded", "code")}


def test_a_fault_of_every_card_is_told_once():
    css = ".code { left: 158.4pt } .free { left: 2.4pt }"
    faults = examine_here(changed_design(css=css), FACES).faults
    assert len(faults) == len(told(faults))


@pytest.mark.parametrize(
    "css",
    [".name { color: #fff }", ".free { color: #f4f4f4 }", ".over { left: 9pt; top: 32pt; width: 125pt; height: 23pt }"],
    ids=["a field in white", "fixed words in white", "covered by a picture"],
)
def test_words_that_nobody_sees_are_told(css: str):
    over = {'<p class="not-for-sale">': '<div class="over"></div><p class="not-for-sale">'}
    css += ".over { position: absolute; background: #fff }"
    assert "design_words_pale" in {fault.code for fault in examine_here(changed_design(over, css), FACES).faults}


OTHERWISE_IN_PRINT = {
    "art over a field": ('<div class="over"></div>', ".over { left: 85pt; top: 34pt; width: 60pt; height: 22pt }"),
    "a side that is half transparent": ("", ".front { opacity: .5 }"),
    "a side that is turned": ("", ".front { transform: rotate(1deg) }"),
}


@pytest.mark.parametrize("case", OTHERWISE_IN_PRINT)
def test_a_design_that_is_printed_otherwise_than_it_looks_is_told(case: str):
    added, css = OTHERWISE_IN_PRINT[case]
    css += ".over { position: absolute; background: #e0a030 }"
    design = changed_design({"</section>\n<section": f"{added}</section>\n<section"}, css)
    assert ("design_ways_differ", "front") in told(examine_here(design, FACES).faults)


def test_a_photo_of_another_size_and_place_is_no_difference():
    css = ".photo { left: 12pt; top: 20.3pt; width: 60pt; height: 80pt }"
    assert told(examine_here(changed_design(css=css), FACES).faults) == set()


WITH_COLOUR_ONLY = {
    "art beside the code": (
        ".colour-back .near { position: absolute; left: 146pt; top: 17pt; width: 2pt; height: 78pt; background: #333 }",
        ("design_code_crowded", "code (colour-back)"),
    ),
    "a hidden field": (
        ".colour-back .contact { display: none }",
        ("design_field_not_shown", "loss_contact (colour-back)"),
    ),
    "no room": (
        ".colour-back .contact { height: 6pt; width: 30pt }",
        ("design_text_does_not_fit", "loss_contact (colour-back)"),
    ),
    "no words": (
        ".colour-back .no-money { display: none }",
        ("design_words_missing", "bukan alat bayar (colour-back)"),
    ),
}


@pytest.mark.parametrize("case", WITH_COLOUR_ONLY)
def test_the_back_in_colour_is_looked_at_as_the_black_one_is(case: str):
    css, fault = WITH_COLOUR_ONLY[case]
    near = {'<div class="code"': '<div class="near"></div><div class="code"'}
    assert told(examine_here(changed_design(near, css), FACES).faults) == {fault}


def test_a_card_that_finds_no_room_on_a_sheet_is_found_out_for_that_sheet():
    design = changed_design(css=".colour-back .contact { height: 6pt; width: 30pt }")
    check_face(FACES[0], design=design)
    with pytest.raises(PrintingError) as refusal:
        check_face(FACES[0], design=design, sheet=SheetCode.A4_LONG_EDGE)
    assert (refusal.value.code, refusal.value.about) == ("text_does_not_fit", "loss_contact")


def test_a_name_that_cannot_be_fitted_is_told_by_its_field():
    css = ".name { width: 60pt; height: 8pt }"
    assert ("design_text_does_not_fit", "head_name") in told(examine_here(changed_design(css=css), FACES).faults)


def test_a_style_that_the_press_cannot_follow_is_told():
    faults = examine_here(changed_design(css=".name { text-transform: uppercase }"), FACES).faults
    assert told(faults) == {("design_field_style", "head_name: text-transform")}


def test_a_design_that_never_ends_is_a_fault_like_any_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("printing.design_check._SECONDS", 0.2)
    assert told(examine(packaged_design(), FACES).faults) == {("took_too_long", "")}


def test_the_walls_hold_even_if_nobody_had_read_the_text(tmp_path: Path):
    with canary_in(tmp_path) as canary:
        for address in (f"{canary.http}/a", canary.file.as_uri()):
            hostile = changed_design(css=f".free {{ background: url({address}) }}")
            with pytest.raises(PrintingError) as refusal:
                draw_cards(hostile, FACES, SheetCode.CARD)
            assert refusal.value.code == "asset_denied"
        assert not canary.was_hit


# the folder and the archive


def test_a_folder_is_read_as_it_was_packed(tmp_path: Path):
    design = changed_design()
    ZipFile(BytesIO(pack_design(design))).extractall(tmp_path)
    (tmp_path / "percobaan" / ".DS_Store").write_text("x")
    assert read_design(tmp_path / "percobaan") == design == unpack_design("percobaan", pack_design(design))


def test_any_change_of_a_file_or_its_name_is_another_design():
    design = packaged_design()
    files = design.files()
    renamed = {name.replace("front", "depan"): body for name, body in files.items()}
    others = [make_design("a1", files | {"card.css": b"p {}"}), make_design("a1", renamed)]
    assert len({design.sha256, *(other.sha256 for other in others)}) == 3
    assert make_design("a1", files).sha256 == design.sha256


@pytest.mark.parametrize(
    ("name", "files", "code", "about"),
    [
        ("Huma Betang", {}, "design_name_malformed", "Huma Betang"),
        ("../a", {}, "design_name_malformed", "../a"),
        ("baru", {"card.html": None}, "design_file_missing", "card.html"),
        ("baru", {"card.css": b"\xff\xfe"}, "design_not_text", "card.css"),
        ("baru", {"card.css": b" " * 300_000}, "design_too_large", "card.css"),
        ("baru", {"a.exe": b""}, "design_file_unknown", "a.exe"),
        ("baru", {"a b.png": b""}, "design_file_unknown", "a b.png"),
        ("baru", {"a.png": bytes(9_000_000)}, "design_too_large", "baru"),
    ],
)
def test_a_folder_that_is_no_design_is_refused(name: str, files: dict, code: str, about: str):
    with pytest.raises(PrintingError) as refusal:
        changed_design(name=name, files=files)
    assert (refusal.value.code, refusal.value.about) == (code, about)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../card.html", "design_file_unknown"),
        ("/card.html", "design_file_unknown"),
        ("a/b/card.html", "design_file_unknown"),
        ("a\\..\\card.html", "design_file_unknown"),
        ("lain/front.svg", "design_file_unknown"),
        ("percobaan/card.html", "design_file_unknown"),
    ],
)
def test_an_archive_with_a_path_of_its_own_mind_is_refused(path: str, code: str):
    content = BytesIO(pack_design(changed_design()))
    with ZipFile(content, "a") as archive, catch_warnings():
        simplefilter("ignore")  # zipfile's own, of a name that stands there twice
        archive.writestr(path, "x")
    with pytest.raises(PrintingError) as refusal:
        unpack_design("percobaan", content.getvalue())
    assert refusal.value.code == code


def test_a_zip_bomb_is_refused_by_what_comes_out():
    content = BytesIO()
    with ZipFile(content, "w", compression=8) as archive:
        archive.writestr("card.html", bytes(50_000_000))
    with pytest.raises(PrintingError) as refusal:
        unpack_design("percobaan", content.getvalue())
    assert refusal.value.code == "design_too_large"


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused(content: bytes):
    with pytest.raises(PrintingError):
        unpack_design("percobaan", content)


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path):
    folder = tmp_path / "percobaan"
    folder.mkdir()
    for name, body in packaged_design().files().items():
        (folder / name).write_bytes(body)
    (folder / "a.png").symlink_to("/etc/hostname")
    with pytest.raises(PrintingError) as refusal:
        read_design(folder)
    assert refusal.value.code == "design_file_unknown"
