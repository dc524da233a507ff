"""Cases as JSON: read with every mistake a value, and written so that they can be read again."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from analysis.arithmetic.case import Case, Kind, PoolMode, Size
from analysis.arithmetic.case.checking import check
from analysis.arithmetic.example.fills import seeded
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import as_values
from analysis.faults import Fault

_AXES = {"stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
_FLAGS = {"bias": False, "ceil_mode": False, "count_include_pad": True}
_VALUES = ("input_values", "kernel_values", "bias_values", "grad_output")
_KNOWN = {"kind", "in", "kernel", "groups", "channels", "mode", *_AXES, *_FLAGS, *_VALUES}
RETURNED = "returned"
"""Key of the input that a case turned round came from."""
_REMARKS = {
    "name",
    "source",
    "asked",
    RETURNED,
    "note",
    "output",
    "output_values",
    "backward",
    "expected_out",
}


class _Unreadable(Exception):  # noqa: N818 - a fault on its way out of nested readers
    def __init__(self, code: str, *numbers: Any) -> None:
        super().__init__(code)
        self.fault = Fault(code, numbers)


@dataclass(frozen=True, slots=True)
class Exercise:
    """A possible case with its values: x (C, *in_size), w, b or None, ∂y (C, *out_size)."""

    case: Case
    x: Values
    w: Values | None
    b: Values | None
    grad_output: Values
    with_channels: bool
    """Do values on paper have channel axes? Not where the case named no channels."""


def read_case(given: object) -> Case | Fault:
    """The settings of a case from a JSON object, checked to be possible; no values yet.

    Keys that are only remarks (a name, a source, expected results) are passed over; a key that
    looks like a misspelt setting is a fault.
    """
    try:
        if not isinstance(given, Mapping):
            raise _Unreadable("case-not-object")
        _spelling(given)
        case = _case(given)
    except _Unreadable as error:
        return error.fault
    return check(case) or case


def read_settings(given: object) -> Case | Fault:
    """The settings of a case, possible or not."""
    try:
        if not isinstance(given, Mapping):
            raise _Unreadable("case-not-object")
        return _case(given)
    except _Unreadable as error:
        return error.fault


def read_values(given: Mapping[Any, Any]) -> tuple[Values | None, ...] | Fault:
    """The arrays (input, kernel, bias, gradient, returned input) in whatever shape they have.

    None stands for one that is missing.
    """
    try:
        return tuple(
            None if given.get(name) is None else _numbers(name, given[name], _shape(given[name]))
            for name in (*_VALUES, RETURNED)
        )
    except _Unreadable as error:
        return error.fault


def read_exercise(given: object, seed: int = 0) -> Exercise | Fault:
    """A case with its values; those that are missing are drawn from the seed.

    Ask `bytes_needed` of its `read_case` first: the values are allocated here.
    """
    case = read_case(given)
    if isinstance(case, Fault) or not isinstance(given, Mapping):
        return case if isinstance(case, Fault) else Fault("case-not-object")
    try:
        return _with_values(case, given, seed)
    except _Unreadable as error:
        return error.fault


def written(exercise: Exercise) -> dict[str, Any]:
    """The exercise as the JSON object that `read_exercise` reads back."""
    case = exercise.case
    found: dict[str, Any] = {"kind": case.kind, "in": list(case.in_size)}
    found |= {name: list(getattr(case, name)) for name in ("kernel", *_AXES)}
    found |= {"groups": case.groups, "channels": list(case.channels), "bias": case.bias}
    if case.kind == "pool":
        found |= {name: getattr(case, name) for name in ("mode", "ceil_mode", "count_include_pad")}
    values = zip(_VALUES, (exercise.x, exercise.w, exercise.b, exercise.grad_output), strict=True)
    return found | {name: array.tolist() for name, array in values if array is not None}


# ---------------------------------------------------------------------------------- reading


def _spelling(given: Mapping[Any, Any]) -> None:
    for key in given:
        if key in _KNOWN or key in _REMARKS:
            continue
        near = difflib.get_close_matches(str(key), _KNOWN, n=1, cutoff=0.85)
        if near:
            raise _Unreadable("case-key-misspelt", str(key), near[0])


def _case(given: Mapping[Any, Any]) -> Case:
    kind = _choice(given, "kind", get_args(Kind), None)
    in_size = _axes(given, "in", None, None)
    rank = len(in_size)
    kernel = _axes(given, "kernel", rank, None)
    axes = {name: _axes(given, name, rank, least) for name, least in _AXES.items()}
    if kind == "pool" and "stride" not in given:
        axes["stride"] = kernel
    channels = (1, 1)
    if given.get("channels") is not None:
        pair = _whole(given, "channels")
        if len(pair) not in (1, 2):
            raise _Unreadable("bad-setting", "channels", _shown(given["channels"]), "[in, out]")
        channels = (pair[0], pair[-1])
    flags = {name: _flag(given, name, usual) for name, usual in _FLAGS.items()}
    flags["bias"] = (flags["bias"] or given.get("bias_values") is not None) and kind != "pool"
    return Case(
        kind,
        in_size,
        kernel,
        axes["stride"],
        axes["padding"],
        axes["dilation"],
        axes["output_padding"],
        groups=_groups(given) if kind != "pool" else 1,
        channels=channels,
        mode=_choice(given, "mode", get_args(PoolMode), "max"),
        bias=flags["bias"],
        ceil_mode=flags["ceil_mode"],
        count_include_pad=flags["count_include_pad"],
    )


def _groups(given: Mapping[Any, Any]) -> int:
    if given.get("groups") is None:
        return 1
    groups = _whole(given, "groups")
    if len(groups) != 1:
        raise _Unreadable("bad-setting", "groups", _shown(given["groups"]), "a whole number")
    return groups[0]


def _axes(given: Mapping[Any, Any], name: str, rank: int | None, usual: int | None) -> Size:
    """One whole number an axis; a single one holds for every axis (of an unknown rank: two)."""
    if given.get(name) is None:
        if usual is None:
            raise _Unreadable("case-lacks", name)
        return (usual,) * (rank or 2)
    numbers = _whole(given, name)
    if isinstance(given[name], int):
        return numbers * (rank or 2)
    return numbers


def _whole(given: Mapping[Any, Any], name: str) -> Size:
    value = given[name]
    numbers = value if isinstance(value, list) else [value]
    if not numbers or not all(type(each) is int for each in numbers):
        raise _Unreadable("bad-setting", name, _shown(value), "whole numbers")
    return tuple(numbers)


def _choice(given: Mapping[Any, Any], name: str, choices: Any, usual: str | None) -> Any:
    value = given.get(name, usual)
    if value is None:
        raise _Unreadable("case-lacks", name)
    if value not in choices:
        raise _Unreadable("not-a-choice", name, _shown(value), ", ".join(choices))
    return value


def _flag(given: Mapping[Any, Any], name: str, usual: bool) -> bool:
    value = given.get(name, usual)
    if not isinstance(value, bool):
        raise _Unreadable("bad-setting", name, _shown(value), "true or false")
    return value


def _with_values(case: Case, given: Mapping[Any, Any], seed: int) -> Exercise:
    usual = dict(zip(_VALUES, seeded(case, seed), strict=False))
    shapes = {"input_values": case.input_shape}
    if case.kind != "pool":
        shapes["kernel_values"] = case.kernel_shape
    if case.bias:
        shapes["bias_values"] = (case.channels[1],)
    read = {
        name: usual[name] if given.get(name) is None else _numbers(name, given[name], shape)
        for name, shape in shapes.items()
    }
    ones = given.get("grad_output")
    if ones is None and isinstance(given.get("backward"), Mapping):
        ones = given["backward"].get("grad_output")
    grad = (
        np.ones(case.output_shape, np.int64)
        if ones is None
        else _numbers("grad_output", ones, case.output_shape)
    )
    x = read["input_values"]
    assert x is not None
    return Exercise(
        case,
        x,
        read.get("kernel_values"),
        read.get("bias_values"),
        grad,
        given.get("channels") is not None,
    )


def _numbers(name: str, given: object, shape: Size | None) -> Values:
    try:
        if shape is None:
            raise ValueError(name)
        values = as_values(given, shape)
    except (ValueError, TypeError, OverflowError) as error:
        seen = _shape(given)
        if seen is not None and seen != shape:
            raise _Unreadable("values-shape", name, seen, shape) from error
        raise _Unreadable("bad-setting", name, _shown(given), "numbers") from error
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise _Unreadable("bad-setting", name, _shown(given), "finite numbers")
    return values


def _shape(given: object) -> Size | None:
    """The shape of nested lists, None where they are ragged."""
    if not isinstance(given, list):
        return ()
    inside = {_shape(each) for each in given}
    if len(inside) > 1 or None in inside:
        return None
    return (len(given), *next(iter(inside), ()))  # type: ignore[misc]


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
