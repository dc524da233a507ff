"""Checkerboards, pixels that nobody reads, grids and padding, against torch in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    AveragePool,
    Convolution,
    Crop,
    Input,
    MaxPool,
    Operator,
    Output,
    TransposedConvolution,
    Upsample,
)
from analysis.review import Subject
from analysis.review.artefacts.holes import middle_units
from tests.analysis.review.experiment import chain, found, reviewed, seen, values
from viewer.text.review.findings import finding_text


def transposed(kernel: int, stride: int, padding: int = 0, extra: int = 0) -> Operator:
    return TransposedConvolution(1, (kernel,) * 2, (stride,) * 2, (padding,) * 2, (extra,) * 2)


def conv(kernel: int, stride: int = 1, dilation: int = 1) -> Operator:
    pad = dilation * (kernel - 1) // 2
    return Convolution(1, (kernel,), (stride,), ((pad, pad),), (dilation,))


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "extra"),
    [(3, 2, 1, 1), (3, 2, 0, 0), (5, 2, 2, 1), (5, 3, 1, 0), (1, 2, 0, 1)],
)
def test_an_uneven_kernel_makes_a_constant_map_uneven(
    kernel: int, stride: int, padding: int, extra: int
) -> None:
    graph = chain(transposed(kernel, stride, padding, extra), size=(12, 12))
    [remark] = found(graph, "uneven-overlap")
    written = values(graph, torch.ones(1, 1, 12, 12, dtype=torch.float64))["l1"][0, 0]
    inner = written[6:-6, 6:-6]
    least, most = float(inner.min()), float(inner.max())
    assert (remark.numbers["least"], remark.numbers["most"]) == (least, most)
    contrast = 100 * (most - least) / (most + least)
    assert remark.numbers["contrast_percent"] == pytest.approx(contrast, abs=0.05)
    if remark.mend is not None:
        better = remark.mend.applied(graph)
        assert better is not None
        assert not found(better, "uneven-overlap")
        assert analyse(better).shapes == analyse(graph).shapes


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (4, 2), (3, 3), (3, 1), (6, 3)])
def test_a_multiple_of_the_stride_is_even(kernel: int, stride: int) -> None:
    graph = chain(transposed(kernel, stride), size=(12, 12))
    written = values(graph, torch.ones(1, 1, 12, 12, dtype=torch.float64))["l1"][0, 0]
    assert float(written[6:-6, 6:-6].std()) == 0
    assert not found(graph, "uneven-overlap")


def test_its_repair_takes_the_strides_along_where_the_map_would_move() -> None:
    down = Convolution(1, (3, 3), (2, 2), ((1, 1),) * 2)
    graph = chain(down, transposed(3, 2, 1, 1), size=(16, 16))
    [remark] = found(graph, "uneven-overlap")
    assert remark.mend is not None
    assert set(remark.mend.operators) == {"l1", "l2"}
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "uneven-overlap")
    assert not found(better, "centre-off")


def unread(graph: Graph, layer: str, size: int) -> float:
    """The share of the input's pixels of which `layer` takes nothing, by torch."""
    return float((seen(graph, layer).sum(0) == 0).double().mean())


@pytest.mark.parametrize(("kernel", "stride"), [(1, 2), (2, 3), (1, 4)])
def test_a_stride_wider_than_its_kernel_leaves_pixels_unread(kernel: int, stride: int) -> None:
    graph = chain(Convolution(1, (kernel,), (stride,)), size=(24,))
    [remark] = found(graph, "pixels-never-read")
    assert remark.layers == ("input", "l1")
    taken = (seen(graph, "l1").sum(0) > 0).nonzero().flatten()  # torch
    assert remark.numbers["pixels"] == 24 - len(taken) > 0
    assert remark.numbers["percent"] == pytest.approx(100 * (1 - len(taken) / 24), abs=0.05)


def test_a_short_cut_beside_a_layer_that_reads_all_leaves_nothing_out() -> None:
    def graph(main: Operator) -> Graph:
        nodes = [
            Node("input", Input(1, (32,))),
            Node("main", main, ("input",)),
            Node("cut", Convolution(1, (1,), (2,)), ("input",)),
            Node("add", Add(), ("main", "cut")),
            Node("output", Output(), ("add",)),
        ]
        return Graph.of(nodes)

    whole, half = graph(conv(3, 2)), graph(Convolution(1, (1,), (2,)))
    assert unread(whole, "add", 32) == 0
    assert not found(whole, "pixels-never-read")
    assert unread(half, "add", 32) == 0.5
    [remark] = found(half, "pixels-never-read")
    assert set(remark.layers) == {"input", "main", "cut"}


