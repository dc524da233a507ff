"""The sizes that a network takes, against every size tried in torch and by inference."""

from __future__ import annotations

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import Facts, analyse
from analysis.facts.shapes import all_have_shapes
from analysis.facts.size_rule import SizeRule, size_rule
from analysis.graph import Graph, Node
from analysis.network.interpreter import Network, NodeError
from analysis.network.weights import initial
from analysis.operators import Concatenate, Input, MaxPool, Output, TransposedConvolution


def facts_of(called: str) -> Facts:
    name, values = parse(called)
    return analyse(BLUEPRINTS[name].build(values))


def rule_of(called: str) -> SizeRule | None:
    return size_rule(facts_of(called))


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_u_net_takes_multiples_of_two_to_its_depth(depth: int) -> None:
    two = 2**depth
    rule = rule_of(f"unet:depth={depth},base=2,size={4 * two}")
    assert rule == SizeRule((two, two), (two, two), (0, 0))


def test_a_u_net_that_crops_takes_any_size_that_leaves_something() -> None:
    facts = facts_of("unet:depth=4,base=2,padding=valid,size=572")
    rule = size_rule(facts)
    assert rule is not None
    assert rule.multiple_of == (1, 1)
    for size, works in ((rule.least[0], True), (rule.least[0] - 1, False)):
        resized = facts.graph.with_operator("input", Input(3, (size, 572)))
        assert all_have_shapes(resized) == works, size


def test_the_nearest_size_is_rounded_and_never_below_the_least() -> None:
    rule = SizeRule((16, 16), (28, 28), (12, 12))
    assert rule.nearest((35, 37)) == (28, 44)
    assert rule.nearest((2, 571)) == (28, 572)


def test_one_and_three_axes_and_sizes_that_clash() -> None:
    assert rule_of("unet:depth=2,base=2,axes=1,size=64") == SizeRule((4,), (4,), (0,))
    rule = rule_of("unet:depth=2,base=2,axes=3,size=16")
    assert rule == SizeRule((4, 4, 4), (4, 4, 4), (0, 0, 0))
    assert rule_of("unet:depth=3,base=2,size=61") == SizeRule((8, 8), (8, 8), (0, 0))


def test_what_joins_nothing_takes_any_size() -> None:
    rule = rule_of("plain_chain:size=40")
    assert rule is not None
    assert rule.multiple_of == (1, 1)


def one_level(size: int) -> Graph:
    return Graph.of(
        [
            Node("input", Input(1, (size, size))),
            Node("pool", MaxPool((2, 2), (2, 2)), ("input",)),
            Node("up", TransposedConvolution(1, (2, 2), (2, 2)), ("pool",)),
            Node("join", Concatenate(), ("input", "up")),
            Node("output", Output(), ("join",)),
        ]
    )


def test_each_size_that_the_rule_names_runs_in_torch_and_no_other_does() -> None:
    rule = size_rule(analyse(one_level(8)))
    assert rule is not None
    for size in range(2, 20):
        graph = one_level(size)
        weights = initial(one_level(8), analyse(one_level(8)), 0)
        try:
            Network(graph, weights).run(torch.zeros(1, 1, size, size))
            runs = True
        except NodeError:
            runs = False
        named = size % rule.multiple_of[0] == rule.remainder[0] and size >= rule.least[0]
        assert runs == named, size


def test_a_network_whose_sizes_were_fixed_has_no_rule() -> None:
    assert rule_of("dense_autoencoder") is None


def test_a_network_with_a_fully_connected_head_of_one_size_has_no_rule() -> None:
    assert rule_of("classifier:size=32") is None
