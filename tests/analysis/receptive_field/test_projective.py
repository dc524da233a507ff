"""The projective field: the receptive field of every unit, turned round."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.graph import Graph, Node
from analysis.operators import (
    Convolution,
    Flatten,
    Input,
    InstanceNorm,
    Multiply,
    Opaque,
    Sigmoid,
    TransposedConvolution,
)
from analysis.receptive_field import projective_field, region_field, unit_field
from tests.analysis.receptive_field import networks
from tests.analysis.receptive_field.linearised import connected
from tests.analysis.receptive_field.networks import Builder, shapes_of
from tests.analysis.receptive_field.test_random_networks import (
    LISTED,
    PERIODIC,
    SLOW,
)
from tests.analysis.receptive_field.test_random_networks import networks as random_networks


def _agrees(graph: Graph) -> None:
    """Every pixel, at every layer, against the positive linear network in float64."""
    shapes = shapes_of(graph)
    truth = connected(graph, shapes, "input")
    for number, pixel in enumerate(np.ndindex(*shapes["input"][1:])):
        found = projective_field(graph, shapes, pixel)
        assert list(found.sets) == [node.id for node in graph.nodes]
        for node in graph.nodes:
            assert np.array_equal(found.sets[node.id].mask(), truth[node.id][number]), node.id


@SLOW
@given(random_networks(1, 24, PERIODIC + LISTED))
def test_one_dimension(graph: Graph) -> None:
    _agrees(graph)


@SLOW
@given(random_networks(2, 8, PERIODIC + LISTED))
def test_two_dimensions(graph: Graph) -> None:
    _agrees(graph)


@SLOW
@given(random_networks(2, 7, PERIODIC))
def test_masks_answer_as_products_do(graph: Graph) -> None:
    with patch("analysis.receptive_field.growing_set.MOST_PRODUCTS", 1):
        _agrees(graph)


@SLOW
@given(random_networks(2, 9, PERIODIC + LISTED), st.data())
def test_a_region_sees_what_its_units_see(graph: Graph, data: st.DataObject) -> None:
    shapes = shapes_of(graph)
    layer = data.draw(st.sampled_from([node.id for node in graph.nodes]))
    size = shapes[layer][1:]
    lows = [data.draw(st.integers(0, length - 1)) for length in size]
    highs = [
        data.draw(st.integers(low + 1, min(low + 3, length)))
        for low, length in zip(lows, size, strict=True)
    ]
    found = region_field(graph, shapes, layer, (*lows, *highs))
    expected = {name: part.mask() & False for name, part in found.sets.items()}
    for at in np.ndindex(*[high - low for low, high in zip(lows, highs, strict=True)]):
        unit = tuple(low + offset for low, offset in zip(lows, at, strict=True))
        for name, part in unit_field(graph, shapes, layer, unit).sets.items():
            expected[name] |= part.mask()
    for name, part in found.sets.items():
        assert np.array_equal(part.mask(), expected[name]), name


@pytest.mark.parametrize("box", [(0, 0, 1), (0, 0, 0, 1), (-1, 0, 1, 1), (0, 0, 9, 8), ()])
def test_a_region_outside_the_map(box: tuple[int, ...]) -> None:
    graph = networks.aspp((8, 8))
    with pytest.raises(IndexError):
        region_field(graph, shapes_of(graph), "cat", box)


def test_a_unet_is_its_own_inverse() -> None:
    graph = networks.unet((64, 64), depth=2)
    shapes = shapes_of(graph)
    found = projective_field(graph, shapes, (20, 33))
    for layer in ("e1.c0", "b.c1", "u1", "output"):
        mask = found.sets[layer].mask()
        for unit in [(0, 0), (5, 8), (10, 15), (15, 10)]:
            seen = unit_field(graph, shapes, layer, unit).sets["input"].mask()
            assert mask[unit] == seen[20, 33], (layer, unit)


def test_a_dilated_pyramid_reaches_twenty_five() -> None:
    graph = networks.aspp()
    found = projective_field(graph, shapes_of(graph), (32, 32)).sets["cat"]
    assert found.pixels == 25
    assert found.boxes is None


def test_a_dead_pixel_reaches_nothing() -> None:
    b = Builder((6,))
    b.conv("c", 2, 3, 0)
    graph = b.graph()
    shapes = shapes_of(graph)
    assert projective_field(graph, shapes, (2,)).sets["c"].box is None
    assert projective_field(graph, shapes, (3,)).sets["c"].box == (1, 2)


def test_a_transposed_convolution_spreads_its_kernel() -> None:
    b = Builder((5,))
    b.put("up", TransposedConvolution(1, (2,), (3,)))
    graph = b.graph()
    assert projective_field(graph, shapes_of(graph), (2,)).sets["up"].box == (6, 8)


def test_statistics_count_when_asked() -> None:
    nodes = [
        Node("input", Input(1, (9, 9))),
        Node("norm", InstanceNorm(), ("input",)),
        Node("c", Convolution(1, (3, 3)), ("norm",)),
    ]
    graph = Graph.of(nodes)
    shapes = shapes_of(graph)
    loose = projective_field(graph, shapes, (4, 4))
    assert loose.sets["norm"].pixels == 1
    assert loose.statistics == "ignored"
    strict = projective_field(graph, shapes, (4, 4), strict=True)
    assert strict.sets["norm"].pixels == 81
    assert strict.exactness == {"input": "exact", "norm": "whole input", "c": "whole input"}


def test_a_gate_of_something_unknown_hides_nothing() -> None:
    nodes = [
        Node("input", Input(1, (4, 4))),
        Node("odd", Opaque("x::y"), ("input",)),
        Node("gated", Multiply(), ("input", "odd")),
        Node("after", Sigmoid(), ("odd",)),
    ]
    graph = Graph.of(nodes)
    shapes = dict.fromkeys(("input", "gated"), (1, 4, 4))
    shapes |= dict.fromkeys(("odd", "after"), (1, 1, 1))
    found = projective_field(graph, shapes, (1, 2))
    assert found.exactness["odd"] == "unknown"
    assert found.exactness["after"] == "unknown"
    assert found.exactness["gated"] == "exact"
    assert found.sets["gated"].box == (1, 2, 2, 3)
    assert "after" not in found.sets


def test_vectors_see_the_whole_map() -> None:
    b = Builder((4, 4))
    b.put("flat", Flatten())
    graph = b.graph()
    found = projective_field(graph, shapes_of(graph), (0, 3))
    assert found.sets["flat"].pixels == 1
    assert found.exactness["flat"] == "whole input"


def test_bad_questions() -> None:
    graph = networks.aspp((8, 8))
    shapes = shapes_of(graph)
    with pytest.raises(IndexError):
        projective_field(graph, shapes, (8, 0))
    with pytest.raises(KeyError):
        projective_field(graph, shapes, (0, 0), source="nowhere")
