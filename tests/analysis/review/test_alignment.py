"""Where things lie, against the centre of mass of impulse responses that torch gives."""

from __future__ import annotations

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    Concatenate,
    Convolution,
    Crop,
    Input,
    MaxPool,
    Operator,
    Output,
    Pad,
    Roll,
    Subsample,
    TransposedConvolution,
    Upsample,
)
from analysis.review import Subject
from analysis.review.alignment.even_strides import misaligned
from tests.analysis.review.experiment import centres, chain, found, middle

CONV3 = Convolution(1, (3,), padding=((1, 1),))
STRIDED = Convolution(1, (3,), (2,), ((1, 1),))
EVEN = Convolution(1, (4,), (2,), ((1, 1),))
POOL = MaxPool((2,))
UP = TransposedConvolution(1, (2,), (2,))
NEAREST = Upsample((2.0,))
LINEAR = Upsample((2.0,), "linear")
CORNERS = Upsample((2.0,), "linear", True)


def level(down: Operator, up: Operator, size: int = 64, beside: Operator | None = None) -> Graph:
    """One level of a U: a convolution, down, a convolution, up, and the join."""
    nodes = [
        Node("input", Input(1, (size,))),
        Node("enc", CONV3, ("input",)),
        Node("down", down, ("enc",)),
        Node("deep", CONV3, ("down",)),
        Node("up", up, ("deep",)),
    ]
    skip = "enc"
    if beside is not None:
        nodes.append(Node("beside", beside, ("enc",)))
        skip = "beside"
    nodes += [Node("join", Concatenate(), (skip, "up")), Node("output", Output(), ("join",))]
    return Graph.of(nodes)


def parted(graph: Graph) -> float:
    """How far the join's inputs lie apart on the mean over the middle, by torch."""
    skip, up = graph["join"].inputs
    here = middle(analyse(graph).shapes["join"][1])
    return float((centres(graph, up) - centres(graph, skip))[here].mean())


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


def cropped(skip: Operator, below: Operator) -> Graph:
    """A valid convolution joined with its input, each behind a crop."""
    return Graph.of(
        [
            Node("input", Input(1, (64,))),
            Node("skip", skip, ("input",)),
            Node("valid", Convolution(1, (5,)), ("input",)),
            Node("below", below, ("valid",)),
            Node("join", Concatenate(), ("skip", "below")),
            Node("output", Output(), ("join",)),
        ]
    )


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


@pytest.mark.parametrize(
    ("layers", "moves"),
    [
        ((STRIDED, NEAREST), {"stride_pixels": -0.5}),
        ((Convolution(1, (1,), (2,)), NEAREST), {"stride_pixels": -0.5}),  # leaves rows everywhere
        ((Convolution(1, (4,), padding=((1, 2),)),), {"padding_pixels": 0.5}),
        ((Roll((-2,)), CONV3), {"roll_pixels": 2.0}),
        ((Crop((4,), (0,)), CONV3), {"crop_pixels": 2.0}),
        ((POOL, TransposedConvolution(1, (3,), (2,), (0,), (0,)), Crop((0,), (1,))),
         {"up_pixels": 0.0, "crop_pixels": -0.5}),
    ],
)  # fmt: skip
def test_what_moved_the_output_is_told(layers: tuple[Operator, ...], moves) -> None:
    [remark] = found(chain(*layers, size=(64,)), "centre-off")
    told = {name: value for name, value in remark.numbers.items() if name.endswith("_pixels")}
    assert told == {name: by for name, by in moves.items() if by}
    assert sum(told.values()) == pytest.approx(remark.numbers["pixels"])


def test_space_to_depth_written_as_slices_is_no_misaligned_join() -> None:
    slices = [Node(f"s{start}", Subsample((start,), (2,)), ("input",)) for start in (0, 1)]
    join = Node("join", Concatenate(), ("s0", "s1"))
    nodes = [Node("input", Input(1, (32,))), *slices, join, Node("output", Output(), ("join",))]
    assert not found(Graph.of(nodes), "join-misaligned")


