"""Contracts scopes of a graph to blocks, without ever creating a cycle."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from analysis.graph.graph import Graph, Node
from analysis.graph.strong_components import components


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
    return blocks_of(graph, graph.nodes, {node.id: _key(node, expanded) for node in graph.nodes})


def blocks_of(graph: Graph, nodes: Sequence[Node], keys: Mapping[str, str]) -> tuple[Block, ...]:
    """One block for each key `scope:name` or `node:name` of these nodes, in topological order.

    A group that is left and entered again is cut into pieces. What is read of other nodes is left
    out.
    """
    cut = dict(keys)
    _cut(nodes, cut, _cyclic(nodes, cut))
    return _blocks(graph, nodes, cut)


def scopes(graph: Graph) -> tuple[str, ...]:
    """Every scope and every scope around it, each once, in the order of first appearance."""
    found: dict[str, None] = {}
    for node in graph.nodes:
        for scope in prefixes(node.scope):
            found[scope] = None
    return tuple(found)


def merged(graph: Graph, runs: Sequence[Sequence[Block]]) -> tuple[Block, ...]:
    """One block for each run of blocks; no way may lead out of a run and back.

    One of operators is called after its first and last, `conv1 – conv9`; one with a group in it
    after the group around them, `up_blocks/1`, `up_blocks/1#2`. They come in topological order.
    """
    nodes: dict[str, list[Node]] = {}
    for run in runs:
        key = _unused(_run_key(run), nodes)
        nodes[key] = [graph[node] for block in run for node in block.nodes]
    keys = {node.id: key for key, members in nodes.items() for node in members}
    names = _names(keys.values())
    made = (_block(graph, members, keys, names) for members in nodes.values())
    return _sorted(
        [replace(block, scope=_scope(run, block)) for run, block in zip(runs, made, strict=True)]
    )


def _unused(key: str, taken: Collection[str]) -> str:
    number, found = 1, key
    while found in taken:
        number += 1
        found = f"{key}#{number}"
    return found


def _scope(run: Sequence[Block], block: Block) -> str:
    """A run of operators stands in the group around it like a group of its own."""
    if len(run) == 1:
        return run[0].scope
    shared = shared_scope([around(each) for each in run])
    if block.scope == shared:
        return shared
    return f"{shared}/{block.id}" if shared else block.id


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
    if len(run) == 1:
        return f"scope:{first.id}" if first.kind == "group" else f"node:{first.id}"
    shared = shared_scope([around(block) for block in run])
    if shared and any(block.kind == "group" for block in run):
        return f"scope:{shared}"
    return f"scope:{first.id} – {_without_shared(first.id, last.id)}"


def _without_shared(first: str, last: str) -> str:
    """What of the last name is not in the first one: `2` of `encoder.0` and `encoder.2`."""
    ours, theirs = re.split(r"[./]", first), re.split(r"[./]", last)
    shared = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(ours)
    )
    return last[sum(len(part) + 1 for part in theirs[:shared]) :] or last


@lru_cache(maxsize=8192)
def prefixes(scope: str) -> tuple[str, ...]:
    """The groups around a scope, outermost first, and itself."""
    parts = scope.split("/") if scope else []
    return tuple(["/".join(parts[: i + 1]) for i in range(len(parts))])


def _key(node: Node, expanded: frozenset[str]) -> str:
    for scope in prefixes(node.scope):
        if scope not in expanded:
            return f"scope:{scope}"
    return f"node:{node.id}"


def _cyclic(nodes: Iterable[Node], keys: Mapping[str, str]) -> list[frozenset[str]]:
    """The sets of keys that lie on common cycles."""
    reads: dict[str, dict[str, None]] = {key: {} for key in keys.values()}
    for node in nodes:
        for source in node.inputs:
            if keys.get(source, keys[node.id]) != keys[node.id]:
                reads[keys[node.id]][keys[source]] = None
    return [found for found in components(reads) if len(found) > 1]


def _cut(nodes: Iterable[Node], keys: dict[str, str], components: Sequence[frozenset[str]]) -> None:
    """Cut the scopes of each component into runs along the topological order.

    Runs of one order cannot make a cycle among themselves, and a cycle through anything else
    would have been part of the component.
    """
    place = {key: i for i, component in enumerate(components) for key in component}
    run: dict[str, int] = {}
    before: dict[int, str] = {}
    for node in nodes:
        key = keys[node.id]
        if key not in place:
            continue
        if key != before.get(place[key]):
            run[key] = run.get(key, 0) + 1
            before[place[key]] = key
        if run[key] > 1:
            keys[node.id] = f"{key}#{run[key]}"


def _blocks(graph: Graph, nodes: Iterable[Node], keys: Mapping[str, str]) -> tuple[Block, ...]:
    members: dict[str, list[Node]] = {}
    for node in nodes:
        members.setdefault(keys[node.id], []).append(node)
    names = _names(members)
    return _sorted([_block(graph, each, keys, names) for each in members.values()])


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
    if not own.startswith("scope:"):
        return block_of(graph, nodes, keys, names[own], nodes[0].scope, "operator", names)
    scope = own.removeprefix("scope:").partition("#")[0]
    return block_of(graph, nodes, keys, names[own], scope, "group", names)


def block_of(
    graph: Graph,
    nodes: Sequence[Node],
    keys: Mapping[str, str],
    name: str,
    scope: str,
    kind: Literal["group", "operator"],
    names: Mapping[str, str] | None = None,
) -> Block:
    """One block of these nodes, which have one key in `keys`; that of others tells their block.

    Blocks are called as in `names`, by their keys, or as their keys where that is not given.
    """
    own = keys[nodes[0].id]
    output = next(
        (
            node.id
            for node in reversed(nodes)
            if any(keys.get(reader) != own for reader in graph.consumers[node.id])
        ),
        nodes[-1].id,
    )
    read = dict.fromkeys(keys.get(source, own) for node in nodes for source in node.inputs)
    read.pop(own, None)
    return Block(
        id=name,
        scope=scope,
        nodes=tuple(node.id for node in nodes),
        inputs=tuple(read) if names is None else tuple(names[key] for key in read),
        output=output,
        family=_family(nodes),
        kind=kind,
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
