"""Chooses the blocks that a picture shows: stages of one resolution, some `MOST_CARDS` at most.

The outermost groups whose outputs share one resolution are blocks; a group that goes through
several is opened, and the operators and groups in it that lie on one level make a stage. A group
that goes down and comes back up inside (a stage of a U²-Net, pooling in an attention) stays whole,
but for the network's own U, however deep that is nested. Where all that leaves more blocks than
can be looked at, smaller groups are closed and stages are made across them, or, where there are no
stages, steps between what forks and what joins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from analysis.graph.chain_steps import in_steps
from analysis.graph.graph import Graph
from analysis.graph.level_groups import coarsest_groups, whole_groups
from analysis.graph.scopes import Block, around, contract, merged
from analysis.graph.stages import is_card, joined_in_stages

MOST_CARDS, MORE_EACH, AT_ENDS = 25, 4, 6
"""Blocks that have a map of their own: the most there may be, and the most for each level and at
the ends of the network, so that it does not become a strip. More are put together."""
FEWEST_LEVELS = 3
"""But not those of fewer resolutions, as of a plain chain: that is drawn in rows."""
MOST_LOOSE = 12
"""With more operators of no group that have a map of their own, those make stages too."""
SHARES = (0.02, 0.05, 0.1, 0.2, 0.35)
"""Of all operators: how many a group that is closed may hold, tried from the smallest."""
MOST_DRAWN = 1000
"""With more blocks of any kind, neighbours are put together."""


def readable_blocks(
    graph: Graph, levels: Mapping[str, float], closed: frozenset[str] = frozenset()
) -> tuple[Block, ...]:
    """The blocks of a picture in topological order. `levels` as in `Facts.drawn_levels`.

    Scopes in `closed` are one block each, whatever they hold.
    """
    blocks = _chosen(graph, levels, closed)
    return _heads_whole(graph, blocks) if _drawn_cards(graph, blocks) > MOST_CARDS else blocks


def _chosen(graph: Graph, levels: Mapping[str, float], closed: frozenset[str]) -> tuple[Block, ...]:
    opened = coarsest_groups(graph, levels) - closed
    blocks = _in_groups(graph, contract(graph, opened), levels)
    if _is_readable(graph, blocks, levels):
        return blocks
    whole = whole_groups(graph, levels)
    for share in SHARES:
        small = {scope for scope, count in whole.items() if count <= share * len(graph)}
        if small & opened:
            opened -= small
            blocks = _in_groups(graph, contract(graph, opened), levels)
            if _is_readable(graph, blocks, levels):
                return blocks
    for depth in range(max(_depths(blocks)), -1, -1) if _descends(blocks, levels) else ():
        blocks = joined_in_stages(graph, blocks, levels, partial(_home, graph, depth))
        if _is_readable(graph, blocks, levels):
            return blocks
    if len(blocks) > MOST_DRAWN:
        return _together(graph, blocks, levels)
    return in_steps(graph, blocks, levels, MOST_CARDS)


def _drawn_cards(graph: Graph, blocks: Sequence[Block]) -> int:
    """The blocks that a picture gives a map: a small operator too where its wire forks or joins."""
    of = {node: block.id for block in blocks for node in block.nodes}
    wires = {(of[edge.source], of[edge.target]) for edge in graph.edges}
    wires = {(source, target) for source, target in wires if source != target}
    into, out = Counter(target for _, target in wires), Counter(source for source, _ in wires)
    return sum(
        is_card(graph, block)
        or (
            (into[block.id], out[block.id]) != (1, 1)
            and graph[block.output].operator.family != "join"
        )
        for block in blocks
    )


def _heads_whole(graph: Graph, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """With every further output, and what leads to nothing but it, in the block that it is of.

    The main output and the inputs stay by themselves.
    """
    of = {node: block for block in blocks for node in block.nodes}
    heads: dict[str, list[Block]] = {}
    for block in blocks:
        node = graph[block.output]
        if node.operator.key != "output" or node.id == graph.output.id:
            continue
        way = [block]
        while len(way) == 1 or _is_lone(graph, way[-1]):
            way.append(of[graph[way[-1].nodes[0]].inputs[0]])
        if not _is_end(graph, way[-1]) and graph[way[-1].output].operator.family != "join":
            heads.setdefault(way[-1].id, []).extend(reversed(way[:-1]))
    inside = {block.id for parts in heads.values() for block in parts}
    runs = [[block, *heads.get(block.id, ())] for block in blocks if block.id not in inside]
    return merged(graph, runs) if heads else tuple(blocks)


def _is_lone(graph: Graph, block: Block) -> bool:
    """Whether a block is a small operator that stands on one wire."""
    readers = graph.consumers[block.output]
    inputs = graph[block.output].inputs
    return not is_card(graph, block) and len(readers) == 1 and len(inputs) == 1


def _is_readable(graph: Graph, blocks: Sequence[Block], levels: Mapping[str, float]) -> bool:
    if len(blocks) > MOST_DRAWN:
        return False
    several = len({_level(levels, block) for block in blocks})
    return _cards(graph, blocks) <= min(MOST_CARDS, MORE_EACH * several + AT_ENDS)


def _descends(blocks: Sequence[Block], levels: Mapping[str, float]) -> bool:
    return len({_level(levels, block) for block in blocks}) >= FEWEST_LEVELS


def _cards(graph: Graph, blocks: Sequence[Block]) -> int:
    return sum(is_card(graph, block) for block in blocks)


def _in_groups(
    graph: Graph, blocks: Sequence[Block], levels: Mapping[str, float]
) -> tuple[Block, ...]:
    """With the operators of every opened group in stages; of no group where there are many."""
    loose = [block for block in blocks if block.kind == "operator" and not block.scope]
    all_of_them = _descends(loose, levels) and _cards(graph, loose) > MOST_LOOSE

    def home(block: Block) -> str | None:
        alone = block.kind == "operator" and not _is_end(graph, block)
        return block.scope if alone and (block.scope or all_of_them) else None

    return joined_in_stages(graph, blocks, levels, home)


def _home(graph: Graph, depth: int, block: Block) -> str | None:
    """The group around a block, None where less than so many groups are around it."""
    scope = around(block)
    deep = scope.count("/") + 1 if scope else 0
    return scope if deep >= depth and not _is_end(graph, block) else None


def _depths(blocks: Sequence[Block]) -> list[int]:
    return [0, *(scope.count("/") + 1 for block in blocks if (scope := around(block)))]


def _together(
    graph: Graph, blocks: Sequence[Block], levels: Mapping[str, float]
) -> tuple[Block, ...]:
    """Runs of neighbours on one level as blocks of their own, at most `MOST_DRAWN` or so.

    The blocks stand in topological order, so that runs of it make no cycle. Ends of the network
    stay by themselves.
    """
    longest = -(-len(blocks) // (MOST_DRAWN // 2))
    runs: list[list[Block]] = []
    for block in blocks:
        last = runs[-1] if runs else []
        ends = any(_is_end(graph, each) for each in (block, *last[:1]))
        alike = last and _level(levels, block) == _level(levels, last[0])
        if alike and len(last) < longest and not ends:
            last.append(block)
        else:
            runs.append([block])
    return merged(graph, runs)


def _is_end(graph: Graph, block: Block) -> bool:
    return len(block.nodes) == 1 and graph[block.output].operator.family == "end"


def _level(levels: Mapping[str, float], block: Block) -> int:
    return round(levels[block.output])
