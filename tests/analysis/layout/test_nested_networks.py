"""Nested networks as people write them: a page and no strip, names clear of wires."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.readable_blocks import MOST_DRAWN, readable_blocks
from analysis.layout import place
from analysis.layout.captions import caption_box
from analysis.layout.geometry import Placement, along
from analysis.operators import (
    Add,
    BatchNorm,
    Concatenate,
    Convolution,
    Input,
    MaxPool,
    Output,
    ReLU,
    Upsample,
)

SAME = ((1, 1), (1, 1))


class Builder:
    """Makes a graph operator by operator, each in the scope that is open."""

    def __init__(self, side: int = 512) -> None:
        self.nodes = [Node("input", Input(3, (side, side)))]
        self.scope: list[str] = []

    def put(self, name: str, operator, *sources: str) -> str:
        path = [*self.scope, name]
        self.nodes.append(Node(".".join(path), operator, sources, "/".join(self.scope)))
        return ".".join(path)

    def inside(self, name: str, make: Callable[..., str], *given) -> str:
        self.scope.append(name)
        made = make(*given)
        self.scope.pop()
        return made

    def convs(self, source: str, count: int = 2, channels: int = 8) -> str:
        for i in range(count):
            source = self.put(f"conv{i}", Convolution(channels, (3, 3), padding=SAME), source)
            source = self.put(f"norm{i}", BatchNorm(), source)
            source = self.put(f"act{i}", ReLU(), source)
        return source

    def small_u(self, source: str, depth: int) -> str:
        """A U inside a group that gives the size it gets, as a stage of a U²-Net."""
        first = at = self.inside("in", self.convs, source, 1)
        kept = []
        for i in range(depth):
            at = self.inside(f"down{i}", self.convs, at, 1)
            kept.append(at)
            at = self.put(f"pool{i}", MaxPool((2, 2)), at)
        at = self.inside("low", self.convs, at, 1)
        for i in reversed(range(depth)):
            at = self.put(f"up{i}", Upsample((2.0, 2.0)), at)
            at = self.put(f"cat{i}", Concatenate(), at, kept[i])
            at = self.inside(f"climb{i}", self.convs, at, 1)
        return self.put("plus", Add(), at, first)

    def residual(self, source: str, blocks: int) -> str:
        """A run of residual blocks, each a group with two branches."""
        for i in range(blocks):
            inner = self.inside(f"block{i}", self.convs, source, 2)
            source = self.put(f"plus{i}", Add(), inner, source)
        return source

    def done(self, last: str) -> Graph:
        return Graph.of([*self.nodes, Node("output", Output(), (last,))])


def nested_u(depth: int, inner: int) -> Graph:
    """A U of U's."""
    make = Builder()
    at, kept = "input", []
    for i in range(depth):
        at = make.inside(f"stage{i}", make.small_u, at, max(1, inner - i))
        kept.append(at)
        at = make.put(f"pool{i}", MaxPool((2, 2)), at)
    at = make.inside("lowest", make.small_u, at, 1)
    sides = [at]
    for i in reversed(range(depth)):
        at = make.put(f"up{i}", Upsample((2.0, 2.0)), at)
        at = make.put(f"cat{i}", Concatenate(), at, kept[i])
        at = make.inside(f"climb{i}", make.small_u, at, max(1, inner - i))
        sides.append(at)
    return make.done(at)


def dense_u(depth: int) -> Graph:
    """A triangle of blocks: each reads all before it on its level and one from below (U-Net++)."""
    make = Builder()
    found: dict[tuple[int, int], str] = {}
    for i in range(depth):
        below = found.get((i - 1, 0), "input")
        source = make.put(f"pool{i}", MaxPool((2, 2)), below) if i else below
        found[i, 0] = make.inside(f"x{i}_0", make.convs, source)
        for j in range(1, i + 1):
            k = i - j
            up = make.put(f"up{k}_{j}", Upsample((2.0, 2.0)), found[k + 1, j - 1])
            row = [found[k, m] for m in range(j)]
            joined = make.put(f"cat{k}_{j}", Concatenate(), *row, up)
            found[k, j] = make.inside(f"x{k}_{j}", make.convs, joined)
    return make.done(found[0, depth - 1])


def wide_u(depth: int, blocks: int) -> Graph:
    """A U whose levels are long runs of residual blocks, as in networks that restore pictures."""
    make = Builder()
    at, kept = make.inside("embed", make.convs, "input", 1), []
    for i in range(depth):
        at = make.inside(f"encoder{i}", make.residual, at, blocks)
        kept.append(at)
        at = make.put(f"pool{i}", MaxPool((2, 2)), at)
    at = make.inside("latent", make.residual, at, blocks)
    for i in reversed(range(depth)):
        at = make.put(f"up{i}", Upsample((2.0, 2.0)), at)
        at = make.put(f"cat{i}", Concatenate(), at, kept[i])
        at = make.put(f"reduce{i}", Convolution(8, (1, 1)), at)
        at = make.inside(f"decoder{i}", make.residual, at, blocks)
    return make.done(at)


