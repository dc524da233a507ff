"""An example: a case being edited together with its values, which are kept where they still fit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from analysis.arithmetic.case import Case, Kind, Size
from analysis.arithmetic.case.checking import check, repair
from analysis.arithmetic.case.conversion import as_kind, transposed_case
from analysis.arithmetic.case.presets import PRESETS, Preset
from analysis.arithmetic.example.case_file import (
    RETURNED,
    Exercise,
    read_case,
    read_exercise,
    read_settings,
    read_values,
    written,
)
from analysis.arithmetic.example.fills import Fill, filled, seeded
from analysis.arithmetic.forms.backward import backward
from analysis.arithmetic.forms.plan import plan
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import as_values, compute
from analysis.faults import Fault

Part = Literal["input", "kernel", "bias", "gradient"]
MOST_VALUES, MOST_TAPS = 1 << 18, 1 << 19
"""Larger arrays and matrices are not made on the spot: no screen shows their cells."""
MOST_CHANNELS = 1 << 24
"""A layer read from a file with more is none: the numbers of a box end at 31 bits."""


@dataclass(frozen=True, eq=False)
class Example:
    """A case, possible or not, with x (C, *in_size), w, b and ∂y (C, *out_size).

    Values are what the case asks for wherever it is possible; of an impossible one they are those
    of the `last` possible one, so that nothing typed is lost. `name` is the guide's while nothing
    but the preset is shown, `layer` names where in a network the values come from: (node id, unit,
    channel). `returned` is the input that this case's output has the shape of again, where it was
    made by turning another case round.
    """

    case: Case
    x: Values
    w: Values | None
    b: Values | None
    grad_output: Values
    name: str = ""
    layer: tuple[str, Size, int] | None = None
    returned: Values | None = None
    typed: bool = False
    """Whether somebody typed a number into it: work that would be missed."""
    last: Example | None = None
    """Of an impossible example the last possible one, whose values these are."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Example):
            return NotImplemented
        mine, theirs = self._plain(), other._plain()
        return mine == theirs and all(
            _same(a, b) for a, b in zip(self._arrays(), other._arrays(), strict=True)
        )

    def __hash__(self) -> int:
        return hash(self._plain())

    def _plain(self) -> tuple[object, ...]:
        return self.case, self.name, self.layer, self.last

    def _arrays(self) -> tuple[Values | None, ...]:
        return self.x, self.w, self.b, self.grad_output, self.returned

    # ------------------------------------------------------------------------- made of

    @classmethod
    def of_preset(cls, name: str) -> Example:
        """A preset by its name, with the values the guide prints or seeded ones."""
        preset: Preset = PRESETS[name]
        x, w, b = seeded(preset.case)
        if preset.input_values is not None:
            x = as_values(preset.input_values, preset.case.input_shape)
        if preset.kernel_values is not None and preset.case.kind != "pool":
            w = as_values(preset.kernel_values, preset.case.kernel_shape)
        return cls(preset.case, x, w, b, _ones(preset.case), name)

    @classmethod
    def first(cls) -> Example:
        """The example that the Arithmetic workspace opens with."""
        return cls.of_preset(next(iter(PRESETS)))

    @classmethod
    def of_layer(
        cls,
        case: Case,
        x: Values,
        w: Values | None,
        b: Values | None,
        layer: tuple[str, Size, int],
    ) -> Example:
        """The numbers of a layer of a network around one unit."""
        return cls(case, x, w, b, _ones(case), layer=layer)

    # ------------------------------------------------------------------------- changed

    def with_case(self, case: Case) -> Example:
        """Another case. Values whose cells are still there stay, new cells are seeded.

        Those of a kernel with one value all over, as one of ones, have it too.
        """
        changed = replace(self, case=case, name="", layer=None, last=self.last or self)
        if check(case) is not None or not affordable(case):
            return changed
        x, w, b = seeded(case)
        shape = changed.returned.shape if changed.returned is not None else None
        return replace(
            changed,
            x=_kept(self.x, x),
            w=None if w is None else _kept_kernel(self.w, w),
            b=None if b is None else _kept(self.b, b),
            grad_output=_kept(self.grad_output, _ones(case)),
            returned=changed.returned if shape == case.output_shape else None,
            last=None,
        )

    def with_kind(self, kind: Kind) -> Example:
        """Turned to another kind.

        From a convolution to a transposed one (and back) it becomes the case that goes the other
        way: it starts from this output and ends in this input's shape. From and to pooling the
        settings stay where both have them.
        """
        if kind == self.case.kind:
            return self
        if "pool" in (kind, self.case.kind):
            return self.with_case(_repaired(as_kind(self.case, kind)))
        possible = check(self.case) is None and affordable(self.case)
        case = transposed_case(self.case) if possible else None
        if case is None:
            return self.with_case(_repaired(as_kind(self.case, kind)))
        y = compute(self.case, self.x, self.w, self.b)
        if self.returned is not None and self.returned.shape == case.input_shape:
            y = self.returned  # turned round a second time: back to where one came from
        ones = _ones(case)
        return Example(case, y, self.w, None, ones, returned=self.x, typed=self.typed)

    def with_fill(self, part: Part, fill: Fill | Literal["ones"], seed: int = 0) -> Example:
        """One of the arrays filled anew; of a missing array (a pooling's kernel) nothing."""
        old = self.values(part)
        if old is None:
            return self
        if fill == "ones":
            return self.with_values(part, np.ones(old.shape, np.int64))
        if part == "kernel":
            whole = filled((math.prod(old.shape[:2]), *old.shape[2:]), fill, seed, most=2)
            return self.with_values(part, whole.reshape(old.shape))
        if part == "bias":
            return self.with_values(part, filled((1, *old.shape), fill, seed)[0])
        return self.with_values(part, filled(old.shape, fill, seed))

    def with_values(self, part: Part, values: Values) -> Example:
        """One of the arrays replaced by another of its shape."""
        key = {"input": "x", "kernel": "w", "bias": "b", "gradient": "grad_output"}[part]
        changes: dict[str, Any] = {key: values}
        if self.last is not None:
            changes["last"] = self.last.with_values(part, values)
        return replace(self, **changes, name="", layer=None, returned=None)

    def with_value(self, part: Part, place: Size, number: int | float) -> Example:
        """One cell of an array set to a number. IndexError where there is no such cell."""
        old = self.values(part)
        if old is None:
            raise IndexError(place)
        changed = old.astype(np.float64) if isinstance(number, float) else old.copy()
        if isinstance(number, int) and abs(number) >= 1 << 62 and changed.dtype.kind == "i":
            changed = changed.astype(object)
        changed[place] = number
        return replace(self.with_values(part, changed), typed=True)

    def values(self, part: Part) -> Values | None:
        """One of the arrays."""
        parts = {"input": self.x, "kernel": self.w, "bias": self.b, "gradient": self.grad_output}
        return parts[part]

    # ------------------------------------------------------------------------- on paper

    @property
    def exercise(self) -> Exercise:
        """The same as the command line reads and answers it; of a possible case."""
        case = self.case
        several = case.channels != (1, 1) or case.bias
        return Exercise(case, self.x, self.w, self.b, self.grad_output, several)

    def gradients(self) -> tuple[Values, Values | None]:
        """(∂x, ∂w) of a possible case."""
        found = backward(self.case, self.x, self.w, self.grad_output)
        return found.input, found.kernel

    def to_plain(self) -> dict[str, Any]:
        """As JSON values: a case as `fieldglass arithmetic --case` reads it, and its layer.

        An impossible case is written as the last possible one, with its values; what was asked
        instead stands in it under "asked".
        """
        if self.last is not None:
            return self.last.to_plain() | {"asked": self._written()}
        plain = self._written() | {"name": self.name}
        if self.layer is not None:
            plain["source"] = [self.layer[0], list(self.layer[1]), self.layer[2]]
        return plain

    def _written(self) -> dict[str, Any]:
        kept = ("mode", "ceil_mode", "count_include_pad")  # for when it is a pooling again
        plain = written(self.exercise) | {name: getattr(self.case, name) for name in kept}
        if self.returned is not None:
            plain[RETURNED] = self.returned.tolist()
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Example | Fault:
        """The example that `to_plain` wrote; a fault for a case that is impossible or too large."""
        case = read_case(plain)
        if isinstance(case, Case) and not affordable(case):
            return too_large(case)
        read = read_exercise(plain)
        if isinstance(read, Fault):
            return read
        name = plain.get("name")
        example = cls(
            read.case,
            read.x,
            read.w,
            read.b,
            read.grad_output,
            name if isinstance(name, str) and name in PRESETS else "",
            _layer(plain.get("source")),
            _returned(plain, read.case),
        )
        asked = plain.get("asked")
        return example if asked is None else example._asked(asked)

    def _asked(self, asked: object) -> Example:
        """The impossible example after this one; this one where it cannot be read."""
        case = read_settings(asked)
        if isinstance(case, Fault) or not isinstance(asked, Mapping):
            return self
        if check(case) is None and affordable(case):
            return self
        values = read_values(asked)
        if isinstance(values, Fault):
            return self
        x, w, b, grad_output, returned = values
        if x is None or grad_output is None:
            return self
        return Example(case, x, w, b, grad_output, returned=returned, last=self)


