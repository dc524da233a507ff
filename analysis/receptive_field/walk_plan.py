"""Prepares a network for walks from a unit to the inputs: how every layer reads its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.graph import Graph, Node
from analysis.graph.last_answers import last_answers
from analysis.operators.contract import Shape
from analysis.receptive_field.axis_set import PortReaders, port_readers
from analysis.receptive_field.channels import only_bounded


@dataclass(frozen=True, slots=True)
class Port:
    """One input: its layer, that layer's spatial size, and the readers or the word for them."""

    source: str
    size: Shape
    how: PortReaders | str


@dataclass(frozen=True, slots=True)
class Step:
    """One layer of the walk. `ports` is None where a size is not known, so all behind is hidden.

    `passes_on` says that it reads its one input unit for unit; `bounded` that what
    it reads may be less.
    """

    layer: str
    size: Shape
    inputs: tuple[str, ...]
    bounded: bool
    passes_on: bool
    ports: tuple[Port, ...] | None


Plan = tuple[Step, ...]


@last_answers(2)
def plan(graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> Plan:
    """The steps from the output to the inputs.

    The last answers are kept: a pointer asks of one network many times a second.
    """
    bounded = only_bounded(graph, shapes)
    return tuple(_step(graph, node, shapes, strict, bounded) for node in reversed(graph.nodes))


def _step(
    graph: Graph,
    node: Node,
    shapes: Mapping[str, Shape],
    strict: bool,
    bounded: frozenset[str],
) -> Step:
    own = shapes.get(node.id)
    bound = node.id in bounded
    if own is None or any(source not in shapes for source in node.inputs):
        return Step(node.id, (own or ())[1:], node.inputs, bound, False, None)
    passes_on = _passes_on(node, shapes, strict)
    given = tuple([shapes[source] for source in node.inputs])
    ports = tuple(
        Port(source, given[at][1:], port_readers(node.operator, at, given, own, strict))
        for at, source in enumerate(node.inputs)
        if source not in graph.apart
    )
    return Step(node.id, own[1:], node.inputs, bound, passes_on, ports)


def _passes_on(node: Node, shapes: Mapping[str, Shape], strict: bool) -> bool:
    """Whether the node reads unit for unit its one input: most do."""
    operator = node.operator
    if len(node.inputs) != 1 or not operator.pointwise:
        return False
    if strict and operator.global_statistics:
        return False
    return shapes[node.id][1:] == shapes[node.inputs[0]][1:]
