"""Collects all facts of a graph that need no run (shapes, costs, skips, fields) in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analysis.facts import skip_connections as connections
from analysis.facts.cost import layer_cost
from analysis.facts.levels import drawn_levels
from analysis.facts.levels import levels as levels_of
from analysis.facts.shapes import Inferred, infer, nominal_shapes
from analysis.facts.skip_connections import Skip
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.operators.contract import Shape
from analysis.receptive_field import Field, Memo, fields

__all__ = ["Facts", "LayerFacts", "Skip", "analyse"]


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What is known of one node; shapes are (channels, *spatial) without the batch axis.

    `fault` is what is wrong with this node; `waits_for` names the faulty node before it that
    keeps its shape unknown. `parameters` counts trainable numbers, `macs` multiply-accumulates
    of one image, `activation_bytes` the float32 output. All three are 0 where no shape is known.
    """

    id: str
    inputs: tuple[Shape, ...]
    shape: Shape | None
    fault: Fault | None = None
    waits_for: str | None = None
    parameters: int = 0
    macs: int = 0
    activation_bytes: int = 0


@dataclass(frozen=True)
class Facts:
    """A graph and all that follows from it; `fields` holds the nodes whose shape is known."""

    graph: Graph
    layers: Mapping[str, LayerFacts]
    skips: tuple[Skip, ...]
    fields: Mapping[str, Field]
    levels: Mapping[str, float]
    """log2 of the downsampling of every node, faults or not."""
    nominal: Mapping[str, Shape]
    """A shape for every node, faults or not: for pictures only."""
    parameters: int
    macs: int
    activation_bytes: int
    problems: tuple[str, ...]
    """Ids of the nodes that have a fault of their own, in topological order."""

    @cached_property
    def drawn_levels(self) -> Mapping[str, float]:
        """The row of every node in a picture: its level, and lower where nothing has extent."""
        return drawn_levels(self.graph, self.levels, self.nominal)

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """Shape by id, of the nodes that have one."""
        return {key: facts.shape for key, facts in self.layers.items() if facts.shape is not None}

    @cached_property
    def stopped_by(self) -> tuple[str, ...]:
        """The faulty node that keeps the output from being computed; empty while it can be.

        A fault beside the way to the output, as of an operator not connected yet, stops nothing.
        """
        if not self.graph.nodes:
            return ()
        output = self.layers[self.graph.output.id]
        if output.shape is not None:
            return ()
        return (output.id if output.fault is not None else output.waits_for or output.id,)

    def skip(self, name: str) -> Skip | None:
        return next((skip for skip in self.skips if skip.name == name), None)


_FIELDS: Memo = {}


@lru_cache(maxsize=16)
def analyse(graph: Graph, strict: bool = False) -> Facts:
    """Shapes, costs, skips and receptive fields of every node; a fault is a value on its node.

    `strict` lets normalisation statistics and gates count into the receptive fields. Answers
    for single nodes are kept across calls, so that after an edit little is computed again.
    """
    inferred = infer(graph)
    shapes = {key: found.shape for key, found in inferred.items() if found.shape is not None}
    layers = {node.id: _layer(node.id, graph, inferred[node.id], shapes) for node in graph.nodes}
    nominal = nominal_shapes(graph, shapes)
    levels = levels_of(graph, nominal)
    return Facts(
        graph=graph,
        layers=layers,
        skips=connections.find(graph, levels),
        fields=fields(graph, shapes, strict, _FIELDS),
        levels=levels,
        nominal=nominal,
        parameters=sum(layer.parameters for layer in layers.values()),
        macs=sum(layer.macs for layer in layers.values()),
        activation_bytes=sum(layer.activation_bytes for layer in layers.values()),
        problems=tuple(layer.id for layer in layers.values() if layer.fault is not None),
    )


def _layer(
    node_id: str, graph: Graph, inferred: Inferred, shapes: Mapping[str, Shape]
) -> LayerFacts:
    node = graph[node_id]
    inputs = tuple(shapes[source] for source in node.inputs if source in shapes)
    if inferred.shape is None:
        return LayerFacts(node_id, inputs, None, inferred.fault, inferred.waits_for)
    cost = layer_cost(node.operator, inputs, inferred.shape)
    return LayerFacts(
        node_id,
        inputs,
        inferred.shape,
        parameters=cost.parameters,
        macs=cost.macs,
        activation_bytes=cost.activation_bytes,
    )
