"""The experiments that findings are held against: networks of ones, run by torch in float64."""

from __future__ import annotations

import torch
from torch import Tensor

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Input, Operator, Output
from analysis.review import Finding, Review, Subject, review
from tests.analysis.receptive_field.linearised import linear_form


def chain(*operators: Operator, size: tuple[int, ...] = (32,), channels: int = 1) -> Graph:
    """A network of layers in a row: `input`, `l1`, `l2` …, `output`."""
    nodes = [Node("input", Input(channels, size))]
    for number, operator in enumerate(operators, 1):
        nodes.append(Node(f"l{number}", operator, (nodes[-1].id,)))
    return Graph.of((*nodes, Node("output", Output(), (nodes[-1].id,))))


def reviewed(graph: Graph, object_size: int | None = None) -> Review:
    return review(Subject(analyse(graph), object_size))


def found(graph: Graph, code: str, object_size: int | None = None) -> list[Finding]:
    """The findings of one rule, which must have been tried."""
    answer = reviewed(graph, object_size)
    assert code in answer.tried
    return [each for each in answer.findings if each.code == code]


def values(graph: Graph, picture: Tensor, padded: bool = True) -> dict[str, Tensor]:
    """Every layer's value of `picture` (N, C, *spatial) with weights of one and no bias.

    Maxima are means and activations nothing, so that all is linear.
    """
    shapes, made = analyse(graph).shapes, {}
    for node in graph.nodes:
        if node.operator.key == "input":
            made[node.id] = picture
            continue
        given = [shapes[source] for source in node.inputs]
        form = linear_form(node.operator, given[0][0])
        ones = {
            name: torch.ones(shape, dtype=torch.float64)
            for name, shape in form.parameters(given).items()
            if name == "weight"
        }
        made[node.id] = form.apply([made[source] for source in node.inputs], ones)
    return made


def seen(graph: Graph, layer: str) -> Tensor:
    """(units, pixels) of a network of one axis: how much each unit of `layer` takes of a pixel."""
    length = analyse(graph).shapes["input"][1]
    impulses = torch.eye(length, dtype=torch.float64)[:, None]
    return values(graph, impulses)[layer].sum(1).T


def centres(graph: Graph, layer: str) -> Tensor:
    """Where each unit's impulse response has its centre of mass, in input pixels."""
    weights = seen(graph, layer)
    pixels = torch.arange(weights.shape[1], dtype=torch.float64)
    return weights @ pixels / weights.sum(1)


def middle(length: int, of: int = 8) -> slice:
    """The middle of a map, away from its padding: whole periods of up to `of`."""
    return slice(length // 2 - of, length // 2 + of)
