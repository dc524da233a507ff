"""Finds skip connections in any graph, from the wiring alone.

A join input is a long skip when the path beside it, from the nearest ancestor that all the
join's inputs must pass, goes through a lower resolution and its own does not. Where no path
goes lower and the join adds, the shortest path is a residual connection. What only scales a map
(an attention gate's coefficients) is no path of it, so a gated skip is still that skip.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.facts.levels import BETWEEN
from analysis.graph import Graph, Node
from analysis.graph.graph import data_inputs

_HOW: Mapping[str, Literal["concat", "add"]] = {"concat": "concat", "add": "add"}


@dataclass(frozen=True, slots=True)
class Skip:
    """One skip connection: `source` is where its path starts, `join` reads it at input `port`."""

    name: str
    source: str
    join: str
    port: int
    how: Literal["concat", "add"]
    kind: Literal["long", "residual"]


@dataclass(frozen=True, slots=True)
class _Path:
    """The way from the common ancestor to one join input: its deepest level and its length."""

    deepest: float
    steps: int


def find(graph: Graph, levels: Mapping[str, float]) -> tuple[Skip, ...]:
    """Long skips from shallow to deep as skip1, skip2 …, then residuals in graph order."""
    carried = carried_inputs(graph)
    doors = _Dominators(graph, levels, carried)
    long: list[Skip] = []
    residual: list[Skip] = []
    for node in graph.nodes:
        if node.id not in carried:
            continue
        how = _HOW.get(node.operator.key)
        if how is None or len(node.inputs) < 2:
            continue
        common = doors.above[node.id]
        if common is None:
            continue
        paths = [doors.path(source, common) for source in node.inputs]
        ports = _long_ports(paths, levels[node.id])
        long += [Skip("", common, node.id, port, how, "long") for port in ports]
        port = min(range(len(paths)), key=lambda i: (paths[i].steps, i))
        shorter = paths[port].steps < max(path.steps for path in paths)
        if how == "add" and shorter and not any(_lower(p, levels[node.id]) for p in paths):
            residual.append(Skip("", common, node.id, port, how, "residual"))
    long.sort(key=lambda skip: levels[skip.join])
    return (*_named(long, "skip"), *_named(residual, "residual"))


def ways(
    graph: Graph, skips: Iterable[Skip], carried: Mapping[str, tuple[str, ...]]
) -> dict[tuple[str, int], Skip]:
    """The inputs (node, number) that a long skip passes from its source to its join.

    A crop, a projection or an attention gate on the way has its inputs here as the join has;
    `carried` as from `carried_inputs`.
    """
    found: dict[tuple[str, int], Skip] = {}
    for skip in skips:
        found.setdefault((skip.join, skip.port), skip)
        waiting = [graph[skip.join].inputs[skip.port]] if skip.kind == "long" else []
        seen = {skip.source}
        while waiting:
            node_id = waiting.pop()
            if node_id in seen:
                continue
            seen.add(node_id)
            for port, source in enumerate(data_inputs(graph[node_id])):
                if source in carried.get(node_id, ()):
                    found.setdefault((node_id, port), skip)
                    waiting.append(source)
    return found


def carried_inputs(graph: Graph) -> dict[str, tuple[str, ...]]:
    """The inputs whose maps each node passes on; without the nodes that serve as gates only."""
    found = {node.id: _passed_on(graph, node) for node in graph.nodes}
    waiting = [node.id for node in graph.nodes if not graph.consumers[node.id]]
    kept = set(waiting)
    while waiting:
        for source in found[waiting.pop()]:
            if source not in kept:
                kept.add(source)
                waiting.append(source)
    return {node_id: sources for node_id, sources in found.items() if node_id in kept}


def _passed_on(graph: Graph, node: Node) -> tuple[str, ...]:
    sources = data_inputs(node)
    if node.operator.key != "multiply":
        return sources
    scaled = tuple(source for source in sources if not _is_gate(graph, source))
    return scaled or sources


def _is_gate(graph: Graph, node_id: str) -> bool:
    """Whether it comes from a sigmoid, brought to another size perhaps."""
    node = graph[node_id]
    while node.operator.family in ("resample", "reshape") and node.inputs:
        node = graph[node.inputs[0]]
    return node.operator.key == "sigmoid"


def _lower(path: _Path, level: float) -> bool:
    return path.deepest > level + BETWEEN


def _long_ports(paths: list[_Path], level: float) -> list[int]:
    below = [_lower(path, level) for path in paths]
    return [port for port, lower in enumerate(below) if not lower] if any(below) else []


def _named(skips: list[Skip], stem: str) -> list[Skip]:
    return [
        Skip(f"{stem}{i}", skip.source, skip.join, skip.port, skip.how, skip.kind)
        for i, skip in enumerate(skips, 1)
    ]


class _Dominators:
    """Immediate dominators of the wiring that carries values, and the deepest level between.

    One pass in topological order (Cooper, Harvey and Kennedy 2001, for a graph without cycles).
    `above[v]` is the nearest node that every path to v passes; None stands before the inputs.
    """

    def __init__(
        self, graph: Graph, levels: Mapping[str, float], carried: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._levels = levels
        self._carried = carried
        self._order = {node.id: i for i, node in enumerate(graph.nodes)}
        self.above: dict[str, str | None] = {}
        self._between: dict[str, float] = {}
        for node in graph.nodes:
            if node.id in carried:
                self._enter(node)

    def _enter(self, node: Node) -> None:
        sources = tuple(dict.fromkeys(self._carried[node.id]))
        above: str | None = sources[0] if sources else None
        for source in sources[1:]:
            above = self._meet(above, source)
        self.above[node.id] = above
        deepest = max((self.path(source, above).deepest for source in sources), default=-math.inf)
        self._between[node.id] = max(deepest, self._levels[node.id])

    def _meet(self, a: str | None, b: str | None) -> str | None:
        while a != b:
            if a is None or b is None:
                return None
            if self._order[a] > self._order[b]:
                a = self.above[a]
            else:
                b = self.above[b]
        return a

    def path(self, node_id: str, above: str | None) -> _Path:
        """All ways from `above` (left out) to `node_id` (included), as one."""
        deepest, steps = -math.inf, 0
        at: str | None = node_id
        while at is not None and at != above:
            deepest, steps = max(deepest, self._between[at]), steps + 1
            at = self.above[at]
        return _Path(deepest, steps)
