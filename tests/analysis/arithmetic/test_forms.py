"""Every form of a case says the same: taps, matrix, written-out sums, stamps, zero insertion."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arithmetic import (
    KINDS,
    Case,
    agreement,
    backward,
    compute,
    filled,
    input_use_count,
    matrix,
    overlap_count,
    plan,
    relationships,
    resized_overlap_count,
    seeded,
    stamp,
    stamped,
    written_out,
    zero_insertion,
)
from tests.analysis.arithmetic.cases import possible_case


@settings(max_examples=120, deadline=None)
@given(possible_case(), st.integers(0, 99))
def test_the_matrix_is_the_plans_taps(case: Case, seed: int) -> None:
    steps = plan(case)
    table = matrix(steps)
    x, w, _ = seeded(case, seed)
    assert table.shape == (len(steps), steps.stamps)
    assert table.nonzeros == steps.tap_count == sum(len(step.taps) for step in steps)
    for step in steps:
        columns, weights = table.row(step.index)
        named = sorted(
            (
                int(np.ravel_multi_index((tap.input_channel, *tap.input), case.input_shape)),
                int(np.ravel_multi_index(steps.weight_place(tap), case.kernel_shape)),
            )
            for tap in step.taps
        )
        assert list(zip(columns.tolist(), weights.tolist(), strict=True)) == named
    y = compute(case, x, w)
    product = table.times(table.entries(x, w), x.reshape(-1)).reshape(y.shape)
    if not np.isinf(np.asarray(y, float)).any():
        np.testing.assert_allclose(product, y, rtol=1e-12)


@settings(max_examples=120, deadline=None)
@given(possible_case(), st.integers(0, 99))
def test_every_written_out_step_ends_at_its_output_value(case: Case, seed: int) -> None:
    x, w, b = seeded(case, seed)
    steps, y = plan(case), compute(case, x, w, b)
    for step in steps:
        written = written_out(steps, step, x, w, b)
        assert written.result == pytest.approx(y[(step.channel, *step.cell)], rel=1e-12)
        window = math.prod(case.kernel) * len(steps.input_channels(step.channel))
        if case.kind != "transposed":
            assert len(step.taps) + len(step.outside) == window


@settings(max_examples=80, deadline=None)
@given(possible_case())
def test_taps_by_input_and_by_kernel_are_the_taps_by_output(case: Case) -> None:
    steps = plan(case)
    by_output = {tap for step in steps for tap in step.taps}
    by_input = {tap for index in range(steps.stamps) for tap in steps.stamp(index).taps}
    inside, outside = case.channels
    by_kernel = {
        tap
        for cell in np.ndindex(*case.kernel)
        for o in range(outside)
        for i in range(inside)
        for tap in steps.taps_of_kernel(cell, o, i)
    }
    assert by_output == by_input == by_kernel


@settings(max_examples=150, deadline=None)
@given(possible_case("transposed"), st.integers(0, 99))
def test_stamps_zero_insertion_and_matrix_are_equal(case: Case, seed: int) -> None:
    x, w, b = seeded(case, seed)
    assert w is not None
    found = agreement(plan(case), x, w)
    assert (found.equal, found.difference) == (True, 0)
    np.testing.assert_array_equal(found.matrix, compute(case, x, w))
    np.testing.assert_array_equal(zero_insertion(case).compute(x, w, b), compute(case, x, w, b))


@settings(max_examples=60, deadline=None)
@given(possible_case("transposed"), st.integers(0, 99), st.integers(0, 20))
def test_partial_stamps_add_up(case: Case, seed: int, at: int) -> None:
    x, w, b = seeded(case, seed)
    assert w is not None
    steps = plan(case)
    at = min(at, steps.stamps - 1)
    before, after = (stamped(case, x, w, n, b) for n in (at, at + 1))
    np.testing.assert_array_equal(after - before, stamp(case, x, w, at))
    np.testing.assert_array_equal(stamped(case, x, w, steps.stamps, b), compute(case, x, w, b))
    reached = {(tap.output_channel, *tap.output) for tap in steps.stamp(at).taps}
    changed = {tuple(map(int, place)) for place in np.argwhere(after - before)}
    assert changed <= reached


@settings(max_examples=60, deadline=None)
@given(possible_case())
def test_counts_are_those_of_the_taps_of_one_pair_of_channels(case: Case) -> None:
    steps = plan(case)
    uses, overlaps = np.zeros(case.in_size, int), np.zeros(case.out_size, int)
    for step in steps:
        for tap in step.taps:
            if (tap.output_channel, tap.input_channel) == (0, 0):
                uses[tap.input] += 1
                overlaps[tap.output] += 1
    np.testing.assert_array_equal(input_use_count(steps), uses)
    np.testing.assert_array_equal(overlap_count(steps), overlaps)


@settings(max_examples=60, deadline=None)
@given(possible_case())
def test_the_relationships_end_at_the_output_size(case: Case) -> None:
    found = relationships(case)
    assert tuple(each.output for each in found) == case.out_size
    words = str.maketrans({"·": "*", "−": "-", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"})
    for each in found:
        value = each.numbers.translate(words).replace("2floor", "2*floor").replace(")(", ")*(")
        names = {"floor": math.floor, "ceil": math.ceil, "__builtins__": {}}
        assert eval(value, names) == each.output  # noqa: S307 - our own text


def test_a_transposed_convolution_gives_back_the_shape_and_not_the_values() -> None:
    direct = Case()
    back = Case("transposed", (2, 2))
    x, w, _ = seeded(direct, 3)
    y = compute(direct, x, w)
    returned = compute(back, y, w)
    assert returned.shape == x.shape
    assert (returned != x).any()
    np.testing.assert_array_equal(returned, backward(direct, x, w, y).input)


def test_the_checkerboard_of_three_by_two_and_none_of_four_by_two() -> None:
    three = Case("transposed", (4, 4), (3, 3), (2, 2))
    four = Case("transposed", (4, 4), (4, 4), (2, 2))
    assert len(np.unique(overlap_count(plan(three))[2:-2, 2:-2])) > 1
    assert len(np.unique(overlap_count(plan(four))[2:-2, 2:-2])) == 1
    resized = resized_overlap_count(three)
    assert resized.shape == (8, 8)
    assert len(np.unique(resized[1:-1, 1:-1])) == 1


def test_the_cells_of_the_odd_case_have_their_extra_zeros_at_the_bottom_and_right() -> None:
    case = Case("transposed", (3, 3), (3, 3), (2, 2), (1, 1), output_padding=(1, 1))
    form = zero_insertion(case)
    kinds = [[KINDS[kind][0] for kind in row] for row in form.kinds()]
    assert ["".join(row) for row in kinds] == [
        "pppppppp",
        "pizizipp",
        "pzzzzzpp",
        "pizizipp",
        "pzzzzzpp",
        "pizizipp",
        "pppppppp",
        "pppppppp",
    ]
    assert form.origins()[1, 3].tolist() == [0, 1]


def test_sums_past_64_bits_stay_exact() -> None:
    case = Case(in_size=(2, 2), kernel=(2, 2), bias=True)
    x = np.full((1, 2, 2), 3_000_000_000, np.int64)
    w = np.full((1, 1, 2, 2), 5_000_000_001, np.int64)
    y = compute(case, x, w, np.array([1]))
    assert int(y[0, 0, 0]) == 4 * 3_000_000_000 * 5_000_000_001 + 1
    gradients = backward(case, x, w, np.full((1, 1, 1), 1 << 40, np.int64))
    assert int(gradients.input[0, 0, 0]) == 5_000_000_001 << 40


def test_a_maximum_that_sees_only_padding_is_minus_infinity() -> None:
    case = Case("pool", (3,), (2,), (1,), (1,), (4,), (0,))
    x = np.array([[7, 8, 9]])
    assert compute(case, x).tolist() == [[-math.inf]]
    assert plan(case).step(0).taps == ()
    assert written_out(plan(case), plan(case).step(0), x).result == -math.inf
    assert backward(case, x, None, np.ones((1, 1), np.int64)).input.tolist() == [[0, 0, 0]]


def test_a_step_outside_is_refused() -> None:
    steps = plan(Case())
    for wrong in (lambda: steps.step(4), lambda: steps.step(-1), lambda: steps.step_at((0, 2))):
        with pytest.raises(IndexError):
            wrong()
    with pytest.raises(ValueError, match="kernel-too-large"):
        plan(Case(kernel=(7, 7)))


def test_fills() -> None:
    assert filled((1, 2, 3), "ramp").tolist() == [[[1, 2, 3], [4, 5, 6]]]
    assert filled((1, 3, 3), "impulse").sum() == 1
    assert filled((1, 3, 3), "impulse")[0, 1, 1] == 1
    assert filled((2, 2, 2), "checkerboard").tolist() == [[[1, 0], [0, 1]]] * 2
    np.testing.assert_array_equal(filled((1, 4), "random", 5), filled((1, 4), "random", 5))
