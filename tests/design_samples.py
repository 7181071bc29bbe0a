"""Designs for the tests: the packaged one with something changed in it."""

from __future__ import annotations

from collections.abc import Mapping

from printing.design import Design, make_design, packaged_design


def changed_design(
    html: Mapping[str, str] | None = None,
    css: str = "",
    *,
    name: str = "percobaan",
    files: Mapping[str, bytes | None] | None = None,
) -> Design:
    """The packaged design with parts of its HTML replaced, rules added to its CSS, and files added or taken out."""
    all_files = dict(packaged_design().files())
    text = all_files["card.html"].decode()
    for old, new in (html or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    all_files["card.html"] = text.encode()
    all_files["card.css"] += f"\n{css}\n".encode()
    for file, body in (files or {}).items():
        if body is None:
            del all_files[file]
        else:
            all_files[file] = body
    return make_design(name, all_files)