def gated_u(depth: int) -> Graph:
    """A U whose skips pass a group that also reads what comes up (attention gates)."""
    make = Builder()
    at, kept = "input", []
    for i in range(depth):
        at = make.inside(f"Conv{i}", make.convs, at)
        kept.append(at)
        at = make.put(f"pool{i}", MaxPool((2, 2)), at)
    at = make.inside("Lowest", make.convs, at)

    def gate(one: str, other: str) -> str:
        left = make.put("w_g", Convolution(8, (1, 1)), one)
        right = make.put("w_x", Convolution(8, (1, 1)), other)
        return make.put("act", ReLU(), make.put("plus", Add(), left, right))

    for i in reversed(range(depth)):
        at = make.put(f"up{i}", Upsample((2.0, 2.0)), at)
        at = make.inside(f"Up{i}", make.convs, at, 1)
        gated = make.inside(f"Att{i}", gate, at, kept[i])
        at = make.inside(f"Up_conv{i}", make.convs, make.put(f"cat{i}", Concatenate(), gated, at))
    return make.done(at)


def chain(length: int) -> Graph:
    make = Builder(64)
    at = "input"
    for i in range(length):
        at = make.put(f"conv{i}", Convolution(4, (3, 3), padding=SAME), at)
    return make.done(at)


def branches(seed: int) -> Graph:
    """Groups that read two or three others, all at one size: no U, and no chain."""
    chance = random.Random(seed)
    make = Builder(64)
    made = ["input"]
    for i in range(30):
        sources = chance.sample(made[-4:], min(len(made), chance.randint(1, 2)))
        joined = make.put(f"cat{i}", Concatenate(), *sources) if len(sources) > 1 else sources[0]
        made.append(make.inside(f"group{i}", make.convs, joined))
    return make.done(made[-1])


NETWORKS = {
    **{f"nested-{d}-{i}": (nested_u, d, i) for d, i in ((3, 3), (5, 5), (6, 4))},
    **{f"dense-{d}": (dense_u, d) for d in (3, 4, 5, 6)},
    **{f"wide-{d}-{b}": (wide_u, d, b) for d, b in ((2, 2), (3, 4), (3, 12), (4, 8))},
    **{f"gated-{d}": (gated_u, d) for d in (2, 3, 4, 5)},
    **{f"chain-{n}": (chain, n) for n in (40, 300)},
    **{f"branches-{s}": (branches, s) for s in range(6)},
}


@pytest.fixture(params=NETWORKS, scope="module")
def placement(request) -> Placement:
    make, *given = NETWORKS[request.param]
    graph = make(*given)
    facts = analyse(graph)
    assert facts.problems == ()
    return place(readable_blocks(graph, facts.levels), facts)


def test_the_picture_is_a_page_and_no_strip(placement):
    left, top, right, bottom = placement.bounds
    assert 1 / 4 <= (right - left) / (bottom - top) <= 4.5


def test_no_box_lies_on_another(placement):
    for a, b in itertools.combinations(placement.boxes.values(), 2):
        apart = a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top
        assert apart, (a.id, b.id)


def drawn(placement: Placement):
    """Places on every wire, at most 8 px apart, as (name, x, y)."""
    for route in placement.routes:
        for i in range(0, len(route.points) - 1, 3):
            start, rest = route.points[i], route.points[i + 1 : i + 4]
            length = abs(rest[2][0] - start[0]) + abs(rest[2][1] - start[1])
            count = int(length / 8) + 2
            for step in range(count + 1):
                yield (route.source, route.target), *along(start, rest, step / count)


def test_no_wire_runs_through_a_name(placement):
    cards = [box for box in placement.boxes.values() if box.form == "card"]
    captions = {card.id: caption_box(card) for card in cards}
    struck = {
        (name, wire)
        for wire, x, y in drawn(placement)
        for name, (left, top, right, bottom) in captions.items()
        if left < x < right and top < y < bottom
    }
    assert struck == set()


def test_no_name_lies_on_a_box_or_another_name(placement):
    cards = [box for box in placement.boxes.values() if box.form == "card"]
    captions = {card.id: caption_box(card) for card in cards}
    boxes = placement.boxes.values()
    rooms = [(box.id, (box.left, box.top, box.right, box.bottom)) for box in boxes]
    for name, one in captions.items():
        others = [(n, room) for n, room in captions.items() if n != name]
        for other, two in [*rooms, *others]:
            meet = one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
            assert not meet, (name, other)


@pytest.mark.parametrize("depth", [3, 4, 5, 6])
def test_a_dense_u_is_a_triangle(depth):
    graph = dense_u(depth)
    facts = analyse(graph)
    placement = place(readable_blocks(graph, facts.levels), facts)
    assert placement.shape == "u"
    at = {(i, j): placement.boxes[f"x{i}_{j}"] for i in range(depth) for j in range(depth - i)}
    for (i, j), card in at.items():
        assert card.y == at[i, 0].y
        if j:
            assert card.x > at[i, j - 1].x
            assert card.x > at[i + 1, j - 1].x
            assert card.y < at[i + 1, j - 1].y


@pytest.mark.parametrize(("make", "given"), [(nested_u, (6, 4)), (wide_u, (3, 12))])
def test_a_nested_network_shows_its_groups_as_blocks(make, given):
    graph = make(*given)
    assert len(graph) > 300
    facts = analyse(graph)
    blocks = readable_blocks(graph, facts.levels)
    assert 10 <= len(blocks) <= 80
    assert sorted(node for block in blocks for node in block.nodes) == sorted(facts.layers)


def test_a_long_chain_is_put_together_block_by_block():
    graph = chain(5_000)
    facts = analyse(graph)
    blocks = readable_blocks(graph, facts.levels)
    assert len(blocks) <= MOST_DRAWN
    assert [node for block in blocks for node in block.nodes] == list(facts.layers)
    assert [block.id for block in blocks if len(block.nodes) == 1] == ["input", "output"]
    assert blocks[1].inputs == ("input",)
    for before, after in itertools.pairwise(blocks[1:]):
        assert after.inputs == (before.id,)
