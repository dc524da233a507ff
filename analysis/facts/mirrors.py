"""Pairs the blocks on both sides of the deepest one: encoder and decoder at one resolution."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.facts.facts import Facts
from analysis.facts.levels import BETWEEN
from analysis.graph.scopes import Block


def mirror(facts: Facts, blocks: Sequence[Block], block_id: str) -> Block | None:
    """The block on the other side at the same resolution, or None: a decoder's for an encoder's.

    `blocks` stand in topological order. Where a level has several on a side, the outermost are a
    pair: the first of the encoder and the last of the decoder.
    """
    groups = [block for block in blocks if block.kind == "group"]
    place = next((i for i, block in enumerate(groups) if block.id == block_id), None)
    if place is None:
        return None
    levels = [facts.levels[block.output] for block in groups]
    deepest = [i for i, level in enumerate(levels) if level > max(levels) - BETWEEN]
    alike = [i for i, level in enumerate(levels) if abs(level - levels[place]) < BETWEEN]
    before = [i for i in alike if i < deepest[0]]
    after = [i for i in reversed(alike) if i > deepest[-1]]
    pairs = dict(zip(before, after, strict=False))
    pairs |= {second: first for first, second in pairs.items()}
    return groups[pairs[place]] if place in pairs else None