@pytest.mark.parametrize(
    ("layers", "pixels"),
    [
        ((Convolution(1, (4,), padding=((1, 2),)),), 0.5),
        ((Convolution(1, (4,), padding=((2, 1),)),), -0.5),
        ((STRIDED, NEAREST), -0.5),
        ((STRIDED, STRIDED, NEAREST, NEAREST), -1.5),
        ((CONV3,), 0.0),
        ((POOL, UP), 0.0),
        ((Convolution(1, (3,)),), 0.0),
        ((Roll((-2,)), CONV3), 2.0),
        ((Roll((3,)), CONV3, Roll((-3,))), 0.0),
        ((Pad((0,), (3,)), CONV3, Crop((0,), (3,))), 0.0),
    ],
)
def test_the_output_is_off_its_place(layers: tuple[Operator, ...], pixels: float) -> None:
    graph = chain(*layers, size=(64,))
    length = analyse(graph).shapes["output"][1]
    here = middle(length)
    own = (64 - length) / 2 + here.start + 7.5
    assert float(centres(graph, "output")[here].mean()) - own == pytest.approx(pixels)
    remarks = found(graph, "centre-off")
    assert [each.numbers["pixels"] for each in remarks] == ([pixels] if pixels else [])


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ((STRIDED, NEAREST), "even-kernels"),
        ((STRIDED, STRIDED, NEAREST, NEAREST), "even-kernels"),
        ((MaxPool((3,), (2,), (1,)), NEAREST), "even-kernels"),
        ((CONV3, POOL, TransposedConvolution(1, (3,), (2,), (1,), (1,))),
         "kernel-multiple-of-stride"),
        ((Convolution(1, (4,), padding=((2, 1),)),), "odd-kernel"),
        ((Pad((0,), (1,)), Convolution(1, (2,))), "odd-kernel"),
        ((Pad((1,), (2,)), Convolution(1, (4,)), CONV3), "odd-kernel"),
        ((CONV3, Crop((0,), (4,))), "centre-crop"),
        ((POOL, CORNERS), "half-pixel-centres"),
    ],
)  # fmt: skip
def test_a_repair_puts_the_output_in_place(layers: tuple[Operator, ...], code: str) -> None:
    graph = chain(*layers, size=(64,))
    [remark] = found(graph, "centre-off")
    assert remark.mend.code == code
    better = remark.mend.applied(graph)
    assert analyse(better).shapes["output"] == analyse(graph).shapes["output"]
    assert not found(better, "centre-off")
    length = analyse(better).shapes["output"][1]
    here = middle(length)
    own = (64 - length) / 2 + here.start + 7.5
    assert float(centres(better, "output")[here].mean()) == pytest.approx(own)


@pytest.mark.parametrize(
    "layers",
    [
        (Roll((-2,)), CONV3),
        (Convolution(1, (2,), padding=((1, 1),)), Crop((0,), (1,))),  # half a pixel stays
        (Pad((0,), (1,)), Convolution(1, (2,)), Pad((0,), (3,))),
    ],
)
def test_where_no_change_does_it_none_is_offered(layers: tuple[Operator, ...]) -> None:
    for remark in found(chain(*layers, size=(64,)), "centre-off"):
        assert remark.mend is None


def test_one_repair_puts_all_of_a_public_network_in_place() -> None:
    name, settings = parse("linknet:base=8,size=64")
    graph = BLUEPRINTS[name].build(settings)
    [remark] = found(graph, "centre-off")
    [uneven] = found(graph, "uneven-overlap")
    assert remark.mend == uneven.mend
    better = remark.mend.applied(graph)
    for code in ("centre-off", "uneven-overlap", "join-misaligned"):
        assert not found(better, code)


def test_padding_more_on_one_side_is_remarked_with_what_it_moves() -> None:
    graph = chain(POOL, Convolution(1, (4,), padding=((1, 2),)), UP, size=(64,))
    [remark] = found(graph, "padding-asymmetric")
    assert remark.layers == ("l2",)
    assert remark.numbers == {"before": 1, "after": 2, "kernel": 4, "pixels": 1.0}
    assert float(centres(graph, "l2")[16]) - (2 * 16 + 0.5) == pytest.approx(1.0)
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "padding-asymmetric")
    assert analyse(better).shapes == analyse(graph).shapes


