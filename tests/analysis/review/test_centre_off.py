"""Where the output lies, against the centre of mass of impulse responses that torch gives."""

from __future__ import annotations

import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.operators import (
    Convolution,
    Crop,
    MaxPool,
    Operator,
    Pad,
    Roll,
    TransposedConvolution,
    Upsample,
)
from tests.analysis.review.experiment import centres, chain, found, middle, seen
from tests.analysis.review.one_level import CONV3, CORNERS, NEAREST, POOL, STRIDED, UP


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
    ("up", "strided", "length"),
    [
        (Upsample((3.0,)), STRIDED, 96),
        (Upsample((3.0,)), Convolution(1, (4,), (4,)), 48),
        (Upsample((5.0,)), Convolution(1, (4,), (4,)), 80),
        (Upsample((1.5,), "linear"), CONV3, 96),
    ],
)
def test_an_output_that_is_no_whole_times_as_large_is_in_place_at_the_border(
    up: Operator, strided: Operator, length: int
) -> None:
    """By impulses each of its units lies 64 / length pixels from the last."""
    graph = chain(up, strided, size=(64,))
    assert analyse(graph).shapes["output"] == (1, length)
    own = (torch.arange(length, dtype=torch.float64) + 0.5) * 64 / length - 0.5
    off = (centres(graph, "output") - own)[2:-2]
    assert abs(float(off.mean())) < 0.5
    assert float(off.abs().max()) < 1
    assert not found(graph, "centre-off")


def test_aligned_corners_are_held_against_the_step_that_all_sizes_give() -> None:
    """Twice, four times and twice as large, and a third of it: 3 / 16 of a pixel, and not a fifth.

    By impulses the units in the middle lie so, and those at the border by less than half a pixel
    beside.
    """
    graph = chain(CORNERS, Upsample((4.0,)), MaxPool((3,), (3,)), UP, size=(64,))
    length = analyse(graph).shapes["output"][1]
    where = torch.arange(length, dtype=torch.float64) - (length - 1) / 2
    off = centres(graph, "output") - (31.5 + where * 3 / 16)
    assert float(off.abs().max()) < 1
    assert abs(float(off[length // 4 : -length // 4].mean())) < 0.5
    assert not found(graph, "centre-off")


@pytest.mark.parametrize("size", [4, 8, 16, 64])
@pytest.mark.parametrize("layers", [(CORNERS,), (POOL, CORNERS), (POOL, POOL, CORNERS)])
def test_aligned_corners_stretch_an_output_by_what_its_first_unit_shows(
    size: int, layers: tuple[Operator, ...]
) -> None:
    graph = chain(*layers, size=(size,))
    length = analyse(graph).shapes["output"][1]
    first = float(centres(graph, "output")[0]) - ((0.5 * size / length) - 0.5)
    if size // 2 ** (len(layers) - 1) >= 4:  # of two or three units nothing is said
        remarks = found(graph, "centre-off")
        assert [abs(each.numbers["at_border"]) for each in remarks] == pytest.approx(
            [abs(first)] if abs(first) >= 0.5 else []
        )


@pytest.mark.parametrize(
    ("layers", "off"),
    [
        ((Convolution(1, (3,), padding=((2, 0),)),), False),
        ((Convolution(1, (3,), padding=((2, 2),)), Crop((0,), (2,))), False),
        ((Convolution(1, (3,), (2,), ((2, 0),)), NEAREST), False),
        ((Convolution(1, (4,), (2,), ((2, 0),)), NEAREST), False),
        ((Convolution(1, (3,), (2,), ((2, 2),)), Crop((0,), (2,))), True),  # twice as far as cut
        ((Convolution(1, (3,), (2,), ((1, 0),)), NEAREST), True),  # the same as padded by 1, 1
        ((Convolution(1, (4,), (2,), ((0, 2),)), NEAREST), True),
    ],
)
def test_what_sees_only_what_was_before_is_in_place(
    layers: tuple[Operator, ...], off: bool
) -> None:
    graph = chain(*layers, size=(64,))
    assert bool(found(graph, "centre-off")) == off
    if not off:  # by impulses: nothing later than the pixels that a unit stands for
        last = (seen(graph, "l1") > 0).double() * torch.arange(64)
        step = max(1, 64 // len(last))
        assert bool((last.amax(1) < (torch.arange(len(last)) + 1) * step).all())


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


def test_rows_that_are_dropped_are_the_cause_and_another_size_the_repair() -> None:
    graph = chain(POOL, POOL, UP, UP, size=(30,))
    [remark] = found(graph, "centre-off")
    assert remark.numbers["pixels"] == -1.0
    assert remark.numbers["drop_pixels"] == -1.0
    better = remark.mend.applied(graph)
    assert better["input"].operator.size == (28,)
    assert not found(better, "centre-off")
