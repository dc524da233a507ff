"""Infers the shape of every node in order; a fault stops only the nodes that depend on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.operators.contract import Operator, Shape

LONGEST = 1 << 24
"""Most units along one axis of a map: six minutes of sound at 44.1 kHz."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """The result for one node: its shape, its own fault, or the node whose fault it waits for."""

    shape: Shape | None
    fault: Fault | None = None
    waits_for: str | None = None


class Known(Protocol):
    """What is known of an earlier node's output when a later node's shape is found."""

    @property
    def shape(self) -> Shape | None: ...
    @property
    def waits_for(self) -> str | None: ...


def infer(graph: Graph) -> dict[str, Inferred]:
    """Shapes of all nodes in topological order; never raises for a graph that clashes."""
    found: dict[str, Inferred] = {}
    for node in graph.nodes:
        found[node.id] = inferred(node, found)
    return found


def all_have_shapes(graph: Graph, of: str | None = None) -> bool:
    """Whether nothing clashes in a graph, or in what the node `of` depends on; ends at a fault."""
    needed = graph.ancestors(of) if of is not None else None
    found: dict[str, Inferred] = {}
    for node in graph.nodes:
        if needed is None or node.id in needed:
            found[node.id] = inferred(node, found)
            if found[node.id].shape is None:
                return False
    return True


def inferred(node: Node, found: Mapping[str, Known]) -> Inferred:
    """The result for one node, from those of the nodes that it reads."""
    inputs: list[Shape] = []
    for source in node.inputs:
        before = found[source]
        if before.shape is None:
            return Inferred(None, waits_for=before.waits_for or source)
        inputs.append(before.shape)
    answer = output_shape(node.operator, tuple(inputs))
    return Inferred(None, answer) if isinstance(answer, Fault) else Inferred(answer)


@lru_cache(maxsize=1 << 16)
def output_shape(operator: Operator, inputs: tuple[Shape, ...]) -> Shape | Fault:
    """The operator's output shape, cached: after an edit only changed operators compute it again.

    A map longer than LONGEST is a fault (`too-large`): what is listed unit by unit must end.
    """
    answer = operator.shape(inputs)
    if isinstance(answer, Fault):
        return answer
    longest = max(answer[1:], default=0)
    return Fault("too-large", ("size", longest, LONGEST)) if longest > LONGEST else answer


def nominal_shape(node: Node, nominal: Mapping[str, Shape]) -> Shape:
    """A shape for a node whose true one a fault hides: what it would be without.

    Only for pictures (levels, sheets, places), which must not fall apart while someone edits. A
    faulty join is taken to have the size of its first input; any other faulty operator is taken
    to pass its input on. `nominal` holds the true or nominal shapes of the nodes before it.
    """
    inputs: Sequence[Shape] = tuple(nominal[source] for source in node.inputs)
    if not inputs:
        return (1,)
    answer = output_shape(node.operator, tuple(inputs))
    if not isinstance(answer, Fault):
        return answer
    if node.operator.key == "concat":
        return (sum(shape[0] for shape in inputs), *inputs[0][1:])
    return inputs[0]
