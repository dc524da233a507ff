"""Pooling to sizes that do not divide the map's: every unit's field is the linear gradient."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.network import Network
from analysis.operators import (
    AdaptivePool,
    ChannelLinear,
    Concatenate,
    Convolution,
    Input,
    Output,
    Upsample,
)
from analysis.receptive_field import unit_field
from tests.analysis.exchange.public_models.linear import Linearised, reached

SIZE = (7, 9)


def pyramid(bins: int, mode: str, align: bool) -> Graph:
    """A map beside itself pooled to `bins` × `bins` and made as large again, as PSPNet has it."""
    upsample = Upsample(scale=None, size=SIZE, mode=mode, align_corners=align)
    return Graph.of([
        Node("input", Input(2, SIZE)),
        Node("conv", Convolution(3, (3, 3), padding=((1, 1), (1, 1))), ("input",)),
        Node("pool", AdaptivePool((bins, bins)), ("conv",)),
        Node("mix", ChannelLinear(3), ("pool",)),
        Node("up", upsample, ("mix",)),
        Node("cat", Concatenate(), ("conv", "up")),
        Node("output", Output(), ("cat",)),
    ])  # fmt: skip


@pytest.mark.parametrize(("bins", "mode", "align"), [
    (2, "linear", False), (3, "linear", True), (4, "nearest", False), (5, "linear", False),
])  # fmt: skip
def test_every_unit_sees_what_the_gradient_shows(bins: int, mode: str, align: bool) -> None:
    graph = pyramid(bins, mode, align)
    facts = analyse(graph)
    assert facts.problems == ()
    image = torch.rand(1, 2, *SIZE, dtype=torch.float64, requires_grad=True)
    weights = {
        each.key: torch.ones(each.shape) for found in facts.tensors.values() for each in found
    }
    with Linearised():
        value = Network(graph, weights, dtype=torch.float64).run(image)["output"]
    for unit in np.ndindex(*SIZE):
        found = unit_field(graph, facts.shapes, "output", unit)
        assert found.exactness == "exact"
        np.testing.assert_array_equal(found.sets["input"].mask(), reached(value, unit, image))
