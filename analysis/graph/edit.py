"""Tells what an edit changed: which nodes, and whether in more than their settings."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from analysis.graph.graph import Graph, Node
from analysis.graph.last_answers import last_answers


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit changed; nothing between equal graphs."""

    nodes: Set[str]
    """Ids of the nodes that are new, or other than they were."""
    rewired: bool
    """Whether nodes came, went or changed places, or one has other inputs or another kind of
    operator; else only settings and scopes differ."""
    regrouped: bool
    """Whether a node has another scope."""


@last_answers(2)
def edit_between(before: Graph, after: Graph) -> Edit:
    """What differs; nodes that both graphs share cost next to nothing.

    The last answers are kept: facts, blocks and places ask of the same edit.
    """
    known = {node.id: node for node in before.nodes}
    others = [
        (node, old)
        for node in after.nodes
        if (old := known.get(node.id)) is not node and old != node
    ]
    same_ids = [node.id for node in before.nodes] == [node.id for node in after.nodes]
    return Edit(
        frozenset(node.id for node, _ in others),
        rewired=not same_ids or any(old is None or _rewired(old, node) for node, old in others),
        regrouped=any(old is not None and old.scope != node.scope for node, old in others),
    )


def _rewired(before: Node, after: Node) -> bool:
    old, new = before.operator, after.operator
    return before.inputs != after.inputs or (old.key, old.family) != (new.key, new.family)
