"""Answers as a table, JSON or CSV, on standard output or in a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.storage import atomic_file, path_check
from viewer.command_line.shared.refusal import Refusal
from viewer.text.data_text import as_csv, as_json, cell_text
from viewer.text.escaping import TABLE_MOST, shortened, visible

__all__ = ["as_csv", "as_json", "as_table", "before_activation", "give", "unwritable", "write"]

Row = Mapping[str, Any]
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


def before_activation(share_of: Mapping[str, str]) -> str:
    """What shares are shares of, where that is not the output."""
    layer, before = share_of["layer"], share_of["before"]
    return f"Shares are of the values before the closing {before} (layer {layer})."


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
    return shortened(visible(cell_text(value, "," if column in PLACES else "×")), TABLE_MOST)
