"""Where a public network's field is said to be exact, the linearised network's gradient is it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from analysis.network import Network
from analysis.network.weights import load
from analysis.receptive_field import unit_field
from tests.analysis.exchange.public_models.linear import Linearised, reached
from tests.analysis.exchange.public_models.opened import NAMES, Opened, opened
from tests.analysis.exchange.public_models.sizes import size_of

UNITS = 10


def any_unit(shape: Sequence[int], chance: random.Random) -> tuple[int, ...]:
    return tuple(chance.randrange(length) for length in shape[1:])


def picture(name: str) -> Tensor:
    return torch.rand(1, *size_of(name), dtype=torch.float64, requires_grad=True)


def check(of: Opened, node_id: str, value: Tensor, image: Tensor, unit: tuple[int, ...]) -> bool:
    """Whether the field is said to be exact; if so it is the gradient's."""
    found = unit_field(of.found.graph, of.facts.shapes, node_id, unit)
    if found.exactness != "exact":
        return False
    entry = of.found.graph.inputs[0].id
    seen = found.sets[entry].mask() if entry in found.sets else np.zeros(image.shape[2:], bool)
    np.testing.assert_array_equal(seen, reached(value, unit, image), f"{node_id} {unit}")
    return True


@pytest.mark.parametrize("name", NAMES)
def test_units_of_the_output_see_what_the_modules_gradient_shows(name: str) -> None:
    of = opened(name)
    fields, main = of.facts.fields, of.found.graph.output
    if fields[main.id].exactness != "exact":
        pytest.skip(f"the field of its output is told as {fields[main.id].exactness}")
    image, chance = picture(name), random.Random(1)
    with Linearised():
        value = of.in_float64().answers(image, name)[main.operator.name]
    units = [any_unit(of.facts.shapes[main.id], chance) for _ in range(UNITS)]
    assert all(check(of, main.id, value, image, unit) for unit in units)


def check_inside(of: Opened, name: str) -> None:
    """Units of layers that are said to be exact, chosen at random, and at least one is."""
    image, chance = picture(name), random.Random(2)
    fields, shapes, graph = of.facts.fields, of.facts.shapes, of.found.graph
    exact = [
        node.id
        for node in graph.nodes
        if fields[node.id].exactness == "exact" and node.id not in graph.apart
    ]
    chosen = [chance.choice(exact) for _ in range(UNITS)]
    weights = load(of.found.weights)
    with Linearised():
        values = Network(graph, weights, dtype=torch.float64).run(image, wanted=chosen)
    found = [
        check(of, each, values[each], image, any_unit(shapes[each], chance)) for each in chosen
    ]
    assert any(found)


@pytest.mark.parametrize("name", NAMES)
def test_units_inside_see_what_the_graphs_gradient_shows(name: str) -> None:
    check_inside(opened(name), name)
