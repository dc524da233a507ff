"""Every registered operator against torch in float64: shape, taps, parameters, cost, source."""

from __future__ import annotations

import dataclasses
import json
from importlib.resources import files

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import assets
from analysis.exchange.aten.arguments import reader_by_arguments
from analysis.exchange.aten.read import READERS
from analysis.exchange.recorded import Call
from analysis.faults import FAULTS
from analysis.operators import REGISTRY, Fault, UnknownTaps, from_settings, to_settings
from tests.analysis.operators import truth
from tests.analysis.operators.cases import CASES

KEYS = sorted(REGISTRY)
every_operator = pytest.mark.parametrize("key", KEYS)
drawn = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def test_every_operator_has_a_case():
    assert set(CASES) == set(REGISTRY)


def draw_case(key, data):
    """A case, its inputs as the contract counts them, and the shape the operator claims."""
    case = CASES[key](data.draw)
    inputs = truth.inputs_for(case.operator, case.inputs)
    shape = case.operator.shape(inputs)
    if isinstance(shape, Fault):
        assert len(shape.numbers) == len(FAULTS[shape.code]), shape
    return case.operator, case.inputs, inputs, shape


def the_shape_is_torchs_and_a_fault_is_torchs_refusal(case):
    operator, shapes, _, shape = case
    output = truth.run(operator, shapes)
    if isinstance(shape, Fault):
        assert output is None, (operator, shapes, shape, output.shape)
    else:
        assert output is not None, (operator, shapes, shape)
        assert tuple(output.shape) == shape, (operator, shapes)


def taps_are_the_nonzero_pattern_of_the_jacobian(case):
    operator, shapes, inputs, shape = case
    if isinstance(shape, Fault) or not inputs:
        return
    for port in range(len(inputs)):
        if len(shape) > 1 and isinstance(operator.taps(0, port, inputs, shape), UnknownTaps):
            assert not operator.pointwise
            continue
        claimed = truth.expected_reads(operator, inputs, port, shape)
        found = truth.reads(operator, shapes, port)
        if operator.global_statistics:
            np.testing.assert_array_equal(claimed, np.eye(len(claimed), dtype=bool))
            assert found.all() or len(found) < 3, "the statistics reach the whole map"
            continue
        np.testing.assert_array_equal(found, claimed, str((operator, shapes, port)))


def the_line_of_source_makes_the_same_module(case):
    operator, shapes, inputs, shape = case
    if isinstance(shape, Fault):
        return
    weights = truth.tensors(operator, shapes)
    line = operator.torch_line(inputs or shapes)
    room = {"nn": nn, "F": nn.functional, "torch": torch}
    exec(operator.torch_function, room)  # noqa: S102 - our own text
    made = eval(line, room)  # noqa: S307
    fed = truth.feed(shapes)
    if isinstance(made, nn.Module):
        own = dict(made.named_parameters()) | dict(made.named_buffers())
        own = {name: t for name, t in own.items() if not name.endswith("num_batches_tracked")}
        assert {name.split(".")[-1]: tuple(t.shape) for name, t in own.items()} == {
            name: tuple(t.shape) for name, t in weights.items()
        }
        for name in operator.parameters(inputs):
            assert any(full.split(".")[-1] == name for full, _ in made.named_parameters())
        made.double().eval()
        state = {name: weights[name.split(".")[-1]] for name in own}
        made.load_state_dict(state, strict=False)
    else:
        fed += list(weights.values())
    wanted = operator.apply(truth.feed(shapes), weights)
    torch.testing.assert_close(made(*fed), wanted, rtol=1e-12, atol=1e-12)


def the_cost_is_half_of_what_torch_counts_in_operations(case):
    operator, shapes, inputs, shape = case
    if isinstance(shape, Fault):
        return
    with FlopCounterMode(display=False) as counter:
        operator.apply(truth.feed(shapes), truth.tensors(operator, shapes))
    assert 2 * operator.cost(inputs, shape).macs == counter.get_total_flops()


def settings_survive_a_file(case):
    operator, _, inputs, shape = case
    read = from_settings(operator.key, json.loads(json.dumps(to_settings(operator))))
    assert read == operator
    assert repr(read) == repr(operator)
    assert hash(read) == hash(operator)
    assert read.shape(inputs) == shape


PROPERTIES = (
    the_shape_is_torchs_and_a_fault_is_torchs_refusal,
    taps_are_the_nonzero_pattern_of_the_jacobian,
    the_line_of_source_makes_the_same_module,
    the_cost_is_half_of_what_torch_counts_in_operations,
    settings_survive_a_file,
)


@every_operator
@drawn
@given(data=st.data())
def test_every_property_holds(key, data):
    """One case is drawn for all of them: drawing took more time than all that torch computes."""
    case = draw_case(key, data)
    assert case[0].key == key
    for holds in PROPERTIES:
        holds(case)


@every_operator
def test_an_operator_describes_each_of_its_settings_once(key):
    fields = [field.name for field in dataclasses.fields(REGISTRY[key])]
    assert [kind.name for kind in REGISTRY[key].settings] == fields


@every_operator
def test_a_wrong_number_of_inputs_is_a_fault(key):
    operator = REGISTRY[key]()
    fewest, most = operator.arity
    if fewest:
        assert operator.shape([(4, 8, 8)] * (fewest - 1)).code == "too-few-inputs"
    if most is not None:
        assert operator.shape([(4, 8, 8)] * (most + 1)).code == "too-many-inputs"


@every_operator
def test_its_icon_is_there(key):
    assert (files(assets) / "icons" / f"{REGISTRY[key].icon}.svg").is_file()


@every_operator
def test_its_aten_overloads_exist(key):
    for name in REGISTRY[key].aten:
        packet, _, overload = name.partition(".")
        assert (overload or "default") in getattr(torch.ops.aten, packet).overloads(), name


@every_operator
def test_an_opened_model_is_read_by_the_names_it_gives(key):
    for name in REGISTRY[key].aten:
        call = Call("x", f"aten.{name}", (), {}, {}, False, (), False)
        assert READERS.get(call.packet) or reader_by_arguments(call), name


def test_no_aten_overload_belongs_to_two_families_but_the_general_convolution():
    names = [name for family in REGISTRY.values() for name in family.aten]
    assert {name for name in names if names.count(name) > 1} == {"convolution"}
