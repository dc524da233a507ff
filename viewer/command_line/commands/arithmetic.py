"""`fieldglass arithmetic`: one convolution, transposed convolution or pooling, computed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.operators.contract import Fault
from viewer.command_line.shared.answers import as_csv, as_json, as_table, give
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.arithmetic.example.case_file import Exercise

COLUMNS = ("name", "kind", "input", "output", "relationship", "formula", "steps", "taps")
MOST_BYTES = 1 << 28


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


def add_case(parser: argparse.ArgumentParser) -> None:
    """`--case` and the seed of the values it leaves out."""
    parser.add_argument(
        "--case", metavar="CASE.json", required=True, help="a case, or a list of cases"
    )
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of missing values")


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


def case_file(asked: argparse.Namespace) -> Any:
    """What the file of `--case` holds, read as JSON. Raises Refusal."""
    path = Path(asked.case)
    if asked.seed < 0:
        raise Refusal(f"--seed is {asked.seed}; it must not be negative.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal(f"{path} is larger than {MOST_BYTES >> 20} MB; a case is smaller.")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise Refusal(Fault("missing-file", (str(path),))) from error
    except OSError as error:
        raise Refusal(Fault("cannot-read", (str(path),))) from error
    except json.JSONDecodeError as error:
        raise Refusal(f"{path} is not JSON: {error.msg} in line {error.lineno}.") from error
    except ValueError as error:  # other bytes than UTF-8, or a number of thousands of digits
        raise Refusal(f"{path} is not JSON that can be read. Save it as UTF-8.") from error


def exercise(given: object, asked: argparse.Namespace, where: str = "") -> Exercise:
    """A case that can be computed, with its values. Raises Refusal, naming what is wrong."""
    from analysis.arithmetic.example.answer import bytes_needed
    from analysis.arithmetic.example.case_file import read_case, read_exercise
    from analysis.inference.memory import available_bytes

    case = read_case(given)
    read: Exercise | Fault
    if isinstance(case, Fault):
        read = case
    else:
        needed = bytes_needed(case, whole_matrix=getattr(asked, "matrix", False))
        free = available_bytes()
        if free is not None and needed > free:
            read = Fault("out-of-memory", (needed, free))
        else:
            read = read_exercise(given, asked.seed)
    if isinstance(read, Fault):
        raise Refusal(read, where or asked.case, _axes(given))
    return read


def _called(given: object, number: int) -> str:
    name = given.get("name") if isinstance(given, dict) else None
    return f"case {number} ({name})" if name else f"case {number}"


def _axes(given: object) -> int:
    """How many axes a case has, for their names."""
    size = given.get("in") if isinstance(given, dict) else None
    return len(size) if isinstance(size, list) else 2


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
    columns = [name for name in COLUMNS if any(row[name] is not None for row in rows)]
    text = as_table(columns, rows)
    if len(answers) > 1:
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
