"""The picture of a network: which blocks are on show, what is opened, and where all stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.facts import Facts
from analysis.graph.inner_blocks import Insides, insides, with_insides
from analysis.graph.readable_blocks import readable_blocks
from analysis.graph.scopes import Block
from analysis.layout.geometry import Placement, Point
from analysis.layout.islands import place_islands


@dataclass(frozen=True)
class Picture:
    """Blocks in topological order, and their places."""

    blocks: tuple[Block, ...]
    """All that are on show, those inside of frames among them."""
    outer: tuple[Block, ...]
    """Those outside of all frames, and the groups that the outermost frames are of."""
    inside: Insides
    """Those of every frame, the groups of frames in it among them, by its group's id."""
    placement: Placement

    @cached_property
    def frames(self) -> Mapping[str, Block]:
        """The groups that are opened to a U of their own, by id."""
        groups = (block for parts in (self.outer, *self.inside.values()) for block in parts)
        return {block.id: block for block in groups if block.id in self.inside}

    def beside(self, name: str) -> tuple[Block, ...]:
        """The blocks that a block stands among: those of its frame, else the outer ones."""
        frames = self.inside.values()
        return next((parts for parts in frames if any(b.id == name for b in parts)), self.outer)


def picture(
    facts: Facts,
    positions: Mapping[str, Point],
    expanded: frozenset[str] = frozenset(),
    collapsed: frozenset[str] = frozenset(),
) -> Picture:
    """The picture of a network with the groups in `expanded` opened.

    Groups in `collapsed` are one block even where they span several levels. `positions` as in
    `layout.place`.
    """
    levels = facts.drawn_levels
    outer = readable_blocks(facts.graph, levels, collapsed)
    inside = insides(facts.graph, outer, levels, expanded)
    placement = place_islands(outer, facts, positions, expanded, inside)
    inside = {name: parts for name, parts in inside.items() if name in placement.frames}
    return Picture(with_insides(facts.graph, outer, inside), outer, inside, placement)
