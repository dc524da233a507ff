"""Finds the latent of a block that gives a map: the short vector all of its data passes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from analysis.facts.facts import Facts


def latent(facts: Facts, nodes: Sequence[str], output: str) -> int | None:
    """The length of the shortest vector that every way through these operators passes.

    None where the block gives no map, or where there is none that is shorter, as in a block that
    only weighs its channels by a vector beside its map. `nodes` are in topological order.
    """
    given = facts.shapes.get(output)
    if given is None or len(given) < 2 or len(nodes) < 2:
        return None
    vectors = {
        name: shape[0]
        for name in nodes
        if (shape := facts.shapes.get(name)) is not None and len(shape) == 1
    }
    for name, length in sorted(vectors.items(), key=lambda each: each[1]):
        if length < prod(given) and _all_pass(facts, nodes, output, name):
            return length
    return None


def _all_pass(facts: Facts, nodes: Sequence[str], output: str, through: str) -> bool:
    """Whether nothing from outside comes to the output past the operator `through`."""
    inside, reached = set(nodes), set[str]()
    for name in nodes:
        inputs = facts.graph[name].inputs
        if name != through and any(each not in inside or each in reached for each in inputs):
            reached.add(name)
    return output not in reached
