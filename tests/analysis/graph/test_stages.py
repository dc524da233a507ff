"""Stages: what lies on one level hangs together, and no way leads out of a block and back."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.chain_steps import in_steps
from analysis.graph.readable_blocks import MOST_CARDS, readable_blocks
from analysis.graph.scopes import Block, contract
from analysis.graph.stages import is_card, joined_in_stages
from analysis.layout import place
from analysis.operators import Add, Convolution, Input, MaxPool, Output, ReLU, Upsample
from tests.analysis.blueprints.test_blueprints import build
from tests.analysis.graph.test_scopes import check
from tests.data.models.traced import NETWORKS, traced

SAME = ((1, 1), (1, 1))


def shown(graph: Graph) -> dict[str, Block]:
    facts = analyse(graph)
    blocks = readable_blocks(graph, facts.drawn_levels)
    check(graph, blocks)
    return {block.id: block for block in blocks}


def sizes(graph: Graph) -> list[tuple[int, ...]]:
    """The maps of the cards in order."""
    facts = analyse(graph)
    blocks = readable_blocks(graph, facts.drawn_levels)
    boxes = place(blocks, facts).boxes
    return [facts.shapes[block.output] for block in blocks if boxes[block.id].form == "card"]


@st.composite
def networks(draw) -> Graph:
    """Operators of any scope and level, each reading one or two before it."""
    nodes = [Node("n0", Input(2, (64, 64)))]
    paths = st.lists(st.sampled_from("ab"), max_size=3).map("/".join)
    makers = st.sampled_from([ReLU(), MaxPool((2, 2)), Upsample((2.0, 2.0)), Add()])
    for i in range(1, draw(st.integers(1, 24))):
        operator = draw(makers)
        count = 2 if isinstance(operator, Add) else 1
        sources = draw(st.lists(st.integers(max(0, i - 6), i - 1), min_size=count, max_size=count))
        nodes.append(Node(f"n{i}", operator, tuple(f"n{s}" for s in sources), draw(paths)))
    return Graph.of(nodes)


@settings(max_examples=200, deadline=None)
@given(networks(), st.booleans())
def test_stages_never_make_a_cycle(graph, everywhere):
    levels = analyse(graph).drawn_levels
    blocks = contract(graph, frozenset(("a", "b", "a/b", "b/a")))
    stages = joined_in_stages(
        graph, blocks, levels, lambda block: "" if everywhere else block.scope or None
    )
    check(graph, stages)
    for stage in stages:
        inside = [block for block in blocks if set(block.nodes) <= set(stage.nodes)]
        assert len({round(levels[block.output]) for block in inside}) == 1


@settings(max_examples=100, deadline=None)
@given(networks())
def test_any_graph_is_cut_into_blocks(graph):
    check(graph, readable_blocks(graph, analyse(graph).drawn_levels))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_known_network_is_seen_at_one_sight(name):
    graph = traced(name)
    facts = analyse(graph)
    assert facts.problems == ()
    blocks = readable_blocks(graph, facts.drawn_levels)
    check(graph, blocks)
    assert sum(is_card(graph, block) for block in blocks) <= MOST_CARDS


def test_levels_nested_in_each_other_are_a_flat_u():
    there = [(3, 64, 64), (8, 32, 32), (16, 16, 16), (32, 8, 8), (64, 4, 4)]
    back = [(64, 8, 8), (32, 16, 16), (16, 32, 32), (3, 64, 64)]
    assert sizes(traced("levels")) == [*there, *back]


def test_an_autoencoder_shows_every_resolution():
    there = [(1, 28, 28), (16, 14, 14), (32, 7, 7), (64, 1, 1)]
    assert sizes(traced("strided")) == [*there, (32, 7, 7), (16, 14, 14), (1, 28, 28)]
    pools = [(1, 28, 28), (16, 10, 10), (16, 5, 5), (8, 2, 2)]
    assert sizes(traced("pooled")) == [*pools, (16, 5, 5), (8, 15, 15), (1, 28, 28)]
    there = [(784,), (1000,), (500,), (250,), (30,)]
    assert sizes(traced("dense")) == [*there, (250,), (500,), (784,), (784,)]


def test_a_network_without_modules_is_cut_by_resolution():
    there = [(8, 64, 64), (16, 32, 32), (32, 16, 16), (64, 8, 8), (128, 4, 4)]
    back = [(64, 8, 8), (32, 16, 16), (16, 32, 32), (1, 64, 64)]
    assert sizes(traced("flat")) == [(3, 64, 64), *there, *back, (1, 64, 64)]


def test_a_chain_that_only_goes_down_is_cut_by_resolution():
    found = sizes(traced("vgg"))
    assert found[0] == (3, 224, 224)
    assert found[1:6] == [(8, 224, 224), (16, 112, 112), (32, 56, 56), (64, 28, 28), (64, 14, 14)]


def test_stages_that_are_us_themselves_stay_whole():
    names = shown(traced("u2net"))
    stages = [*(f"stage{i}" for i in range(1, 7)), *(f"stage{i}d" for i in range(5, 0, -1))]
    assert [name for name in names if name.startswith("stage")] == stages


def test_an_encoder_and_a_decoder_are_opened_to_their_layers():
    names = shown(traced("residual"))
    assert [f"encoder/layer{i}" for i in range(1, 5)] == [n for n in names if "layer" in n]
    assert [f"decoder/blocks/{i}" for i in range(5)] == [n for n in names if "decoder" in n]


def test_a_few_operators_of_no_group_stay_what_they_are():
    graph = Graph.of(
        [
            Node("input", Input(3, (64, 64))),
            Node("one", Convolution(4, (3, 3), padding=SAME), ("input",)),
            Node("act", ReLU(), ("one",)),
            Node("pool", MaxPool((2, 2)), ("act",)),
            Node("two", Convolution(4, (3, 3), padding=SAME), ("pool",)),
            Node("up", Upsample((2.0, 2.0)), ("two",)),
            Node("output", Output(), ("up",)),
        ]
    )
    assert list(shown(graph)) == [node.id for node in graph.nodes]


def test_a_symmetric_denoiser_is_drawn_in_the_steps_between_its_skips():
    few, many = (build(f"symmetric_denoiser:layers={layers}") for layers in (10, 30))
    assert "conv1" in shown(few)
    blocks = shown(many)
    assert blocks["conv1 – conv2"].output == "conv2.act"  # what the first skip carries
    assert {"join28", "act28", "deconv29"} <= blocks.keys()
    assert sum(is_card(many, block) for block in blocks.values()) <= MOST_CARDS


def test_a_plain_chain_keeps_every_layer_however_long():
    chain = build("plain_chain:layers=40")
    assert sum(is_card(chain, block) for block in shown(chain).values()) > MOST_CARDS


@settings(max_examples=200, deadline=None)
@given(networks(), st.integers(1, 12))
def test_steps_keep_every_fork_and_join(graph, most):
    levels = analyse(graph).drawn_levels
    blocks = contract(graph, frozenset(("a", "b", "a/b", "b/a")))
    steps = in_steps(graph, blocks, levels, most)
    check(graph, steps)
    owner = {node: block for block in blocks for node in block.nodes}
    for step in steps:
        parts = list({owner[node].id: owner[node] for node in step.nodes}.values())
        assert len({round(levels[part.output]) for part in parts}) == 1
        for before, after in itertools.pairwise(parts):
            readers = {owner[n].id for node in before.nodes for n in graph.consumers[node]}
            assert readers - {before.id} == {after.id}
            assert set(after.inputs) == {before.id}
