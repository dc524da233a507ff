"""Reads a case of convolution arithmetic from the command line: a file or options."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.faults import Fault
from analysis.storage.regular_file import read_fault, read_regular
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.arithmetic.example.case_file import Exercise

MOST_BYTES = 1 << 28


def add_case(parser: argparse.ArgumentParser) -> None:
    """`--case` and the seed of the values it leaves out."""
    parser.add_argument(
        "--case", metavar="CASE.json", required=True, help="a case, or a list of cases"
    )
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of missing values")


def case_file(asked: argparse.Namespace) -> Any:
    """What the file of `--case` holds, read as JSON. Raises Refusal."""
    path = Path(asked.case)
    if asked.seed < 0:
        raise Refusal(f"--seed is {asked.seed}; it must not be negative.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal(f"{path} is larger than {MOST_BYTES >> 20} MB; a case is smaller.")
        return json.loads(read_regular(path).decode("utf-8-sig"))
    except OSError as error:
        raise Refusal(read_fault(error, path)) from error
    except json.JSONDecodeError as error:
        raise Refusal(f"{path} is not JSON: {error.msg} in line {error.lineno}.") from error
    except ValueError as error:  # other bytes than UTF-8, or a number of thousands of digits
        raise Refusal(f"{path} is not JSON that can be read. Save it as UTF-8.") from error
    except RecursionError as error:
        raise Refusal(f"{path} is nested too deeply to hold a case.") from error


def exercise(given: object, asked: argparse.Namespace, where: str = "") -> Exercise:
    """A case that can be computed, with its values. Raises Refusal, naming what is wrong."""
    from analysis.arithmetic.example.answer import answer_fault, bytes_needed
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
            read = answer_fault(case) or read_exercise(given, asked.seed)
    if isinstance(read, Fault):
        raise Refusal(read, where or asked.case, _axes(given))
    return read


def _axes(given: object) -> int:
    """How many axes a case has, for their names."""
    size = given.get("in") if isinstance(given, dict) else None
    return len(size) if isinstance(size, list) else 2
