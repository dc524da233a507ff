"""Tiled prediction equals the whole at once, for random networks, in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.inference.tiles.plan import TilePlan, Tiler
from analysis.inference.tiles.prediction import TiledPrediction, Values
from analysis.network import Cancelled, Network, weights
from analysis.operators import Output
from analysis.receptive_field import tiling
from tests.analysis.receptive_field.test_random_networks import PERIODIC, networks

QUICK = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def network_of(graph: Graph, seed: int = 0) -> Network:
    facts = analyse(graph)
    return Network(graph, weights.initial(graph, facts, seed), dtype=torch.float64)


def picture(channels: int, size: tuple[int, ...], seed: int = 0) -> Values:
    return np.random.default_rng(seed).standard_normal((channels, *size))


def whole_of(network: Network, plan: TilePlan, image: Values) -> Values:
    """The network on the whole picture, its last row and column repeated to the plan's size."""
    more = [(0, full - own) for own, full in zip(image.shape[1:], plan.size, strict=True)]
    padded = np.pad(image, ((0, 0), *more), mode="edge")
    with torch.inference_mode():
        output = network.graph.output.id
        values: Values = network.run(torch.from_numpy(padded)[None])[output][0].numpy()
    return values


def check(graph: Graph, size: tuple[int, ...], wanted: tuple[int, ...]) -> TilePlan | Fault:
    """The plan, whose tiles put together are the whole; or why there is none."""
    tiler = Tiler(analyse(graph), size)
    plan = tiler.plan(wanted)
    if isinstance(plan, Fault):
        return plan
    assert all(
        start % grid == 0
        for spans, grid in zip(plan.spans, plan.grid, strict=True)
        for start in (span.start for span in spans)
    )
    network = network_of(graph)
    image = picture(analyse(graph).shapes[graph.inputs[0].id][0], size)
    whole = whole_of(network, plan, image)
    found = TiledPrediction(network, plan, graph.output.id, image).run()
    expected = whole[tuple(slice(0, length) for length in found.shape)]
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11 * (1 + np.abs(whole).max()))
    return plan


def unet(**given: object) -> Graph:
    blueprint = BLUEPRINTS["unet"]
    return blueprint.build(blueprint.complete({"base": 2, "in": 2, "out": 2, **given}))


UNETS = st.fixed_dictionaries(
    {
        "depth": st.integers(1, 3),
        "convs": st.integers(1, 2),
        "kernel": st.integers(1, 4),
        "dilation": st.integers(1, 2),
        "padding": st.sampled_from(("same", "valid")),
        "norm": st.sampled_from(("batch", "none")),
        "block": st.sampled_from(("plain", "residual")),
        "down": st.sampled_from(("max", "average", "strided")),
        "up": st.sampled_from(("transposed", "nearest", "bilinear", "nearest_conv")),
        "skip": st.sampled_from(("concat", "add", "none")),
    }
)


@QUICK
@given(UNETS, st.integers(1, 210), st.integers(1, 230), st.integers(1, 150))
def test_tiles_of_a_unet_are_the_whole(
    chosen: dict[str, object], height: int, width: int, tile: int
) -> None:
    """Any size, multiple or not; tiles from the smallest that work."""
    graph = unet(size=16 if chosen["padding"] == "same" else 140, **chosen)
    assume(analyse(graph).stopped_by == ())
    plan = check(graph, (height, width), (tile, tile))
    assert isinstance(plan, TilePlan)
    event(f"{min(plan.count, 5)} tiles")


@QUICK
@given(networks(2, 24, (*PERIODIC, "same")), st.integers(20, 70), st.integers(1, 40))
def test_tiles_of_any_network_are_the_whole_or_refused(
    graph: Graph, length: int, tile: int
) -> None:
    """All borders, strides, crops, joins and shuffles, also where the output is smaller."""
    graph = Graph.of([*graph.nodes, Node("end", Output(), (graph.nodes[-1].id,))])
    found = check(graph, (length, length + 3), (tile, tile))
    event(found.code if isinstance(found, Fault) else f"{min(found.count, 5)} tiles")


