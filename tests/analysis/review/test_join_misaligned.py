"""Where joined maps lie, against the centre of mass of impulse responses that torch gives."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    AdaptivePool,
    Add,
    Concatenate,
    Convolution,
    Crop,
    Input,
    MaxPool,
    Operator,
    Output,
    Pad,
    ResizeLike,
    Subsample,
    TransposedConvolution,
    Upsample,
)
from analysis.review import Subject
from analysis.review.after_repair import Repairs
from analysis.review.alignment.even_strides import misaligned
from tests.analysis.review.experiment import centres, chain, found, seen
from tests.analysis.review.one_level import (
    CORNERS,
    EVEN,
    LINEAR,
    NEAREST,
    POOL,
    STRIDED,
    UP,
    cropped,
    level,
    parted,
)


@pytest.mark.parametrize(
    ("down", "up", "pixels"),
    [
        (STRIDED, NEAREST, 0.5),
        (STRIDED, LINEAR, 0.5),
        (STRIDED, UP, 0.5),
        (Convolution(1, (5,), (2,), ((2, 2),)), UP, 0.5),
        (MaxPool((3,), (2,), (1,)), UP, 0.5),
        (Convolution(1, (4,), (4,)), Upsample((4.0,)), 0.0),
        (Convolution(1, (5,), (4,), ((2, 2),)), Upsample((4.0,)), 1.5),
    ],
)
def test_a_join_is_off_by_what_an_impulse_says(down: Operator, up: Operator, pixels: float) -> None:
    graph = level(down, up)
    assert abs(parted(graph)) == pytest.approx(pixels)
    remarks = found(graph, "join-misaligned")
    if pixels == 0:
        assert not remarks
        return
    [remark] = remarks
    assert remark.layers[0] == "join"
    assert remark.severity == "warning"
    assert remark.numbers["pixels"] == pytest.approx(pixels)


@pytest.mark.parametrize(
    ("down", "up"),
    [
        (POOL, UP),
        (POOL, NEAREST),
        (POOL, LINEAR),
        (EVEN, NEAREST),
        (EVEN, TransposedConvolution(1, (4,), (2,), (1,))),
        (STRIDED, TransposedConvolution(1, (3,), (2,), (1,), (1,))),
    ],
)
def test_what_cancels_on_the_mean_is_aligned(down: Operator, up: Operator) -> None:
    graph = level(down, up)
    assert parted(graph) == pytest.approx(0, abs=1e-9)
    assert not found(graph, "join-misaligned")
    assert not found(graph, "centre-off")


def test_even_kernels_at_the_strides_mend_a_join() -> None:
    graph = level(STRIDED, NEAREST)
    [remark] = found(graph, "join-misaligned")
    assert remark.mend is not None
    assert remark.mend.code == "even-kernels"
    better = remark.mend.applied(graph)
    assert better is not None
    assert parted(better) == pytest.approx(0, abs=1e-9)
    assert not found(better, "join-misaligned")
    assert analyse(better).shapes == analyse(graph).shapes


def test_a_transposed_kernel_of_whole_strides_mends_a_join() -> None:
    graph = level(POOL, TransposedConvolution(1, (3,), (2,), (1,), (1,)))
    assert abs(parted(graph)) == pytest.approx(0.5)
    [remark] = found(graph, "join-misaligned")
    [uneven] = found(graph, "uneven-overlap")
    assert remark.mend is not None
    assert remark.mend == uneven.mend
    better = remark.mend.applied(graph)
    assert parted(better) == pytest.approx(0, abs=1e-9)
    assert not found(better, "join-misaligned")


def test_a_pooling_wider_than_its_stride_is_made_as_wide() -> None:
    graph = level(MaxPool((3,), (2,), (1,)), UP)
    [remark] = found(graph, "join-misaligned")
    better = remark.mend.applied(graph)
    assert better["down"].operator == MaxPool((2,), (2,), (0,))
    assert parted(better) == pytest.approx(0, abs=1e-9)
    assert analyse(better).shapes == analyse(graph).shapes


def test_a_stride_that_cannot_be_widened_has_no_such_repair() -> None:
    graph = level(Convolution(1, (3,), (2,), ((2, 2),), (2,)), NEAREST)
    [remark] = found(graph, "join-misaligned")
    assert remark.mend is None


def test_aligned_corners_behind_a_pooling_drift_to_the_border() -> None:
    graph = level(POOL, CORNERS)
    [remark] = found(graph, "join-misaligned")
    assert (remark.severity, remark.numbers) == ("note", {"pixels": 0.0, "at_border": 0.5})
    # torch: the first row of the interpolated map is the first of the pooled one, at ½ and not 0
    pooled = chain(POOL, CORNERS, size=(64,))
    assert float(centres(pooled, "l2")[0]) == pytest.approx(0.5)
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "join-misaligned")


def test_aligned_corners_behind_a_stride_that_keeps_corners_are_right() -> None:
    up = Upsample(None, "linear", True, (65,))
    graph = level(STRIDED, up, 65)
    assert not found(graph, "join-misaligned")
    assert not found(graph, "centre-off")
    assert parted(graph) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("before", "after", "off"), [(1, 1, 0.0), (0, 2, 1.0), (2, 1, 0.5)])
def test_a_crop_that_cuts_off_centre_is_off(before: int, after: int, off: float) -> None:
    cut = Crop((before,), (after,))
    both = Crop((1,), (before + after - 1,)) if before + after == 2 else Crop((1,), (1,))
    graph = Graph.of(
        [
            Node("input", Input(1, (32,))),
            Node("valid", Convolution(1, (before + after + 1,)), ("input",)),
            Node("crop", cut, ("input",)),
            Node("join", Concatenate(), ("crop", "valid")),
            Node("output", Output(), ("join",)),
        ]
    )
    assert both is not None
    assert abs(parted(graph)) == pytest.approx(off)
    remarks = found(graph, "join-misaligned")
    assert [each.numbers["pixels"] for each in remarks] == ([off] if off else [])


def test_a_crop_of_the_skip_alone_does_not_move_the_output() -> None:
    graph = cropped(Crop((0,), (8,)), Crop((2,), (2,)))
    assert parted(graph) == pytest.approx(4)
    assert not found(graph, "centre-off")
    [remark] = found(graph, "join-misaligned")
    assert remark.numbers == {"pixels": 4.0, "at_border": 4.0, "crop_pixels": 4.0}
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert parted(better) == pytest.approx(0, abs=1e-9)
    assert not found(better, "join-misaligned")


def test_an_output_all_of_whose_ways_are_cropped_to_one_side_is_off() -> None:
    graph = cropped(Crop((0,), (8,)), Crop((0,), (4,)))
    places = [centres(graph, layer)[28] - (28 + 4) for layer in ("skip", "below")]
    assert [float(each) for each in places] == pytest.approx([-4, -2])
    [remark] = found(graph, "centre-off")
    assert (remark.numbers["pixels"], remark.numbers["crop_pixels"]) == (-2.0, -2.0)


def test_space_to_depth_written_as_slices_is_no_misaligned_join() -> None:
    slices = [Node(f"s{start}", Subsample((start,), (2,)), ("input",)) for start in (0, 1)]
    join = Node("join", Concatenate(), ("s0", "s1"))
    nodes = [Node("input", Input(1, (32,))), *slices, join, Node("output", Output(), ("join",))]
    assert not found(Graph.of(nodes), "join-misaligned")


def test_misaligned_names_the_joins_and_the_output() -> None:
    assert misaligned(Subject(analyse(level(STRIDED, NEAREST)))) == {"join"}
    assert misaligned(Subject(analyse(chain(STRIDED, NEAREST)))) == {"output"}


def looking_back(size: int, cut: bool) -> tuple[Operator, ...]:
    """A convolution of three taps that sees a unit and those before it, in two ways of writing."""
    if cut:
        return (Convolution(1, (3,), padding=((size, size),), dilation=(size // 2,)),
                Crop((0,), (size,)))  # fmt: skip
    return (Pad((size,), (0,)), Convolution(1, (3,), dilation=(size // 2,)))


@pytest.mark.parametrize("cut", [True, False])
def test_a_network_that_looks_back_in_time_is_in_place(cut: bool) -> None:
    first, second = looking_back(4, cut)
    graph = Graph.of([
        Node("input", Input(1, (64,))),
        Node("one", first, ("input",)),
        Node("two", second, ("one",)),
        Node("join", Add(), ("input", "two")),
        Node("output", Output(), ("join",)),
    ])  # fmt: skip
    # torch: the last pixel that a unit takes is its own, and so it is meant
    assert float(seen(graph, "two")[32].nonzero().max()) == 32
    assert not found(graph, "join-misaligned")
    assert not found(graph, "centre-off")
    row = chain(*looking_back(4, cut), *looking_back(8, cut), size=(64,))
    assert not found(row, "centre-off")


def test_padding_before_along_both_axes_is_no_looking_back() -> None:
    row = chain(Pad((2, 2), (0, 0)), Convolution(1, (3, 3)), size=(16, 16))
    [remark] = found(row, "centre-off")
    assert remark.numbers["pixels"] == -1.0


def test_interpolation_to_a_size_that_is_no_multiple_lies_to_one_side() -> None:
    graph = level(POOL, Upsample(None, "nearest", False, (66,)), 66)
    assert not found(graph, "join-misaligned")
    wide = Graph.of([
        Node("input", Input(1, (64,))),
        Node("wide", Convolution(1, (3,), padding=((2, 2),)), ("input",)),
        Node("up", Upsample(None, "nearest", False, (64,)), ("wide",)),
        Node("join", Add(), ("input", "up")),
        Node("output", Output(), ("join",)),
    ])  # fmt: skip
    [remark] = found(wide, "join-misaligned")
    off = float((centres(wide, "up") - centres(wide, "input"))[8:-8].mean())
    assert off == pytest.approx(-0.5, abs=0.05)
    assert (remark.numbers["pixels"], remark.numbers["resize_pixels"]) == (0.5, -0.5)
    better = wide.with_operator("up", Upsample(None, "linear", False, (64,)))
    assert [each.severity for each in found(better, "join-misaligned")] == ["note"]


def test_a_single_pixel_is_copied_whether_corners_are_aligned_or_not() -> None:
    for corners in (True, False):
        up = Upsample((64.0,), "linear", corners)
        assert not found(level(MaxPool((64,)), up), "join-misaligned")
    single = torch.randn(1, 1, 1, dtype=torch.float64)
    alike = [
        functional.interpolate(single, 64, mode="linear", align_corners=corners)
        for corners in (True, False)
    ]
    assert torch.equal(*alike)


def test_corners_that_are_aligned_to_another_map_are_told_as_those_of_a_factor() -> None:
    graph = level(POOL, CORNERS)
    [remark] = found(graph, "join-misaligned")
    like = Node("up", ResizeLike("linear", True), ("deep", "enc"))
    other = Graph.of([like if node.id == "up" else node for node in graph.nodes])
    [same] = found(other, "join-misaligned")
    assert same.numbers == remark.numbers
    assert (same.mend.code, remark.mend.code) == ("half-pixel-centres",) * 2
    assert not found(same.mend.applied(other), "join-misaligned")


@pytest.mark.parametrize(
    ("down", "crop", "below", "counts"),
    [
        (STRIDED, None, (0, 1), {"odd": 1, "even": 1}),
        (POOL, None, (0, 1), None),
        (STRIDED, (0, 4), (0, 0), {"crops": 1, "even": 1}),
    ],
)
def test_what_several_causes_part_is_put_together_by_one_repair(
    down: Operator, crop: tuple[int, int] | None, below: tuple[int, int], counts: dict | None
) -> None:
    kernel = 2 if below == (0, 1) else 3
    nodes = [
        Node("input", Input(1, (32,))),
        Node("e", Convolution(1, (3,), padding=((1, 1),)), ("input",)),
        Node("down", down, ("e",)),
        Node("b", Convolution(1, (kernel,), padding=(below,)), ("down",)),
        Node("up", NEAREST, ("b",)),
        Node("join", Concatenate(), ("e" if crop is None else "cut", "up")),
        Node("head", Convolution(1, (1,)), ("join",)),
        Node("output", Output(), ("head",)),
    ]
    if crop is not None:
        nodes.insert(2, Node("cut", Crop((crop[0],), (crop[1],)), ("e",)))
    graph = Graph.of(nodes)
    [remark] = found(graph, "join-misaligned")
    assert remark.mend is not None
    assert (dict(remark.mend.numbers) if remark.mend.code == "together" else None) == counts
    better = remark.mend.applied(graph)
    assert better is not None
    assert analyse(better).shapes == analyse(graph).shapes
    assert not found(better, "join-misaligned")
    changed = Repairs(Subject(analyse(graph)), [remark]).of(remark).changed
    [said] = [each for each in changed if each.what == "apart"]
    assert said.now == pytest.approx(remark.numbers["pixels"])
    joined = ("e" if crop is None else "cut", "up")
    first, second = (centres(better, each) for each in joined)
    assert said.after == pytest.approx(abs(float((first - second)[8:-8].mean())), abs=1e-6)


@pytest.mark.parametrize("size", [16, 256])
def test_a_field_that_the_image_cuts_does_not_pass_for_the_smallest(size: int) -> None:
    """Behind aligned corners the image cuts what is known of a field, here to less than `own`.

    What is joined last lies as `own`, the nearest, half a pixel from the input's first.
    """
    same = {kernel: Convolution(1, (kernel,), padding=((kernel // 2,) * 2,)) for kernel in (9, 1)}
    graph = Graph.of((
        Node("input", Input(1, (size,))),
        Node("skip", same[1], ("input",)),
        Node("half", MaxPool((2,)), ("input",)),
        Node("own", same[9], ("half",)),
        Node("quarter", MaxPool((2,)), ("half",)),
        Node("deep", same[9], ("quarter",)),
        Node("up", Upsample((2.0,), "linear", True), ("deep",)),
        Node("inner", Add(), ("up", "own")),
        Node("larger", Upsample((2.0,), "linear", True), ("inner",)),
        Node("outer", Add(), ("larger", "skip")),
        Node("output", Output(), ("outer",)),
    ))  # fmt: skip
    remarks = {each.layers[0]: each.numbers for each in found(graph, "join-misaligned")}
    assert remarks["inner"]["at_border"] == 1.0
    assert remarks["outer"]["at_border"] == 0.5


def pyramid(size: int, bins: int, corners: bool) -> tuple[Graph, torch.Tensor]:
    """A map joined with its averages over so many windows, and how far torch puts the two apart."""
    graph = Graph.of((
        Node("input", Input(1, (size,))),
        Node("pooled", AdaptivePool((bins,), "average"), ("input",)),
        Node("conv", Convolution(1, (1,)), ("pooled",)),
        Node("up", Upsample(None, "linear", corners, (size,)), ("conv",)),
        Node("join", Add(), ("input", "up")),
        Node("output", Output(), ("join",)),
    ))  # fmt: skip
    ramp = torch.arange(size, dtype=torch.float64).reshape(1, 1, size)
    pooled = functional.adaptive_avg_pool1d(ramp, bins)
    there = functional.interpolate(pooled, size, mode="linear", align_corners=corners)
    return graph, (there - ramp)[0, 0]


@pytest.mark.parametrize("size", [7, 8, 9, 16, 21])
@pytest.mark.parametrize("bins", [2, 3, 5, 6, 12])
def test_windows_of_a_pyramid_lie_where_torch_puts_them_between_corners(
    size: int, bins: int
) -> None:
    graph, apart = pyramid(size, bins, True)
    most = float(apart.abs().max())
    remarks = found(graph, "join-misaligned")
    assert [each.numbers["at_border"] for each in remarks] == pytest.approx(
        [most] if most >= 0.5 else []
    )
    assert float(apart.mean()) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("size", [2, 8, 16])
@pytest.mark.parametrize("bins", [2, 3, 6])
def test_windows_of_a_pyramid_lie_in_place_on_the_mean(size: int, bins: int) -> None:
    """Two pixels in six windows, three copies of each, come back where they were."""
    graph, apart = pyramid(size, bins, False)
    assert float(apart.mean()) == pytest.approx(0, abs=1e-9)
    if (size, bins) == (2, 6):
        assert float(apart.abs().max()) == pytest.approx(0, abs=1e-9)
    assert found(graph, "join-misaligned") == []


@pytest.mark.parametrize("columns", [1, 4, 64])
@pytest.mark.parametrize("join", [Add(), Concatenate()])
def test_the_mean_of_a_strip_laid_over_all_its_rows_lies_in_place(
    columns: int, join: Operator
) -> None:
    graph = Graph.of((
        Node("input", Input(1, (64, 64))),
        Node("conv", Convolution(1, (3, 3), padding=((1, 1), (1, 1))), ("input",)),
        Node("pooled", AdaptivePool((1, columns), "average"), ("conv",)),
        Node("up", Upsample(None, "nearest", size=(64, 64)), ("pooled",)),
        Node("join", join, ("conv", "up")),
        Node("output", Output(), ("join",)),
    ))  # fmt: skip
    ramps = torch.arange(64, dtype=torch.float64).expand(64, 64)
    for ramp in (ramps, ramps.T):
        pooled = functional.adaptive_avg_pool2d(ramp[None], (1, columns))
        there = functional.interpolate(pooled[None], (64, 64))[0, 0]
        assert float((there - ramp).mean()) == pytest.approx(0, abs=1e-9)
    assert found(graph, "join-misaligned") == []
