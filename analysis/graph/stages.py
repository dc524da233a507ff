"""Puts neighbouring blocks of one resolution together: the stages of a network without groups.

A stage is a region that hangs together, lies on one level and is convex: no way leads out of it
and back. Joins belong to the stage that they end; a skip then enters the stage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from analysis.graph.graph import Graph, data_inputs
from analysis.graph.scopes import Block, merged
from analysis.operators.contract import Operator

SMALL = frozenset({"pool", "tconv", "resample", "reshape", "norm", "act"})
"""Families of the operators that are drawn as signs on a wire."""


def is_small(operator: Operator) -> bool:
    """Whether it can stand on a wire: beside those families a 1×1 or a strided convolution."""
    if operator.family == "conv":
        kernel, stride = getattr(operator, "kernel", (0,)), getattr(operator, "stride", (1,))
        return max(kernel) == 1 or max(stride) > 1
    return operator.family in SMALL


def is_card(graph: Graph, block: Block) -> bool:
    """Whether a block is drawn with a map of its own, wherever it stands."""
    operator = graph[block.nodes[0]].operator
    return block.kind == "group" or not (operator.family == "join" or is_small(operator))


def joined_in_stages(
    graph: Graph,
    blocks: Sequence[Block],
    levels: Mapping[str, float],
    home: Callable[[Block], str | None],
) -> tuple[Block, ...]:
    """The blocks with each stage of several put together as one, in topological order.

    `home` names the group that a block may join others of, None for one that stays by itself. A
    join also ends what a group inside its own began. `levels` as in `Facts.drawn_levels`.
    """
    regions = _Regions(graph, blocks, levels, home)
    for block in blocks:
        regions.take(block)
    stages = [stage for stage in regions.members if len(stage) > 1]
    kept = [stage for stage in stages if not regions.is_shown_beside(stage)]
    together = {block.id for stage in kept for block in stage}
    if not together:
        return tuple(blocks)
    return merged(graph, [*kept, *([b] for b in blocks if b.id not in together)])


class _Regions:
    """Grows each region block by block, in topological order."""

    def __init__(
        self,
        graph: Graph,
        blocks: Sequence[Block],
        levels: Mapping[str, float],
        home: Callable[[Block], str | None],
    ) -> None:
        self._graph, self._home = graph, home
        self._level = {block.id: round(levels[block.output]) for block in blocks}
        self._by_id = {block.id: block for block in blocks}
        self._order = {block.id: i for i, block in enumerate(blocks)}
        self._owner = {node: block.id for block in blocks for node in block.nodes}
        self._readers: dict[str, list[str]] = {block.id: [] for block in blocks}
        for block in blocks:
            for source in self._sources(block):
                self._readers[source].append(block.id)
        self.members: list[list[Block]] = []
        self._region: dict[str, int] = {}
        self._before: list[int] = []
        """For every region those that a way leads from to it, a bit each."""

    def _sources(self, block: Block) -> dict[str, None]:
        read = (s for node in block.nodes for s in data_inputs(self._graph[node]))
        return {self._owner[s]: None for s in read if self._owner[s] != block.id}

    def take(self, block: Block) -> None:
        """Put a block into the region of the last block that it reads, or into a new one."""
        region = self._region_for(block)
        if region is None:
            region = len(self.members)
            self.members.append([])
            self._before.append(self._needs(block, region))  # no way leads on from it yet
        self.members[region].append(block)
        self._region[block.id] = region
        more = self._needs(block, region)
        if more & ~self._before[region]:
            for each, before in enumerate(self._before):
                if each == region or before >> region & 1:
                    self._before[each] = before | more

    def _needs(self, block: Block, region: int) -> int:
        """The other regions that a way leads from to the block."""
        needed = 0
        for source in block.inputs:
            if (other := self._region[source]) != region:
                needed |= 1 << other | self._before[other]
        return needed

    def _region_for(self, block: Block) -> int | None:
        home = self._home(block)
        sources = sorted(self._sources(block), key=self._order.__getitem__)
        if home is None or not sources or self._stays_a_join(block):
            return None
        last = self._by_id[sources[-1]]
        theirs = self._home(last)
        if theirs is None or not self._belongs(block, home, theirs):
            return None
        if self._level[last.id] != self._level[block.id]:
            return None
        region = self._region[last.id]
        return None if self._needs(block, region) >> region & 1 else region

    def _stays_a_join(self, block: Block) -> bool:
        """Whether it is the join before a block that is one already: it stands on its wire."""
        if not self._is_join(block):
            return False
        at, level = block.id, self._level[block.id]
        while len(self._readers[at]) == 1:
            at = self._readers[at][0]
            if self._level[at] != level:
                return False
            if self._is_group(self._by_id[at]):
                return True
            if self._is_join(self._by_id[at]) or is_card(self._graph, self._by_id[at]):
                return False
        return False

    def _is_join(self, block: Block) -> bool:
        return block.kind == "operator" and self._graph[block.output].operator.family == "join"

    def _belongs(self, block: Block, home: str, theirs: str) -> bool:
        """Whether a block of one group goes on what another began: its own, or one inside it."""
        return home == theirs or (self._is_join(block) and f"{theirs}/".startswith(f"{home}/"))

    def _is_group(self, block: Block) -> bool:
        return block.kind == "group" and self._home(block) is None

    def is_shown_beside(self, stage: Sequence[Block]) -> bool:
        """Whether it is but signs on a wire, beside a card that shows its resolution."""
        if any(self._is_join(block) or is_card(self._graph, block) for block in stage):
            return False
        own, level = {block.id for block in stage}, self._level[stage[0].id]
        near = [
            *(source for block in stage for source in self._sources(block)),
            *(reader for block in stage for reader in self._readers[block.id]),
        ]
        beside = {each for name in near if name not in own for each in self._past_joins(name)}
        return any(
            self._level[name] == level and is_card(self._graph, self._by_id[name])
            for name in beside
        )

    def _past_joins(self, name: str) -> Sequence[str]:
        return self._readers[name] if self._is_join(self._by_id[name]) else (name,)
