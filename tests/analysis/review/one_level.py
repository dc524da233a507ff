"""One level of a U along one axis, and how far its join's inputs lie apart by torch."""

from __future__ import annotations

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    Concatenate,
    Convolution,
    Input,
    MaxPool,
    Operator,
    Output,
    TransposedConvolution,
    Upsample,
)
from tests.analysis.review.experiment import centres, middle

CONV3 = Convolution(1, (3,), padding=((1, 1),))
STRIDED = Convolution(1, (3,), (2,), ((1, 1),))
EVEN = Convolution(1, (4,), (2,), ((1, 1),))
POOL = MaxPool((2,))
UP = TransposedConvolution(1, (2,), (2,))
NEAREST = Upsample((2.0,))
LINEAR = Upsample((2.0,), "linear")
CORNERS = Upsample((2.0,), "linear", True)


def level(down: Operator, up: Operator, size: int = 64, beside: Operator | None = None) -> Graph:
    """One level of a U: a convolution, down, a convolution, up, and the join."""
    nodes = [
        Node("input", Input(1, (size,))),
        Node("enc", CONV3, ("input",)),
        Node("down", down, ("enc",)),
        Node("deep", CONV3, ("down",)),
        Node("up", up, ("deep",)),
    ]
    skip = "enc"
    if beside is not None:
        nodes.append(Node("beside", beside, ("enc",)))
        skip = "beside"
    nodes += [Node("join", Concatenate(), (skip, "up")), Node("output", Output(), ("join",))]
    return Graph.of(nodes)


def parted(graph: Graph) -> float:
    """How far the join's inputs lie apart on the mean over the middle, by torch."""
    skip, up = graph["join"].inputs
    here = middle(analyse(graph).shapes["join"][1])
    return float((centres(graph, up) - centres(graph, skip))[here].mean())


def cropped(skip: Operator, below: Operator) -> Graph:
    """A valid convolution joined with its input, each behind a crop."""
    return Graph.of(
        [
            Node("input", Input(1, (64,))),
            Node("skip", skip, ("input",)),
            Node("valid", Convolution(1, (5,)), ("input",)),
            Node("below", below, ("valid",)),
            Node("join", Concatenate(), ("skip", "below")),
            Node("output", Output(), ("join",)),
        ]
    )
