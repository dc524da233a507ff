"""Which relationship of the guide a case follows along each axis, with its numbers put in.

Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", relationships 1–15:
i input, k kernel, s stride, p padding, d dilation, o output; a prime marks the transposed one.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.arithmetic.case.case import Case


@dataclass(frozen=True, slots=True)
class Relationship:
    """One axis: the guide's number (None where it has none), the formula, and with numbers.

    `formula` is in letters ("o = (i − k) + 1"), `numbers` has them put in ("(4 − 3) + 1"),
    `output` is the result.
    """

    number: int | None
    formula: str
    numbers: str
    output: int

    def text(self) -> str:
        """The whole line: o = (i − k) + 1 = (4 − 3) + 1 = 2."""
        return f"{self.formula} = {self.numbers} = {self.output}"


def relationships(case: Case) -> tuple[Relationship, ...]:
    """The most specific relationship that applies, per axis, of a possible case."""
    rules = {"conv": _direct, "transposed": _transposed, "pool": _pooling}
    return tuple(rules[case.kind](case, axis) for axis in range(case.rank))


def _direct(case: Case, axis: int) -> Relationship:
    i, k, s, p, d = _letters(case, axis)
    o = case.out_size[axis]
    if d > 1:
        return Relationship(
            15,
            "o = ⌊(i + 2p − k − (k − 1)(d − 1)) / s⌋ + 1",
            f"⌊({i} + 2·{p} − {k} − ({k} − 1)({d} − 1)) / {s}⌋ + 1",
            o,
        )
    if s > 1 and p == 0:
        return Relationship(5, "o = ⌊(i − k) / s⌋ + 1", f"⌊({i} − {k}) / {s}⌋ + 1", o)
    if s > 1:
        return Relationship(6, "o = ⌊(i + 2p − k) / s⌋ + 1", f"⌊({i} + 2·{p} − {k}) / {s}⌋ + 1", o)
    if p == 0:
        return Relationship(1, "o = (i − k) + 1", f"({i} − {k}) + 1", o)
    if _half(k, p):
        return Relationship(3, "o = i + 2⌊k / 2⌋ − (k − 1)", f"{i} + 2⌊{k} / 2⌋ − ({k} − 1)", o)
    if p == k - 1:
        return Relationship(4, "o = i + (k − 1)", f"{i} + ({k} − 1)", o)
    return Relationship(2, "o = (i − k) + 2p + 1", f"({i} − {k}) + 2·{p} + 1", o)


def _transposed(case: Case, axis: int) -> Relationship:
    i, k, s, p, d = _letters(case, axis)
    a, o = case.output_padding[axis], case.out_size[axis]
    if d > 1:
        return Relationship(
            None,
            "o′ = s(i′ − 1) + d(k − 1) + 1 − 2p + a",
            f"{s}·({i} − 1) + {d}·({k} − 1) + 1 − 2·{p} + {a}",
            o,
        )
    if a:
        return Relationship(
            14, "o′ = s(i′ − 1) + a + k − 2p", f"{s}·({i} − 1) + {a} + {k} − 2·{p}", o
        )
    if s > 1 and p == 0:
        return Relationship(12, "o′ = s(i′ − 1) + k", f"{s}·({i} − 1) + {k}", o)
    if s > 1:
        return Relationship(13, "o′ = s(i′ − 1) + k − 2p", f"{s}·({i} − 1) + {k} − 2·{p}", o)
    if p == 0:
        return Relationship(8, "o′ = i′ + (k − 1)", f"{i} + ({k} − 1)", o)
    if _half(k, p):
        return Relationship(10, "o′ = i′ + (k − 1) − 2p", f"{i} + ({k} − 1) − 2·{p}", o)
    if p == k - 1:
        return Relationship(11, "o′ = i′ − (k − 1)", f"{i} − ({k} − 1)", o)
    return Relationship(9, "o′ = i′ + (k − 1) − 2p", f"{i} + ({k} − 1) − 2·{p}", o)


def _pooling(case: Case, axis: int) -> Relationship:
    """The guide's pooling has no padding and no dilation, and rounds down."""
    i, k, s, p, d = _letters(case, axis)
    o = case.out_size[axis]
    floored = (i + 2 * p - d * (k - 1) - 1) // s + 1
    if p == 0 and d == 1 and o == floored:
        return Relationship(7, "o = ⌊(i − k) / s⌋ + 1", f"⌊({i} − {k}) / {s}⌋ + 1", o)
    opening, closing = ("⌈", "⌉") if case.ceil_mode else ("⌊", "⌋")
    last = ""
    letters = f"o = {opening}(i + 2p − d(k − 1) − 1) / s{closing} + 1"
    if case.ceil_mode and o != -(-(i + 2 * p - d * (k - 1) - 1) // s) + 1:
        last = " − 1"  # the last window would begin behind the input
    numbers = f"{opening}({i} + 2·{p} − {d}·({k} − 1) − 1) / {s}{closing} + 1"
    return Relationship(None, letters + last, numbers + last, o)


def _half(k: int, p: int) -> bool:
    """Half padding: an odd kernel that keeps the size."""
    return k % 2 == 1 and p == k // 2


def _letters(case: Case, axis: int) -> tuple[int, int, int, int, int]:
    return (
        case.in_size[axis],
        case.kernel[axis],
        case.stride[axis],
        case.padding[axis],
        case.dilation[axis],
    )
