"""What is said of a case and of its neighbours is so, for any case."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from analysis.arithmetic import (
    PRESETS,
    Case,
    as_values,
    check,
    compute,
    input_use_count,
    matrix,
    overlap_count,
    plan,
    seeded,
)
from analysis.arithmetic.forms.counts import phase_counts, uneven
from analysis.arithmetic.forms.return_trip import ReturnTrip, there_and_back
from analysis.arithmetic.forms.variations import even_kernel, next_variation
from tests.analysis.arithmetic.cases import possible_case


@given(possible_case())
def test_the_next_variation_is_possible_and_as_it_is_said(case: Case) -> None:
    found = next_variation(case)
    if found is None:
        return
    new = found.case
    assert check(new) is None
    assert new != case
    before, after = case.out_size, new.out_size
    for at in range(case.rank):
        grown = after[at] - before[at]
        changes = at in found.axes
        match found.code:
            case "output-padding":
                extra = new.output_padding[at] - case.output_padding[at]
                assert grown == extra == (1 if changes else 0)
            case "plain-again":
                assert grown == new.in_size[at] - case.in_size[at] == (1 if changes else 0)
                assert not changes or new.output_padding[at] == 0
            case "unread" | "same-output":
                assert grown == 0
            case "same-padding":
                assert after[at] == new.in_size[at] == case.in_size[at]
            case "own-stride":
                assert not changes or new.stride[at] == new.kernel[at]
    if found.code in ("stride", "full-padding", "ceil"):
        assert after != before


@given(possible_case())
def test_what_no_window_reads_is_not_read(case: Case) -> None:
    found = next_variation(case)
    if found is None or found.code not in ("unread", "same-output"):
        return
    shown = case if found.code == "unread" else found.case
    for at in found.axes:
        last = (shown.out_size[at] - 1) * shown.stride[at] + shown.extent[at]
        padded = shown.in_size[at] + 2 * shown.padding[at]
        assert padded - last == found.lines > 0
        read = np.bincount(plan(shown).axes[at].input, minlength=shown.in_size[at])
        assert not read[shown.in_size[at] - found.of_input :].any()
        assert found.of_input == max(0, found.lines - shown.padding[at])


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_has_a_next_variation(name: str) -> None:
    assert next_variation(PRESETS[name].case) is not None


@given(possible_case("transposed"))
def test_an_even_kernel_writes_every_inner_cell_alike(case: Case) -> None:
    found = even_kernel(case)
    if found is None:
        shared = [at for at in uneven(case) if math.gcd(case.stride[at], case.dilation[at]) > 1]
        assert shared or not uneven(case)
        return
    assert check(found) is None
    assert uneven(case)
    assert not uneven(found)
    assert (found.in_size, found.stride, found.dilation) == (
        case.in_size,
        case.stride,
        case.dilation,
    )
    for at in range(case.rank):
        assert found.kernel[at] == case.kernel[at] or found.kernel[at] % found.stride[at] == 0


@pytest.mark.parametrize(
    ("kernel", "stride", "even"), [(3, 2, 4), (1, 2, 2), (5, 3, 6), (4, 3, 3), (1, 4, 4)]
)
def test_the_even_kernel_is_the_nearest(kernel: int, stride: int, even: int) -> None:
    found = even_kernel(Case("transposed", (5, 5), (kernel, kernel), (stride, stride)))
    assert found is not None
    assert found.kernel == (even, even)


def test_output_padding_gives_way_to_the_larger_kernel() -> None:
    case = PRESETS["padding_strides_odd_transposed"].case
    found = even_kernel(case)
    assert found is not None
    assert (found.kernel, found.output_padding) == ((4, 4), (0, 0))
    assert found.out_size == case.out_size == (6, 6)


@given(possible_case("transposed"))
def test_cells_far_from_the_border_are_used_as_often_as_their_phase_says(case: Case) -> None:
    count = overlap_count(plan(case))
    along = [phase_counts(case, at) for at in range(case.rank)]
    for cell in np.ndindex(*case.out_size):
        most = math.prod(
            phases[(at + p) % s]
            for phases, at, p, s in zip(along, cell, case.padding, case.stride, strict=True)
        )
        inner = all(
            e - 1 <= at + p <= s * (i - 1)
            for at, p, s, i, e in zip(
                cell, case.padding, case.stride, case.in_size, case.extent, strict=True
            )
        )
        assert count[cell] == most if inner else count[cell] <= most


@given(possible_case("conv"))
def test_there_and_back_is_the_matrix_and_its_transpose(case: Case) -> None:
    x, w, _ = seeded(case)
    assert w is not None
    trip = there_and_back(case, x, w)
    dense = np.array(matrix(plan(case)).dense(x, w))
    assert np.array_equal(trip.after.reshape(-1), dense.T @ (dense @ x.reshape(-1)))
    assert trip.kept == int((trip.after == x).sum())


def test_the_first_case_gives_back_its_shape_and_none_of_its_values() -> None:
    preset = PRESETS["no_padding_no_strides"]
    case = preset.case
    x = as_values(preset.input_values, case.input_shape)
    w = as_values(preset.kernel_values, case.kernel_shape)
    trip = there_and_back(case, x, w)
    assert trip.after.shape == x.shape == (1, 4, 4)
    assert trip.kept == 0


def test_a_kernel_of_one_gives_everything_back() -> None:
    case = Case(kernel=(1, 1))
    x, ones = np.arange(16).reshape(1, 4, 4), np.ones((1, 1, 1, 1), np.int64)
    assert there_and_back(case, x, ones).kept == 16
    third = there_and_back(case, x / 3, np.full((1, 1, 1, 1), -1.0))
    assert third.kept == 16  # to rounding
    assert not ReturnTrip(x, compute(case, x + 1, ones)).same.any()


def test_input_that_a_stride_leaves_out_is_counted_as_never_read() -> None:
    counts = input_use_count(plan(Case(in_size=(6, 6), kernel=(2, 2), stride=(3, 3))))
    assert int((counts == 0).sum()) == 20