@pytest.mark.parametrize(
    "layers",
    [
        (CONV3,),
        (Convolution(1, (3,), padding=((2, 0),)),),  # causal
        (Pad((4,), (0,)), Convolution(1, (3,), dilation=(2,))),  # causal
        (Convolution(1, (3,), (2,), ((0, 1),)),),  # a stride has no middle to keep
        (Pad((1,), (1,)), Convolution(1, (3,))),
    ],
)
def test_padding_that_is_even_or_meant_is_not_remarked(layers: tuple[Operator, ...]) -> None:
    assert not found(chain(*layers, size=(32,)), "padding-asymmetric")


def test_a_padding_operator_counts_with_the_convolution_behind_it() -> None:
    graph = chain(Pad((0,), (1,)), Convolution(1, (2,)), size=(32,))
    [remark] = found(graph, "padding-asymmetric")
    assert remark.numbers["pixels"] == 0.5
    better = remark.mend.applied(graph)
    assert better["l1"].operator == Pad((1,), (1,))
    assert better["l2"].operator == Convolution(1, (3,))
    assert not found(better, "padding-asymmetric")


def test_a_padding_that_others_read_too_is_left() -> None:
    graph = Graph.of((
        Node("input", Input(1, (32,))),
        Node("pad", Pad((0,), (1,)), ("input",)),
        Node("even", Convolution(1, (2,)), ("pad",)),
        Node("other", Convolution(1, (2,)), ("pad",)),
        Node("sum", Add(), ("even", "other")),
        Node("output", Output(), ("sum",)),
    ))  # fmt: skip
    [remark] = found(graph, "padding-asymmetric")
    assert remark.mend is None


def test_all_layers_padded_more_on_one_side_are_one_finding() -> None:
    even = Convolution(1, (4,), padding=((1, 2),))
    graph = chain(even, POOL, even, UP, size=(64,))
    [remark] = found(graph, "padding-asymmetric")
    assert remark.layers == ("l1", "l3")
    assert remark.numbers == {"before": 1, "after": 2, "kernel": 4, "pixels": 1.0, "count": 2}
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "padding-asymmetric")
    assert float(centres(better, "output")[32]) == pytest.approx(32, abs=0.5)


def test_a_size_that_drops_rows_names_one_that_does_not() -> None:
    graph = chain(POOL, CONV3, POOL, size=(30,))
    [remark] = found(graph, "size-drops-rows")
    assert remark.layers == ("l3",)
    assert remark.numbers == {"rows": 1, "size": 30, "works": 28}
    # torch: nothing depends on the last pixels but through padding
    assert float(centres(graph, "l3")[-1]) < 30 - 3
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not found(better, "size-drops-rows")


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ((POOL, CONV3, POOL), 32),
        ((STRIDED,), 32),  # reads on to the last pixel, and no padding behind it
        ((MaxPool((3,), (2,)),), 33),
        ((MaxPool((2,), ceil_mode=True),), 31),
        ((Convolution(1, (1,), (2,)),), 32),  # another rule's
    ],
)
def test_sizes_that_drop_nothing(layers: tuple[Operator, ...], size: int) -> None:
    assert not found(chain(*layers, size=(size,)), "size-drops-rows")


def test_misaligned_names_the_joins_and_the_output() -> None:
    assert misaligned(Subject(analyse(level(STRIDED, NEAREST)))) == {"join"}
    assert misaligned(Subject(analyse(chain(STRIDED, NEAREST)))) == {"output"}


def test_rows_that_are_dropped_are_the_cause_and_another_size_the_repair() -> None:
    graph = chain(POOL, POOL, UP, UP, size=(30,))
    [remark] = found(graph, "centre-off")
    assert remark.numbers["pixels"] == -1.0
    assert remark.numbers["drop_pixels"] == -1.0
    better = remark.mend.applied(graph)
    assert better["input"].operator.size == (28,)
    assert not found(better, "centre-off")
