"""The form by which a held family is decided on; what it asks follows from the family's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from kiosk import words
from registry.importing import HeldChoice
from registry.importing.checking import CheckedRow
from registry.kinds import Relation

_HERE, _THERE = "here", "there"


class HeldForm(FlaskForm):
    """What every held family is asked; :func:`held_form` adds the head and where each doubtful person lives."""

    is_same_family = BooleanField("Ya, ini keluarga yang sama; anggotanya memang sudah lain semua")
    drop = HiddenField()
    confirmed = HiddenField()

    rows: Sequence[CheckedRow]
    homes: Mapping[int, str]

    @property
    def is_dropping(self) -> bool:
        """Tell whether nothing of the family is to be taken."""
        return bool(self.drop.data)

    @property
    def is_confirmed(self) -> bool:
        """Tell whether the officer has read what will happen."""
        return bool(self.confirmed.data)

    @property
    def places(self) -> list[RadioField]:
        """Return the questions where each doubtful person lives."""
        return [cast(RadioField, self[_place_name(line)]) for line in sorted(self.homes)]

    def validate(self, *args: Any, **rest: Any) -> bool:
        """Ask for every answer, unless nothing is to be taken."""
        return self.is_dropping or bool(super().validate(*args, **rest))

    def choice(self) -> HeldChoice:
        """Return what was chosen."""
        if self.is_dropping:
            return HeldChoice(drop=True)
        head_line = int(self["head"].data)
        stated = [row.line for row in self.rows if row.relation is Relation.HEAD]
        answers = {line: self[_place_name(line)].data for line in self.homes}
        return HeldChoice(
            head_line=None if stated == [head_line] else head_line,
            leave_out=frozenset(line for line, answer in answers.items() if answer == _THERE),
            move_here=frozenset(line for line, answer in answers.items() if answer == _HERE),
            is_same_family=self.is_same_family.data,
        )


def held_form(rows: Sequence[CheckedRow], homes: Mapping[int, str], code: str, **rest: None) -> HeldForm:
    """Return the form for one held family.

    Args:
        homes: by line, what the family is called that the registry has a person in.
        code: why the family is held.
    """

    class _Form(HeldForm):
        pass

    _Form.head = RadioField(
        "Kepala keluarga",
        [InputRequired("Pilih kepala keluarganya.")],
        choices=[SelectChoice(str(row.line), f"{row.name}, {words.label(row.relation)}") for row in rows],
        default=_stated_head(rows, code),
    )
    for row in rows:
        if row.line in homes:
            question = RadioField(
                f"Di mana {row.name} tinggal?",
                [InputRequired(f"Pilih di mana {row.name} tinggal.")],
                choices=[
                    SelectChoice(_THERE, f"Tetap di keluarga {homes[row.line]}, tidak ikut dicatat di sini"),
                    SelectChoice(_HERE, "Pindah ke keluarga ini"),
                ],
            )
            setattr(_Form, _place_name(row.line), question)
    form = _Form(**rest)
    form.rows, form.homes = rows, homes
    return form


def _place_name(line: int) -> str:
    return f"place_{line}"


def _stated_head(rows: Sequence[CheckedRow], code: str) -> str | None:
    stated = [str(row.line) for row in rows if row.relation is Relation.HEAD]
    return stated[0] if len(stated) == 1 and code != "head_not_living" else None
