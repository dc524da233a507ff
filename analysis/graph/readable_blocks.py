"""Chooses the blocks that a picture shows: as coarse as the levels allow, at most `MOST_DRAWN`.

First the coarsest groups whose outputs share one resolution. Where that leaves more blocks than
can be looked at, groups that go down and come back up inside (the small U of a U²-Net's stage, a
transformer's attention) are kept whole. Where there are still too many, as in a long chain without
groups, operators that follow each other are put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.graph.graph import Graph
from analysis.graph.scopes import Block, coarsest_groups, contract, merged, whole_groups

MOST_BLOCKS = 60
"""With more blocks, groups that span several levels inside are kept whole."""
SHARES = (0.02, 0.05, 0.1, 0.2, 0.35)
"""Of all operators: how many such a group may hold, tried from the smallest."""
MOST_DRAWN = 1000
"""With more blocks, neighbours are put together."""


def readable_blocks(
    graph: Graph, levels: Mapping[str, float], closed: frozenset[str] = frozenset()
) -> tuple[Block, ...]:
    """The blocks of a picture in topological order. `levels` as in `Facts.levels`.

    Scopes in `closed` are one block each, whatever they hold.
    """
    opened = coarsest_groups(graph, levels) - closed
    blocks = contract(graph, opened)
    if len(blocks) > MOST_BLOCKS and opened:
        whole = whole_groups(graph, levels)
        for share in SHARES:
            small = {scope for scope, count in whole.items() if count <= share * len(graph)}
            if not small & opened:
                continue
            opened -= small
            blocks = contract(graph, opened)
            if len(blocks) <= MOST_BLOCKS:
                break
    return _together(graph, blocks, levels) if len(blocks) > MOST_DRAWN else blocks


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
