"""Values of a graph's further inputs: read from text or a file, put in, moved to the picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.faults import Fault
from analysis.graph.graph import Graph, Node
from analysis.operators import Given, Input

WORDS = {"None": None, "True": True, "False": False}
MOST = 1e300
MOST_NUMBERS = 1 << 18
"""A file of more numbers is not put into a graph: 3 × 256 × 256 are fewer."""


def given_nodes(graph: Graph) -> tuple[Node, ...]:
    """The further inputs in the graph's order."""
    ends = [node for node in graph.nodes if not node.inputs]
    return tuple(node for node in ends if isinstance(node.operator, Given))


def value_of_text(text: str) -> Any:
    """A number, true, false, nothing, or lists of numbers. Raises ValueError for other text."""
    if text in WORDS:
        return WORDS[text]
    try:
        return _checked(json.loads(text))
    except RecursionError as error:
        raise ValueError(text) from error


def _checked(value: Any) -> Any:
    if isinstance(value, list):
        lengths = {len(each) if isinstance(each, list) else -1 for each in map(_checked, value)}
        if len(lengths) != 1:
            raise ValueError(value)
    elif value is not None and not (isinstance(value, bool | int | float) and abs(value) < MOST):
        raise ValueError(value)
    return value


def value_of_file(name: str, path: Path) -> list[Any] | Fault:
    """What a .npy file holds, as nested lists, for the input of that name."""
    import numpy as np

    fault = Fault("input-file", (name, path.name))
    try:
        if not path.is_file():
            return fault
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return fault
    plain = isinstance(found, np.ndarray) and found.dtype.kind in "biuf"
    if not plain or not 0 < found.size <= MOST_NUMBERS or not np.isfinite(found).all():
        return fault
    numbers: list[Any] = found.tolist()
    return numbers


def with_value(graph: Graph, name: str, value: object) -> Graph | Fault:
    """The graph with that value at the further input of that name."""
    operator = graph[name].operator if name in graph else None
    if not isinstance(operator, Given):
        known = ", ".join(node.id for node in given_nodes(graph))
        return Fault("input-unknown", (name, known or "–"))
    changed = operator.with_value(name, value)
    return changed if isinstance(changed, Fault) else graph.with_operator(name, changed)


def with_values_of(graph: Graph, before: Graph) -> Graph:
    """The graph with the values that another one has at further inputs of the same name and kind.

    Stored ones stay as they are: their numbers are among the weights.
    """
    kept: dict[str, Given] = {}
    for node in given_nodes(graph):
        old = before[node.id].operator if node.id in before else None
        operator = node.operator
        if not isinstance(old, Given) or not isinstance(operator, Given) or old.stored:
            continue
        if (old.size, old.dtype) == (operator.size, operator.dtype):
            kept[node.id] = old
    return graph.with_operators(kept)


def takes_picture(node: Node) -> bool:
    """Whether a further input could take the picture: a map of floating point."""
    operator = node.operator
    if not isinstance(operator, Given) or not operator.dtype.startswith(("float", "bfloat")):
        return False
    return takes_map(operator)


def takes_map(operator: Given) -> bool:
    """Whether it is a map of any type: channels and a place for each value."""
    return len(operator.size) > 2 and operator.size[0] == 1 and max(operator.size[2:]) > 1


def with_picture_at(graph: Graph, name: str) -> Graph:
    """The graph with the picture at that further input, and zeros where it was before."""
    operators: dict[str, Given | Input] = {}
    for node in graph.inputs:
        shape = node.operator.shape(())
        if isinstance(shape, Sequence):
            operators[node.id] = Given((1, *shape))
    operator = graph[name].operator
    assert isinstance(operator, Given)
    _, channels, *size = operator.size
    return graph.with_operators({**operators, name: Input(channels, tuple(size))})
