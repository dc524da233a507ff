"""Fields against the image: what is covered, what is past it, what a corner sees."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from analysis.graph import Graph
from analysis.operators import Flatten, GlobalPool
from analysis.receptive_field import coverage, fields, first_past, tables
from tests.analysis.receptive_field import networks
from tests.analysis.receptive_field.networks import Builder, shapes_of
from tests.analysis.receptive_field.test_random_networks import LISTED, PERIODIC, SLOW
from tests.analysis.receptive_field.test_random_networks import networks as random_networks


def test_a_unet_on_128_pixels() -> None:
    graph = networks.unet((128, 128))
    shapes = shapes_of(graph)
    found, table = fields(graph, shapes), tables(graph, shapes)
    output = coverage(found["output"], (128, 128), table.layers["output"])
    assert output is not None
    assert output.extents == (204, 204)
    assert output.past == (True, True)
    assert output.most == (128, 128)
    assert output.least == (94, 94)
    assert output.corner == ((0, 94), (0, 94))
    assert output.share == 1
    assert output.least_share == (94 / 128) ** 2
    assert first_past(found, (128, 128)) == "b.c1"


def test_a_unet_on_512_pixels() -> None:
    graph = networks.unet((512, 512))
    found = fields(graph, shapes_of(graph))
    output = coverage(found["output"], (512, 512))
    assert output is not None
    assert output.past == (False, False)
    assert output.share == (204 / 512) ** 2
    assert output.least_share is None
    assert first_past(found, (512, 512)) is None
    assert first_past(found, (512, 150)) == "d3.c0"


@SLOW
@given(random_networks(2, 9, PERIODIC + LISTED))
def test_numbers_are_those_of_the_units(graph: Graph) -> None:
    shapes = shapes_of(graph)
    size = shapes["input"][1:]
    table = tables(graph, shapes)
    for name, field in fields(graph, shapes).items():
        found = coverage(field, size, table.layers[name])
        assert found is not None
        boxes = [table.box(name, unit) for unit in np.ndindex(*shapes[name][1:])]
        corner = boxes[0]
        assert found.corner == (corner and ((corner[0], corner[2]), (corner[1], corner[3])))
        areas = [(b[2] - b[0]) * (b[3] - b[1]) if b else 0 for b in boxes]
        assert round(found.share * size[0] * size[1]) == max(areas)
        assert round((found.least_share or 0) * size[0] * size[1]) == min(areas)


def test_layers_without_a_field_of_their_own() -> None:
    b = Builder((8, 8))
    b.put("pool", GlobalPool())
    b.put("flat", Flatten())
    graph = b.graph()
    shapes = shapes_of(graph)
    found, table = fields(graph, shapes), tables(graph, shapes)
    for name in ("pool", "flat"):
        whole = coverage(found[name], (8, 8), table.layers[name])
        assert whole is not None
        assert whole.share == 1
        assert whole.past == (False, False)
    assert coverage(found["pool"], (8,)) is None
