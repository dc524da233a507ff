"""Maps laid out as tokens, windows and stacks: the same output, no more nodes, honest fields."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from analysis.exchange.torch_module import Traced, trace
from analysis.facts import analyse
from analysis.network import Network
from analysis.network.weights import initial, load
from analysis.receptive_field import unit_field
from analysis.storage.document import Document, from_json, to_json
from tests.analysis.exchange import tokens
from tests.analysis.exchange.test_torch_code import same_output, written

SIZES = {
    "ChannelsLast": (3, 6, 9),
    "Windows": (3, 8, 12),
    "Tokens": (3, 12, 16),
    "Stacked": (3, 6, 9),
    "Halves": (3, 6, 9),
    "Merged": (3, 8, 6),
    "Patches": (3, 8, 12),
    "ShiftedWindows": (3, 8, 10),
    "Weighed": (3, 6, 9),
}
KEYS = {
    "ChannelsLast": ["conv", "channel_norm", "channel_linear", "gelu", "channel_linear",
                     "parameter_arithmetic", "add"],
    "Windows": ["conv", "roll", "channel_linear", *["channel_slice"] * 3, "scalar_arithmetic",
                "attention", "roll", "conv"],
    "Tokens": ["conv", "parameter_arithmetic", "channel_norm", "channel_linear",
               *["channel_slice"] * 3, "attention", "channel_linear", "add"],
    "Stacked": ["conv", "conv", "conv", "concat", "channel_group_pool"],
    "Halves": ["conv", "roll", "channel_norm", "concat", "channel_group_pool"],
    "Merged": ["conv", *["subsample"] * 8,
               "concat", "channel_linear"],
    "Patches": ["rearrange", "channel_linear"],
    "ShiftedWindows": ["conv", "pad", "roll", *["channel_slice"] * 3, "attention", "roll", "crop",
                       "crop", "channel_linear", "channel_linear", "add"],
    "Weighed": ["conv", *["channel_linear"] * 6],
}  # fmt: skip
MACS = {"Patches": 6 * 48 * 6, "Merged": 8 * 6 * 27 * 4 + 4 * 3 * 16 * 5}
UNUSED = {"ShiftedWindows": 5 * 8}
"""Numbers of a parameter of which a slice alone is read."""
CERTAIN = {"Tokens": "whole input", "ShiftedWindows": "upper bound"}


@cache
def traced(name: str) -> Traced:
    return trace(Path(tokens.__file__), name, SIZES[name], seed=3)


def model(name: str) -> torch.nn.Module:
    torch.manual_seed(3)
    made = getattr(tokens, name)().double().eval()
    assert isinstance(made, torch.nn.Module)
    return made


@pytest.mark.parametrize("name", SIZES)
def test_the_graph_computes_what_the_model_computes(name: str) -> None:
    found = traced(name)
    assert not found.opaque
    image = torch.randn(1, *SIZES[name], dtype=torch.float64)
    network = Network(found.graph, load(found.weights), dtype=torch.float64)
    with torch.no_grad():
        ours = network.run(image)[found.graph.output.id]
        torch.testing.assert_close(ours, model(name)(image), rtol=1e-6, atol=1e-6)
    facts = analyse(found.graph)
    assert not facts.problems
    assert from_json(to_json(Document(graph=found.graph)))[0].graph == found.graph
    parameters = sum(p.numel() for p in model(name).parameters())
    assert facts.parameters + found.unused_parameters == parameters
    assert found.unused_parameters == UNUSED.get(name, 0)


@pytest.mark.parametrize("name", SIZES)
def test_views_are_no_nodes(name: str) -> None:
    keys = [node.operator.key for node in traced(name).graph.nodes]
    assert sorted(keys) == sorted([*KEYS[name], "input", "output"])


@pytest.mark.parametrize("name", SIZES)
def test_the_field_is_the_gradient_of_the_model(name: str) -> None:
    graph = traced(name).graph
    shapes = analyse(graph).shapes
    height, width = shapes[graph.output.id][1:]
    for unit in [(0, 0), (height // 2, width // 2), (height - 1, width - 2)]:
        found = unit_field(graph, shapes, graph.output.id, unit, strict=True)
        assert found.exactness == CERTAIN.get(name, "exact")
        image = torch.randn(1, *SIZES[name], dtype=torch.float64, requires_grad=True)
        output = model(name)(image)[0, :, *unit]
        (gradient,) = torch.autograd.grad((output * torch.rand(len(output))).sum(), image)
        np.testing.assert_array_equal(found.sets["input"].mask(), (gradient[0] != 0).any(0))


@pytest.mark.parametrize("name", MACS)
def test_multiply_accumulates_of_linear_layers_on_any_axis(name: str) -> None:
    assert analyse(traced(name).graph).macs == MACS[name]


@pytest.mark.parametrize("name", ["Windows", "ShiftedWindows"])
def test_attention_in_windows_is_written_as_code(name: str, tmp_path: Path) -> None:
    graph, weights = traced(name).graph, load(traced(name).weights)
    same_output(written(tmp_path, graph, weights), graph, weights)


def test_without_weights_the_places_in_a_table_are_whole_numbers_in_it() -> None:
    graph = traced("ShiftedWindows").graph
    made = initial(graph, analyse(graph), 0)
    places = next(tensor for key, tensor in made.items() if key.endswith("places0"))
    assert not places.is_floating_point()
    assert 0 <= int(places.min()) <= int(places.max()) < 50
    with torch.no_grad():
        run = Network(graph, made).run(torch.rand(1, *SIZES["ShiftedWindows"]))
    assert run["output"].shape == (1, 2, 8, 10)
