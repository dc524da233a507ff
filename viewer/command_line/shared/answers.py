"""Answers as a table, JSON or CSV, on standard output or in a file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.storage import atomic_file, path_check
from viewer.command_line.shared.refusal import Refusal
from viewer.text.escaping import TABLE_MOST, csv_text, json_visible, shortened, visible

Row = Mapping[str, Any]
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
LINE = 100
"""Characters of a line of JSON."""
PLACES = ("unit", "pixel")
"""Columns that hold where something is, not how large it is."""


def give(text: str, output: str | None) -> None:
    """Print an answer, or write it to the file asked for. Raises Refusal."""
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write(Path(output), text.encode())


def write(path: Path, content: bytes) -> None:
    """Write a file in one step; a failure leaves nothing half-written. Raises Refusal."""
    try:
        atomic_file.write(path, [content])
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> Refusal:
    """Why a file cannot be written, with its path."""
    if path_check.is_folder(path):
        return Refusal(f"{path} is a folder; name a file in it.")
    reason = error.strerror or type(error).__name__
    return Refusal(f"{path} cannot be written ({reason}). Choose another folder.")


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


def as_table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Columns under their names; numbers stand at the right."""
    lines = [[_shown(column, row.get(column)) for column in columns] for row in rows]
    right = [
        all(isinstance(row.get(column), int | float | None) for row in rows) for column in columns
    ]
    widths = [
        max([len(column), *(len(line[at]) for line in lines)]) for at, column in enumerate(columns)
    ]
    printed = [
        "  ".join(
            cell.rjust(width) if at_right else cell.ljust(width)
            for cell, width, at_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in [list(columns), *lines]
    ]
    return "\n".join(printed) + "\n"


def _shown(column: str, value: Any) -> str:
    """A cell of a table; a box as half-open intervals, `[18, 206) × [66, 256)`, places as `3,4`."""
    if column == "box" and isinstance(value, list | tuple):
        axes = len(value) // 2
        spans = zip(value[:axes], value[axes:], strict=True)
        return " × ".join(f"[{low}, {high})" for low, high in spans)
    return shortened(visible(_cell(value, "," if column in PLACES else "×")), TABLE_MOST)


def _csv_cell(value: Any) -> str:
    """Text as inert text; lists with spaces between their numbers."""
    return csv_text(value) if isinstance(value, str) else _cell(value, " ")


def _cell(value: Any, between: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return between.join(_cell(each, ":") for each in value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
