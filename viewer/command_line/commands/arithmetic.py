"""`fieldglass arithmetic`: one convolution, transposed convolution or pooling, computed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from viewer.command_line.shared.answers import as_csv, as_json, as_table, give
from viewer.command_line.shared.case_arguments import add_case, case_file, exercise

if TYPE_CHECKING:
    from analysis.arithmetic.example.case_file import Exercise

COLUMNS = ("name", "kind", "input", "output", "relationship", "formula", "steps", "taps")


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `arithmetic`."""
    add_case(parser)
    parser.add_argument(
        "--matrix", action="store_true", help="write the whole matrix, however large it is"
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="write the answer to this file")
    parser.add_argument(
        "--format", choices=("table", "json", "csv"), default="table", help="of the answer"
    )


def run(asked: argparse.Namespace) -> None:
    """Print what each case computes. Raises Refusal."""
    from analysis.arithmetic.example.answer import answer

    given = case_file(asked)
    cases = given if isinstance(given, list) else [given]
    # Every case is read before the first is computed, and nothing is written before all are.
    exercises = [
        exercise(each, asked, _called(each, number) if isinstance(given, list) else "")
        for number, each in enumerate(cases, 1)
    ]
    answers = [answer(each, whole_matrix=asked.matrix) for each in exercises]
    if asked.format == "json":
        give(as_json(answers if isinstance(given, list) else answers[0]), asked.output)
        return
    rows = [
        _row(each, exercised, found)
        for each, exercised, found in zip(cases, exercises, answers, strict=True)
    ]
    if asked.format == "csv":
        give(as_csv(COLUMNS, rows), asked.output)
    else:
        give(_table(rows, answers), asked.output)


def _called(given: object, number: int) -> str:
    name = given.get("name") if isinstance(given, dict) else None
    return f"case {number} ({name})" if name else f"case {number}"


def _row(given: dict[str, Any], read: Exercise, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": given.get("name"),
        "kind": read.case.kind,
        "input": list(read.case.in_size),
        "output": found["output"],
        "relationship": found["relationship"],
        "formula": found["formula"],
        "steps": found["steps"],
        "taps": found["matrix"]["nonzeros"],
    }


def _table(rows: list[dict[str, Any]], answers: list[dict[str, Any]]) -> str:
    """The summary; of a single case its values too."""
    columns = [name for name in COLUMNS if not rows or any(row[name] is not None for row in rows)]
    text = as_table(columns, rows)
    if len(answers) != 1:
        return text
    grids = ("input_values", "kernel_values", "bias_values", "output_values")
    parts = [(name, answers[0][name]) for name in grids]
    parts += [
        ("overlap_count", answers[0]["overlap_count"]),
        ("grad_input", answers[0]["backward"]["grad_input"]),
        ("grad_kernel", answers[0]["backward"]["grad_kernel"]),
    ]
    shown = [f"\n{name}\n{_grid(values)}" for name, values in parts if values is not None]
    return text + "".join(shown)


def _grid(values: Any) -> str:
    """Numbers in columns; planes of channels with an empty line between."""
    if not isinstance(values[0], list):
        values = [values]
    if isinstance(values[0][0], list):
        return "\n".join(_grid(plane) for plane in values)
    cells = [["−∞" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
              for cell in row] for row in values]  # fmt: skip
    width = max(len(cell) for row in cells for cell in row)
    return "".join("  ".join(cell.rjust(width) for cell in row) + "\n" for row in cells)
