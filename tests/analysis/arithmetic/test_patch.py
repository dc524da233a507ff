"""Patches of random layers: every output of the case is the layer's own, as torch computes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from analysis.arithmetic import Case, check, compute
from analysis.arithmetic.example.example import affordable
from analysis.arithmetic.layer import Layer, layer_of
from analysis.arithmetic.layer.patch import Patch, cut, feature_cells, patch
from analysis.faults import Fault
from analysis.operators import (
    AveragePool,
    Convolution,
    GlobalPool,
    MaxPool,
    ReLU,
    TransposedConvolution,
)
from analysis.operators.contract import Operator

torch.set_num_threads(1)


@dataclass(frozen=True)
class Drawn:
    operator: Operator
    shape: tuple[int, ...]
    where: tuple[float, ...]
    """The unit, from 0, the first of each axis, to 1, the last."""
    channel: float
    seed: int


@st.composite
def layers(draw: st.DrawFn, kind: str) -> Drawn:
    rank = draw(st.sampled_from([1, 2]))

    def axes(least: int, most: int) -> tuple[int, ...]:
        return tuple(draw(st.integers(least, most)) for _ in range(rank))

    groups = draw(st.sampled_from([1, 1, 2, 3]))
    inside, outside = (groups * draw(st.integers(1, 3)) for _ in range(2))
    kernel = axes(1, 6)
    half = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    if kind == "conv":
        border = draw(st.sampled_from(["drop", "drop", "reflect", "clamp", "circular"]))
        even = draw(st.booleans())
        before, after = axes(0, 4), axes(0, 4)
        pairs = tuple(zip(before, before if even else after, strict=True))
        operator: Operator = Convolution(
            outside, kernel, axes(1, 4), pairs, axes(1, 3), groups, draw(st.booleans()), border
        )
    elif kind == "transposed":
        operator = TransposedConvolution(
            outside,
            kernel,
            axes(1, 4),
            axes(0, 4),
            axes(0, 3),
            axes(1, 3),
            groups,
            draw(st.booleans()),
        )
    elif kind == "max":
        operator = MaxPool(kernel, axes(1, 4), half, axes(1, 3), draw(st.booleans()))
    else:
        operator = AveragePool(kernel, axes(1, 4), half, draw(st.booleans()), draw(st.booleans()))
    fractions = st.sampled_from([0.0, 0.0, 1.0, 1.0, 0.1, 0.3, 0.5, 0.8])
    where = tuple(draw(fractions) for _ in range(rank))
    shape = (inside, *axes(1, 40))
    assume(not isinstance(operator.shape([shape]), Fault))
    return Drawn(operator, shape, where, draw(fractions), draw(st.integers(0, 99)))


@dataclass(frozen=True)
class Found:
    layer: Layer
    patch: Patch
    computed: np.ndarray
    full: np.ndarray
    """The feature map's channel, by torch, float64."""
    unit: tuple[int, ...]


def found(drawn: Drawn) -> Found:
    operator, shape = drawn.operator, drawn.shape
    source = torch.Generator().manual_seed(drawn.seed)

    def random(size: tuple[int, ...]) -> torch.Tensor:
        return torch.randn(size, generator=source, dtype=torch.float64)

    x = random(shape)
    tensors = {name: random(size) for name, size in operator.parameters([shape]).items()}
    y = operator.apply([x[None]], tensors)[0].numpy()
    layer = layer_of("layer", operator, shape)
    assert isinstance(layer, Layer)
    assert layer.out_size == y.shape[1:]
    unit = tuple(round(f * (n - 1)) for f, n in zip(drawn.where, y.shape[1:], strict=True))
    channel = round(drawn.channel * (y.shape[0] - 1))
    made = patch(layer, unit)
    inputs = layer.inputs_of(channel)
    taken = cut(layer, made, x.numpy()[inputs.start : inputs.stop])
    w = tensors["weight"].numpy()[layer.kernel_at(channel)] if "weight" in tensors else None
    b = tensors["bias"].numpy()[channel : channel + 1] if "bias" in tensors else None
    assert taken.shape == made.case.input_shape
    assert w is None or w.shape == made.case.kernel_shape
    return Found(layer, made, compute(made.case, taken, w, b)[0], y[channel], unit)


def check_patch(drawn: Drawn) -> Found:
    here = found(drawn)
    case = here.patch.case
    assert check(case) is None
    expected = feature_cells(here.patch, here.full)
    assert expected.shape == here.computed.shape
    inside = ~np.isnan(expected)
    np.testing.assert_allclose(
        here.computed[inside], expected[inside], rtol=1e-10, atol=1e-12 * case.channels[0] * 99
    )
    assert here.computed[here.patch.unit] == pytest.approx(here.full[here.unit], rel=1e-9)
    if case.kind != "transposed":
        assert inside.all()
    return here


@settings(max_examples=300, deadline=None)
@given(layers("conv"))
def test_a_convolution(drawn: Drawn) -> None:
    here = check_patch(drawn)
    for axis, (first, stop) in enumerate(here.patch.region):
        size, before = drawn.shape[axis + 1], here.layer.whole.padding[axis]
        assert first >= -before
        assert stop <= size + here.layer.after[axis]


