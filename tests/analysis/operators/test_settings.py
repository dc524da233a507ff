"""Operators from plain values: what is refused, and with which numbers."""

import json
import math

import pytest

from analysis import operators as ops
from analysis.faults import FAULTS
from analysis.operators import Fault, Opaque, Pad, editable, from_settings, stored_settings


@pytest.mark.parametrize(
    ("key", "mapping", "fault"),
    [
        ("warp", {}, Fault("unknown-operator", ("warp",))),
        ("relu", {"slope": 1}, Fault("unknown-setting", ("relu", "slope", ""))),
        ("conv", {"channels": 0}, Fault("not-positive", ("channels", 0, 1))),
        ("conv", {"channels": 2.5}, Fault("bad-setting", ("channels", "2.5", "int"))),
        ("conv", {"channels": True}, Fault("bad-setting", ("channels", "True", "int"))),
        ("conv", {"kernel": [3, 0]}, Fault("not-positive", ("kernel", 0, 1))),
        ("conv", {"kernel": 3}, Fault("bad-setting", ("kernel", "3", "axes"))),
        ("conv", {"padding": [[1, -1]]}, Fault("negative", ("padding", -1, 0))),
        ("conv", {"padding": [1, 1]}, Fault("bad-setting", ("padding", "[1, 1]", "pairs"))),
        ("conv", {"bias": 1}, Fault("bad-setting", ("bias", "1", "bool"))),
        ("dropout", {"p": 1.5}, Fault("too-large", ("p", 1.5, 1.0))),
        ("dropout", {"p": float("nan")}, Fault("bad-setting", ("p", "nan", "float"))),
        ("upsample", {"scale": [0.001]}, Fault("too-small", ("scale", 0.001, 0.01))),
        ("input", {"channels": None}, Fault("bad-setting", ("channels", "None", "int"))),
        (
            "global_pool",
            {"mode": "median"},
            Fault("not-a-choice", ("mode", "median", "average, max")),
        ),
        (
            "opaque",
            {"template": [{"input": 0}]},
            Fault("bad-setting", ("template", "[{'input': 0}]", "nested")),
        ),
    ],
)
def test_a_bad_setting_is_a_fault_that_names_it(key, mapping, fault):
    assert from_settings(key, mapping) == fault
    assert len(fault.numbers) == len(FAULTS[fault.code])


def test_settings_left_out_keep_their_default():
    assert from_settings("conv", {"channels": 8, "kernel": [5]}) == ops.Convolution(8, (5,))


def test_a_whole_number_where_a_fraction_is_meant_makes_an_equal_operator():
    read = from_settings("upsample", {"scale": [2, 2], "mode": "nearest"})
    assert repr(read) == repr(ops.Upsample((2.0, 2.0)))


def test_wrong_settings_put_in_directly_are_faults_of_the_shape():
    assert ops.Convolution(8, (3, 0)).shape([(3, 9, 9)]).code == "not-positive"
    assert ops.Convolution(8, (3, 3), border="mirror").shape([(3, 9, 9)]).code == "not-a-choice"
    assert ops.Convolution(8, (3, 3), (1,)).shape([(3, 9, 9)]) == Fault(
        "rank-differs", ("stride", 1, 2)
    )
    assert ops.Convolution(8, (3,)).shape([(3, 9, 9)]) == Fault("rank-differs", ("kernel", 1, 2))


def test_an_opaque_operator_has_nothing_to_edit():
    assert editable(ops.Opaque()) == ()
    assert [kind.name for kind in editable(ops.MaxPool)][:2] == ["kernel", "stride"]


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinity_is_kept_in_a_file_and_in_code(value):
    filled = Opaque(
        target="aten.masked_fill.Scalar",
        template=(("input", 0), ("weight", "mask"), ("value", value)),
        output=(1, 4),
        weights=(("mask", (1, 4)),),
        held=("mask",),
    )
    for operator in (filled, Pad((1,), (0,), "drop", value)):
        stored = json.loads(json.dumps(stored_settings(operator), allow_nan=False))
        assert from_settings(operator.key, stored) == operator
        compile(operator.torch_line([(1, 4)]), "", "eval")
        assert "float('" in operator.torch_line([(1, 4)])


def test_a_setting_without_infinity_refuses_it():
    stored = {"function": "add", "value": {"number": "inf"}}
    found = from_settings("scalar_arithmetic", stored)
    assert isinstance(found, Fault)
    assert found.code == "bad-setting"
    assert isinstance(from_settings("pad", {"value": {"number": "nan"}}), Fault)
