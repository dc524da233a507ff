"""Carries the blocks of a picture over to an edited graph, without choosing them anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from analysis.graph.graph import Graph, Node
from analysis.graph.scopes import Block, blocks_of, prefixes


def kept_blocks(
    graph: Graph, before: Sequence[Block], among: Collection[str] | None = None
) -> tuple[Block, ...]:
    """The blocks of `before` with what `graph` has of their nodes, in topological order.

    A node that is new goes to the group that it is in, or to the block that it stands within;
    else it is a block of its own. Only nodes in `among` are looked at, where that is given.
    """
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


def _group(node: Node, groups: Mapping[str, str]) -> str | None:
    return next((groups[each] for each in reversed(prefixes(node.scope)) if each in groups), None)


def _around(graph: Graph, node: Node, home: Mapping[str, str]) -> str | None:
    """The block that both gives what a node reads and reads what it gives."""
    readers = {home[each] for each in graph.consumers[node.id] if each in home}
    return next((home[each] for each in node.inputs if home.get(each) in readers), None)
