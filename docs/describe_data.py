"""Write docs/data.md from the models: every table, column, constraint, in the words of the code.

Run by ``make docs``; tests/house checks that the page is what this writes.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

from sqlalchemy import CheckConstraint, Enum, Table, UniqueConstraint
from sqlalchemy.schema import Column

from registry import models
from registry.db import Base

PAGE = Path(__file__).parent / "data.md"


def describe() -> str:
    """Return the page."""
    parts = [
        "# Data",
        "Written from `registry/models/` by `make docs`; do not edit. Times are UTC, money is whole rupiah, "
        "rows that another machine may create have UUIDv7 keys.",
    ]
    for module in pkgutil.iter_modules(models.__path__):
        file = importlib.import_module(f"registry.models.{module.name}")
        parts.append(f"## {module.name}\n\n{inspect.getdoc(file)}")
        notes = _attribute_notes(inspect.getsource(file))
        classes = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__ == file.__name__]
        for model in sorted(classes, key=lambda each: inspect.getsourcelines(each)[1]):
            parts.append(_describe_table(model.__table__, inspect.getdoc(model) or "", notes.get(model.__name__, {})))
    return "\n\n".join(parts) + "\n"


def _describe_table(table: Table, sentence: str, notes: dict[str, str]) -> str:
    lines = [f"### {table.name}", "", sentence, "", "| column | type | |", "|---|---|---|"]
    lines += [f"| {column.name} | {_type(column)} | {_remarks(column, notes)} |" for column in table.columns]
    rules = sorted(
        f"- `{rule.name}`: unique over {', '.join(column.name for column in rule.columns)}"
        for rule in table.constraints
        if isinstance(rule, UniqueConstraint)
    )
    rules += sorted(
        f"- `{rule.name}`: {rule.sqltext}"
        for rule in table.constraints
        if isinstance(rule, CheckConstraint) and not rule._type_bound
    )
    rules += sorted(
        f"- `{index.name}`: unique over {', '.join(column.name for column in index.columns)}"
        f" where {index.dialect_options['sqlite']['where']}"
        for index in table.indexes
        if index.unique
    )
    return "\n".join([*lines, "", *rules]).rstrip()


def _type(column: Column[object]) -> str:
    known = {"Uuid": "uuid", "UtcTime": "time", "LargeBinary": "bytes", "JSON": "json", "Text": "text"}
    kind = type(column.type).__name__
    if isinstance(column.type, Enum):
        return " / ".join(column.type.enums)
    return known.get(kind) or str(column.type).lower()


def _remarks(column: Column[object], notes: dict[str, str]) -> str:
    remarks = ["key"] if column.primary_key else []
    remarks += sorted(f"→ {key.target_fullname}" for key in column.foreign_keys)
    remarks += ["may be null"] if column.nullable else []
    remarks += [notes[column.name]] if column.name in notes else []
    return "; ".join(remarks)


def _attribute_notes(source: str) -> dict[str, dict[str, str]]:
    """Return, per class, the sentence that stands under an attribute."""
    notes: dict[str, dict[str, str]] = {}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for before, after in zip(node.body, node.body[1:], strict=False):
            if (
                isinstance(before, ast.AnnAssign)
                and isinstance(before.target, ast.Name)
                and isinstance(after, ast.Expr)
                and isinstance(after.value, ast.Constant)
            ):
                notes.setdefault(node.name, {})[before.target.id] = str(after.value.value)
    return notes


if __name__ == "__main__":
    PAGE.write_text(describe(), encoding="utf-8")
