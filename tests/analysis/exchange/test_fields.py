"""The fields of an opened model are those that the gradient of the model itself shows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from analysis.exchange.torch_module import Traced, trace
from analysis.facts import analyse
from analysis.receptive_field import unit_field
from tests.analysis.exchange import models

SIZES = {
    "Denoiser": (1, 24, 20),
    "ScaledResidual": (3, 18, 22),
    "MobileBlock": (3, 25, 32),
    "Shuffle": (3, 21, 40),
    "SpatialGate": (3, 24, 30),
}
TRIES = 6
"""Random inputs: a unit of a ReLU that is off for one of them passes another on."""


@cache
def traced(name: str) -> Traced:
    return trace(Path(models.__file__), name, SIZES[name], seed=3)


def reached(name: str, unit: tuple[int, int]) -> np.ndarray:
    """The pixels of the input on which a unit of the model's output depends."""
    torch.manual_seed(3)
    model = getattr(models, name)().double().eval()
    generator = torch.Generator().manual_seed(5)
    seen = torch.zeros(SIZES[name][1:], dtype=torch.bool)
    for _ in range(TRIES):
        image = torch.randn(1, *SIZES[name], generator=generator, dtype=torch.float64)
        output = model(image.requires_grad_())[0, :, *unit]
        mix = torch.rand(len(output), generator=generator, dtype=torch.float64) + 0.5
        (gradient,) = torch.autograd.grad((output * mix).sum(), image)
        seen |= (gradient[0] != 0).any(0)
    return seen.numpy()


def claimed(name: str, unit: tuple[int, int], strict: bool) -> np.ndarray:
    graph = traced(name).graph
    found = unit_field(graph, analyse(graph).shapes, graph.output.id, unit, strict)
    assert found.exactness == certainty(name, strict)
    return found.sets["input"].mask()


def certainty(name: str, strict: bool) -> str:
    """Slices of stacked and shuffled channels are only bounded, though here the bound is met."""
    if name == "Shuffle":
        return "upper bound"
    return "whole input" if strict and name == "MobileBlock" else "exact"


def units(name: str) -> list[tuple[int, int]]:
    """A corner, the middle, and one by the other border."""
    graph = traced(name).graph
    height, width = analyse(graph).shapes[graph.output.id][1:]
    return [(0, 0), (height // 2, width // 2), (height - 2, width - 1)]


@pytest.mark.parametrize("name", SIZES)
def test_the_strict_field_is_the_models_own_gradient(name: str) -> None:
    for unit in units(name):
        np.testing.assert_array_equal(claimed(name, unit, True), reached(name, unit), str(unit))


@pytest.mark.parametrize("name", SIZES)
def test_the_field_is_the_gradient_while_gates_are_held(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pooled = functional.adaptive_avg_pool2d
    monkeypatch.setattr(functional, "adaptive_avg_pool2d", lambda x, size: pooled(x, size).detach())
    for unit in units(name):
        np.testing.assert_array_equal(claimed(name, unit, False), reached(name, unit), str(unit))


def test_no_field_of_these_models_is_unknown() -> None:
    for name in SIZES:
        fields = analyse(traced(name).graph).fields
        assert {field.exactness for field in fields.values()} <= {
            "exact",
            "upper bound",
            "whole input",
        }


def test_names_of_the_operators_of_an_opened_model() -> None:
    graph = traced("Shuffle").graph
    keys = [node.operator.key for node in graph.nodes]
    assert keys.count("channel_shuffle") == 2, "one is written out as view, transpose, view"
    assert keys.count("channel_slice") == 6
    assert "reshape" not in keys
    ids = {node.id for node in graph.nodes}
    assert {"channel_slice", "channel_slice2", "channel_shuffle", "closing"} <= ids
    assert not traced("Shuffle").size_is_fixed
    gate = next(n for n in traced("MobileBlock").graph.nodes if n.operator.key == "multiply")
    shapes = analyse(traced("MobileBlock").graph).shapes
    assert {shapes[source][1:] for source in gate.inputs} == {(1, 1), (13, 16)}