@pytest.mark.parametrize("layer", [AveragePool((2,)), MaxPool((3,), (2,)), conv(3, 2), conv(2, 2)])
def test_windows_that_meet_read_all(layer: Operator) -> None:
    assert not found(chain(layer, size=(33,)), "pixels-never-read")


@pytest.mark.parametrize(
    ("rates", "gridded"),
    [((2, 2), True), ((2, 4), True), ((2, 2, 2), True), ((1, 2), False), ((1, 2, 3), False),
     ((1, 3, 9), False), ((1, 1), False), ((2, 1), False)],
)  # fmt: skip
def test_dilation_leaves_the_holes_that_the_gradient_has(
    rates: tuple[int, ...], gridded: bool
) -> None:
    graph = chain(*(conv(3, 1, rate) for rate in rates), size=(64,))
    row = seen(graph, "output")[32].numpy() > 0
    box = np.flatnonzero(row)
    holes = 1 - row[box[0] : box[-1] + 1].mean()
    remarks = found(graph, "dilation-gridding")
    assert bool(remarks) == gridded == (holes > 0)
    if remarks:
        assert remarks[0].numbers["percent"] == pytest.approx(100 * holes, abs=0.05)


@pytest.mark.parametrize("rates", [(2, 2), (2, 2, 2, 2), (2, 4), (4, 4, 4)])
def test_rates_in_turn_fill_the_holes_and_keep_the_field(rates: tuple[int, ...]) -> None:
    graph = chain(*(conv(3, 1, rate) for rate in rates), size=(64,))
    [remark] = found(graph, "dilation-gridding")
    better = remark.mend.applied(graph)
    assert analyse(better).shapes == analyse(graph).shapes
    assert not found(better, "dilation-gridding")
    row = seen(better, "output")[32].numpy() > 0
    box = np.flatnonzero(row)
    assert row[box[0] : box[-1] + 1].all()
    assert remark.mend.numbers["field"] == len(box)
    before = np.flatnonzero(seen(graph, "output")[32].numpy() > 0)
    assert len(box) >= 0.6 * (before[-1] - before[0] + 1)


def test_every_output_and_every_phase_is_judged() -> None:
    wide = conv(3, 1, 2)
    nodes = [
        Node("input", Input(1, (48,)), ()),
        Node("wide1", wide, ("input",)),
        Node("wide2", wide, ("wide1",)),
        Node("up", TransposedConvolution(1, (3,), (2,), (1,), (1,)), ("wide2",)),
        Node("aux", Output(), ("up",)),
        Node("fill", conv(3), ("wide2",)),
        Node("output", Output(), ("fill",)),
    ]
    graph = Graph.of(nodes)
    assert float((seen(graph, "output")[24] > 0).double().diff().abs().sum()) == 2  # one piece
    [remark] = found(graph, "dilation-gridding")
    assert remark.layers == ("wide1", "wide2", "aux")
    holes = []
    for row in seen(graph, "aux")[46:50].numpy() > 0:
        box = np.flatnonzero(row)
        holes.append(100 * (1 - row[box[0] : box[-1] + 1].mean()))
    assert len({round(each, 1) for each in holes}) == 2  # units of the two phases see unlike
    assert remark.numbers["percent"] == pytest.approx(max(holes), abs=0.05)
    assert not found(remark.mend.applied(graph), "dilation-gridding")


@pytest.mark.parametrize("whole", [True, False])
def test_of_a_period_of_more_units_than_are_looked_at_it_is_said(whole: bool) -> None:
    steps, factor = ((64,), 64) if whole else ((64, 2), 128)
    scaled = [MaxPool((each,)) for each in steps] + [Upsample((float(each),)) for each in steps]
    graph = chain(conv(3, 1, 8), conv(3, 1, 8), *scaled, size=(4 * factor,))
    answer = reviewed(graph)
    assert ("dilation-gridding" in answer.partly) != whole
    assert "dilation-gridding" in answer.tried
    holed = chain(conv(3, 1, 512), conv(3, 1, 512), *scaled, size=(64 * factor,))
    [remark] = found(holed, "dilation-gridding")
    assert remark.numbers.get("period") == (None if whole else factor)
    assert remark.numbers.get("units") == (None if whole else 64)
    assert ("64 units looked at" in finding_text(remark)) != whole
    assert (remark.mend is None) or whole


def test_where_two_layers_cannot_see_as_far_without_a_hole_no_rates_are_offered() -> None:
    [remark] = found(chain(conv(3, 1, 8), conv(3, 1, 8), size=(64,)), "dilation-gridding")
    assert remark.mend is None


def test_holes_that_a_stride_makes_are_not_laid_on_dilation() -> None:
    graph = chain(Convolution(1, (1,), (2,)), conv(3, 1, 2), conv(3), size=(64,))
    assert not found(graph, "dilation-gridding")


