"""Impossible cases: the fault's numbers, and a repair that always works."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from analysis.arithmetic import (
    Case,
    check,
    compute,
    faulty_setting,
    plan,
    repair,
    seeded,
    torch_line,
)
from analysis.faults import Fault
from tests.analysis.arithmetic.cases import any_case

TRANSPOSED = Case("transposed", (3, 3))
POOL = Case("pool", (4, 4), (2, 2), (2, 2))


@pytest.mark.parametrize(
    ("case", "fault", "where", "mended"),
    [
        (
            Case(kernel=(7, 7)),
            Fault("kernel-too-large", (0, 7, 4, 4)),
            ("kernel", 0),
            Case(kernel=(4, 4)),
        ),
        (
            replace(TRANSPOSED, output_padding=(0, 2), stride=(2, 2)),
            Fault("output-padding-not-below", (1, 2, 2, 1, 1)),
            ("output_padding", 1),
            replace(TRANSPOSED, output_padding=(0, 1), stride=(2, 2)),
        ),
        (
            replace(TRANSPOSED, padding=(3, 0)),
            Fault("padding-takes-all", (0, 3, 5, 2)),
            ("padding", 0),
            replace(TRANSPOSED, padding=(2, 0)),
        ),
        (
            Case(channels=(4, 6), groups=3),
            Fault("channels-not-divisible", (4, 3, 2)),
            ("groups", None),
            Case(channels=(4, 6), groups=2),
        ),
        (
            replace(POOL, padding=(0, 2)),
            Fault("pool-padding-above-half", (1, 2, 2, 1)),
            ("padding", 1),
            replace(POOL, padding=(0, 1)),
        ),
        (
            Case("pool", (1, 9), (3, 3), padding=(1, 1), dilation=(3, 3)),
            Fault("dilation-too-large", (0, 7, 3, 1)),
            ("dilation", 0),
            Case("pool", (1, 9), (3, 3), padding=(1, 1), dilation=(1, 3)),
        ),
        (
            replace(POOL, mode="average", dilation=(2, 1)),
            Fault("average-pool-dilated", (0, 2, 1)),
            ("dilation", 0),
            replace(POOL, mode="average"),
        ),
        (
            replace(POOL, channels=(2, 3)),
            Fault("pool-channels-differ", (2, 3)),
            ("channels", None),
            replace(POOL, channels=(2, 2)),
        ),
        (Case(stride=(0, 1)), Fault("not-positive", ("stride", 0, 1)), ("stride", None), Case()),
        (Case(padding=(-1, 0)), Fault("negative", ("padding", -1, 0)), ("padding", None), Case()),
        (
            Case(in_size=(0, 4)),
            Fault("not-positive", ("in", 0, 1)),
            ("in_size", None),
            Case(in_size=(1, 4), kernel=(1, 3)),
        ),
        (
            Case(in_size=(10**12, 4)),
            Fault("too-large", ("in", 10**12, 65536)),
            ("in_size", None),
            Case(in_size=(65536, 4)),
        ),
        (
            Case(kernel=(3,)),
            Fault("rank-differs", ("kernel", 1, 2)),
            ("kernel", None),
            Case(),
        ),
        (Case(groups=0), Fault("channels-not-divisible", (1, 0, 1)), ("groups", None), Case()),
    ],
)
def test_a_fault_names_its_numbers_and_its_repair_works(
    case: Case, fault: Fault, where: tuple[str, int | None], mended: Case
) -> None:
    assert check(case) == fault
    assert faulty_setting(fault) == where
    assert repair(case, fault) == mended
    assert check(mended) is None


@settings(max_examples=300, deadline=None)
@given(any_case())
def test_every_repair_ends_in_a_case_that_computes(case: Case) -> None:
    fault = check(case)
    if fault is None:
        return
    mended = repair(case, fault)
    assert check(mended) is None
    x, w, b = seeded(mended)
    assert compute(mended, x, w, b).shape == mended.output_shape


@settings(max_examples=300, deadline=None)
@given(any_case())
def test_the_setting_that_a_fault_offers_mends_that_fault(case: Case) -> None:
    """With only the offered number put in, at that axis, this fault is gone."""
    fault = check(case)
    if fault is None:
        return
    field, axis = faulty_setting(fault)
    if axis is None:
        return
    values = list(getattr(case, field))
    values[axis] = fault.numbers[-1]
    left = check(replace(case, **{field: tuple(values)}))
    assert left is None or faulty_setting(left) != (field, axis)


def test_an_input_of_64_by_64_is_planned_without_making_its_taps() -> None:
    case = Case(in_size=(64, 64), kernel=(3, 3), padding=(1, 1))
    steps = plan(case)
    assert len(steps) == 4096
    assert steps.tap_count == (3 * 64 - 2) ** 2
    assert len(steps.step(65).taps) == 9


@pytest.mark.parametrize(
    ("case", "line"),
    [
        (Case(), "nn.Conv2d(1, 1, kernel_size=3, bias=False)"),
        (
            Case("transposed", (2, 2), stride=(2, 1), output_padding=(1, 0), bias=True),
            "nn.ConvTranspose2d(1, 1, kernel_size=3, stride=(2, 1), output_padding=(1, 0))",
        ),
        (
            Case("conv", (9,), (3,), (1,), (1,), (2,), (0,), groups=2, channels=(4, 2)),
            "nn.Conv1d(4, 2, kernel_size=3, padding=1, groups=2, bias=False, dilation=2)",
        ),
        (replace(POOL, ceil_mode=True), "nn.MaxPool2d(kernel_size=2, ceil_mode=True)"),
        (
            Case("pool", (5, 5), mode="average", count_include_pad=False),
            "nn.AvgPool2d(kernel_size=3, stride=1, count_include_pad=False)",
        ),
    ],
)
def test_the_line_of_torch(case: Case, line: str) -> None:
    from torch import nn

    assert torch_line(case) == line
    assert check(case) is None
    module = eval(line, {"nn": nn})  # noqa: S307 - our own text
    assert isinstance(module, nn.Module)
