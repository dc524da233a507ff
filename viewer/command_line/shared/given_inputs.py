"""`--input NAME=VALUE`: values of further inputs, read and put into a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.faults import Fault
from analysis.graph import Graph
from analysis.graph.given_values import given_nodes, value_of_file, value_of_text, with_value
from analysis.operators import Given
from viewer.command_line.shared.note import note
from viewer.command_line.shared.refusal import Refusal
from viewer.files.file_kinds import kind_of

if TYPE_CHECKING:
    from analysis.exchange.torch_module import Traced

Value = Mapping[str, Any]
"""A JSON `value`, the path of a file of numbers as `npy`, or that of a picture as `picture`."""


def given_input(text: str) -> tuple[str, Value]:
    """NAME and what VALUE says: a number, a list, true, false, null, a .npy file or a picture.

    Raises Refusal.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not name or not equals:
        raise Refusal(f"--input is {text}; it takes NAME=VALUE, such as t=5.")
    if value.lower().endswith(".npy"):
        path = Path(value).absolute()
        _numbers(name, path)
        return name, {"npy": str(path)}
    if kind_of(value) == "image":
        path = Path(value).absolute()
        if not path.is_file():
            raise Refusal(Fault("input-file", (name, path.name)))
        return name, {"picture": str(path)}
    try:
        return name, {"value": value_of_text(value)}
    except ValueError as error:
        raise Refusal(
            f"--input {name} is {value}; it takes a number, a list such as [1, 2], a .npy file or "
            "a picture."
        ) from error


def _numbers(name: str, path: Path) -> list[Any]:
    found = value_of_file(name, path)
    if isinstance(found, Fault):
        raise Refusal(found)
    return found


def with_given(graph: Graph, given: Mapping[str, Value]) -> Graph:
    """The graph with these values at its further inputs. Raises Refusal."""
    for name, value in given.items():
        changed = with_value(graph, name, _value(graph, name, value))
        if isinstance(changed, Fault):
            raise Refusal(changed)
        graph = changed
    return graph


def with_pictures(graph: Graph, given: Mapping[str, Value]) -> Graph:
    """The graph of a model that was read with these values, with the pictures among them.

    It was read for black ones, whose place on the input is known only now. Raises Refusal.
    """
    ids = {node.id for node in given_nodes(graph)}
    pictures = {name: value for name, value in given.items() if "picture" in value}
    places = {name: next((each for each in _ids(name) if each in ids), "") for name in pictures}
    return with_given(graph, {at: pictures[name] for name, at in places.items() if at})


def _ids(name: str) -> tuple[str, ...]:
    """What the operator of an argument of that name may be called in the graph."""
    last = name.rpartition(".")[2]
    return name, last, f"{name}_input", f"{last}_input"


def _value(graph: Graph, name: str, value: Value) -> Any:
    """The numbers of a value for the further input of that name. Raises Refusal."""
    if "npy" in value:
        return _numbers(name, Path(value["npy"]))
    operator = graph[name].operator if name in graph else None
    if "picture" not in value or not isinstance(operator, Given):
        return value.get("value")
    from analysis.inference.network_input.given_file import value_from

    found = value_from(name, Path(value["picture"]), operator)
    if isinstance(found, Fault):
        raise Refusal(found)
    return found


def note_assumed(traced: Traced) -> None:
    """Say which values nobody gave: they were found by trying."""
    for each in traced.assumed:
        note(
            f"{each.name} is taken as {each.value or 'recorded'}, a value that goes through; "
            f"--input {each.name}=VALUE gives another."
        )
