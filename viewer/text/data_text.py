"""Answers as text that other programs read: JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from viewer.text.escaping import csv_text, json_visible

Row = Mapping[str, Any]
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
LINE = 100
"""Characters of a line of JSON."""


def as_json(answer: Any) -> str:
    """Indented JSON, short lists on one line."""
    return json_visible(_json(answer, 0)) + "\n"


def _json(value: Any, depth: int) -> str:
    if not isinstance(value, dict | list) or not value:
        return _ENCODER.encode(value)
    if len(value) <= LINE // 2:  # more cannot stand on a line, and need not be tried on one
        flat = _ENCODER.encode(value)
        if len(flat) + 2 * depth <= LINE:
            return flat
    indent = "  " * (depth + 1)
    if isinstance(value, dict):
        parts = [f"{_ENCODER.encode(key)}: {_json(each, depth + 1)}" for key, each in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [_json(each, depth + 1) for each in value]
        opening, closing = "[", "]"
    inside = f",\n{indent}".join(parts)
    return f"{opening}\n{indent}{inside}\n{'  ' * depth}{closing}"


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """One line a row; lists have spaces between their numbers, nothing stands for null."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _csv_cell(value: Any) -> str:
    """Text as inert text; lists with spaces between their numbers."""
    return csv_text(value) if isinstance(value, str) else cell_text(value, " ")


def cell_text(value: Any, between: str) -> str:
    """One value, empty for null; what stands between the entries of a list."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return between.join(cell_text(each, ":") for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
