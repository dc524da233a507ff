"""Reads the convolution of a step: `kind=conv in=5 kernel=3 stride=2 input=ramp`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from analysis.arithmetic import PRESETS, Case, Fill, Kind, PoolMode, Values, check
from analysis.arithmetic.example import Example, Part, affordable, too_large
from analysis.faults import Fault

SIZES = ("in", "size", "kernel", "stride", "padding", "dilation", "output_padding")
VALUES: Mapping[str, Part] = {"input": "input", "weights": "kernel", "gradient": "gradient"}
KEYS = ("kind", "mode", "axes", "seed", *SIZES, *VALUES)

MOST_DIGITS = 4
"""Of a size; what is affordable is far less."""


def parse_case(text: str, before: Example | None = None) -> Example | Fault:
    """The example that the words describe.

    A preset's name stands for the guide's case. Without `in` the words change `before`, and `size`
    is then another input size. Values are `random`, `ramp`, `impulse`, `checkerboard`, or all
    numbers with commas between.
    """
    if text.strip() in PRESETS:
        return Example.of_preset(text.strip())
    given = _words(text)
    if isinstance(given, Fault):
        return given
    if "in" not in given and before is None:
        return Fault("lesson-case-without-size", (text,))
    case = _case(given, before)
    if isinstance(case, Fault):
        return case
    fault = check(case) or (None if affordable(case) else too_large(case))
    if fault is not None:
        return fault
    start = before if "in" not in given and before is not None else _plain(case)
    return _with_values(start.with_case(case) if start.case != case else start, given)


def _words(text: str) -> dict[str, str] | Fault:
    given: dict[str, str] = {}
    for word in text.split():
        key, equals, value = word.partition("=")
        if key not in KEYS or not equals or not value:
            return Fault("lesson-case-word", (word, ", ".join(KEYS)))
        given[key] = value
    return given


def _case(given: Mapping[str, str], before: Example | None) -> Case | Fault:
    fresh = "in" in given or before is None
    rank = 1 if given.get("axes") == "1" else before.case.rank if before and not fresh else 2
    settings: dict[str, Any] = {}
    for key in SIZES:
        if key in given:
            if not given[key].isdecimal() or len(given[key]) > MOST_DIGITS:
                return Fault("lesson-number", (key, given[key], 0, 10**MOST_DIGITS - 1))
            settings["in_size" if key in ("in", "size") else key] = (int(given[key]),) * rank
    for key, known in (("kind", get_args(Kind)), ("mode", get_args(PoolMode))):
        if key in given:
            if given[key] not in known:
                return Fault("not-a-choice", (key, given[key], ", ".join(known)))
            settings[key] = given[key]
    if not fresh and before is not None:
        kind = settings.pop("kind", before.case.kind)
        base = before.with_kind(kind).case
        return replace(base, **settings)
    ones, zeros = (1,) * rank, (0,) * rank
    plain: dict[str, Any] = {
        "kernel": (3,) * rank, "stride": ones, "padding": zeros, "dilation": ones,
        "output_padding": zeros,
    }  # fmt: skip
    return Case(**(plain | settings))


def _plain(case: Case) -> Example:
    """The case with values that are easy to follow: a ramp under a kernel of ones."""
    first = Example.first()
    w = None if case.kind == "pool" else np.ones(case.kernel_shape, np.int64)
    example = replace(first, case=case, name="", w=w, b=None, returned=None)
    ones = np.ones(case.output_shape, np.int64)
    ramp = np.arange(1, 1 + int(np.prod(case.input_shape)), dtype=np.int64)
    return replace(example, x=ramp.reshape(case.input_shape), grad_output=ones)


def _with_values(example: Example, given: Mapping[str, str]) -> Example | Fault:
    seed = int(given["seed"]) if given.get("seed", "").isdecimal() else 0
    for key, part in VALUES.items():
        if key not in given:
            continue
        if given[key] in get_args(Fill):
            example = example.with_fill(part, given[key], seed)  # type: ignore[arg-type]
            continue
        values = _numbers(given[key], example, part)
        if isinstance(values, Fault):
            return values
        example = example.with_values(part, values)
    return example


def _numbers(text: str, example: Example, part: Part) -> Values | Fault:
    case = example.case
    shape = {"input": case.input_shape, "kernel": case.kernel_shape}.get(part, case.output_shape)
    try:
        found = np.array([int(each) for each in text.split(",")], np.int64)
    except (ValueError, OverflowError):
        return Fault("lesson-case-word", (text, ", ".join(get_args(Fill))))
    if found.size != np.prod(shape):
        wanted = " × ".join(map(str, shape))
        return Fault("values-shape", (part, str(found.size), wanted))
    return found.reshape(shape)