@settings(max_examples=400, deadline=None)
@given(layers("transposed"))
@example(Drawn(TransposedConvolution(2, (2,), (2,)), (1, 20), (0.5,), 0, 0))
def test_a_transposed_convolution(drawn: Drawn) -> None:
    here = check_patch(drawn)
    cells = np.prod(here.patch.case.out_size)
    # Only a map of a row or two is too narrow for an even number of outputs.
    if min(here.layer.out_size) > 3 and max(here.layer.whole.dilation) == 1:
        assert np.isfinite(feature_cells(here.patch, here.full)).sum() == cells


@settings(max_examples=300, deadline=None)
@given(layers("max"))
@example(Drawn(MaxPool((2,), (1,), (1,), (16,)), (1, 15), (0.0,), 0, 0))
def test_max_pooling(drawn: Drawn) -> None:
    check_patch(drawn)


@settings(max_examples=300, deadline=None)
@given(layers("average"))
def test_average_pooling(drawn: Drawn) -> None:
    check_patch(drawn)


# ------------------------------------------------------------------------ which part it is


def around(operator: Operator, shape: tuple[int, ...], *unit: int) -> Patch:
    layer = layer_of("layer", operator, shape)
    assert isinstance(layer, Layer)
    return patch(layer, unit)


SAME = Convolution(4, (3, 3), padding=((1, 1), (1, 1)))


def test_in_the_middle_five_by_five_outputs_are_centred() -> None:
    made = around(SAME, (2, 40, 50), 20, 30)
    assert made.case == Case("conv", (7, 7), channels=(2, 1), bias=True)
    assert (made.region, made.origin, made.unit) == (((17, 24), (27, 34)), (18, 28), (2, 2))


def test_at_a_corner_the_padding_is_read() -> None:
    made = around(SAME, (2, 40, 50), 0, 49)
    assert (made.region, made.origin, made.unit) == (((-1, 6), (44, 51)), (0, 45), (0, 4))


def test_a_small_map_is_taken_whole_with_its_padding() -> None:
    made = around(SAME, (2, 12, 50), 3, 20)
    assert made.case.in_size == (12, 7)
    assert made.case.padding == (1, 0)
    assert (made.origin, made.unit) == ((0, 18), (3, 2))


def test_the_up_convolution_of_a_u_net() -> None:
    made = around(TransposedConvolution(8, (2, 2), (2, 2)), (16, 32, 32), 20, 63)
    assert made.case.in_size == (3, 3)
    assert made.case.out_size == (6, 6)
    assert (made.region, made.origin) == (((9, 12), (29, 32)), (18, 58))
    assert made.unit == (2, 5)


def test_stamps_that_overlap_are_cropped_where_a_neighbour_writes() -> None:
    made = around(TransposedConvolution(1, (4, 4), (2, 2), (1, 1)), (1, 20, 20), 20, 0)
    assert made.case.padding == (2, 3)
    assert made.case.in_size[0] == 3
    # The first outputs also read the input before the map, of which there is none: zeros.
    assert made.region[1][0] == -1
    assert made.origin[1] == 0


def test_a_maximum_at_the_border_reads_what_no_window_takes() -> None:
    operator = MaxPool((3,), (1,), (1,))
    layer = layer_of("layer", operator, (1, 30))
    assert isinstance(layer, Layer)
    made = patch(layer, (0,))
    x = np.zeros((1, 30))
    taken = cut(layer, made, x)
    assert taken[0, 0] == -1
    assert compute(made.case, taken).tolist() == [[0.0] * 5]
    assert patch(layer, (1,)).region == ((0, 7),)


def test_an_average_without_its_padding_is_cut_at_the_border() -> None:
    operator = AveragePool((3, 3), (1, 1), (1, 1), count_include_pad=False)
    made = around(operator, (1, 30, 30), 0, 10)
    assert made.case.kernel == (2, 3)
    assert made.case.in_size == (2, 7)
    assert around(operator, (1, 30, 30), 1, 10).case.kernel == (3, 3)


def test_many_channels_take_fewer_cells() -> None:
    few, many = around(SAME, (4, 12, 12), 5, 5), around(SAME, (1024, 12, 12), 5, 5)
    assert few.case.in_size == (12, 12)
    assert many.case.in_size == (7, 7)
    assert affordable(many.case)
    wide = replace(SAME, kernel=(15, 15), padding=((7, 7), (7, 7)))
    assert around(wide, (1024, 64, 64), 5, 5).case.out_size == (1, 1)


def test_what_has_no_window_is_a_fault() -> None:
    for operator in (ReLU(), GlobalPool()):
        assert layer_of("n", operator, (3, 8, 8)) == Fault("numbers-no-window", ("n",))
    volume = Convolution(4, (3, 3, 3))
    assert layer_of("n", volume, (3, 8, 8, 8)) == Fault("numbers-three-axes", ("n", 3))
