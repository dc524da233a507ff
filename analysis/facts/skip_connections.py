"""Finds skip connections in any graph, from the wiring alone.

A join input is a long skip when the path beside it, from the nearest ancestor that all the
join's inputs must pass, goes through a lower resolution and its own does not. So is one that only
brings back to its size a map from which the path beside it goes on to a lower one still. Where no
path goes lower and the join adds, the shortest path is a residual connection. What only moves
values, such as a mirrored copy of a picture, makes no path longer. Branches that all compute an
activation are summed, and none of them is a residual connection.

What only scales or shifts a map is no path of it: an attention gate's coefficients, one number a
channel (squeeze and excitation, a timestep's embedding). So a gated skip is still that skip. Nor
is the mean over a whole map a lower resolution.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Literal

from analysis.facts.levels import BETWEEN
from analysis.graph import Graph, Node
from analysis.graph.graph import data_inputs
from analysis.graph.last_answers import last_answers
from analysis.operators import FollowedCall
from analysis.operators.contract import Shape

_GATES = frozenset({"sigmoid", "hard_sigmoid", "softmax"})
"""Operators whose values scale what they are multiplied by."""
_RESIZING = frozenset({"resample"})
"""Families that bring a map to another size and make nothing else of it."""
COMPUTING = frozenset({"channel_pool", "channel_group_pool"})
"""Keys of operators of the family `reshape` that do more than move values."""
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
    """The way from the common ancestor to one join input: its deepest level and its length.

    `steps` are the nodes that compute; whether there is an activation among them.
    """

    deepest: float
    steps: int
    activates: bool


def find(
    graph: Graph, levels: Mapping[str, float], nominal: Mapping[str, Shape]
) -> tuple[Skip, ...]:
    """Long skips from shallow to deep as skip1, skip2 …, then residuals in graph order.

    `levels` and `nominal` as in `Facts`.
    """
    carried = carried_inputs(graph, nominal)
    doors = _Dominators(graph, levels, nominal, carried)
    long: list[Skip] = []
    residual: list[Skip] = []
    for node in graph.nodes:
        how = _HOW.get(node.operator.key)
        if how is None or len(carried.get(node.id, ())) < 2:
            continue
        common = doors.above[node.id]
        known = doors.paths[node.id]
        paths = {port: known[each] for port, each in enumerate(node.inputs) if each in known}
        for port in _long_ports(paths, levels[node.id]):
            source = doors.parting(graph, node, port) or _start(graph, carried, node.inputs[port])
            long.append(Skip("", source, node.id, port, how, "long"))
        for port, source in _resized(graph, carried, paths, levels, node):
            long.append(Skip("", source, node.id, port, how, "long"))
        if how == "add" and common is not None and not _any_lower(paths, levels[node.id]):
            port = min(paths, key=lambda i: (paths[i].steps, i))
            longer = paths[port].steps < max(path.steps for path in paths.values())
            if longer and not paths[port].activates:
                residual.append(Skip("", common, node.id, port, how, "residual"))
    long.sort(key=lambda skip: levels[skip.join])
    return (*_named(long, "skip"), *_named(residual, "residual"))


def _start(graph: Graph, carried: Mapping[str, tuple[str, ...]], node_id: str) -> str:
    """Where the way to a node parts from others, of networks whose inputs meet at its join."""
    while len(carried[node_id]) == 1 and len(graph.consumers[node_id]) == 1:
        node_id = carried[node_id][0]
    return node_id


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


@last_answers(3)
def carried_inputs(graph: Graph, nominal: Mapping[str, Shape]) -> Mapping[str, tuple[str, ...]]:
    """The inputs whose maps each node passes on; without the nodes that scale or shift only.

    `nominal` as in `Facts`. The last answers are kept: skips and wires ask of the same graph.
    """
    found = {
        node.id: _passed_on(graph, node, nominal) if len(node.inputs) > 1 else node.inputs
        for node in graph.nodes
    }
    # A node is passed on where nobody reads it or one that is passed on passes it on: the last
    # ones first, all that read a node have been looked at before it.
    kept = {name for name, readers in graph.consumers.items() if not readers}
    for node_id in reversed(found):
        if node_id in kept:
            kept.update(found[node_id])
    if len(kept) == len(found):
        return found
    return {node_id: sources for node_id, sources in found.items() if node_id in kept}


def _passed_on(graph: Graph, node: Node, nominal: Mapping[str, Shape]) -> tuple[str, ...]:
    """Without what no picture reaches, such as the token of a class."""
    sources = data_inputs(node)
    if graph.apart:
        sources = tuple(each for each in sources if each not in graph.apart) or sources
    if node.operator.key not in ("multiply", "add") or len(sources) < 2:
        return sources
    if not _is_point(nominal[node.id]):
        maps = tuple(source for source in sources if not _is_point(nominal[source]))
        sources = maps or sources
    if node.operator.key == "add":
        return sources
    scaled = tuple(source for source in sources if not _is_gate(graph, source))
    return scaled or sources


def points(nominal: Mapping[str, Shape]) -> frozenset[str]:
    """The nodes that give one value a channel: all of their shapes that skips depend on."""
    small = {shape for shape in set(nominal.values()) if _is_point(shape)}
    return frozenset([key for key, shape in nominal.items() if shape in small])


def _moves(node: Node) -> bool:
    """Whether it puts values at other places, all of them or some, and computes nothing."""
    operator = node.operator
    if isinstance(operator, FollowedCall):
        return operator.moves
    return operator.family == "reshape" and operator.key not in COMPUTING


def _activates(node: Node) -> bool:
    operator = node.operator
    if isinstance(operator, FollowedCall):
        return operator.is_curve
    return operator.family == "act" and operator.linearity in ("piecewise", "smooth")


def _is_context(node: Node) -> bool:
    """Whether it makes one value of a map, or of an axis of scores."""
    operator = node.operator
    reduced = isinstance(operator, FollowedCall) and operator.order == "reduced"
    return reduced or operator.key in ("global_pool", "adaptive_pool")


def _is_point(shape: Shape) -> bool:
    """Whether it is one value a channel."""
    lengths = shape[1:]
    return lengths.count(1) == len(lengths)


def _is_gate(graph: Graph, node_id: str) -> bool:
    """Whether it comes from a sigmoid, brought to another size perhaps."""
    node = graph[node_id]
    while node.operator.family in ("resample", "reshape") and node.inputs:
        node = graph[node.inputs[0]]
    return node.operator.key in _GATES


def _without_context(
    graph: Graph, levels: Mapping[str, float], nominal: Mapping[str, Shape]
) -> Mapping[str, float]:
    """The levels, −∞ for what is one mean of a whole map and what is made of such alone."""
    context: dict[str, float] = {}
    small = points(nominal)
    for node in graph.nodes if small else ():
        alone = node.id in small and node.inputs
        if alone and (_is_context(node) or context.keys() >= {*node.inputs}):
            context[node.id] = -math.inf
    return {**levels, **context} if context else levels


def _lower(path: _Path, level: float) -> bool:
    return path.deepest > level + BETWEEN


def _any_lower(paths: Mapping[int, _Path], level: float) -> bool:
    return any(_lower(path, level) for path in paths.values())


def _long_ports(paths: Mapping[int, _Path], level: float) -> list[int]:
    if not _any_lower(paths, level):
        return []
    return [port for port, path in paths.items() if not _lower(path, level)]


def _resized(
    graph: Graph,
    carried: Mapping[str, tuple[str, ...]],
    paths: Mapping[int, _Path],
    levels: Mapping[str, float],
    join: Node,
) -> Iterator[tuple[int, str]]:
    """The inputs (number, source) that come from a lower level, resized alone, past a lower one."""
    deepest = max((path.deepest for path in paths.values()), default=-math.inf)
    for port, path in paths.items():
        if not levels[join.id] + BETWEEN < path.deepest < deepest - BETWEEN:
            continue
        source = join.inputs[port]
        while graph[source].operator.family in _RESIZING and len(carried[source]) == 1:
            source = carried[source][0]
        if source == join.inputs[port] or len(graph.consumers[source]) == 1:
            continue
        beside = {join.inputs[i] for i, each in paths.items() if each.deepest == deepest}
        if beside & graph.descendants(source):
            yield port, source


def _named(skips: list[Skip], stem: str) -> list[Skip]:
    return [
        Skip(f"{stem}{i}", skip.source, skip.join, skip.port, skip.how, skip.kind)
        for i, skip in enumerate(skips, 1)
    ]


class _Dominators:
    """Immediate dominators of the wiring that carries values, and the deepest level between.

    One pass in topological order (Cooper, Harvey and Kennedy 2001, for a graph without cycles);
    `carried` comes in that order.
    `above[v]` is the nearest node that every path to v passes; None stands before the inputs.
    """

    def __init__(
        self,
        graph: Graph,
        levels: Mapping[str, float],
        nominal: Mapping[str, Shape],
        carried: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._carried = carried
        self._graph = graph
        self._order = dict(zip(carried, range(len(carried)), strict=True))
        self._between = dict(_without_context(graph, levels, nominal))
        self.above: dict[str, str | None] = {}
        self.paths: dict[str, dict[str, _Path]] = {}
        """The way to each input of a node with several, by the input, from above the node."""
        for node_id, sources in carried.items():
            if len(sources) == 1:  # nearly all: nothing lies between
                self.above[node_id] = sources[0]
            else:
                self._enter(node_id, tuple(dict.fromkeys(sources)))

    def _enter(self, node_id: str, sources: tuple[str, ...]) -> None:
        above: str | None = sources[0] if sources else None
        for source in sources[1:]:
            above = self._meet(above, source)
        self.above[node_id] = above
        paths = self.paths[node_id] = {each: self._path(each, above) for each in sources}
        deepest = [path.deepest for path in paths.values()]
        self._between[node_id] = max([*deepest, self._between[node_id]])

    def _meet(self, a: str | None, b: str | None) -> str | None:
        while a != b:
            if a is None or b is None:
                return None
            if self._order[a] > self._order[b]:
                a = self.above[a]
            else:
                b = self.above[b]
        return a

    def parting(self, graph: Graph, join: Node, port: int) -> str | None:
        """The nearest node that all ways to one input pass and a way to another input passes, too.

        It is below what all inputs have in common where a second skip leaves from further up.
        """
        common, own = self.above[join.id], join.inputs[port]
        others = {source for source in self._carried[join.id] if source != own}
        way: list[str] = [own]
        while (at := way[-1]) != common and (above := self.above.get(at)) is not None:
            way.append(above)
        # What one node alone reads goes where that one goes, and that one is nearer.
        near = [n for n in way if n != common and (len(graph.consumers[n]) > 1 or n in others)]
        passed = self._before(others, common) if near else frozenset[str]()
        return next((name for name in near if name in passed), common)

    def _before(self, names: Set[str], above: str | None) -> Set[str]:
        """These nodes and all that their values come from, down from `above`."""
        found, waiting = {*names}, [name for name in names if name != above]
        while waiting:
            for source in self._carried[waiting.pop()]:
                if source != above and source not in found:
                    found.add(source)
                    waiting.append(source)
        return found

    def _path(self, node_id: str, above: str | None) -> _Path:
        """All ways from `above` (left out) to `node_id` (included), as one."""
        passed: list[str] = []
        at: str | None = node_id
        while at is not None and at != above:
            passed.append(at)
            at = self.above[at]
        deepest = max(map(self._between.__getitem__, passed), default=-math.inf)
        nodes = [self._graph[name] for name in passed]
        return _Path(deepest, sum(not _moves(node) for node in nodes), any(map(_activates, nodes)))
