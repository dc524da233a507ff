"""Compares the gradient at the first layers with that at the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.subject import Subject

TIMES = 1000
"""How far apart they must be: three orders of magnitude no step size bridges."""


MOST = 1e30
"""Larger numbers, and that of a gradient that is 0, are called this."""


def finding(
    subject: Subject, code: str, times: Callable[[float, float], float]
) -> Iterator[Finding | Untold]:
    """The finding of `code` where the gradients are a thousand `times(first, last)` apart.

    Of a network with skips it also tells how far apart they are with the skips cut.
    """
    if subject.signal is None:
        yield Untold("needs-signal")
        return
    found = list(subject.signal.gradients.items())
    if len(found) < 2 or not found[-1][1]:
        return
    (first, one), (last, other) = found[0], found[-1]
    if times(one, other) < TIMES:
        return
    numbers = {"times": _short(times(one, other))}
    cut = subject.signal.without_skips
    if cut.get(last):
        numbers["without_skips"] = _short(times(cut.get(first, 0.0), cut[last]))
    yield Finding(code, "warning", (first, last), numbers)


def _short(times: float) -> float:
    return float(f"{min(times, MOST):.3g}")
