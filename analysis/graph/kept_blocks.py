"""Carries the blocks of a picture over to an edited graph, without choosing them anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace

from analysis.graph.edit import edit_between
from analysis.graph.graph import Graph, Node
from analysis.graph.scopes import Block, block_of, blocks_of, prefixes


def kept_blocks(
    graph: Graph,
    before: Sequence[Block],
    among: Collection[str] | None = None,
    touched: Set[str] | None = None,
) -> tuple[Block, ...]:
    """The blocks of `before` with what `graph` has of their nodes, in topological order.

    A node that is new goes to the group that it is in, or to the block that it stands within;
    else it is a block of its own. Only nodes in `among` are looked at, where that is given.
    `touched`, as from `touched_nodes`, spares a look at blocks that no edit has touched.
    """
    if among is None and touched is not None:
        found = _around_an_edit(graph, before, touched)
        if found is not None:
            return found
    kept = {block.id: block for block in before}
    home = {node: block.id for block in before for node in block.nodes}
    groups = {block.scope: block.id for block in reversed(before) if block.kind == "group"}
    nodes = [node for node in graph.nodes if among is None or node.id in among]
    keys: dict[str, str] = {}
    for node in nodes:
        name = home.get(node.id) or _group(node, groups) or _around(graph, node, home)
        kind = "scope" if name is not None and kept[name].kind == "group" else "node"
        keys[node.id] = f"{kind}:{name or node.id}"
        if name is not None:
            home[node.id] = name
    return tuple(
        replace(block, scope=kept[block.id].scope) if block.id in kept else block
        for block in blocks_of(graph, nodes, keys)
    )


def touched_nodes(before: Graph, graph: Graph) -> Set[str] | None:
    """The nodes that an edit made, changed or took away, and those whose readers are others.

    None where nodes that stayed have changed places: an edit has touched them all.
    """
    old, new = before.places, graph.places
    if [name for name in old if name in new] != [name for name in new if name in old]:
        return None
    changed = edit_between(before, graph).nodes | (old.keys() - new.keys())
    found = {*changed}
    for name in changed:
        found.update(before[name].inputs if name in old else ())
        found.update(graph[name].inputs if name in new else ())
    return found


def _around_an_edit(
    graph: Graph, before: Sequence[Block], touched: Set[str]
) -> tuple[Block, ...] | None:
    """The same, with blocks made anew only where an edit was; None where that is not enough.

    It is not where blocks come to another order, as on a cycle that is to be cut, or where a new
    one has the name of a kept one.
    """
    kept = {block.id: block for block in before}
    home = {node: block.id for block in before for node in block.nodes}
    groups = {block.scope: block.id for block in reversed(before) if block.kind == "group"}
    places = graph.places
    members = {block.id: [*block.nodes] for block in before if not touched.isdisjoint(block.nodes)}
    alone: list[str] = []
    for name in sorted(places.keys() - home.keys(), key=places.__getitem__):
        own = _group(graph[name], groups) or _around(graph, graph[name], home)
        if own is None:
            alone.append(name)
        else:
            home[name] = own
            members.setdefault(own, [*kept[own].nodes]).append(name)
    if not kept.keys().isdisjoint(alone):
        return None
    home |= zip(alone, alone, strict=True)
    blocks = [block for block in before if block.id not in members]
    for own, names in (*members.items(), *((name, [name]) for name in alone)):
        nodes = [graph[name] for name in sorted(places.keys() & names, key=places.__getitem__)]
        if nodes:
            old = kept.get(own)
            scope, kind = (old.scope, old.kind) if old else (nodes[0].scope, "operator")
            blocks.append(block_of(graph, nodes, home, own, scope, kind))
    blocks.sort(key=lambda block: places[block.nodes[0]])
    seen: set[str] = set()
    for block in blocks:
        if not seen.issuperset(block.inputs):
            return None
        seen.add(block.id)
    return tuple(blocks)


def _group(node: Node, groups: Mapping[str, str]) -> str | None:
    return next((groups[each] for each in reversed(prefixes(node.scope)) if each in groups), None)


def _around(graph: Graph, node: Node, home: Mapping[str, str]) -> str | None:
    """The block that both gives what a node reads and reads what it gives."""
    readers = {home[each] for each in graph.consumers[node.id] if each in home}
    return next((home[each] for each in node.inputs if home.get(each) in readers), None)
