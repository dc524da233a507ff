"""The repair of a narrow bottleneck: more channels in the layers that all must pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from analysis.facts.code_layer import doors
from analysis.facts.shapes import infer
from analysis.graph import Graph
from analysis.operators import Convolution, TransposedConvolution
from analysis.operators.contract import Operator, Shape
from analysis.review.finding import Mend
from analysis.review.subject import Subject

MOST_LAYERS = 4
"""Layers that are widened at most: more is another network, and no repair."""
Wide = Convolution | TransposedConvolution


def wider_doors(subject: Subject, entry: str, needed: int) -> Mend | None:
    """Convolutions with as many channels as let `needed` numbers through.

    None where a door is no such convolution, where more than a few are too narrow, or where the
    output would have another shape: its channels are what is asked of it.
    """
    graph, output = subject.graph, subject.graph.output.id
    wide: dict[str, Operator] = {}
    for _ in range(MOST_LAYERS + 1):
        shapes = _shapes(graph)
        if shapes is None or shapes[output] != subject.shapes[output]:
            return None
        passed = doors(graph, shapes, entry)
        narrow = next((name for name in passed if prod(shapes[name]) < needed), None)
        if narrow is None:
            channels = max(each.channels for each in wide.values() if isinstance(each, Wide))
            return Mend("more-channels", {"layers": len(wide), "channels": channels}, wide)
        layer = _layer_of(graph, narrow, shapes)
        operator = graph[layer].operator
        if not isinstance(operator, Wide) or operator.groups > 1 or len(wide) == MOST_LAYERS:
            return None
        wide[layer] = replace(operator, channels=-(-needed // prod(shapes[narrow][1:])))
        graph = subject.graph.with_operators(wide)
    return None


def _layer_of(graph: Graph, name: str, shapes: Mapping[str, Shape]) -> str:
    """The layer that gives the channels which this one, a pooling perhaps, only passes on."""
    while not isinstance(graph[name].operator, Wide) and len(graph[name].inputs) == 1:
        source = graph[name].inputs[0]
        if shapes[source][0] != shapes[name][0] or not graph[source].inputs:
            break
        name = source
    return name


def _shapes(graph: Graph) -> Mapping[str, Shape] | None:
    found = infer(graph)
    shapes = {name: each.shape for name, each in found.items() if each.shape is not None}
    return shapes if len(shapes) == len(graph) else None
