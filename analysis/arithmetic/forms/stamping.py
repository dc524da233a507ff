"""Computes a transposed convolution by stamps: each input cell adds the kernel times its value."""

from __future__ import annotations

import numpy as np

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import compute


def stamped(case: Case, x: Values, w: Values, steps: int, b: Values | None = None) -> Values:
    """The output after the first `steps` input elements (row-major over (channel, *cell)).

    After `Plan.stamps` of them it is the whole output; b, if given, lies below from the start.
    """
    return compute(case, _only(x, slice(0, steps)), w, b)


def stamp(case: Case, x: Values, w: Values, index: int) -> Values:
    """What input element `index` alone adds to the output, (C, *out_size)."""
    return compute(case, _only(x, slice(index, index + 1)), w)


def _only(x: Values, part: slice) -> Values:
    kept = np.zeros_like(x)
    kept.reshape(-1)[part] = x.reshape(-1)[part]
    return kept
