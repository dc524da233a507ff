"""Holes, empty units, borders, statistics, gates, vectors, unknown operators and bad questions."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.graph import Graph, Node
from analysis.operators import (
    AdaptivePool,
    Add,
    Concatenate,
    Convolution,
    Crop,
    CropLike,
    Flatten,
    GlobalPool,
    Input,
    InstanceNorm,
    Linear,
    MaxPool,
    Multiply,
    Opaque,
    Reshape,
    Sigmoid,
    TransposedConvolution,
    Upsample,
)
from analysis.receptive_field import Memo, fields, tables, tiling, unit_field
from tests.analysis.receptive_field import networks
from tests.analysis.receptive_field.networks import Builder, shapes_of


def test_three_layers_of_three_taps_see_seven() -> None:
    b = Builder((20,))
    for index in range(3):
        b.conv(f"c{index}", 3)
    graph = b.graph()
    assert fields(graph, shapes_of(graph))["c2"].extent_max == (7,)


def test_dilation_leaves_holes() -> None:
    b = Builder((30,))
    for index in range(3):
        b.conv(f"c{index}", 3, dilation=2)
    graph = b.graph()
    shapes = shapes_of(graph)
    assert fields(graph, shapes)["c2"].extent_max == (13,)
    seen = unit_field(graph, shapes, "c2", (15,)).sets["input"]
    assert seen.pixels == 7
    assert seen.box == (9, 22)
    assert seen.boxes is None
    assert seen.products[0][0].indices == tuple(range(9, 22, 2))


def test_a_transposed_convolution_can_be_blind() -> None:
    b = Builder((5, 5))
    b.put("up", TransposedConvolution(1, (2, 2), (3, 3)))
    graph = b.graph()
    shapes = shapes_of(graph)
    field = fields(graph, shapes)["up"]
    assert field.axes is not None
    assert field.axes[0].extents == (1, 1, 0)
    assert field.axes[0].offsets == (0, 0, None)
    assert field.extent_min == (0, 0)
    assert field.exactness == "exact"
    blind = unit_field(graph, shapes, "up", (2, 0)).sets["input"]
    assert blind.box is None
    assert blind.pixels == 0
    assert not blind.mask().any()
    assert tables(graph, shapes).box("up", (2, 0)) is None
    assert tables(graph, shapes).box("up", (1, 0)) == (0, 0, 1, 1)


def test_a_transposed_convolution_can_alternate() -> None:
    b = Builder((8,))
    b.put("up", TransposedConvolution(1, (3,), (2,), (1,), (1,)))
    graph = b.graph()
    field = fields(graph, shapes_of(graph))["up"]
    assert field.axes is not None
    assert field.axes[0].extents == (1, 2)


def test_blind_units_at_a_join_make_an_upper_bound_but_not_of_a_unit() -> None:
    """The wide branch sees nothing in rows of phase 2, where its columns must not count."""
    b = Builder((8, 8))
    b.put("up", TransposedConvolution(1, (2, 2), (3, 3), (0, 0), (1, 1)))
    wide = b.put("wide", Convolution(1, (1, 9), padding=((0, 0), (4, 4))))
    near = b.put("near", Upsample((3.0, 3.0)), "input")
    b.put("join", Add(), wide, near)
    graph = b.graph()
    shapes = shapes_of(graph)
    field = fields(graph, shapes)["join"]
    assert field.exactness == "upper bound"
    assert field.note is not None
    assert field.note.code == "join-of-blind-units"
    assert tables(graph, shapes).layers["join"].bound
    assert unit_field(graph, shapes, "join", (11, 12)).sets["input"].box == (3, 4, 4, 5)


def test_clipped_at_every_layer() -> None:
    b = Builder((12,))
    b.conv("down", 3, 2, 0)
    b.conv("same", 3)
    graph = b.graph()
    shapes = shapes_of(graph)
    assert shapes["same"] == (1, 5)
    assert tables(graph, shapes).box("same", (4,)) == (6, 11)
    assert unit_field(graph, shapes, "same", (4,)).sets["input"].box == (6, 11)


def test_crossed_strips_are_no_square() -> None:
    b = Builder((15, 15))
    b.put("rows", Convolution(1, (1, 7), padding=((0, 0), (3, 3))), "input")
    b.put("columns", Convolution(1, (7, 1), padding=((3, 3), (0, 0))), "input")
    b.put("cross", Add(), "rows", "columns")
    graph = b.graph()
    seen = unit_field(graph, shapes_of(graph), "cross", (7, 7)).sets["input"]
    assert seen.pixels == 13
    assert seen.boxes is not None
    assert sorted(seen.boxes) == [(4, 7, 11, 8), (7, 4, 8, 11)]


def test_even_kernels_are_not_symmetric() -> None:
    b = Builder((16,))
    b.conv("c", 2)
    field = fields(b.graph(), shapes_of(b.graph()))["c"]
    assert field.axes is not None
    assert field.axes[0].offsets == (0,)
    assert field.centre_offset == ((0.5, 0.5),)


def test_axes_differ() -> None:
    b = Builder((9, 16, 20))
    kernel, stride = (1, 3, 5), (1, 2, 1)
    b.put("c", Convolution(1, kernel, stride, ((0, 0), (1, 1), (2, 2)), (1, 1, 3)))
    graph = b.graph()
    shapes = shapes_of(graph)
    field = fields(graph, shapes)["c"]
    assert field.extent_max == (1, 3, 13)
    assert field.jump == (1, 2, 1)
    seen = unit_field(graph, shapes, "c", (4, 3, 8)).sets["input"]
    assert seen.box == (4, 5, 6, 5, 8, 19)
    assert seen.pixels == 15
    assert seen.mask(shapes["input"][1:]).shape == (9, 16, 20)


def test_a_stride_that_keeps_the_length_still_steps() -> None:
    # Padded on one side, a kernel of 1 with stride 2 makes 4 units of 4: 0, 2, and two past it.
    b = Builder((4,))
    b.put("c", Convolution(1, (1,), (2,), ((0, 3),), border="clamp"))
    graph = b.graph()
    shapes = shapes_of(graph)
    assert shapes["c"] == (1, 4)
    made = tables(graph, shapes)
    assert [made.box("c", (unit,)) for unit in range(4)] == [(0, 1), (2, 3), (3, 4), (3, 4)]


def test_strides_that_differ_at_a_join() -> None:
    b = Builder((12,))
    half = b.put("half", MaxPool((2,), (2,)))
    cut = b.put("cut", Crop((3,), (3,)), "input")
    b.put("join", Concatenate(), half, cut)
    b.conv("after", 3)
    graph = b.graph()
    shapes = shapes_of(graph)
    found = fields(graph, shapes)
    for name in ("join", "after"):
        assert found[name].axes is None
        assert found[name].exactness == "upper bound"
        assert found[name].note is not None
        assert found[name].note.code == "strides-differ"
        assert found[name].note.numbers == (0, 1.0, 2.0)
    assert found["join"].extent_max == (4,)
    assert unit_field(graph, shapes, "join", (0,)).sets["input"].pixels == 3


@pytest.mark.parametrize(
    "operator",
    [
        Upsample((2.0, 2.0), "linear", align_corners=True),
        Upsample(None, "nearest", size=(11, 11)),
        AdaptivePool((3, 3)),
    ],
)
def test_ranges_where_no_period_exists(operator: Upsample | AdaptivePool) -> None:
    b = Builder((8, 8))
    b.put("listed", operator)
    b.conv("after", 3)
    graph = b.graph()
    shapes = shapes_of(graph)
    field = fields(graph, shapes)["after"]
    assert field.axes is None
    assert field.exactness == "exact"
    assert field.ranges is not None
    rows = tables(graph, shapes).axis("after", 0)
    assert field.ranges[0].lo == tuple(rows.lo)
    assert field.ranges[0].hi == tuple(rows.hi)
    assert field.extent_max == (max(rows.hi - rows.lo),) * 2
    assert tiling(field) is None


def test_statistics_only_when_strict() -> None:
    b = Builder((10, 12))
    b.conv("c", 3)
    b.put("norm", InstanceNorm())
    graph = b.graph()
    shapes = shapes_of(graph)
    spatial, strict = fields(graph, shapes), fields(graph, shapes, strict=True)
    assert spatial["norm"].extent_max == (3, 3)
    assert spatial["norm"].statistics == "ignored"
    assert strict["norm"].exactness == "whole input"
    assert strict["norm"].statistics == "included"
    assert strict["norm"].extent_max == (10, 12)
    assert strict["c"].exactness == "exact"
    assert unit_field(graph, shapes, "norm", (5, 5)).sets["input"].pixels == 9
    seen = unit_field(graph, shapes, "norm", (5, 5), strict=True)
    assert seen.sets["input"].pixels == 120
    assert seen.exactness == "whole input"
    assert seen.statistics == "included"


def test_gates_only_when_strict() -> None:
    b = Builder((10, 10))
    b.conv("c", 3)
    b.put("squeeze", GlobalPool())
    b.conv("excite", 1, padding=0)
    gate = b.put("gate", Sigmoid())
    b.put("scale", Multiply(), "c", gate)
    graph = b.graph()
    shapes = shapes_of(graph)
    assert fields(graph, shapes)["scale"].extent_max == (3, 3)
    assert fields(graph, shapes, strict=True)["scale"].exactness == "whole input"
    assert unit_field(graph, shapes, "scale", (5, 5)).sets["input"].pixels == 9
    assert unit_field(graph, shapes, "scale", (5, 5), True).sets["input"].pixels == 100


def test_vectors_see_all_that_can_be_reached() -> None:
    """The stride leaves the last row and column of the picture unread."""
    b = Builder((8, 8))
    b.conv("down", 3, 2, 0)
    b.put("flat", Flatten())
    b.put("linear", Linear(18))
    b.put("map", Reshape((2, 3, 3)))
    b.conv("after", 3)
    graph = b.graph()
    shapes = shapes_of(graph)
    found = fields(graph, shapes)
    table = tables(graph, shapes)
    for name, unit in (("flat", (5,)), ("linear", (17,)), ("map", (1, 1)), ("after", (0, 2))):
        assert found[name].exactness == "whole input"
        assert found[name].extent_max == (7, 7)
        assert table.box(name, unit) == (0, 0, 7, 7)
        seen = unit_field(graph, shapes, name, unit)
        assert seen.exactness == "whole input"
        assert seen.sets["input"].box == (0, 0, 7, 7)
        assert seen.sets["input"].pixels == 49
    assert unit_field(graph, shapes, "linear", ()).sets["flat"].pixels == 1


def test_nothing_is_guessed_behind_an_unknown_operator() -> None:
    b = Builder((8, 8))
    b.conv("before", 3)
    riddle = b.put("riddle", Opaque("aten.roll.default", (("input", 0),), (1, 8, 8)))
    b.conv("after", 3)
    b.put("size", CropLike(), "before", riddle)
    graph = b.graph()
    shapes = shapes_of(graph)
    found = fields(graph, shapes)
    assert [found[n].exactness for n in ("before", "riddle", "after", "size")] == [
        "exact",
        "unknown",
        "unknown",
        "exact",
    ]
    assert found["after"].axes is None
    assert found["after"].extent_max is None
    assert found["after"].centre_offset is None
    assert "after" not in tables(graph, shapes)
    seen = unit_field(graph, shapes, "after", (4, 4))
    assert seen.exactness == "unknown"
    assert list(seen.sets) == ["riddle", "after"]
    assert seen.sets["riddle"].pixels == 9


def test_layers_without_a_shape_are_left_out() -> None:
    nodes = (
        Node("input", Input(1, (8, 8))),
        Node("large", Convolution(1, (9, 9)), ("input",)),
        Node("after", Convolution(1, (3, 3)), ("large",)),
        Node("beside", Convolution(1, (3, 3)), ("input",)),
    )
    graph = Graph.of(nodes)
    shapes = {"input": (1, 8, 8), "beside": (1, 6, 6)}
    assert set(fields(graph, shapes)) == {"input", "beside"}
    assert set(tables(graph, shapes).layers) == {"input", "beside"}
    with pytest.raises(KeyError):
        unit_field(graph, shapes, "after", (0, 0))


@pytest.mark.parametrize("unit", [(8, 0), (0, -1), (0,), (0, 0, 0)])
def test_units_that_do_not_exist(unit: tuple[int, ...]) -> None:
    graph = Builder((8, 8)).graph()
    with pytest.raises(IndexError):
        unit_field(graph, shapes_of(graph), "input", unit)
    with pytest.raises(IndexError):
        tables(graph, shapes_of(graph)).box("input", unit)


def test_sets_at_every_earlier_layer_on_the_way() -> None:
    graph = networks.unet((64, 64), depth=2)
    shapes = shapes_of(graph)
    found = unit_field(graph, shapes, "d1.c0", (7, 9))
    assert set(found.sets) == graph.ancestors("d1.c0")
    order = [node.id for node in graph.nodes if node.id in found.sets]
    assert list(found.sets) == order
    assert found.sets["d1.c0"].box == (7, 9, 8, 10)
    assert found.sets["j1"].box == (6, 8, 9, 11)
    assert found.sets["u1"].box == (6, 8, 9, 11)
    assert found.sets["b.c1"].box == (3, 4, 5, 6)


def test_ten_thousand_layers() -> None:
    b = Builder((64,))
    for index in range(10_000):
        b.conv(f"c{index}", 3)
    graph = b.graph()
    shapes = shapes_of(graph)
    assert fields(graph, shapes)["c9999"].extent_max == (20_001,)
    assert unit_field(graph, shapes, "c9999", (3,)).sets["input"].pixels == 64
    assert tables(graph, shapes).box("c9999", (3,)) == (0, 64)


def test_the_memo_keeps_what_an_edit_left_alone() -> None:
    memo: Memo = {}
    graph = networks.unet((64, 64), depth=2)
    first = fields(graph, shapes_of(graph), memo=memo)
    edited = graph.with_operator("d1.c1", Convolution(1, (5, 5), padding=((2, 2), (2, 2))))
    second = fields(edited, shapes_of(edited), memo=memo)
    behind = graph.descendants("d1.c1")
    assert all((first[name] is second[name]) == (name not in behind) for name in first)
    assert second == fields(edited, shapes_of(edited))
    assert fields(graph, shapes_of(graph), memo=memo) == first


def test_the_memo_knows_sizes_and_strictness() -> None:
    memo: Memo = {}
    for size in ((8, 8), (12, 12)):
        b = Builder(size)
        b.put("corners", Upsample((2.0, 2.0), "linear", align_corners=True))
        b.put("norm", InstanceNorm())
        graph = b.graph()
        for strict in (False, True):
            found = fields(graph, shapes_of(graph), strict, memo)
            assert found == fields(graph, shapes_of(graph), strict)


def test_tiles_of_a_unet() -> None:
    """A unit of the output reaches 107 pixels past itself at worst."""
    graph = networks.unet((64, 64))
    advice = tiling(fields(graph, shapes_of(graph))["output"])
    assert advice is not None
    assert advice.multiple == (16, 16)
    assert advice.margin == (107, 107)
    assert advice.overlap == (214, 214)
    assert advice.aligned_margin == (112, 112)
    assert advice.aligned_overlap == (224, 224)


def test_tiles_with_that_margin_are_seamless() -> None:
    """Inside the margin, a tile's units see what the whole image's units see."""
    whole, tile, start = 480, 320, 96
    tables_of = {}
    for size in (whole, tile):
        graph = networks.unet((size,))
        tables_of[size] = tables(graph, shapes_of(graph)).axis("output", 0)
    kept = np.arange(112, tile - 112)
    assert np.array_equal(tables_of[tile].lo[kept] + start, tables_of[whole].lo[kept + start])
    assert np.array_equal(tables_of[tile].hi[kept] + start, tables_of[whole].hi[kept + start])


@pytest.mark.parametrize("join", [Add(), Multiply()])
@pytest.mark.parametrize("strict", [False, True])
def test_a_join_of_vectors_reads_the_whole_input(join, strict) -> None:
    nodes = [
        Node("input", Input(2, (6, 5)), ()),
        Node("flat", Flatten(), ("input",)),
        Node("one", Linear(1), ("flat",)),
        Node("many", Linear(4), ("flat",)),
        Node("join", join, ("one", "many")),
    ]
    graph = Graph.of(nodes)
    shapes = shapes_of(graph)
    assert shapes["join"] == (4,)
    assert fields(graph, shapes, strict)["join"].exactness == "whole input"
    assert unit_field(graph, shapes, "join", (), strict).sets["input"].pixels == 30


def test_a_gate_whose_shape_is_made_in_steps_leaves_a_units_field_known() -> None:
    """As `gate.unsqueeze(2).unsqueeze(3)` does, behind which taps are not followed."""
    layer = Convolution(4, (3, 3), padding=((1, 1), (1, 1)))
    nodes = [
        Node("input", Input(2, (9, 9))),
        Node("map", layer, ("input",)),
        Node("pool", GlobalPool("average", keep=False), ("map",)),
        Node("row", Reshape((4, 1)), ("pool",)),
        Node("gate", Reshape((4, 1, 1)), ("row",)),
        Node("scaled", Multiply(), ("map", "gate")),
    ]
    graph = Graph.of(nodes)
    found = unit_field(graph, shapes_of(graph), "scaled", (4, 4))
    assert found.exactness == "exact"
    assert found.sets["input"].box == (3, 3, 6, 6)
    strict = unit_field(graph, shapes_of(graph), "scaled", (4, 4), strict=True)
    assert strict.exactness != "exact"
