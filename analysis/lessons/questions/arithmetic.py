"""Questions about convolutions: sizes, sums, matrices, gradients and overlaps."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np

from analysis.arithmetic import Case, backward, check, compute, plan
from analysis.arithmetic.forms.counts import phase_counts
from analysis.lessons.questions.contract import Drawn, QuestionRow, signed


def _drawn_case(random: Random, kind: str, **choices: tuple[int, ...]) -> Case:
    """A possible case on two equal axes, each setting one of its choices."""
    while True:
        settings: dict[str, Any] = {k: (random.choice(v),) * 2 for k, v in choices.items()}
        case = Case(kind=kind, **settings)  # type: ignore[arg-type]
        if check(case) is None:
            return case


def _numbers(case: Case) -> dict[str, int | str]:
    return {
        "input": case.in_size[0],
        "kernel": case.kernel[0],
        "stride": case.stride[0],
        "padding": case.padding[0],
        "dilation": case.dilation[0],
    }


def _products_of(one: np.ndarray, other: np.ndarray) -> str:
    """The sum of products of two rows of numbers, written out."""
    pairs = zip(one.ravel(), other.ravel(), strict=True)
    return " + ".join(f"{signed(int(a))} · {signed(int(b))}" for a, b in pairs)


SETTINGS = ("input", "kernel", "stride", "padding", "dilation")


def _row(values: np.ndarray) -> str:
    """Numbers with commas between, a minus as it is set."""
    return ", ".join(map(str, values.ravel())).replace("-", "−")


def _sum(random: Random) -> Drawn:
    """One window of a row of numbers: a convolution of one output cell."""
    x = np.array([[random.randint(0, 5) for _ in range(3)]])
    w = np.array([[[random.randint(-1, 2) for _ in range(3)]]])
    case = Case(in_size=(3,), kernel=(3,), stride=(1,), padding=(0,), dilation=(1,),
                output_padding=(0,))  # fmt: skip
    y = compute(case, x, w)
    numbers = {"values": _row(x), "weights": _row(w)}
    return Drawn(numbers, int(y[0, 0]), _products_of(x, w))


def _size(random: Random) -> Drawn:
    case = _drawn_case(
        random, "conv", in_size=tuple(range(5, 13)), kernel=(2, 3, 5), stride=(1, 2, 3),
        padding=(0, 1, 2), dilation=(1, 2),
    )  # fmt: skip
    n = _numbers(case)
    way = "⌊({input} + 2 · {padding} − {dilation} · ({kernel} − 1) − 1) / {stride}⌋ + 1"
    return Drawn(n, case.out_size[0], way.format_map(n))


def _matrix(random: Random) -> Drawn:
    """How many entries C has, zeros counted."""
    case = _drawn_case(random, "conv", in_size=(4, 5, 6), kernel=(2, 3))
    rows, columns = math.prod(case.output_shape), math.prod(case.input_shape)
    return Drawn(_numbers(case), rows * columns, f"{rows} · {columns}")


def _gradient(random: Random) -> Drawn:
    """∂x of one cell of a row, under three output cells: Cᵀ ∂y."""
    w = np.array([[[random.randint(-2, 3) for _ in range(3)]]])
    g = np.array([[random.randint(0, 3) for _ in range(3)]])
    case = Case(in_size=(5,), kernel=(3,), stride=(1,), padding=(0,), dilation=(1,),
                output_padding=(0,))  # fmt: skip
    found = backward(case, np.zeros((1, 5), np.int64), w, g).input
    numbers = {"weights": _row(w), "gradient": _row(g)}
    return Drawn(numbers, int(found[0, 2]), _products_of(g, w[:, :, ::-1]))


def _weight_gradient(random: Random) -> Drawn:
    """The gradient of (w · x − t)² / 2 at w: the error goes back through one product."""
    w, x, t = random.randint(-4, 5), random.randint(2, 6), random.randint(-9, 9)
    case = Case(in_size=(1,), kernel=(1,), stride=(1,), padding=(0,), dilation=(1,),
                output_padding=(0,))  # fmt: skip
    values, weights = np.array([[x]]), np.array([[[w]]])
    error = compute(case, values, weights, None) - t
    found = backward(case, values, weights, error).kernel
    assert found is not None
    way = f"({signed(w)} · {x} − {signed(t)}) · {x}"
    return Drawn({"weight": w, "input": x, "target": t}, int(found[0, 0, 0]), way)


def _transposed(random: Random) -> Drawn:
    case = _drawn_case(
        random, "transposed", in_size=(2, 3, 4, 5), kernel=(2, 3, 4), stride=(1, 2, 3),
        padding=(0, 1),
    )  # fmt: skip
    n = _numbers(case)
    way = "({input} − 1) · {stride} − 2 · {padding} + {kernel}"
    return Drawn(n, case.out_size[0], way.format_map(n))


def _overlap(random: Random) -> Drawn:
    """How many kernels at most write one inner cell of a row."""
    case = _drawn_case(random, "transposed", in_size=(6,), kernel=(2, 3, 4, 5, 6), stride=(2, 3))
    n = _numbers(case)
    return Drawn(n, max(phase_counts(case, 0)), "⌈{kernel} / {stride}⌉".format_map(n))


def _pooled(random: Random) -> Drawn:
    x = np.array([[[random.randint(0, 9) for _ in range(2)] for _ in range(2)]])
    case = Case(kind="pool", in_size=(2, 2), kernel=(2, 2), stride=(2, 2), mode="max")
    y = compute(case, x)
    return Drawn({"values": _row(x)}, int(y.ravel()[0]), f"max({_row(x)})")


def _products(random: Random) -> Drawn:
    """How many products a convolution makes."""
    case = _drawn_case(random, "conv", in_size=(4, 5, 6, 7), kernel=(2, 3), stride=(1, 2))
    out, k = case.out_size[0], case.kernel[0]
    return Drawn(_numbers(case), plan(case).tap_count, f"{out} · {out} · {k} · {k}")


ROWS = (
    QuestionRow("convolution-sum", ("values", "weights"), _sum),
    QuestionRow("convolution-size", SETTINGS, _size),
    QuestionRow("convolution-products", SETTINGS, _products),
    QuestionRow("matrix-entries", SETTINGS, _matrix),
    QuestionRow("gradient-cell", ("weights", "gradient"), _gradient),
    QuestionRow("weight-gradient", ("weight", "input", "target"), _weight_gradient),
    QuestionRow("transposed-size", SETTINGS, _transposed),
    QuestionRow("overlap", SETTINGS, _overlap),
    QuestionRow("pooled-value", ("values",), _pooled),
)
