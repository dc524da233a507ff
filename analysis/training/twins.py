"""Makes each twin's graph of a recipe's model: with other skips or settings, or gates closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.blueprints import BLUEPRINTS
from analysis.blueprints.settings import Value
from analysis.blueprints.skips import with_skips
from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.operators import Input
from analysis.training.recipe import Recipe, Twin

Edge = tuple[str, int]


@dataclass(frozen=True)
class TwinNetwork:
    """A twin with the network that it trains.

    `skips` are its long skips, shallow first, as wires (join, port); with `closed` they carry
    nothing, which is how a network that comes from no blueprint is trained without them.
    """

    twin: Twin
    graph: Graph
    facts: Facts
    skips: tuple[Edge, ...]
    closed: bool = False
    blueprint: tuple[str, Mapping[str, Value]] | None = None
    """What the graph was built from, if from one."""


def twin_networks(
    recipe: Recipe, graph: Graph, blueprint: tuple[str, Mapping[str, Value]] | None
) -> list[TwinNetwork] | Fault:
    """The twins of the recipe's model for inputs of the recipe's patch, (channels, patch, patch).

    `blueprint` is the one that `graph` was built from, with its settings. A twin whose settings
    or sizes do not fit is a Fault.
    """
    found: list[TwinNetwork] = []
    for twin in recipe.twins:
        made = _network(twin, graph, blueprint, recipe.patch)
        if isinstance(made, Fault):
            return made
        found.append(made)
    return found


def _network(
    twin: Twin,
    graph: Graph,
    blueprint: tuple[str, Mapping[str, Value]] | None,
    patch: int,
) -> TwinNetwork | Fault:
    closed = False
    if blueprint is not None and (twin.skip is not None or twin.settings):
        built = _built(twin, *blueprint)
        if isinstance(built, Fault):
            return built
        graph, blueprint = built
    elif twin.settings:
        return Fault("twin-needs-blueprint", (twin.name, ", ".join(twin.settings)))
    elif twin.skip not in (None, "none"):
        return Fault("twin-needs-blueprint", (twin.name, f"skip={twin.skip}"))
    else:
        closed = twin.skip == "none"
    return _at_patch(twin, graph, patch, closed, blueprint)


def _built(
    twin: Twin, name: str, settings: Mapping[str, Value]
) -> tuple[Graph, tuple[str, Mapping[str, Value]]] | Fault:
    asked: dict[str, Value] = dict(twin.settings)
    changed: dict[str, Value] = dict(settings)
    if twin.skip is not None:
        name, changed = with_skips(name, changed, twin.skip != "none")
        if BLUEPRINTS[name].setting("skip") is not None:
            asked["skip"] = twin.skip
        changed = {key: value for key, value in changed.items() if not key.startswith("skip")}
    for key, value in asked.items():
        read = BLUEPRINTS[name].read(key, value)
        if isinstance(read, Fault):
            return read
        changed[read[0]] = read[1]
    complete = BLUEPRINTS[name].complete(changed)
    return BLUEPRINTS[name].build(complete), (name, complete)


def _at_patch(
    twin: Twin,
    graph: Graph,
    patch: int,
    closed: bool,
    blueprint: tuple[str, Mapping[str, Value]] | None,
) -> TwinNetwork | Fault:
    inputs = list(graph.inputs)
    source = inputs[0].operator if len(inputs) == 1 else None
    if not isinstance(source, Input) or len(source.size) != 2:
        return Fault("train-needs-one-picture", (twin.name,))
    sized = with_size(graph, (patch, patch))
    facts = analyse(sized)
    for node, layer in facts.layers.items():
        if layer.fault is not None:
            return Fault("train-patch-clash", (patch, node))
    if not facts.parameters:
        return Fault("train-no-parameters", (twin.name,))
    long = [skip for skip in facts.skips if skip.kind == "long"]
    wires = tuple((each.join, each.port) for each in long)
    return TwinNetwork(twin, sized, facts, wires, closed, blueprint)


def with_size(graph: Graph, size: tuple[int, int]) -> Graph:
    """The graph for an input of (height, width) pixels and as many channels as it has."""
    node = next(iter(graph.inputs))
    assert isinstance(node.operator, Input)
    return graph.with_operator(node.id, replace(node.operator, size=size))
