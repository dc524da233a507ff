"""What is known of shards of images merges, in any order and grouping, to what is known of all."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.faults import Fault
from analysis.study.reducers.extent import Extent
from analysis.study.reducers.moments import Moments, student
from analysis.study.reducers.summary import Remark, Summary

NUMBERS = st.floats(-1e3, 1e3) | st.just(float("nan"))
IMAGES = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12)


def summary(images: list[tuple[float, float]]) -> Summary:
    values = np.array(images)
    place = np.zeros((4, 5))
    for at, _ in enumerate(images):
        place[at % 3, 2] += 1
    return Summary(
        {"rows": Moments.of(values)},
        {"layer": Extent(np.nanmin(values, initial=1e9), np.nanmax(values, initial=-1e9))},
        {"dead": np.array([len(images), np.nansum(values[:, 0] > 0)], float), "field": place},
        {"share": Remark(len(images), Fault("gradient-gap", (len(images),)))},
    )


def same(one: Summary, other: Summary) -> None:
    for name in ("count", "mean", "squares"):
        a, b = (getattr(each.moments["rows"], name) for each in (one, other))
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 if name != "squares" else 1e-6)
    for name in ("low", "high"):
        assert getattr(one.extents["layer"], name) == getattr(other.extents["layer"], name)
    assert one.sums["dead"].tolist() == other.sums["dead"].tolist()
    assert one.remarks["share"].images == other.remarks["share"].images


@given(IMAGES, st.integers(0, 1 << 16), st.integers(1, 5))
def test_shards_merged_in_any_order_and_grouping_are_the_whole(
    images: list[tuple[float, float]], seed: int, count: int
) -> None:
    chance = random.Random(seed)
    mixed = chance.sample(images, len(images))
    shards = [each for at in range(count) if (each := mixed[at::count])]
    parts = [summary(shard) for shard in shards] + [Summary()]
    while len(parts) > 1:  # any two that stand beside each other, so any grouping
        at = chance.randrange(len(parts) - 1)
        parts[at : at + 2] = [parts[at].merged(parts[at + 1])]
    same(parts[0], summary(images))


@given(IMAGES, IMAGES)
def test_a_summary_read_back_from_its_arrays_is_the_same(
    one: list[tuple[float, float]], other: list[tuple[float, float]]
) -> None:
    whole = summary(one).merged(summary(other))
    read = Summary.from_arrays(whole.arrays(), whole.remarks_plain())
    same(read, whole)
    assert read.remarks == whole.remarks
    np.testing.assert_array_equal(read.sums["field"], whole.sums["field"])
    empty = Summary(sums={"nothing": np.zeros((3, 2))})
    assert Summary.from_arrays(empty.arrays(), {}).sums["nothing"].shape == (3, 2)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=30))
def test_mean_and_interval_are_those_of_the_numbers(values: list[float]) -> None:
    numbers = np.array(values)
    found = Moments.of(numbers[:, None])
    low, high = found.interval()
    assert found.mean[0] == pytest.approx(numbers.mean(), abs=1e-9)
    assert found.deviation[0] == pytest.approx(numbers.std(ddof=1), abs=1e-6)
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(numbers)
    assert (high - low)[0] / 2 == pytest.approx(half, rel=1e-3, abs=1e-6)


def test_one_number_has_no_interval() -> None:
    low, high = Moments.of(np.array([[2.0]])).interval()
    assert np.isnan([low, high]).all()
    assert np.isnan(student(0))


@pytest.mark.parametrize("freedom", [1, 2, 5, 10, 11, 30, 1000])
def test_student_is_that_of_scipy(freedom: int) -> None:
    assert student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=2e-4)
