"""Finds the code of an auto-encoder: the narrowest layer that every way to the output passes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import prod

from analysis.facts.facts import Facts
from analysis.graph import Graph
from analysis.operators.contract import Shape

SAMPLE = "gaussian_sample"
"""The operator of a variational auto-encoder: it reads means and logarithms of variances."""


def doors(graph: Graph, shapes: Mapping[str, Shape], entry: str) -> tuple[str, ...]:
    """The layers that every way from `entry` to the output passes, both ends left out.

    In any topological order those are the ones that no wire leads past. Only layers with a shape
    count.
    """
    after, before = graph.descendants(entry), graph.ancestors(graph.output.id)
    between = [n for n in graph.nodes if n.id in shapes and n.id in after and n.id in before]
    place = {node.id: at for at, node in enumerate(between)}
    found: list[str] = []
    farthest = 0
    for at, node in enumerate(between):
        if at == farthest and 0 < at < len(between) - 1:
            found.append(node.id)
        readers: Collection[str] = graph.consumers[node.id]
        farthest = max([farthest, *(place.get(reader, 0) for reader in readers)])
    return tuple(found)


def code_layer(facts: Facts) -> str | None:
    """The layer whose values are the code; None where the network has skips past every layer.

    Of layers equally narrow in a row it is the last, behind normalisation and activation. Of a
    variational auto-encoder it is the layer of the means.
    """
    graph, shapes = facts.graph, facts.shapes
    for node in graph.nodes:
        if node.operator.key == SAMPLE:
            return node.inputs[0]
    inputs = list(graph.inputs)
    if len(inputs) != 1:
        return None
    passed = doors(graph, shapes, inputs[0].id)
    least = min((prod(shapes[name]) for name in passed), default=0)
    if not least or least >= prod(shapes[graph.output.id]):
        return None
    at = next(i for i, name in enumerate(passed) if prod(shapes[name]) == least)
    while at + 1 < len(passed) and _only_shapes_it(graph, passed[at], passed[at + 1], shapes):
        at += 1
    return passed[at]


def _only_shapes_it(graph: Graph, one: str, other: str, shapes: Mapping[str, Shape]) -> bool:
    """Whether the next layer is a normalisation or an activation of this one."""
    same = shapes[one] == shapes[other] and one in graph[other].inputs
    return same and graph[other].operator.family in ("norm", "act")
