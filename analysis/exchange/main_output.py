"""Chooses which of several outputs of a model is its main one, and makes their nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from analysis.graph import Graph, Node
from analysis.operators import Output
from analysis.operators.contract import Shape

SAYS_SO = ("out", "logit", "mask", "pred", "sample", "seg", "recon", "result")
"""Parts of names that say that something is the result."""


@dataclass(frozen=True, slots=True)
class End:
    """An output: its name in what the model returns, the node it is, its shape without batch.

    `depth` counts the nodes that it is made of.
    """

    name: str
    source: str
    shape: Shape
    depth: int


def main_output(ends: Sequence[End]) -> int:
    """The number of the main output: the finest map, which is more than an input given back.

    Of equals the one whose name says so, then the one that is made of most, then the last.
    """

    def key(at: int) -> tuple[bool, bool, int, bool, int, int]:
        end = ends[at]
        is_map = len(end.shape) > 1
        named = any(part in end.name.lower() for part in SAYS_SO)
        area = prod(end.shape[1:]) if is_map else 0
        return (end.depth > 1, is_map, area, named, end.depth, at)

    return max(range(len(ends)), key=key)


def output_nodes(ends: Sequence[End], unused: Callable[[str], str]) -> Iterator[Node]:
    """The nodes of all outputs: the main one is called `output` and is the last.

    `unused` makes an id of a word that no node has yet; it is asked after each node was taken.
    """
    main = main_output(ends)
    for at, end in enumerate(ends):
        if at != main:
            stem = f"output_{end.name}" if end.name[:1].isdecimal() else end.name
            yield Node(unused(stem), Output(end.name), (end.source,))
    yield Node("output", Output(ends[main].name), (ends[main].source,))


def put_outputs(
    nodes: dict[str, Node], places: list[tuple[str, str, Shape]], unused: Callable[[str], str]
) -> list[str]:
    """Add to `nodes` one output for each (name, node, shape), the main one last; their ids."""
    before = Graph.of(nodes.values())
    ends = [End(name, at, shape, len(before.ancestors(at))) for name, at, shape in places]
    ids = []
    for node in output_nodes(ends, unused):  # each is taken before the next is named
        nodes[node.id] = node
        ids.append(node.id)
    return ids
