"""Arithmetic, clamps and channel operators keep the split of the output exact."""

from __future__ import annotations

import torch

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.inference.measures.output_split import split
from analysis.network import Network
from analysis.operators import (
    Add,
    ChannelPool,
    ChannelSlice,
    Convolution,
    Input,
    Output,
    ParameterArithmetic,
    PiecewiseFunction,
    ReLU,
    ScalarArithmetic,
    SmoothFunction,
    Subtract,
)
from analysis.operators.contract import Operator

SAME = ((1, 1), (1, 1))


def network(last: Operator) -> Network:
    """A skip round a convolution, then everything that is straight, then `last`."""
    graph = Graph.of(
        [
            Node("input", Input(2, (8, 8))),
            Node("first", Convolution(4, (3, 3), padding=SAME), ("input",)),
            Node("relu", ReLU(), ("first",)),
            Node("second", Convolution(4, (3, 3), padding=SAME), ("relu",)),
            Node("turned", ScalarArithmetic("subtract_from", 0.3), ("second",)),
            Node("scaled", ParameterArithmetic("multiply", (4, 1, 1)), ("turned",)),
            Node("join", Subtract(), ("relu", "scaled")),
            Node("slice", ChannelSlice(1, 4), ("join",)),
            Node("last", last, ("slice",)),
            Node("pool", ChannelPool("max"), ("last",)),
            Node("sum", Add(), ("last", "pool")),
            Node("output", Output(), ("sum",)),
        ]
    )
    facts = analyse(graph)
    assert facts.problems == ()
    generator = torch.Generator().manual_seed(0)
    weights = {
        f"{node.id}.{name}": torch.randn(shape, generator=generator)
        for node in graph.nodes
        for name, shape in node.operator.parameters(facts.layers[node.id].inputs).items()
    }
    return Network(graph, weights)


def test_straight_operators_are_split_exactly() -> None:
    made = network(PiecewiseFunction("clamp", (-0.2, 0.4)))
    image = torch.randn(1, 2, 8, 8, generator=torch.Generator().manual_seed(1))
    found = split(made, image, [("join", 0)])
    assert found.exact
    torch.testing.assert_close(found.parts.sum(0), found.output[0], rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(found.output, made.run(image)["output"])
    assert found.parts[0].abs().max() > 0.01


def test_a_curved_function_on_the_way_is_said_to_be_approximate() -> None:
    made = network(SmoothFunction("sin"))
    found = split(made, torch.ones(1, 2, 8, 8), [("join", 0)])
    assert not found.exact
    assert found.why is not None
    assert found.why.numbers[0] == "last"
