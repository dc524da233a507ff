"""The blocks inside a group that is opened in its place, where these come down and up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from analysis.graph.graph import Graph, Node
from analysis.graph.level_groups import climbs
from analysis.graph.readable_blocks import readable_blocks
from analysis.graph.scopes import Block
from analysis.operators import Input, Output

Insides = Mapping[str, tuple[Block, ...]]
"""The blocks inside each opened group, by its id, in topological order."""
_GIVEN = "\0"
"""Stands for all that reads the group; no operator is called so."""


def insides(
    graph: Graph,
    blocks: Sequence[Block],
    levels: Mapping[str, float],
    opened: frozenset[str],
) -> Insides:
    """The blocks inside every group of `opened` that goes to other levels and climbs back.

    They are chosen as those of a whole network are, in the groups that are found inside as well.
    `levels` as in `Facts.drawn_levels`. A group that stays on its level has none: it opens to its
    operators.
    """
    found: dict[str, tuple[Block, ...]] = {}
    taken = {block.id for block in blocks}
    waiting = list(blocks)
    while waiting:
        block = waiting.pop(0)
        if block.id not in opened or not _may_be_u(graph, block, levels):
            continue
        inner = _unlike(_inside(graph, block, levels), taken)
        if len(inner) > 1:
            found[block.id] = inner
            taken |= {each.id for each in inner}
            waiting += inner
    return found


def with_insides(graph: Graph, blocks: Sequence[Block], inside: Insides) -> tuple[Block, ...]:
    """The blocks with those of `inside` in the place of their groups, in topological order."""
    if not inside:
        return tuple(blocks)
    parts = _flat(blocks, inside)
    owner = {node: block.id for block in parts for node in block.nodes}
    return tuple(replace(block, inputs=_inputs(graph, block, owner)) for block in parts)


def _flat(blocks: Iterable[Block], inside: Insides) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        found += _flat(inside[block.id], inside) if block.id in inside else [block]
    return found


def _inputs(graph: Graph, block: Block, owner: Mapping[str, str]) -> tuple[str, ...]:
    read = (owner[source] for node in block.nodes for source in graph[node].inputs)
    return tuple(dict.fromkeys(name for name in read if name != block.id))


def _may_be_u(graph: Graph, block: Block, levels: Mapping[str, float]) -> bool:
    several = len({round(levels[node]) for node in block.nodes}) > 1
    return block.kind == "group" and several and climbs(graph, block.nodes)


def _inside(graph: Graph, block: Block, levels: Mapping[str, float]) -> tuple[Block, ...]:
    """The blocks of the group as if it were the whole network, fed by what it reads."""
    members = set(block.nodes)
    nodes = [graph[node] for node in block.nodes]
    read = dict.fromkeys(s for node in nodes for s in node.inputs if s not in members)
    fed = [Node(source, Input(1, (1, 1))) for source in read]
    given = Node(_GIVEN, Output(), (block.output,))
    alone = Graph.of((*fed, *nodes, given))
    known = {node.id: levels[node.id] for node in (*nodes, *fed)}
    found = readable_blocks(alone, {**known, _GIVEN: levels[block.output]})
    ends = {*read, _GIVEN}
    return tuple(each for each in found if ends.isdisjoint(each.nodes))


def _unlike(blocks: Sequence[Block], taken: set[str]) -> tuple[Block, ...]:
    """The blocks with ids that no other one has; pieces of a group are counted, as in `scopes`."""
    used, found = set(taken), []
    for block in blocks:
        name, number = block.id, 1
        while name in used:
            number += 1
            name = f"{block.id}#{number}"
        used.add(name)
        found.append(replace(block, id=name))
    return tuple(found)