@pytest.mark.parametrize(
    "name",
    ["red_net", "pix2pix", "convolutional_autoencoder", "patch_discriminator", "residual_unet"],
)
def test_other_blueprints_in_the_smallest_tiles(name: str) -> None:
    """Also one whose output is a coarse map of its own grid."""
    blueprint = BLUEPRINTS[name]
    small = {"base": 2, "depth": 2, "size": 64}
    known = {key: value for key, value in small.items() if blueprint.setting(key) is not None}
    graph = blueprint.build(blueprint.complete(known))
    near = Tiler(analyse(graph), (150, 201)).nearest((1, 1))
    plan = check(graph, (near[0] + 21, near[1] + 21), (1, 1))
    assert isinstance(plan, TilePlan)
    assert plan.count > 3
    assert min(side for sides in plan.margin for side in sides) > 0


@pytest.mark.parametrize("axes", [1, 3])
def test_other_numbers_of_axes(axes: int) -> None:
    graph = unet(depth=1, kernel=3, axes=axes, size=8)
    plan = check(graph, (61,) if axes == 1 else (30, 25, 41), (24,) * axes)
    assert isinstance(plan, TilePlan)
    assert plan.count > axes


@pytest.mark.parametrize(
    ("given_settings", "code", "node"),
    [
        ({"norm": "instance"}, "tiles-statistics", "norm"),
        ({"norm": "group"}, "tiles-statistics", "norm"),
    ],
)
def test_networks_with_statistics_of_the_map_say_which_layer(
    given_settings: dict[str, object], code: str, node: str
) -> None:
    fault = Tiler(analyse(unet(depth=2, size=16, **given_settings)), (64, 64)).plan((32, 32))
    assert isinstance(fault, Fault)
    assert fault.code == code
    assert node in str(fault.numbers[0])


def test_a_classifier_reads_the_whole() -> None:
    blueprint = BLUEPRINTS["classifier"]
    fault = Tiler(analyse(blueprint.build(blueprint.complete({}))), (640, 640)).fault
    assert fault is not None
    assert fault.code in ("tiles-whole", "tiles-no-map")


def test_the_margin_is_the_receptive_field_s() -> None:
    """At an inner edge as many units are discarded as see past it, and not one more."""
    graph = unet(depth=2, size=16, norm="none")
    facts = analyse(graph)
    plan = Tiler(facts, (256, 256)).plan((96, 96))
    advice = tiling(facts.fields[graph.output.id])
    assert isinstance(plan, TilePlan)
    assert advice is not None
    assert plan.grid == advice.multiple
    field = facts.fields[graph.output.id].axes
    assert field is not None
    for axis, (before, after), tile, most in zip(
        field, plan.margin, plan.tile, advice.margin, strict=True
    ):
        assert max(before, after) <= most
        seen = [axis.span(unit) or (0, 0) for unit in range(tile)]
        assert [low >= 0 for low, _ in seen].index(True) == before
        assert [high > tile for _, high in seen].index(True) == tile - after


def test_a_cancelled_prediction_goes_on_where_it_was() -> None:
    graph = unet(depth=1, size=16)
    plan = Tiler(analyse(graph), (90, 90)).plan((32, 32))
    assert isinstance(plan, TilePlan)
    network, image = network_of(graph), picture(2, (90, 90))
    prediction = TiledPrediction(network, plan, graph.output.id, image)
    asked = iter([False] * 40)
    with pytest.raises(Cancelled):
        prediction.run(cancelled=lambda: next(asked, True))
    assert 0 < prediction.done < prediction.total
    np.testing.assert_allclose(prediction.run(), whole_of(network, plan, image)[:, :90, :90])
