"""Collects all facts of a graph that need no run (shapes, costs, skips, fields) in one value."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from analysis.facts import skip_connections as connections
from analysis.facts.cost import layer_cost
from analysis.facts.levels import drawn_level, level
from analysis.facts.shapes import inferred, nominal_shape
from analysis.facts.skip_connections import Skip
from analysis.facts.tensors import Tensors, tensors_of
from analysis.facts.walk import walked
from analysis.facts.without_size import Counted, Sizeless, counted
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.graph.edit import edit_between
from analysis.operators.contract import Shape
from analysis.receptive_field import Field, FieldsBefore, FieldsOnDemand, Memo

__all__ = ["Facts", "LayerFacts", "Skip", "analyse"]


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What is known of one node; shapes are (channels, *spatial) without the batch axis.

    `fault` is what is wrong with this node; `waits_for` names the faulty node before it that
    keeps its shape unknown. `parameters` counts the trainable numbers that belong to it, `macs`
    multiply-accumulates of one image, `activation_bytes` the float32 output. The last two are 0
    where no shape is known, and so is the first where it depends on that. `shares` is the node
    whose tensors, or some of them, it uses.
    """

    id: str
    inputs: tuple[Shape, ...]
    shape: Shape | None
    fault: Fault | None = None
    waits_for: str | None = None
    parameters: int = 0
    macs: int = 0
    activation_bytes: int = 0
    shares: str | None = None
    gives: Sizeless | None = None
    """What is known of the output where its size is not."""

    @property
    def is_counted(self) -> bool:
        """Whether its parameters are known, if not what it costs."""
        return self.shape is not None or self.gives is not None


@dataclass(frozen=True)
class Facts:
    """A graph and all that follows from it; `fields` holds the nodes whose shape is known."""

    graph: Graph
    layers: Mapping[str, LayerFacts]
    alone: Mapping[str, LayerFacts]
    """The same of every layer by itself, as if it shared nothing with another."""
    shapes: Mapping[str, Shape]
    """Shape by id, of the nodes that have one."""
    skips: tuple[Skip, ...]
    fields: Mapping[str, Field]
    levels: Mapping[str, float]
    """log2 of the downsampling of every node, faults or not."""
    drawn_levels: Mapping[str, float]
    """The row of every node in a picture: its level, and lower where nothing has extent."""
    nominal: Mapping[str, Shape]
    """A shape for every node, faults or not: for pictures only."""
    parameters: int
    macs: int
    activation_bytes: int
    problems: tuple[str, ...]
    """Ids of the nodes that have a fault of their own, in topological order."""

    @cached_property
    def not_counted(self) -> tuple[str, ...]:
        """Ids of the nodes whose parameters are not known: `parameters` leaves them out."""
        return tuple([layer.id for layer in self.layers.values() if not layer.is_counted])

    @cached_property
    def is_part(self) -> bool:
        """Whether some layers are in none of the totals, or not in all of them."""
        return any(layer.shape is None for layer in self.layers.values())

    @cached_property
    def tensors(self) -> Tensors:
        """The tensors that every node reads, with their keys and owners."""
        return _tensors(self.graph, self.layers)

    @cached_property
    def sharers(self) -> Mapping[str, tuple[str, ...]]:
        """By owner, in topological order, the other nodes that use its tensors, or some of them."""
        found: dict[str, list[str]] = {}
        for layer in self.layers.values():
            if layer.shares is not None:
                found.setdefault(layer.shares, []).append(layer.id)
        return {owner: tuple(users) for owner, users in found.items()}

    @cached_property
    def parted(self) -> Mapping[str, tuple[str, ...]]:
        """By node, those that name the same tensors as it and need them in other shapes."""
        if not any(node.stored_as or node.tied for node in self.graph.nodes):
            return {}  # as in nearly every network: each names its own
        named: dict[str, list[tuple[str, str]]] = {}
        for node_id, read in self.tensors.items():
            for each in read:
                key = self.graph[node_id].key(each.name)
                named.setdefault(key, []).append((node_id, each.key))
        found: dict[str, dict[str, None]] = {}
        for users in named.values():
            if len({key for _, key in users}) > 1:
                for node_id, key in users:
                    others = (other for other, its in users if its != key)
                    found.setdefault(node_id, {}).update(dict.fromkeys(others))
        return {node_id: tuple(others) for node_id, others in found.items()}

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

    @cached_property
    def can_begin(self) -> bool:
        """Whether a run can begin: there are inputs, and each has a shape.

        It gives the layers that no fault is before, and the output where `stopped_by` is empty.
        """
        inputs = self.graph.inputs
        return bool(inputs) and all(node.id in self.shapes for node in inputs)

    def skip(self, name: str) -> Skip | None:
        return next((skip for skip in self.skips if skip.name == name), None)


_FIELDS: Memo = {}
_newest: dict[bool, Facts] = {}
"""The last facts of either kind, from which those of an edited graph begin."""


@lru_cache(maxsize=16)
def analyse(graph: Graph, strict: bool = False) -> Facts:
    """Shapes, costs, skips and receptive fields of every node; a fault is a value on its node.

    `strict` lets normalisation statistics and gates count into the receptive fields. After an
    edit only what can be another is worked out again.
    """
    found = _newest[strict] = analysed(graph, strict, _newest.get(strict))
    return found


