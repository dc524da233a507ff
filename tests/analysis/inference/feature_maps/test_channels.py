"""Channels of a layer in the engine: gates on them, statistics, shares, components, kernels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.channel_gate import channel_gate, gated_channel
from analysis.inference.colors.ramps import grey_ramp
from analysis.inference.engine import Engine
from analysis.inference.feature_maps.components import components
from analysis.inference.feature_maps.kernels import kernels
from analysis.inference.feature_maps.statistics import near_duplicates, statistics
from analysis.inference.measures.output_split import split
from analysis.inference.mosaic import Ranges, ranges_of, thumbnail
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.layer_channels import LayerChannels, LayerChannelsRequest
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.network import Network, weights
from analysis.network.gates import Gates

LAYER = "dec1.act2"


@pytest.fixture(scope="module")
def graph() -> Graph:
    blueprint = BLUEPRINTS["unet"]
    return blueprint.build(blueprint.complete({"depth": 2, "base": 4, "size": 32, "norm": "none"}))


@pytest.fixture
def asked(graph: Graph) -> RunRequest:
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    return RunRequest(
        1, "a", graph.structure_hash, graph, ImageSource("x", None, pixels), selected=LAYER
    )


def run(engine: Engine, request: RunRequest) -> Frame:
    frame = engine.answer(request)
    assert isinstance(frame, Frame), frame
    return frame


def channels_of(engine: Engine, request: RunRequest, **wanted: object) -> LayerChannels:
    question = LayerChannelsRequest(request.revision, "a", request.structure, LAYER)
    found = engine.answer(replace(question, **wanted))
    assert isinstance(found, LayerChannels), found
    return found


def output(engine: Engine, graph: Graph) -> np.ndarray:
    return engine.values("a", [graph.output.id])[graph.output.id]


def test_the_name_of_a_gate_on_a_channel_is_read_back() -> None:
    assert gated_channel(channel_gate("enc1.act2", 17)) == ("enc1.act2", 17)
    assert gated_channel("skip1") is None


def test_a_scaled_channel_is_what_scaled_weights_make(
    asked: RunRequest, graph: Graph, tmp_path: Path
) -> None:
    """Behind a ReLU without a norm, half of a channel is half of its kernel and bias."""
    engine = Engine("cpu", 1)
    run(engine, replace(asked, gates={"enc1.act2[1]": 0.5}))
    gated = output(engine, graph)
    tensors = dict(weights.initial(graph, analyse(graph), 0))
    for name in ("weight", "bias"):
        tensors[f"enc1.conv2.{name}"] = tensors[f"enc1.conv2.{name}"].clone()
        tensors[f"enc1.conv2.{name}"][1] *= 0.5
    path = tmp_path / "half.safetensors"
    weights.save(tensors, path)
    run(engine, replace(asked, revision=2, weights=str(path)))
    np.testing.assert_allclose(gated, output(engine, graph), rtol=1e-5, atol=1e-6)


def test_an_open_channel_changes_no_bit_and_only_what_lies_behind_is_run_again(
    asked: RunRequest, graph: Graph
) -> None:
    engine = Engine("cpu", 1)
    channel = run(engine, replace(asked, revision=0, raw=((LAYER, -1),))).raw[0].channel
    seen = replace(asked, raw=((LAYER, channel),), taps={LAYER: 8}, channels={LAYER: channel})
    run(engine, seen)
    before = output(engine, graph)
    closed = run(engine, replace(seen, revision=2, gates={f"{LAYER}[{channel}]": 0.0}))
    assert closed.computed == len(graph.descendants(LAYER))
    assert not closed.raw[0].values.any()
    assert closed.thumbnails[LAYER].flat == "off"  # not dead: somebody did that
    assert not np.array_equal(output(engine, graph), before)
    again = run(engine, replace(seen, revision=3, gates={f"{LAYER}[{channel}]": 1.0}))
    assert again.computed == len(graph.descendants(LAYER))
    assert again.raw[0].values.any()
    assert again.thumbnails[LAYER].flat == ""
    assert np.array_equal(output(engine, graph), before)


def test_parts_of_the_output_sum_to_it_with_a_channel_scaled(graph: Graph) -> None:
    facts = analyse(graph)
    tensors = weights.initial(graph, facts, 3)
    edges = [(skip.join, skip.port) for skip in facts.skips]
    network = Network(graph, tensors, edges, dtype=torch.float64)
    scaled = {name: {1: 0.3} for name in ("dec1.conv1", "dec1.act1", "enc1.act2", "head")}
    found = split(network, torch.rand(1, 3, 32, 32).double(), edges, gates=Gates(channels=scaled))
    assert found.exact
    assert found.error < 1e-12


def test_the_raw_channel_is_the_layers_own_value(asked: RunRequest) -> None:
    engine = Engine("cpu", 1)
    frame = run(engine, replace(asked, raw=((LAYER, 3), ("enc1.act2", -1))))
    maps = engine.values("a", [LAYER, "enc1.act2"])
    assert np.array_equal(frame.raw[0].values, maps[LAYER][3])
    strongest = int(maps["enc1.act2"].reshape(4, -1).var(1).argmax())
    assert frame.raw[1].channel == strongest
    assert np.array_equal(frame.raw[1].values, maps["enc1.act2"][strongest])
    moved = run(engine, replace(asked, revision=2, raw=((LAYER, 0),)))
    assert np.array_equal(moved.raw[0].values, maps[LAYER][0])


def test_a_channels_share_is_what_the_output_loses_without_it(
    asked: RunRequest, graph: Graph
) -> None:
    """Behind the last activation only the head follows, which is linear."""
    engine = Engine("cpu", 1)
    run(engine, asked)
    shares = channels_of(engine, asked, shares=True).shares
    assert shares is not None
    whole = output(engine, graph).astype(np.float64)
    for channel in range(4):
        run(engine, replace(asked, revision=2 + channel, gates={f"{LAYER}[{channel}]": 0.0}))
        lost = whole - output(engine, graph)
        assert (lost * whole).sum() / (whole**2).sum() == pytest.approx(
            float(shares[channel]), abs=1e-5
        )


def test_with_open_gates_and_on_another_image_the_values_are_those_of_such_runs(
    asked: RunRequest, photograph: Path
) -> None:
    engine = Engine("cpu", 1)
    run(engine, asked)
    free = engine.values("a", [LAYER])[LAYER][1]
    gated = replace(asked, revision=2, gates={"skip1": 0.2})
    run(engine, gated)
    other = ImageSource("p", str(photograph))
    found = channels_of(engine, gated, open_gates=1, other=other, other_channel=1, raw=(LAYER,))
    assert found.open_gates is not None
    assert found.other is not None
    assert np.array_equal(found.open_gates.values, free)
    assert np.array_equal(found.raw[LAYER], engine.values("a", [LAYER])[LAYER])
    run(engine, replace(gated, revision=3, image=other))
    assert np.array_equal(found.other.values, engine.values("a", [LAYER])[LAYER][1])


def test_statistics_are_numpys() -> None:
    maps = torch.randn(5, 7, 9, generator=torch.Generator().manual_seed(1)).relu()
    found, plain = statistics(maps), maps.numpy().reshape(5, -1).astype(np.float64)
    np.testing.assert_allclose(found.mean, plain.mean(1), rtol=1e-5)
    np.testing.assert_allclose(found.variance, plain.var(1), rtol=1e-5)
    np.testing.assert_allclose(found.energy, (plain**2).mean(1), rtol=1e-5)
    np.testing.assert_allclose(found.zeros, (plain == 0).mean(1), rtol=1e-5)
    np.testing.assert_allclose(found.high, plain.max(1), rtol=1e-6)


def test_copies_scaled_and_shifted_are_duplicates_and_flat_channels_are_not() -> None:
    maps = torch.randn(6, 16, 16, generator=torch.Generator().manual_seed(2))
    maps[2] = 3 * maps[0] + 1
    maps[4] = -0.5 * maps[1]
    maps[3] = 0
    maps[5] = 0
    found = near_duplicates(maps)
    assert [(channel, first) for channel, first, _ in found] == [(2, 0), (4, 1)]
    assert [r for *_, r in found] == pytest.approx([1, -1], abs=1e-5)


def test_components_are_the_largest_of_the_singular_value_decomposition() -> None:
    maps = torch.randn(6, 8, 8, generator=torch.Generator().manual_seed(3))
    maps[1] += 2 * maps[0]
    projected, explained = components(maps)
    flat = maps.flatten(1).double().numpy()
    flat -= flat.mean(1, keepdims=True)
    _, sizes, right = np.linalg.svd(flat, full_matrices=False)
    assert explained == pytest.approx(sizes[:3] ** 2 / (sizes**2).sum())
    for index in range(3):
        own = projected[index].numpy().ravel()
        assert abs(own @ right[index]) == pytest.approx(sizes[index])


def test_missing_components_are_zero() -> None:
    projected, explained = components(torch.randn(1, 4, 4))
    assert explained == pytest.approx((1.0, 0.0, 0.0))
    assert not projected[1:].any()


def test_the_kernels_of_a_channel_are_those_of_the_convolution_before_it(graph: Graph) -> None:
    tensors = weights.initial(graph, analyse(graph), 0)
    network = Network(graph, tensors)
    found = kernels(network, "enc2.act1", 5)
    assert found is not None
    assert found.layer == "enc2.conv1"
    assert np.array_equal(found.values, tensors["enc2.conv1.weight"][5].numpy())
    assert kernels(network, "join1", 0) is None


def test_a_transposed_convolutions_kernel_is_its_answer_to_an_impulse(graph: Graph) -> None:
    tensors = weights.initial(graph, analyse(graph), 0)
    name = next(node.id for node in graph.nodes if node.operator.family == "tconv")
    found = kernels(Network(graph, tensors), name, 2)
    assert found is not None
    weight = tensors[f"{name}.weight"]
    impulse = torch.zeros(1, weight.shape[0], 1, 1)
    impulse[0, 1] = 1
    answer = nn.functional.conv_transpose2d(impulse, weight, stride=2)
    np.testing.assert_allclose(found.values[1], answer[0, 2].numpy())


def test_symmetric_ranges_have_zero_in_their_middle_and_smoothed_ones_follow_slowly() -> None:
    maps = torch.tensor([[[-1.0, 3.0]], [[0.0, 0.5]]])
    even = ranges_of(maps, "own", None, symmetric=True)
    assert even.low.tolist() == [-3.0, -0.5]
    held = Ranges(torch.tensor([0.0, 0.0]), torch.tensor([1.0, 1.0]))
    slow = ranges_of(maps, "smoothed", held)
    assert 1 < float(slow.high[0]) < 2
    assert 0.5 < float(slow.high[1]) < 1
    small = thumbnail(maps[None], 0, 8, ramp=grey_ramp(), mode="smoothed", held=(0.0, 1.0))
    assert (small.low, small.high) == pytest.approx((float(slow.low[0]), float(slow.high[0])))
