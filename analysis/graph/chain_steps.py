"""Puts neighbours in a chain together, between what forks and what joins: steps of a network.

Where skips leave and come back on one resolution, as in a symmetric denoiser, there are no stages
to be seen; the layers between two of its forks and joins are the steps it is made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.graph.graph import Graph, data_inputs
from analysis.graph.scopes import Block, merged
from analysis.graph.stages import is_card

Blocks = Sequence[Block]


def in_steps(
    graph: Graph, blocks: Blocks, levels: Mapping[str, float], most: int
) -> tuple[Block, ...]:
    """The blocks with chains of one level in pieces, as short as leave at most so many cards.

    They stay as they are where no length does, and where nothing forks or joins: a plain chain is
    drawn in rows. `levels` as in `Facts.drawn_levels`.
    """
    if _cards(graph, blocks) <= most:
        return tuple(blocks)
    chains = _chains(graph, blocks, levels)
    if len(chains) < 2:
        return tuple(blocks)
    longest = max(_cards(graph, chain) for chain in chains)
    for length in range(2, longest + 1):
        steps = [step for chain in chains for step in _pieces(graph, chain, length)]
        inside = {block.id for step in steps for block in step}
        found = merged(graph, [*steps, *([b] for b in blocks if b.id not in inside)])
        if _cards(graph, found) <= most:
            return found
    return tuple(blocks)


def _chains(graph: Graph, blocks: Blocks, levels: Mapping[str, float]) -> list[list[Block]]:
    """The longest runs on one level in which each block reads only the one before it, alone."""
    owner = {node: block.id for block in blocks for node in block.nodes}
    readers: dict[str, set[str]] = {block.id: set() for block in blocks}
    sources: dict[str, set[str]] = {block.id: set() for block in blocks}
    for block in blocks:
        for source in (owner[s] for node in block.nodes for s in data_inputs(graph[node])):
            if source != block.id:
                readers[source].add(block.id)
                sources[block.id].add(source)
    chains: dict[str, list[Block]] = {}
    """By the id of the last block."""
    for block in blocks:
        operator = graph[block.output].operator
        if block.kind == "operator" and operator.family in ("end", "join"):
            continue
        before = next(iter(sources[block.id]), "")
        chain = chains.get(before, [])
        follows = chain and len(sources[block.id]) == len(readers[before]) == 1
        if follows and round(levels[chain[-1].output]) == round(levels[block.output]):
            chains[block.id] = [*chains.pop(before), block]
        else:
            chains[block.id] = [block]
    return list(chains.values())


def _pieces(graph: Graph, chain: Blocks, length: int) -> list[list[Block]]:
    """Pieces of at most so many cards each; small operators go with the card before them."""
    pieces: list[list[Block]] = []
    for block in chain:
        if is_card(graph, block) and (not pieces or _cards(graph, pieces[-1]) == length):
            pieces.append([])
        if pieces:
            pieces[-1].append(block)
    return [piece for piece in pieces if _cards(graph, piece) > 1]


def _cards(graph: Graph, blocks: Blocks) -> int:
    return sum(is_card(graph, block) for block in blocks)
