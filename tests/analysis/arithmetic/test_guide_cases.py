"""Every case of the guide and of the corners around it, with the values torch gave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.arithmetic import (
    PRESETS,
    Case,
    agreement,
    check,
    matrix,
    plan,
    relationships,
    zero_insertion,
)
from analysis.arithmetic.example.answer import answer
from analysis.arithmetic.example.case_file import read_case, read_exercise, written
from analysis.faults import Fault

FILE = Path(__file__).parents[2] / "data" / "arithmetic.json"
CASES = {case["name"]: case for case in json.loads(FILE.read_text())["cases"]}
POSSIBLE = [name for name, case in CASES.items() if case["expected_out"] is not None]
TRANSPOSED = [name for name in POSSIBLE if CASES[name]["kind"] == "transposed"]


def answered(name: str) -> dict[str, Any]:
    read = read_exercise(CASES[name])
    assert not isinstance(read, Fault)
    return answer(read)


def case_of(name: str) -> Case:
    case = read_case(CASES[name])
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize("name", POSSIBLE)
def test_the_answer_is_the_files(name: str) -> None:
    truth, found = CASES[name], answered(name)
    assert found["output"] == truth["expected_out"]
    assert found["relationship"] == truth["relationship"]
    for key in ("input_values", "kernel_values", "input_use_count", "overlap_count"):
        if key in truth:
            assert found[key] == truth[key], key
    whole = name != "float_values" and truth.get("mode") != "average"
    if whole:
        assert found["output_values"] == truth["output_values"]
    else:
        np.testing.assert_allclose(found["output_values"], truth["output_values"], rtol=1e-12)
    if "C_shape" in truth:
        assert found["matrix"]["shape"] == truth["C_shape"]
        assert found["matrix"]["nonzeros"] == truth["C_nonzeros"]


@pytest.mark.parametrize("name", POSSIBLE)
def test_the_matrix_times_the_input_is_the_output(name: str) -> None:
    read = read_exercise(CASES[name])
    assert not isinstance(read, Fault)
    table = matrix(plan(read.case))
    product = table.times(table.entries(read.x, read.w), read.x.reshape(-1))
    found = np.asarray(answered(name)["output_values"]).reshape(-1)
    np.testing.assert_allclose(product, found, rtol=1e-12)
    assert table.nonzeros == plan(read.case).tap_count


@pytest.mark.parametrize("name", POSSIBLE)
def test_a_case_that_is_written_is_read_again(name: str) -> None:
    read = read_exercise(CASES[name])
    assert not isinstance(read, Fault)
    again = read_exercise(json.loads(json.dumps(written(read))))
    assert not isinstance(again, Fault)
    assert again.case == read.case
    for one, other in ((again.x, read.x), (again.w, read.w), (again.grad_output, read.grad_output)):
        np.testing.assert_array_equal(one, other)


def test_the_first_case_in_full() -> None:
    truth = CASES["no_padding_no_strides"]
    found = answered("no_padding_no_strides")
    assert found["matrix"]["values"] == truth["C_values"]
    assert found["backward"]["grad_output"] == truth["backward"]["grad_output"]
    assert found["backward"]["grad_input"] == truth["backward"]["grad_input"]
    assert found["backward"]["grad_kernel"] == truth["backward"]["grad_weight"]
    assert found["steps"] == 4
    assert found["formula"] == "o = (i − k) + 1 = (4 − 3) + 1 = 2"
    table = matrix(plan(case_of("no_padding_no_strides")))
    assert table.symbols() == truth["C_symbolic"]
    turned = table.transposed()
    weights = np.asarray(truth["kernel_values"])[None, None]
    assert turned.dense(np.zeros((1, 4, 4)), weights).tolist() == truth["C_T_values"]


@pytest.mark.parametrize("name", TRANSPOSED)
def test_zero_insertion_is_the_equivalent_convolution(name: str) -> None:
    truth = CASES[name]["equivalent_conv"]
    form = zero_insertion(case_of(name))
    assert list(form.stretched) == truth["i_tilde"]
    assert list(form.between) == truth["zeros_between"]
    assert list(form.before) == truth["pad_top_left"]
    assert list(form.after) == truth["pad_bottom_right"]
    assert list(form.direct.stride) == truth["stride"]
    assert list(form.direct.dilation) == truth["dilation"]


@pytest.mark.parametrize("name", TRANSPOSED)
def test_the_three_forms_agree_on_the_files_values(name: str) -> None:
    read = read_exercise(CASES[name])
    assert not isinstance(read, Fault)
    assert read.w is not None
    found = agreement(plan(read.case), read.x, read.w)
    assert found.equal
    assert found.difference == 0
    truth = np.asarray(CASES[name]["output_values"]).reshape(found.stamps.shape)
    np.testing.assert_array_equal(found.zero_insertion, truth)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("err_dilated_kernel_gt_input", Fault("kernel-too-large", (0, 5, 4, 2))),
        ("err_outpad_s1", Fault("output-padding-not-below", (0, 1, 1, 1, 0))),
        ("err_pool_pad", Fault("pool-padding-above-half", (0, 2, 2, 1))),
    ],
)
def test_the_impossible_cases(name: str, fault: Fault) -> None:
    assert read_case(CASES[name]) == fault


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_are_the_files_cases(name: str) -> None:
    preset = PRESETS[name]
    assert preset.case == case_of(name)
    assert check(preset.case) is None
    for given, key in (
        (preset.input_values, "input_values"),
        (preset.kernel_values, "kernel_values"),
    ):
        if given is not None:
            assert [list(row) for row in given] == CASES[name][key]


def test_there_are_nineteen_presets_and_the_first_is_four_by_four() -> None:
    assert len(PRESETS) == 19
    first = next(iter(PRESETS.values()))
    assert (first.case.in_size, first.case.kernel) == ((4, 4), (3, 3))


def test_every_relationship_of_the_guide_occurs() -> None:
    seen = {each.number for name in POSSIBLE for each in relationships(case_of(name))}
    assert seen == {*range(1, 16), None}
