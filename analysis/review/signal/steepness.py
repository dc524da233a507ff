"""Compares what is measured at the first layer with weights with that at the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isinf
from typing import Literal

from analysis.operators import ParameterArithmetic
from analysis.review.finding import Finding, Untold
from analysis.review.observed import Signal
from analysis.review.subject import Subject

TIMES = 1000
"""How far apart they must be: three orders of magnitude no step size bridges."""


MOST = 1e30
"""Larger numbers, and those over a size that is 0, are called this."""

Sizes = Mapping[str, float]


@dataclass(frozen=True)
class Compared:
    """The norms that are compared, with the skips and without, and the end that it starts from."""

    kept: Callable[[Signal], Sizes]
    cut: Callable[[Signal], Sizes]
    start: Literal[0, -1]


GRADIENTS = Compared(lambda s: s.gradients, lambda s: s.without_skips, -1)
ACTIVATIONS = Compared(lambda s: s.activations, lambda s: s.activations_without_skips, 0)


def over(one: float, other: float) -> float:
    """How many times larger one is than the other, `MOST` at most."""
    if one <= 0:
        return 0.0
    return MOST if other <= one / MOST or isinf(one) else min(one / other, MOST)


def finding(
    subject: Subject, code: str, times: Callable[[float, float], float], compared: Compared
) -> Iterator[Finding | Untold]:
    """The finding of `code` where the sizes are a thousand `times(first, last)` apart.

    Nothing where there is nothing to start from. Of a network with skips it also tells how far
    apart they are with the skips cut. Of a network with trained scales of its own nothing is said:
    they begin as ones here, and may begin otherwise in its model.
    """
    if subject.signal is None:
        yield Untold("needs-signal")
        return
    scale = _own_scale(subject)
    if scale is not None:
        yield Untold("own-scale", scale)
        return
    found = list(compared.kept(subject.signal).items())
    if len(found) < 2 or not found[compared.start][1]:
        return
    (first, one), (last, other) = found[0], found[-1]
    if times(one, other) < TIMES:
        return
    numbers = {"times": _short(times(one, other))}
    cut = compared.cut(subject.signal)
    if cut.get((first, last)[compared.start]):
        numbers["without_skips"] = _short(times(cut.get(first, 0.0), cut.get(last, 0.0)))
    ends = (first, last) if compared.start else (last, first)
    yield Finding(code, "warning", ends, numbers)


def _own_scale(subject: Subject) -> str | None:
    """The first tensor that the output is multiplied with: no rule says what it begins as."""
    way = subject.graph.ancestors(subject.graph.output.id)
    return next(
        (
            node.id
            for node in subject.nodes
            if isinstance(node.operator, ParameterArithmetic)
            and node.operator.trained
            and node.operator.function in ("multiply", "divide")
            and node.id in way
        ),
        None,
    )


def _short(times: float) -> float:
    return float(f"{min(times, MOST):.3g}")
