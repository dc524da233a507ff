"""Lays tiles over an input so that every unit of a layer is computed with all it sees.

A unit is kept of a tile where all that it reads, through all layers, is in the tile; at the
picture's own border it may reach past the end, since padding stands there in the whole as well. Put
together, the kept units are those of the whole, up to the order in which floating point adds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import ceil, floor

from analysis.facts import Facts, analyse
from analysis.facts.shapes import infer
from analysis.facts.size_rule import SizeRule, size_rule
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.tiles.alignment import Alignment, alignment
from analysis.inference.tiles.right_units import Units, first_right, first_wrong, mirrors_right
from analysis.operators import Input
from analysis.operators.contract import Shape
from analysis.receptive_field.taps import readings


@dataclass(frozen=True, slots=True)
class Span:
    """One tile along one axis: input pixels [start, end), of whose output units some are kept.

    `kept` are (first, past the last) counted in the tile's own output, `at` is where the first
    stands in the output of the whole.
    """

    start: int
    end: int
    kept: tuple[int, int]
    at: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of the input and where its kept part goes, as slices along the spatial axes."""

    read: tuple[slice, ...]
    kept: tuple[slice, ...]
    goes: tuple[slice, ...]


@dataclass(frozen=True)
class TilePlan:
    """All tiles of one layer of a network for an input of `size`.

    `tile` is the size of every tile, `margin` how many input pixels of it are discarded at inner
    edges, (before, after) along each axis; `output` is the layer's shape for the whole input.
    `reach` is how many input pixels a unit sees before itself: tiles are larger than twice that.
    """

    size: tuple[int, ...]
    tile: tuple[int, ...]
    margin: tuple[tuple[int, int], ...]
    grid: tuple[int, ...]
    output: Shape
    spans: tuple[tuple[Span, ...], ...]
    tile_graph: Graph
    reach: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many tiles there are."""
        found = 1
        for axis in self.spans:
            found *= len(axis)
        return found

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """The tiles, row by row."""
        return tuple(
            Tile(
                tuple(slice(span.start, span.end) for span in spans),
                tuple(slice(*span.kept) for span in spans),
                tuple(slice(s.at, s.at + s.kept[1] - s.kept[0]) for s in spans),
            )
            for spans in product(*self.spans)
        )


class Tiler:
    """Plans the tiles of one layer of a network; what needs no tile size is found once.

    `image` is the size of a picture, along the spatial axes; `size` the least that the network
    takes and holds it. `fault` says why the network cannot be tiled.
    """

    def __init__(self, facts: Facts, image: tuple[int, ...], layer: str | None = None) -> None:
        self.layer = facts.graph.output.id if layer is None else layer
        self.size = image
        self._graph = facts.graph
        before = facts.graph.ancestors(self.layer)
        self._nodes = [n for n in facts.graph.nodes if n.id in before or n.id == self.layer]
        self._wrong_of: dict[tuple[int, int], Units] = {}
        found = self._prepared(facts, image)
        self.fault = found if isinstance(found, Fault) else None
        if not isinstance(found, Fault):
            self._rule, self.whole, self._aligned = found
            self._first = [
                first_right(self.whole.graph, self.whole.shapes, self._nodes, axis)
                for axis in range(len(image))
            ]

    def _prepared(
        self, facts: Facts, image: tuple[int, ...]
    ) -> tuple[SizeRule, Facts, Alignment] | Fault:
        maps = [n for n in facts.graph.inputs if len(facts.shapes.get(n.id, ())) > 1]
        if len(maps) != 1 or len(facts.shapes[maps[0].id]) - 1 != len(image):
            return Fault("tiles-inputs", (len(maps),))
        aligned = alignment(facts, self.layer)
        if isinstance(aligned, Fault):
            return aligned
        rule = size_rule(facts)
        if rule is None:
            return Fault("tiles-one-size", (facts.shapes[maps[0].id][1:],))
        self.size = _at_least(rule, image)
        whole = analyse(resized(facts.graph, self.size))
        again = alignment(whole, self.layer)
        return again if isinstance(again, Fault) else (rule, whole, again)

    def nearest(self, wanted: tuple[int, ...]) -> tuple[int, ...]:
        """The largest tiles that work of at most `wanted`; the least where that is larger."""
        return tuple(self._nearest(axis, length) for axis, length in enumerate(wanted))

    def evened(self, wanted: tuple[int, ...]) -> tuple[int, ...]:
        """The smallest tiles that are as many along each axis as the nearest ones to `wanted`.

        The last of those often lies mostly over the one before it.
        """
        if self.fault is not None:
            return wanted
        return tuple(self._evened(axis, side) for axis, side in enumerate(self.nearest(wanted)))

    def plan(self, wanted: tuple[int, ...]) -> TilePlan | Fault:
        """The tiles of at most `wanted` input pixels along each axis, if such small ones work."""
        if self.fault is not None:
            return self.fault
        tile = self.nearest(wanted)
        facts = analyse(resized(self._graph, tile))
        if fault := self._other_at(facts):
            return fault
        spans = tuple(tuple(self._spans(axis, side)) for axis, side in enumerate(tile))
        return TilePlan(
            self.size,
            tile,
            tuple(self._margin(axis, side) for axis, side in enumerate(tile)),
            self._aligned.grid,
            self.whole.shapes[self.layer],
            spans,
            facts.graph,
            tuple(
                ceil(first[self.layer] * jump)
                for first, jump in zip(self._first, self._aligned.jumps, strict=True)
            ),
        )

    # ------------------------------------------------------------------ along one axis
    def _nearest(self, axis: int, wanted: int) -> int:
        size, grid = self.size[axis], self._aligned.grid[axis]
        if wanted >= size:
            return size
        fitting = wanted - (wanted - size) % grid
        if fitting > 0 and self._works(axis, fitting):
            return fitting
        larger = range(max(fitting, size % grid), size, grid)
        at = bisect_left(larger, True, key=lambda tile: self._works(axis, tile))
        return larger[at] if at < len(larger) else size

    def _evened(self, axis: int, tile: int) -> int:
        size, grid = self.size[axis], self._aligned.grid[axis]
        if tile == size:
            return tile
        step = self._step(axis, tile)
        count = 1 + -(-(size - tile) // step)
        least = ceil((size + (count - 1) * (tile - step)) / count)
        for even in range(least + (size - least) % grid, tile, grid):
            if self._works(axis, even) and (count - 1) * self._step(axis, even) >= size - even:
                return even
        return tile

    def _works(self, axis: int, tile: int) -> bool:
        """Whether tiles of this length leave no unit out."""
        shapes = self._shapes(axis, tile)
        if tile < self._rule.least[axis] or shapes is None:
            return False
        if self._step(axis, tile) < self._aligned.grid[axis]:
            return False
        right = self._first[axis], self._wrong(axis, tile)
        return mirrors_right(self._graph, shapes, self._nodes, axis, right)

    def _shapes(self, axis: int, tile: int) -> Mapping[str, Shape] | None:
        """The layers' shapes where the input has this length along one axis; None if it clashes."""
        size = (*self.size[:axis], tile, *self.size[axis + 1 :])
        found = infer(resized(self._graph, size))
        shapes = {name: each.shape for name, each in found.items() if each.shape is not None}
        return shapes if all(node.id in shapes for node in self._nodes) else None

    def _wrong(self, axis: int, tile: int) -> Units:
        if (axis, tile) not in self._wrong_of:
            shapes = self._shapes(axis, tile)
            assert shapes is not None
            found = first_wrong(self._graph, shapes, self._nodes, axis)
            self._wrong_of[axis, tile] = found
        return self._wrong_of[axis, tile]

    def _step(self, axis: int, tile: int) -> int:
        """Input pixels from one tile to the next: as many as leave no unit out."""
        grid, jump = self._aligned.grid[axis], self._aligned.jumps[axis]
        kept = self._wrong(axis, tile)[self.layer] - self._first[axis][self.layer]
        return max(0, floor(kept * jump / grid) * grid)

    def _margin(self, axis: int, tile: int) -> tuple[int, int]:
        """Input pixels discarded at inner edges, before and after what is kept; 0 without any."""
        if tile == self.size[axis]:
            return 0, 0
        jump = self._aligned.jumps[axis]
        wrong = self._wrong(axis, tile)[self.layer]
        return ceil(self._first[axis][self.layer] * jump), max(0, ceil(tile - wrong * jump))

    def _spans(self, axis: int, tile: int) -> Iterator[Span]:
        size, jump = self.size[axis], self._aligned.jumps[axis]
        last, done = size - tile, 0
        wrong = self._wrong(axis, tile)[self.layer]
        for start in [*(range(0, last, self._step(axis, tile)) if last else ()), last]:
            first = int(start / jump)
            end = first + wrong if start < last else self.whole.shapes[self.layer][axis + 1]
            yield Span(start, start + tile, (done - first, end - first), done)
            done = end

    def _other_at(self, tile: Facts) -> Fault | None:
        """Why the network is another one at the tiles' size, if it is: a layer of fixed size."""
        whole = self.whole
        for node in self._nodes:
            if tile.shapes.get(node.id) is None:
                return Fault("tiles-fixed", (node.id,))
            read = [
                list(readings(facts.graph, facts.graph[node.id], facts.shapes, strict=True))
                for facts in (whole, tile)
            ]
            named = [
                dict(facts.graph[node.id].operator.parameters(facts.layers[node.id].inputs))
                for facts in (whole, tile)
            ]
            if read[0] != read[1] or named[0] != named[1]:
                return Fault("tiles-fixed", (node.id,))
        sides = zip(self.size, tile.shapes[tile.graph.inputs[0].id][1:], strict=True)
        for axis, (size, side) in enumerate(sides):
            fewer = (size - side) / self._aligned.jumps[axis]
            if tile.shapes[self.layer][axis + 1] != whole.shapes[self.layer][axis + 1] - fewer:
                return Fault("tiles-fixed", (self.layer,))
        return None


def resized(graph: Graph, size: tuple[int, ...]) -> Graph:
    """The graph for an input of this size along the spatial axes."""
    for node in graph.inputs:
        if isinstance(node.operator, Input) and len(node.operator.size) == len(size):
            graph = graph.with_operator(node.id, replace(node.operator, size=size))
    return graph


def _at_least(rule: SizeRule, size: tuple[int, ...]) -> tuple[int, ...]:
    """The smallest size that works and is not below this one."""
    return tuple(
        max(least, length + (rest - length) % multiple)
        for length, multiple, least, rest in zip(
            size, rule.multiple_of, rule.least, rule.remainder, strict=True
        )
    )
