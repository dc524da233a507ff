"""What a network has after a repair of the review, before somebody makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.facts import Facts
from analysis.facts.cost import layer_cost
from analysis.facts.shapes import infer
from analysis.graph import Graph
from analysis.operators.contract import Shape
from analysis.review.finding import Mend


@dataclass(frozen=True, slots=True)
class Consequence:
    """Totals after a repair, and how many layers then have weights of another shape."""

    parameters: int
    macs: int
    untrained: int


def consequence(facts: Facts, mend: Mend) -> Consequence | None:
    """The totals of the network with that repair; None where it cannot be made or computed."""
    changed = mend.applied(facts.graph)
    if changed is None:
        return None
    found = infer(changed)
    shapes = {name: each.shape for name, each in found.items() if each.shape is not None}
    if len(shapes) < len(changed):
        return None
    costs = [
        layer_cost(node.operator, _inputs(changed, node.id, shapes), shapes[node.id])
        for node in changed.nodes
    ]
    return Consequence(
        facts.parameters + sum(c.parameters for c in costs) - _alone(facts),
        sum(c.macs for c in costs),
        sum(
            _other_weights(facts, changed, name, shapes)
            for name in mend.operators
            if name in changed  # an activation that is called by its kind is another one then
        ),
    )


def _alone(facts: Facts) -> int:
    """Parameters counted layer by layer, shared ones each time: what `costs` counts, before."""
    return sum(layer.parameters for layer in facts.alone.values())


def _inputs(graph: Graph, name: str, shapes: Mapping[str, Shape]) -> tuple[Shape, ...]:
    return tuple(shapes[source] for source in graph[name].inputs)


def _other_weights(facts: Facts, changed: Graph, name: str, shapes: Mapping[str, Shape]) -> bool:
    before = facts.graph[name].operator.parameters(facts.layers[name].inputs)
    after = changed[name].operator.parameters(_inputs(changed, name, shapes))
    return any(before.get(key) != shape for key, shape in after.items())
