"""A skip joins before or after its activation: what the network then computes, against torch."""

import pytest
import torch

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.joins import activation_place, with_activation_place
from analysis.network.interpreter import Network
from analysis.network.weights import initial
from analysis.operators import Add, BatchNorm, Convolution, Input, Output, ReLU


def residual(place: str) -> Graph:
    """input + conv, then ReLU; or input + ReLU(conv)."""
    nodes = [
        Node("input", Input(3, (5, 5))),
        Node("conv", Convolution(channels=3, kernel=(1, 1)), ("input",)),
    ]
    if place == "before":
        nodes += [Node("join", Add(), ("conv", "input")), Node("act", ReLU(), ("join",))]
        return Graph.of([*nodes, Node("output", Output(), ("act",))])
    nodes += [Node("act", ReLU(), ("conv",)), Node("join", Add(), ("act", "input"))]
    return Graph.of([*nodes, Node("output", Output(), ("join",))])


def answer(graph: Graph) -> torch.Tensor:
    weights = {k: v.double() for k, v in initial(graph, analyse(graph), 3).items()}
    x = torch.randn(1, 3, 5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(7))
    return Network(graph, weights, dtype=torch.float64).run(x)["output"]


@pytest.mark.parametrize(("place", "other"), [("before", "after"), ("after", "before")])
def test_moving_the_join_computes_the_other_network(place, other):
    graph = residual(place)
    assert activation_place(graph, "join", 1) == place
    moved = with_activation_place(graph, "join", 1, other)
    assert activation_place(moved, "join", 1) == other
    torch.testing.assert_close(answer(moved), answer(residual(other)), rtol=0, atol=0)
    assert not torch.equal(answer(moved), answer(graph))
    assert with_activation_place(moved, "join", 1, place) == graph
    assert with_activation_place(graph, "join", 1, place) is graph


@pytest.mark.parametrize("place", ["before", "after"])
def test_without_an_activation_one_of_the_networks_kind_comes(place):
    unet = BLUEPRINTS["unet"].build(BLUEPRINTS["unet"].complete({"depth": 2, "activation": "silu"}))
    assert activation_place(unet, "join1", 1) is None
    made = with_activation_place(unet, "join1", 1, place)
    assert activation_place(made, "join1", 1) == place
    assert len(made) == len(unet) + 1
    assert made["act1"].operator.key == "silu"
    assert analyse(made).problems == ()


def test_a_normalisation_may_stand_between_join_and_activation():
    graph = residual("before")
    nodes = [*graph.nodes, Node("norm", BatchNorm(), ("join",))]
    graph = Graph.of([Node("act", ReLU(), ("norm",)) if n.id == "act" else n for n in nodes])
    assert activation_place(graph, "join", 1) == "before"
    moved = with_activation_place(graph, "join", 1, "after")
    assert moved["join"].inputs == ("act", "input")
    assert moved["output"].inputs == ("norm",)