def analysed(graph: Graph, strict: bool = False, before: Facts | None = None) -> Facts:
    """The same without a cache, from the facts of any graph that are as strict, or from none."""
    before = before if before is not None else _NOTHING
    edit = edit_between(before.graph, graph)
    alone, others = walked(graph, _layer, before.alone, edit.nodes)
    layers = _sharing(graph, alone)
    stale = edit.nodes | others
    shapes = {key: layer.shape for key, layer in layers.items() if layer.shape is not None}
    nominal, levels, drawn = _pictured(graph, shapes, before, stale)
    same_skips = (
        not edit.rewired
        and levels is before.levels
        and (
            nominal is before.nominal
            or connections.points(nominal) == connections.points(before.nominal)
        )
    )
    known = FieldsBefore(before.graph, before.shapes, before.fields, stale)
    return Facts(
        graph=graph,
        layers=layers,
        alone=alone,
        shapes=shapes,
        skips=before.skips if same_skips else connections.find(graph, levels, nominal),
        fields=FieldsOnDemand(graph, shapes, strict, _FIELDS, known),
        levels=levels,
        drawn_levels=drawn,
        nominal=nominal,
        parameters=sum([layer.parameters for layer in layers.values()]),
        macs=sum([layer.macs for layer in layers.values()]),
        activation_bytes=sum([layer.activation_bytes for layer in layers.values()]),
        problems=tuple([layer.id for layer in layers.values() if layer.fault is not None]),
    )


def _layer(node: Node, found: Mapping[str, LayerFacts]) -> LayerFacts:
    sources = [found[source].shape for source in node.inputs]
    inputs = tuple([shape for shape in sources if shape is not None])
    result = inferred(node, found)
    if result.shape is None:
        known = _without_size(node, found)
        return LayerFacts(
            node.id,
            inputs,
            None,
            result.fault,
            result.waits_for,
            parameters=known.parameters if known is not None else 0,
            gives=known.gives if known is not None else None,
        )
    cost = layer_cost(node.operator, inputs, result.shape)
    return LayerFacts(
        node.id,
        inputs,
        result.shape,
        parameters=cost.parameters,
        macs=cost.macs,
        activation_bytes=cost.activation_bytes,
    )


def _without_size(node: Node, found: Mapping[str, LayerFacts]) -> Counted | None:
    inputs: list[Sizeless] = []
    for source in node.inputs:
        layer = found[source]
        given = Sizeless.of(layer.shape) if layer.shape is not None else layer.gives
        if given is None:
            return None
        inputs.append(given)
    return counted(node.operator, inputs)


def _tensors(graph: Graph, layers: Mapping[str, LayerFacts]) -> Tensors:
    known = {layer.id: layer.inputs for layer in layers.values() if layer.shape is not None}
    return tensors_of(graph, known)


def _sharing(graph: Graph, alone: Mapping[str, LayerFacts]) -> Mapping[str, LayerFacts]:
    """Every tensor counted where it belongs, and who uses another's."""
    others = {
        node.id: alone[node.id]
        for node in graph.nodes
        if node.stored_as or node.tied or node.fixed or node.made_of or node.id in graph.stems
    }
    if not others:
        return alone
    found = dict(alone)
    for node_id, read in _tensors(graph, others).items():
        own = {each.key: each for each in read if each.trained and each.owner == node_id}
        node = graph[node_id]
        trained = sum(node.trained_numbers(each.name, each.shape) for each in own.values())
        shares = next((each.owner for each in read if each.owner != node_id), None)
        if shares is not None or trained != alone[node_id].parameters:
            found[node_id] = replace(alone[node_id], parameters=trained, shares=shares)
    for node_id, layer in others.items():
        if layer.shape is None:  # whose its tensors are is not known
            found[node_id] = replace(layer, parameters=0, gives=None)
    return found


def _pictured(
    graph: Graph, shapes: Mapping[str, Shape], before: Facts, stale: Set[str]
) -> tuple[Mapping[str, Shape], Mapping[str, float], Mapping[str, float]]:
    """Nominal shapes, levels and drawn levels; `stale` are the nodes edited or of another shape."""

    def shape(node: Node, nominal: Mapping[str, Shape]) -> Shape:
        known = shapes.get(node.id)
        return known if known is not None else nominal_shape(node, nominal)

    nominal, resized = walked(graph, shape, before.nominal, stale)
    levels, moved = walked(
        graph,
        lambda node, found: level(node, nominal, found),
        before.levels,
        stale | resized,
        resized,
    )
    vectors = _is_dense(graph, nominal, levels)
    other_rule = vectors != _is_dense(before.graph, before.nominal, before.levels)
    drawn, _ = walked(
        graph,
        lambda node, found: drawn_level(node, vectors, levels, nominal, found),
        before.drawn_levels,
        levels.keys() if other_rule else stale | moved,
        moved,
    )
    return nominal, levels, drawn


def _is_dense(graph: Graph, nominal: Mapping[str, Shape], levels: Mapping[str, float]) -> bool:
    """Whether what is made smaller are vectors alone: no map is sampled down."""
    fed = all(len(nominal[node.id]) == 1 for node in graph.inputs)
    return fed or not any(levels.values())


_NOTHING = Facts(Graph(), {}, {}, {}, (), {}, {}, {}, {}, 0, 0, 0, ())
