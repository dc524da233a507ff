"""Contracts scopes of a graph to blocks, without ever creating a cycle."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.graph.graph import Graph, Node, data_inputs
from analysis.graph.strong_components import components

OWN_U = 0.35
"""A group that goes down and up is opened where it is more than this of what is around it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A group of nodes, or one operator, seen as one box.

    `id` is the scope (or the node's id); further pieces of a scope that could not be contracted
    whole are called `scope#2`, `scope#3` …. `inputs` are ids of blocks, `output` is the node whose
    facts stand for the block, `family` is that of its costliest kind of operator.
    """

    id: str
    scope: str
    nodes: tuple[str, ...]
    inputs: tuple[str, ...]
    output: str
    family: str
    kind: Literal["group", "operator"]


def contract(graph: Graph, expanded: frozenset[str] = frozenset()) -> tuple[Block, ...]:
    """The graph as blocks in topological order, each scope not in `expanded` one block.

    Contraction is convex: a scope that is left and entered again is cut into pieces.
    """
    keys = {node.id: _key(node, expanded) for node in graph.nodes}
    _cut(graph, keys, _cyclic(graph, keys))
    return _blocks(graph, keys)


def scopes(graph: Graph) -> tuple[str, ...]:
    """Every scope and every scope around it, each once, in the order of first appearance."""
    found: dict[str, None] = {}
    for node in graph.nodes:
        for scope in _prefixes(node.scope):
            found[scope] = None
    return tuple(found)


def coarsest_groups(graph: Graph, levels: Mapping[str, float]) -> frozenset[str]:
    """The scopes to expand so that every block left has outputs of one resolution.

    A scope is kept whole when what is read of it lies on one level, what joins it from outside
    does so on one level, and it spans at most one step down or up; so a whole encoder or decoder
    is opened. One that comes back to the level it starts from is kept too (a stage of a U²-Net),
    unless it is the U itself: more than `OWN_U` of the group around it. `levels` as in
    `Facts.drawn_levels`.
    """
    outside, members = _read_outside(graph), _members(graph)
    opened: set[str] = set()
    for scope, nodes in members.items():
        parent = scope.rpartition("/")[0]
        if parent and parent not in opened:
            continue
        around = len(members[parent]) if parent else len(graph)
        if _spread(graph, levels, nodes, outside.get(scope, [])):
            opened.add(scope)
        elif _comes_back(graph, levels, nodes, outside.get(scope, [])):
            if len(nodes) > OWN_U * around and _climbs(graph, nodes):
                opened.add(scope)
        elif len(_rounded(levels, nodes)) > 2:
            opened.add(scope)
    return frozenset(opened)


def _comes_back(
    graph: Graph, levels: Mapping[str, float], nodes: Sequence[str], read: Sequence[str]
) -> bool:
    """Whether a scope gives maps of the level of what it reads, and goes through another."""
    inside = set(nodes)
    sources = [s for node in nodes for s in data_inputs(graph[node]) if s not in inside]
    given = _rounded(levels, read or nodes[-1:])
    return given <= _rounded(levels, sources) and len(_rounded(levels, nodes)) > 1


def _climbs(graph: Graph, nodes: Sequence[str]) -> bool:
    return any(graph[node].operator.family in ("tconv", "resample") for node in nodes)


def whole_groups(graph: Graph, levels: Mapping[str, float]) -> dict[str, int]:
    """The scopes that have one resolution to the outside, whatever is inside: their operators."""
    outside, members = _read_outside(graph), _members(graph)
    return {
        scope: len(nodes)
        for scope, nodes in members.items()
        if not _spread(graph, levels, nodes, outside.get(scope, []))
    }


def _members(graph: Graph) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for node in graph.nodes:
        for scope in _prefixes(node.scope):
            members.setdefault(scope, []).append(node.id)
    return members


def _spread(
    graph: Graph, levels: Mapping[str, float], nodes: Sequence[str], read: Sequence[str]
) -> bool:
    """Whether a scope gives, or joins from outside, maps of several levels."""
    given = _rounded(levels, read or nodes[-1:])
    return len(given | _rounded(levels, _joined_from_outside(graph, nodes))) > 1


def merged(graph: Graph, runs: Sequence[Sequence[Block]]) -> tuple[Block, ...]:
    """One block for each run of blocks, called after its first and last: `conv1 – conv9`.

    The blocks come in topological order. No way may lead out of a run and back.
    """
    nodes = {_run_key(run): [graph[node] for block in run for node in block.nodes] for run in runs}
    keys = {node.id: key for key, members in nodes.items() for node in members}
    names = _names(keys.values())
    made = (_block(graph, members, keys, names) for members in nodes.values())
    return _sorted(
        [replace(block, scope=_scope(run, block.id)) for run, block in zip(runs, made, strict=True)]
    )


def _scope(run: Sequence[Block], name: str) -> str:
    """A run stands in the group around it like a group of its own."""
    if len(run) == 1:
        return run[0].scope
    shared = shared_scope([around(block) for block in run])
    return f"{shared}/{name}" if shared else name


def around(block: Block) -> str:
    """The group that a block stands in."""
    return block.scope if block.kind == "operator" else block.scope.rpartition("/")[0]


def shared_scope(paths: Sequence[str]) -> str:
    """The innermost group around all of these."""
    parts = [path.split("/") if path else [] for path in paths]
    shared: list[str] = []
    for step in zip(*parts, strict=False):
        if len(set(step)) > 1:
            break
        shared.append(step[0])
    return "/".join(shared)


def _run_key(run: Sequence[Block]) -> str:
    first, last = run[0], run[-1]
    if len(run) > 1:
        return f"scope:{first.id} – {_without_shared(first.id, last.id)}"
    return f"scope:{first.id}" if first.kind == "group" else f"node:{first.id}"


def _without_shared(first: str, last: str) -> str:
    """What of the last name is not in the first one: `2` of `encoder.0` and `encoder.2`."""
    ours, theirs = re.split(r"[./]", first), re.split(r"[./]", last)
    shared = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(ours)
    )
    return last[sum(len(part) + 1 for part in theirs[:shared]) :] or last


def _rounded(levels: Mapping[str, float], nodes: Sequence[str]) -> set[int]:
    return {round(levels[node_id]) for node_id in nodes}


def _joined_from_outside(graph: Graph, nodes: Sequence[str]) -> list[str]:
    """The joins among these nodes that read a node which is not."""
    inside = set(nodes)
    return [
        node_id
        for node_id in nodes
        if graph[node_id].operator.family == "join" and not inside.issuperset(graph[node_id].inputs)
    ]


def _read_outside(graph: Graph) -> dict[str, list[str]]:
    """For every scope the nodes in it that something outside it reads."""
    found: dict[str, list[str]] = {}
    for node in graph.nodes:
        around = set(_prefixes(node.scope))
        for source in data_inputs(node):
            for scope in _prefixes(graph[source].scope):
                if scope not in around:
                    found.setdefault(scope, []).append(source)
    return found


def _prefixes(scope: str) -> list[str]:
    parts = scope.split("/") if scope else []
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


def _key(node: Node, expanded: frozenset[str]) -> str:
    for scope in _prefixes(node.scope):
        if scope not in expanded:
            return f"scope:{scope}"
    return f"node:{node.id}"


def _cyclic(graph: Graph, keys: Mapping[str, str]) -> list[frozenset[str]]:
    """The sets of keys that lie on common cycles."""
    reads: dict[str, dict[str, None]] = {key: {} for key in keys.values()}
    for node in graph.nodes:
        for source in node.inputs:
            if keys[source] != keys[node.id]:
                reads[keys[node.id]][keys[source]] = None
    return [found for found in components(reads) if len(found) > 1]


def _cut(graph: Graph, keys: dict[str, str], components: Sequence[frozenset[str]]) -> None:
    """Cut the scopes of each component into runs along the topological order.

    Runs of one order cannot make a cycle among themselves, and a cycle through anything else
    would have been part of the component.
    """
    place = {key: i for i, component in enumerate(components) for key in component}
    run: dict[str, int] = {}
    before: dict[int, str] = {}
    for node in graph.nodes:
        key = keys[node.id]
        if key not in place:
            continue
        if key != before.get(place[key]):
            run[key] = run.get(key, 0) + 1
            before[place[key]] = key
        if run[key] > 1:
            keys[node.id] = f"{key}#{run[key]}"


def _blocks(graph: Graph, keys: Mapping[str, str]) -> tuple[Block, ...]:
    members: dict[str, list[Node]] = {}
    for node in graph.nodes:
        members.setdefault(keys[node.id], []).append(node)
    names = _names(members)
    return _sorted([_block(graph, nodes, keys, names) for nodes in members.values()])


def _names(keys: Iterable[str]) -> dict[str, str]:
    """Scope or node id by key; a scope that is called like an operator on show gets a "/"."""
    operators = {key.partition(":")[2] for key in keys if key.startswith("node:")}
    names: dict[str, str] = {}
    for key in keys:
        kind, _, name = key.partition(":")
        names[key] = f"{name}/" if kind == "scope" and name in operators else name
    return names


def _block(
    graph: Graph, nodes: list[Node], keys: Mapping[str, str], names: Mapping[str, str]
) -> Block:
    own = keys[nodes[0].id]
    group = own.startswith("scope:")
    read = [
        node.id for node in nodes if any(keys[reader] != own for reader in graph.consumers[node.id])
    ]
    inputs = dict.fromkeys(
        names[keys[source]] for node in nodes for source in node.inputs if keys[source] != own
    )
    return Block(
        id=names[own],
        scope=own.removeprefix("scope:").partition("#")[0] if group else nodes[0].scope,
        nodes=tuple(node.id for node in nodes),
        inputs=tuple(inputs),
        output=(read or [nodes[-1].id])[-1],
        family=_family(nodes),
        kind="group" if group else "operator",
    )


_WEIGHTY = ("attn", "conv", "tconv", "dense", "opaque", "pool", "resample")


def _family(nodes: Sequence[Node]) -> str:
    count = Counter(node.operator.family for node in nodes)
    weighty = [family for family in _WEIGHTY if family in count]
    return max(weighty or count, key=lambda family: count[family])


def _sorted(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Topological, and otherwise in the given order."""
    by_id = {block.id: block for block in blocks}
    done: dict[str, Block] = {}
    for root in blocks:
        stack = [root]
        while stack:
            block = stack[-1]
            waiting = [by_id[name] for name in block.inputs if name not in done]
            if waiting:
                stack.extend(reversed(waiting))
            else:
                stack.pop()
                done.setdefault(block.id, block)
    return tuple(done.values())