def affordable(case: Case) -> bool:
    """Whether the values and taps of a possible case are few enough to be made on the spot."""
    shapes = (case.input_shape, case.kernel_shape, case.output_shape)
    few = max(math.prod(shape) for shape in shapes) <= MOST_VALUES
    return few and plan(case).tap_count <= MOST_TAPS


def too_large(case: Case) -> Fault:
    """The fault of a possible case that is not `affordable`."""
    return Fault("case-too-large", (plan(case).tap_count, MOST_TAPS))


def _repaired(case: Case) -> Case:
    fault = check(case)
    return case if fault is None else repair(case, fault)


def _ones(case: Case) -> Values:
    return np.ones(case.output_shape, np.int64)


def _kept(old: Values | None, new: Values) -> Values:
    """`new` with the cells it shares with `old`."""
    if old is None or old.ndim != new.ndim:
        return new
    if old.shape == new.shape:
        return old
    result = new.astype(np.result_type(old, new)) if old.dtype.kind != "O" else new.astype(object)
    shared = tuple(slice(min(a, b)) for a, b in zip(old.shape, new.shape, strict=True))
    result[shared] = old[shared]
    return result


def _kept_kernel(old: Values | None, new: Values) -> Values:
    """The same of a kernel; one value all over stays one, so that stamps stay alike."""
    kept = _kept(old, new)
    if old is None or old.ndim != new.ndim or old.size < 2 or not (old == old.flat[0]).all():
        return kept
    return np.full_like(kept, old.flat[0])


def _same(one: Values | None, other: Values | None) -> bool:
    if one is None or other is None:
        return one is other
    return one is other or (one.dtype == other.dtype and np.array_equal(one, other))


def _returned(plain: Mapping[str, Any], case: Case) -> Values | None:
    values = read_values(plain)
    found = None if isinstance(values, Fault) else values[-1]
    return found if found is not None and found.shape == case.output_shape else None


def _layer(value: object) -> tuple[str, Size, int] | None:
    match value:
        case [str(node), [*unit], int(channel)] if 0 <= channel < MOST_CHANNELS:
            cell = tuple(at for at in unit if isinstance(at, int))
            return (node, cell, channel) if len(cell) == len(unit) else None
        case _:
            return None
