"""Values and gradients against torch, on random settings; whole numbers must be exactly equal."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch.nn import functional

from analysis.arithmetic import Case, backward, check, compute, seeded
from tests.analysis.arithmetic.cases import any_case, possible_case

torch.set_num_threads(1)


def by_torch(
    case: Case, x: torch.Tensor, w: torch.Tensor | None, b: torch.Tensor | None
) -> torch.Tensor:
    k, s, p, d = case.kernel, case.stride, case.padding, case.dilation
    if case.kind == "conv":
        rule = functional.conv1d if case.rank == 1 else functional.conv2d
        return rule(x, w, b, s, p, d, case.groups)
    if case.kind == "transposed":
        rule = functional.conv_transpose1d if case.rank == 1 else functional.conv_transpose2d
        return rule(x, w, b, s, p, case.output_padding, case.groups, d)
    if case.mode == "max":
        rule = functional.max_pool1d if case.rank == 1 else functional.max_pool2d
        return rule(x, k, s, p, d, case.ceil_mode)
    rule = functional.avg_pool1d if case.rank == 1 else functional.avg_pool2d
    return rule(x, k, s, p, case.ceil_mode, case.count_include_pad)


def tensor(values: np.ndarray | None) -> torch.Tensor | None:
    if values is None:
        return None
    return torch.from_numpy(values.astype(np.float64)).requires_grad_()


def same(ours: np.ndarray, theirs: torch.Tensor, case: Case) -> None:
    found = theirs.detach().numpy()
    assert ours.shape == found.shape
    if case.kind == "pool" and case.mode == "average":
        # A sum of averages that cancels leaves the rounding of its terms, not of its result.
        size = float(np.abs(ours[np.isfinite(ours)]).max(initial=1.0))
        np.testing.assert_allclose(ours, found, rtol=1e-12, atol=1e-15 * size)
    else:
        np.testing.assert_array_equal(ours, found)


@settings(max_examples=400, deadline=None)
@given(possible_case(), st.integers(0, 1000))
@example(
    Case("pool", (3, 3), (2, 3), padding=(0, 1), mode="average", count_include_pad=False),
    0,
)
def test_forward_and_backward_equal_torch(case: Case, seed: int) -> None:
    x, w, b = seeded(case, seed)
    x = x - 1  # negative numbers too: the padding of a maximum is below them
    y = compute(case, x, w, b)
    tx, tw, tb = tensor(x), tensor(w), tensor(b)
    assert tx is not None
    ty = by_torch(case, tx[None], tw, tb)[0]
    assert y.shape == case.output_shape
    same(y, ty, case)

    grad = np.random.default_rng(seed).integers(-3, 4, case.output_shape)
    found = backward(case, x, w, grad)
    if case.kind == "pool" and case.mode == "max" and np.isinf(y).any():
        return  # torch points the gradient of an empty window somewhere; ours goes nowhere
    ty.backward(torch.from_numpy(grad.astype(np.float64)))
    same(found.input, tx.grad, case)
    if tw is not None:
        same(found.kernel, tw.grad, case)
    if tb is not None:
        same(found.bias, tb.grad, case)


@settings(max_examples=400, deadline=None)
@given(any_case())
@example(Case("pool", (2, 2), (1, 1), padding=(0, 1)))
def test_a_case_is_possible_where_torch_computes_it(case: Case) -> None:
    x = torch.zeros(1, *case.input_shape)
    w = None if case.kind == "pool" else torch.zeros(case.kernel_shape)
    try:
        y = by_torch(case, x, w, None)
    except RuntimeError:
        assert check(case) is not None
        return
    fault = check(case)
    if 0 in y.shape:
        assert fault is not None
    else:
        assert fault is None
        assert tuple(y.shape[1:]) == case.output_shape
