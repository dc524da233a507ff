"""How many elements come of an operation is foretold, never too low."""

from __future__ import annotations

from math import prod

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tensor_pad.bounds import most_elements, most_products

shapes = st.lists(st.integers(0, 4), max_size=3)


@settings(max_examples=60, deadline=None)
@given(shapes, shapes)
def test_of_two_tensors(first: list[int], second: list[int]):
    a, b = torch.zeros(first), torch.zeros(second)
    for name, do in (("+", torch.add), ("where", lambda x, y: torch.where(x > 0, x, y))):
        try:
            made = do(a, b).numel()
        except RuntimeError:
            continue
        assert most_elements(name, [a, b], {}) == made or made == 0
    try:
        made = torch.matmul(a, b).numel()
    except RuntimeError:
        return
    assert most_elements("@", [a, b], {}) >= made
    assert most_products([a, b], {}) >= made * bool(a.numel() and b.numel())


@settings(max_examples=40, deadline=None)
@given(shapes.filter(bool), st.lists(st.integers(0, 3), min_size=3, max_size=4))
def test_of_one(shape: list[int], times: list[int]):
    tensor = torch.zeros(shape)
    assert most_elements("repeat", [tensor, *times], {}) == tensor.repeat(times).numel()
    assert most_elements("tile", [tensor, times], {}) >= tensor.tile(times).numel()
    assert most_elements("zeros", [shape], {}) == prod(shape)
    assert most_elements("rand", shape, {}) == prod(shape)
    assert most_elements("cat", [[tensor, tensor]], {}) == 2 * prod(shape)


@pytest.mark.parametrize(
    ("name", "arguments", "keywords"),
    [
        ("arange", [7], {}),
        ("arange", [2, 9.5, 0.5], {}),
        ("arange", [9, 2, -2], {}),
        ("arange", [], {"start": 1, "end": 8}),
        ("linspace", [0, 1, 6], {}),
        ("logspace", [0, 1], {"steps": 6}),
        ("eye", [5], {}),
        ("eye", [5, 2], {}),
        ("full", [[2, 3], 100000], {}),
        ("randint", [0, 100000, [2, 3]], {}),
        ("randint", [5], {"size": [4]}),
        ("randperm", [6], {}),
        ("normal", [0.0, 100000.0, [2, 3]], {}),
    ],
)
def test_of_numbers(name: str, arguments: list, keywords: dict):
    made = getattr(torch, name)(*arguments, **keywords).numel()
    assert most_elements(name, arguments, keywords) == made


def test_diagonals():
    vector = torch.zeros(3)
    for shift in (-2, 0, 4):
        assert most_elements("diag", [vector, shift], {}) >= torch.diag(vector, shift).numel()
