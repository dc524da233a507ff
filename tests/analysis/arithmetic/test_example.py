"""The example somebody works on: what stays of its values, turning round, the file."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from analysis.arithmetic import Case, check, compute, matrix, plan
from analysis.arithmetic.case.conversion import transposed_case
from analysis.arithmetic.example import Example, affordable
from analysis.storage.document import Document, from_json, to_json
from tests.analysis.arithmetic.cases import possible_case

torch.set_num_threads(1)


def example(case: Case) -> Example:
    return Example.first().with_case(case)


def test_it_opens_with_the_four_by_four_image_and_a_matrix_of_four_by_sixteen():
    first = Example.first()
    assert first.case.in_size == (4, 4)
    assert first.case.kernel == (3, 3)
    assert matrix(plan(first.case)).shape == (4, 16)
    assert first.x.shape == (1, 4, 4)


def test_typed_numbers_stay_where_their_cells_stay():
    first = (
        Example.first().with_value("input", (0, 3, 3), 77).with_value("kernel", (0, 0, 2, 1), -5)
    )
    larger = first.with_case(replace(first.case, in_size=(6, 5), kernel=(4, 3)))
    assert larger.x.shape == (1, 6, 5)
    assert larger.x[0, 3, 3] == 77
    assert larger.w is not None
    assert larger.w[0, 0, 2, 1] == -5
    smaller = larger.with_case(replace(larger.case, in_size=(4, 4), kernel=(3, 3)))
    assert smaller.x[0, 3, 3] == 77
    np.testing.assert_array_equal(smaller.x, first.x)


def test_an_impossible_case_keeps_every_number_for_when_it_is_mended():
    first = Example.first().with_value("kernel", (0, 0, 0, 0), 9)
    broken = first.with_case(replace(first.case, kernel=(7, 7)))
    assert check(broken.case) is not None
    mended = broken.with_case(first.case)
    assert mended.w is not None
    np.testing.assert_array_equal(mended.w, first.w)


def test_turned_round_the_shape_comes_back_and_the_values_do_not():
    first = Example.first()
    back = first.with_kind("transposed")
    y = compute(back.case, back.x, back.w)
    assert y.shape == first.x.shape
    assert back.returned is first.x
    assert not np.array_equal(y, first.x)
    again = back.with_kind("conv")
    np.testing.assert_array_equal(again.x, first.x)
    assert again.case == first.case


@settings(max_examples=200, deadline=None)
@given(possible_case(), st.integers(0, 1000))
def test_the_turned_case_is_what_torch_sends_back(case: Case, seed: int):
    """∂x of a case equals the turned case of ∂y with the same weights, whatever the settings."""
    turned = transposed_case(case)
    if turned is None:
        late = zip(case.output_padding, case.stride, strict=True)
        assert case.kind == "pool" or any(extra >= stride for extra, stride in late)
        return
    assert check(turned) is None
    assert turned.output_shape == case.input_shape
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(1, *case.input_shape, generator=generator, dtype=torch.float64).requires_grad_()
    w = torch.rand(case.kernel_shape, generator=generator, dtype=torch.float64)
    names = {1: "conv{}1d", 2: "conv{}2d"}
    kind = "_transpose" if case.kind == "transposed" else ""
    rule = getattr(functional, names[case.rank].format(kind))
    extra = (case.output_padding,) if case.kind == "transposed" else ()
    tail = (case.groups, case.dilation) if extra else (case.dilation, case.groups)
    y = rule(x, w, None, case.stride, case.padding, *extra, *tail)
    dy = torch.rand(y.shape, generator=generator, dtype=torch.float64)
    y.backward(dy)
    ours = compute(turned, dy[0].numpy(), w.numpy())
    assert x.grad is not None
    np.testing.assert_allclose(ours, x.grad[0].numpy(), rtol=1e-10, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(possible_case())
def test_a_document_gives_the_example_back(case: Case):
    made = example(case)
    document = Document(arithmetic=made)
    read, _ = from_json(to_json(_with_network(document)))
    assert read.arithmetic is not None
    assert read.arithmetic.case == case
    np.testing.assert_array_equal(read.arithmetic.x, made.x)
    if made.w is not None:
        np.testing.assert_array_equal(read.arithmetic.w, made.w)


@pytest.mark.parametrize("size", [(1, 1), (127, 127)])
def test_a_document_with_an_example_that_cannot_be_opens_with_it_and_the_last_that_could(size):
    typed = Example.first().with_value("input", (0, 3, 3), 77)
    broken = typed.with_case(replace(typed.case, in_size=size, kernel=(64, 64)))
    assert check(broken.case) is not None or not affordable(broken.case)
    worse = broken.with_case(replace(broken.case, stride=(0, 0)))
    for example_now in (broken, worse):
        read, _ = from_json(to_json(_with_network(Document(arithmetic=example_now))))
        assert read.arithmetic == example_now
        assert read.arithmetic.last == typed


def test_a_mended_example_is_written_as_it_is():
    first = Example.first()
    mended = first.with_case(replace(first.case, kernel=(9, 9))).with_case(
        replace(first.case, kernel=(2, 2))
    )
    read, _ = from_json(to_json(_with_network(Document(arithmetic=mended))))
    assert read.arithmetic == mended


def test_a_document_with_an_example_too_large_to_be_made_opens_without_it():
    content = json.loads(to_json(_with_network(Document())))
    content["arithmetic"] = {"kind": "conv", "in": [65536, 65536], "kernel": [3, 3]}
    read, _ = from_json(json.dumps(content).encode())  # its input alone would take 34 GB
    assert read.arithmetic is None
    assert len(read.graph.nodes) > 0


@pytest.mark.parametrize("channel", [-1, 1 << 40])
def test_a_document_whose_example_names_no_channel_there_could_be_is_of_no_layer(channel):
    plain = Example.first().to_plain() | {"source": ["enc1", [0, 0], channel]}
    read = Example.from_plain(plain)
    assert isinstance(read, Example)
    assert read.layer is None


def test_a_document_with_nonsense_for_an_example_opens_without_it():
    content = json.loads(to_json(_with_network(Document())))
    content["arithmetic"] = {"kind": "conv", "in": "wide"}
    read, _ = from_json(json.dumps(content).encode())
    assert read.arithmetic is None


def test_examples_are_equal_by_their_numbers():
    one, other = Example.first(), Example.first()
    assert one == other
    assert hash(one) == hash(other)
    assert one != other.with_value("input", (0, 0, 0), 5)
    assert one != other.with_value("input", (0, 0, 0), 1.0)  # a decimal number is shown otherwise


@pytest.mark.parametrize(
    ("fill", "expected"),
    [
        ("ones", [[1, 1], [1, 1]]),
        ("ramp", [[1, 2], [3, 4]]),
        ("impulse", [[0, 0], [0, 1]]),
        ("checkerboard", [[1, 0], [0, 1]]),
    ],
)
def test_fills(fill, expected):
    small = example(Case(in_size=(2, 2), kernel=(1, 1), channels=(2, 1)))
    filled = small.with_fill("input", fill)
    for plane in filled.x:
        np.testing.assert_array_equal(plane, expected)
    assert filled.with_fill("gradient", "ramp").grad_output.tolist() == [[[1, 2], [3, 4]]]


def test_whole_numbers_past_64_bits_stay_exact():
    huge = (1 << 70) + 1
    made = Example.first().with_value("input", (0, 0, 0), huge)
    assert made.x[0, 0, 0] == huge
    unit = made.with_fill("kernel", "ones")
    y = compute(unit.case, unit.x, unit.w)
    assert y[0, 0, 0] == huge + int(unit.x[0, :3, :3].sum()) - huge


def test_what_no_screen_can_show_is_not_made():
    assert affordable(Case(in_size=(64, 64)))
    assert not affordable(Case(in_size=(3000, 3000)))
    assert not affordable(Case(in_size=(128, 128), kernel=(65, 65), padding=(32, 32)))


def _with_network(document: Document) -> Document:
    from analysis.blueprints import BLUEPRINTS

    blueprint = BLUEPRINTS["unet"]
    chosen = blueprint.complete({"depth": 1, "base": 4, "size": 32})
    return replace(document, graph=blueprint.build(chosen))
