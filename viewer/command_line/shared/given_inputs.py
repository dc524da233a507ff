"""`--input NAME=VALUE`: values of further inputs, read and put into a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.faults import Fault
from analysis.graph import Graph
from analysis.graph.given_values import value_of_file, value_of_text, with_value
from viewer.command_line.shared.note import note
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.exchange.torch_module import Traced

Value = Mapping[str, Any]
"""A JSON `value`, or the path of a file as `npy`."""


def given_input(text: str) -> tuple[str, Value]:
    """NAME and what VALUE says: a number, a list, true, false, null, or a .npy file.

    Raises Refusal.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not name or not equals:
        raise Refusal(f"--input is {text}; it takes NAME=VALUE, such as t=5.")
    if value.lower().endswith(".npy"):
        path = Path(value).absolute()
        _numbers(name, path)
        return name, {"npy": str(path)}
    try:
        return name, {"value": value_of_text(value)}
    except ValueError as error:
        raise Refusal(
            f"--input {name} is {value}; it takes a number, a list such as [1, 2], or a .npy file."
        ) from error


def _numbers(name: str, path: Path) -> list[Any]:
    found = value_of_file(name, path)
    if isinstance(found, Fault):
        raise Refusal(found)
    return found


def with_given(graph: Graph, given: Mapping[str, Value]) -> Graph:
    """The graph with these values at its further inputs. Raises Refusal."""
    for name, value in given.items():
        numbers = _numbers(name, Path(value["npy"])) if "npy" in value else value["value"]
        changed = with_value(graph, name, numbers)
        if isinstance(changed, Fault):
            raise Refusal(changed)
        graph = changed
    return graph


def note_assumed(traced: Traced) -> None:
    """Say which values nobody gave: they were found by trying."""
    for each in traced.assumed:
        note(
            f"{each.name} is taken as {each.value or 'recorded'}, a value that goes through; "
            f"--input {each.name}=VALUE gives another."
        )
