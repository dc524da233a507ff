"""What a clash hides of a network is its sizes: parameters that need none are still counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    Convolution,
    Flatten,
    Input,
    Linear,
    MaxPool,
    Output,
)


def built(name: str, **settings: object) -> Graph:
    blueprint = BLUEPRINTS[name]
    return blueprint.build(blueprint.complete(settings))


@pytest.mark.parametrize(
    ("name", "fits", "clashes"),
    [
        ("unet", {"depth": 3, "base": 4, "size": 64}, 60),
        ("attention_unet", {"depth": 3, "base": 4, "size": 64}, 60),
        ("unet_plus_plus", {"depth": 3, "base": 4, "size": 64}, 60),
    ],
)
def test_a_clash_of_sizes_hides_no_parameter(name, fits, clashes):
    whole = analyse(built(name, **fits))
    broken = analyse(built(name, **{**fits, "size": clashes}))
    assert broken.problems
    assert broken.shapes.keys() < whole.shapes.keys()
    assert broken.parameters == whole.parameters
    assert broken.not_counted == ()
    assert 0 < broken.macs < whole.macs
    for layer in broken.layers.values():
        assert layer.parameters == whole.layers[layer.id].parameters, layer.id


def head(*nodes: Node) -> Graph:
    """A sum of maps of two sizes, a convolution behind it, and more."""
    same = ((1, 1), (1, 1))
    return Graph.of(
        [
            Node("input", Input(3, (8, 8))),
            Node("pool", MaxPool((2, 2)), ("input",)),
            Node("clash", Add(), ("input", "pool")),
            Node("conv", Convolution(5, (3, 3), padding=same), ("clash",)),
            *nodes,
            Node("output", Output(), (nodes[-1].id if nodes else "conv",)),
        ]
    )


def test_what_depends_on_the_size_is_left_out_and_all_that_follows_it():
    graph = head(
        Node("flat", Flatten(), ("conv",)),
        Node("dense", Linear(4), ("flat",)),
        Node("last", Linear(2), ("dense",)),
    )
    facts = analyse(graph)
    assert facts.layers["conv"].parameters == 5 * 3 * 9 + 5
    assert facts.layers["dense"].parameters == 0
    assert facts.not_counted == ("flat", "dense", "last", "output")
    assert facts.parameters == facts.layers["conv"].parameters


def test_a_clash_of_channels_is_not_guessed_at():
    graph = head()
    more = Convolution(4, (1, 1))
    nodes = [*graph.nodes[:2], Node("more", more, ("pool",)), *graph.nodes[2:]]
    nodes[3] = replace(nodes[3], inputs=("input", "more"))
    facts = analyse(Graph.of(nodes))
    assert facts.layers["more"].parameters == 4 * 3 + 4
    assert facts.not_counted == ("clash", "conv", "output")
    assert facts.parameters == 4 * 3 + 4


def test_shared_weights_of_unknown_layers_are_not_counted_twice():
    same = Convolution(5, (3, 3), padding=((1, 1), (1, 1)))
    again = replace(same, channels=5)
    graph = head(
        Node("first", again, ("conv",)),
        Node("second", again, ("first",), stored_as="first"),
    )
    facts = analyse(graph)
    once = 5 * 5 * 9 + 5
    assert facts.parameters <= once + facts.layers["conv"].parameters
    assert {"second"} <= set(facts.not_counted)


def test_an_edit_that_mends_or_breaks_counts_as_from_the_start():
    whole, broken = (built("unet", depth=2, base=4, size=size) for size in (32, 30))
    for graph in (whole, broken, whole, broken):
        facts = analyse(graph)
        assert facts.parameters == sum(layer.parameters for layer in facts.layers.values())
        assert all(layer.gives is None for layer in facts.layers.values()) == (graph is whole)
    wider = broken.with_operator("dec2.conv1", replace(broken["dec2.conv1"].operator, channels=12))
    alone = analyse(wider)
    fitting = whole.with_operator("dec2.conv1", wider["dec2.conv1"].operator)
    assert alone.parameters == analyse(fitting).parameters
