"""Which wires are drawn as a skip: also where the skip is cropped or gated on its way."""

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.graph.scopes import contract
from analysis.layout import place
from analysis.operators import (
    Add,
    Concatenate,
    Convolution,
    Crop,
    Input,
    MaxPool,
    Multiply,
    Output,
    ReLU,
    Sigmoid,
    TransposedConvolution,
)

SAME = ((1, 1), (1, 1))


def conv(channels: int, padding=SAME) -> Convolution:
    return Convolution(channels, (3, 3), padding=padding)


def u(*middle: Node, join: str, side: int = 64) -> Graph:
    """An encoder, a bottleneck and `middle`, whose last node the output reads."""
    return Graph.of(
        [
            Node("input", Input(3, (side, side))),
            Node("enc.conv", conv(8, ((0, 0), (0, 0))), ("input",), "enc"),
            Node("enc.act", ReLU(), ("enc.conv",), "enc"),
            Node("pool", MaxPool((2, 2)), ("enc.act",)),
            Node("mid.conv", conv(16), ("pool",), "mid"),
            Node("mid.act", ReLU(), ("mid.conv",), "mid"),
            *middle,
            Node("output", Output(), (join,)),
        ]
    )


def routes(graph: Graph):
    facts = analyse(graph)
    assert facts.problems == ()
    placed = place(contract(graph), facts)
    return {(route.source, route.target): route for route in placed.routes}


def test_a_skip_that_is_cropped_inside_the_decoders_block_is_that_skip():
    graph = u(
        Node("up.up", TransposedConvolution(8, (2, 2)), ("mid.act",), "up"),
        Node("up.narrow", Crop((2, 2), (2, 2)), ("up.up",), "up"),
        Node("up.crop", Crop((2, 2), (2, 2)), ("enc.act",), "up"),
        Node("up.cat", Concatenate(), ("up.crop", "up.narrow"), "up"),
        Node("up.conv", conv(8), ("up.cat",), "up"),
        join="up.conv",
    )
    found = routes(graph)
    skip = found["enc", "up"]
    assert (skip.kind, skip.skip, skip.joins) == ("skip", "skip1", True)
    assert len({y for _, y in skip.points}) == 1
    assert found["mid", "up"].kind == "plain"


def gated_skip() -> Graph:
    return u(
        Node("up", TransposedConvolution(8, (2, 2)), ("mid.act",)),
        Node("att.g", Convolution(4, (1, 1)), ("up",), "att"),
        Node("att.x", Convolution(4, (1, 1)), ("enc.act",), "att"),
        Node("att.plus", Add(), ("att.g", "att.x"), "att"),
        Node("att.psi", Convolution(1, (1, 1)), ("att.plus",), "att"),
        Node("att.sigmoid", Sigmoid(), ("att.psi",), "att"),
        Node("att.times", Multiply(), ("enc.act", "att.sigmoid"), "att"),
        Node("cat", Concatenate(), ("att.times", "up")),
        Node("dec.conv", conv(8), ("cat",), "dec"),
        Node("dec.act", ReLU(), ("dec.conv",), "dec"),
        join="dec.act",
    )


def test_an_attention_gate_stands_on_its_skip():
    found = routes(gated_skip())
    before, after = found["enc", "att"], found["att", "cat"]
    assert (before.kind, before.skip, before.joins) == ("skip", "skip1", False)
    assert (after.kind, after.skip, after.joins) == ("skip", "skip1", True)
    assert found["up", "att"].kind == "plain"
