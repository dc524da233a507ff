"""A fault that names the nearest setting which works is right about it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis.operators
from analysis import operators as ops
from analysis.faults import FAULTS
from analysis.operators import Fault
from tests.analysis.operators.cases import CASES

WINDOWS = ("conv", "max_pool", "average_pool")


@pytest.mark.parametrize("key", WINDOWS)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_nearest_kernel_fits_and_the_next_does_not(key, data):
    case = CASES[key](data.draw)
    fault = case.operator.shape(case.inputs)
    if not isinstance(fault, Fault) or fault.code != "kernel-too-large":
        return
    axis, _, _, nearest = fault.numbers
    assert nearest >= 1

    def with_kernel(width):
        kernel = (*case.operator.kernel[:axis], width, *case.operator.kernel[axis + 1 :])
        return replace(case.operator, kernel=kernel).shape(case.inputs)

    def too_large_here(found):
        return isinstance(found, Fault) and found.code == fault.code and found.numbers[0] == axis

    assert not too_large_here(with_kernel(nearest))
    if not getattr(case.operator, "ceil_mode", False):
        assert too_large_here(with_kernel(nearest + 1))


@pytest.mark.parametrize(
    ("operator", "shape", "setting", "code"),
    [
        (ops.GroupNorm(8), (20, 4, 4), "groups", "channels-not-divisible"),
        (ops.Convolution(12, (1, 1), groups=5), (18, 4, 4), "groups", "channels-not-divisible"),
        (ops.Convolution(12, (1, 1), groups=5), (20, 4, 4), "groups", "channels-not-divisible"),
        (ops.TransposedConvolution(8, groups=3), (8, 4, 4), "groups", "channels-not-divisible"),
    ],
)
def test_the_nearest_number_of_groups_works(operator, shape, setting, code):
    fault = operator.shape([shape])
    assert fault.code == code
    assert not isinstance(replace(operator, **{setting: fault.numbers[2]}).shape([shape]), Fault)


@pytest.mark.parametrize(
    ("operator", "shapes", "fault"),
    [
        (
            ops.Convolution(8, (7, 3)),
            [(3, 4, 9)],
            Fault("kernel-too-large", (0, 7, 4, 4)),
        ),
        (
            ops.Convolution(8, (3, 3), padding=((0, 0), (5, 5)), border="reflect"),
            [(3, 5, 5)],
            Fault("border-too-wide", (1, "reflect", 5, 4)),
        ),
        (
            ops.TransposedConvolution(8, (2, 2), (2, 2), output_padding=(0, 2)),
            [(3, 5, 5)],
            Fault("output-padding-too-large", (1, 2, 1)),
        ),
        (ops.Concatenate(), [(4, 8, 9), (4, 8, 8)], Fault("join-sizes-differ", (1, 9, 8, 1))),
        (ops.Add(), [(4, 8, 8), (5, 8, 8)], Fault("join-channels-differ", (4, 5, 1))),
        (ops.Linear(3), [(4, 8, 8)], Fault("linear-needs-vector", ((4, 8, 8),))),
        (ops.MaxPool(), [(4,)], Fault("needs-spatial", (1,))),
        (ops.MaxPool(), [(4, 2, 2, 2, 2)], Fault("rank-differs", ("kernel", 2, 4))),
        (ops.GlobalPool(), [(4, 2, 2, 2, 2)], Fault("too-many-axes", (4, 3))),
        (ops.PixelShuffle(2), [(6, 4, 4)], Fault("channels-not-multiple", (6, 4, 8))),
        (ops.PixelUnshuffle(2), [(1, 4, 7)], Fault("size-not-multiple", (1, 7, 2, 8))),
        (ops.Upsample(None), [(1, 4, 4)], Fault("size-or-scale", ())),
        (ops.Upsample((2.0,), "cubic"), [(1, 4)], Fault("cubic-needs-two-axes", (1,))),
        (ops.ChannelSlice(2, 5), [(4, 8, 8)], Fault("channels-out-of-range", (2, 5, 4))),
        (ops.ChannelShuffle(3), [(4, 8, 8)], Fault("channels-not-divisible", (4, 3, 2))),
        (ops.Add(), [(1, 1, 8), (4, 8, 9)], Fault("join-sizes-differ", (1, 8, 9, 1))),
        (
            ops.ParameterArithmetic("add", (5, 1, 1)),
            [(4, 8, 8)],
            Fault("parameter-shape", ((5, 1, 1), (4, 8, 8))),
        ),
        (ops.SmoothFunction("pow"), [(4,)], Fault("operands-differ", ("pow", "()", 1))),
        (ops.Opaque("aten.from_file.default"), [(1,)], None),
        (
            ops.Opaque(output=(1,), expects=((2,),)),
            [(1,)],
            Fault("opaque-shape", ("aten.alias.default", 0, (1,), (2,))),
        ),
    ],
)
def test_a_fault_carries_its_numbers(operator, shapes, fault):
    found = operator.shape(shapes)
    assert found == (fault or Fault("operator-not-allowed", (operator.target,)))
    assert len(found.numbers) == len(FAULTS[found.code])


def test_every_code_in_the_source_is_in_the_table():
    folder = Path(analysis.operators.__file__).parents[1]
    source = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    used = set(re.findall(r'Fault\(\s*"([a-z-]+)"', source))
    assert used <= set(FAULTS)
    assert len(used) > 20


def test_settings_that_no_machine_holds_are_faults_and_end_at_once():
    huge = 10**12
    shapes = [(3 * huge, 8, 8)]
    for operator in (
        ops.Convolution(huge, groups=7),
        ops.Convolution(1, (huge, 1), padding=((huge, huge), (0, 0))),
        ops.TransposedConvolution(1, (1, 1), (huge, 1)),
        ops.MaxPool((1, 1), (huge, 1)),
        ops.Pad((huge, 0)),
        ops.PixelUnshuffle(huge),
    ):
        assert operator.shape(shapes).code == "too-large"
    # Both numbers of channels are inside their range, and one has no small divisor.
    assert ops.Convolution(16_777_213, (1, 1), groups=2).shape([(16_777_213, 8, 8)]) == Fault(
        "channels-not-divisible", (16_777_213, 2, 1)
    )


def test_an_input_has_three_axes_at_most():
    assert ops.Input(1, (2, 2, 2)).shape([]) == (1, 2, 2, 2)
    assert ops.Input(1, (2, 2, 2, 2)).shape([]) == Fault("too-many-axes", (4, 3))