@pytest.mark.parametrize(
    ("layers", "size", "reached"), [(8, 16, True), (7, 16, False), (8, 64, False)]
)
def test_padding_reaches_the_centre_where_its_value_depends_on_it(
    layers: int, size: int, reached: bool
) -> None:
    graph = chain(*(conv(3) for _ in range(layers)), size=(size,))
    # a constant picture comes through as a constant but for what is padded
    flat = values(graph, torch.ones(1, 1, size, dtype=torch.float64))["output"][0, 0]
    inner = 3.0**layers
    assert bool((flat < inner).all()) == reached
    assert bool(found(graph, "padding-reaches-centre")) == reached


@pytest.mark.parametrize("size", [(16,), (12, 16)])
def test_each_layer_tells_the_share_that_torch_finds_darker(size: tuple[int, ...]) -> None:
    axes = len(size)
    same = Convolution(1, (3,) * axes, padding=((1, 1),) * axes)
    down = Convolution(1, (2,) * axes, (2,) * axes)
    graph = chain(same, down, same, same, same, same, size=size)
    [remark] = found(graph, "padding-reaches-centre")
    # a constant picture of ones comes through as the largest value but where something is padded
    flat = values(graph, torch.ones(1, 1, *size, dtype=torch.float64))
    taps = {"input": 1, "l1": 3**axes, "l2": 6**axes}
    taps |= {f"l{n}": 6**axes * 3 ** (axes * (n - 2)) for n in range(3, 7)}
    taps["output"] = taps["l6"]
    dark = {name: 100 * float((flat[name] < most).double().mean()) for name, most in taps.items()}
    assert dict(remark.by_layer) == pytest.approx(dark, abs=0.05)
    assert 0 < remark.by_layer["l1"] < remark.by_layer["l3"] < 100


def test_a_dense_code_is_not_told_to_take_larger_images() -> None:
    name, settings = parse("variational_autoencoder:size=32")
    answer = reviewed(BLUEPRINTS[name].build(settings))
    assert answer.not_tried["padding-reaches-centre"].code == "whole-input"


def test_without_padding_none_reaches_anything() -> None:
    graph = chain(*(Convolution(1, (3,)) for _ in range(6)), size=(16,))
    assert not found(graph, "padding-reaches-centre")


def test_unread_pixels_of_two_axes_are_counted_as_a_mask_would() -> None:
    graph = chain(Convolution(1, (1, 2), (2, 2)), size=(8, 8))
    [remark] = found(graph, "pixels-never-read")
    picture = torch.eye(64, dtype=torch.float64).reshape(64, 1, 8, 8)
    read = (values(graph, picture)["l1"].sum((1, 2, 3)) > 0).reshape(8, 8)
    assert remark.numbers["pixels"] == int((~read).sum())


def test_of_a_layer_and_its_short_cut_the_layer_is_mended() -> None:
    graph = Graph.of((
        Node("input", Input(1, (32,))),
        Node("act", Convolution(1, (3,), padding=((1, 1),)), ("input",)),
        Node("half", Convolution(1, (1,), (2,)), ("act",)),
        Node("cut", Convolution(1, (1,), (2,)), ("act",)),
        Node("sum", Add(), ("half", "cut")),
        Node("output", Output(), ("sum",)),
    ))  # fmt: skip
    [remark] = found(graph, "pixels-never-read")
    assert remark.numbers["percent"] == 50.0
    better = remark.mend.applied(graph)
    assert better["cut"] == graph["cut"]
    assert not found(better, "pixels-never-read")
    # A kernel of 2 would part the two by half a pixel.
    assert better["half"].operator.kernel == (3,)
    assert not found(better, "join-misaligned")
    apart = better.with_operator("half", Convolution(1, (2,), (2,)))
    [remark] = found(apart, "join-misaligned")
    assert remark.numbers["pixels"] == 0.5


@pytest.mark.parametrize("side", [4, 8, 20, 128])
def test_units_of_a_short_map_are_one_of_each_phase_it_has(side: int) -> None:
    cut = (128 - side) // 2
    graph = Graph.of((
        Node("input", Input(1, (128, 128))),
        Node("down", Convolution(4, (16, 16), (16, 16)), ("input",)),
        Node("dilated", Convolution(4, (3, 3), padding=((2, 2),) * 2, dilation=(2, 2)), ("down",)),
        Node("up", TransposedConvolution(1, (16, 16), (16, 16)), ("dilated",)),
        Node("crop", Crop((cut, cut), (cut, cut)), ("up",)),
        Node("output", Output(), ("crop",)),
    ))  # fmt: skip
    units = middle_units(Subject(analyse(graph)), "output")
    assert units[0] == (side // 2, side // 2)
    assert {unit[0] % 16 for unit in units} == {place % 16 for place in range(side)}
