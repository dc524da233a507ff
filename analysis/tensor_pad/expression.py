"""The parts of a line: what it says, and where each part stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""First character and the one after the last."""


@dataclass(frozen=True, slots=True)
class Number:
    """A literal: a number, True, False or None."""

    value: int | float | bool | None
    span: Span


@dataclass(frozen=True, slots=True)
class Word:
    """A name that stands for a value: `torch.float64`, `float`, `pi`."""

    name: str
    """As it is written, with `torch.` where that is."""
    span: Span


@dataclass(frozen=True, slots=True)
class Items:
    """A list or a tuple."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """`name(…)`, or `receiver.name(…)` where there is a receiver."""

    name: str
    receiver: Expression | None
    arguments: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Attribute:
    """`receiver.name`, such as `.T` or `.shape`."""

    name: str
    receiver: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Slice:
    """`start:stop:step` in brackets; what is left out is None."""

    start: Expression | None
    stop: Expression | None
    step: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class AllAxes:
    """`…` in brackets: all axes that are not named."""

    span: Span


@dataclass(frozen=True, slots=True)
class Index:
    """`receiver[part, part, …]`."""

    receiver: Expression
    parts: tuple[Expression | Slice | AllAxes, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """`-a`, or `a + b` and the like."""

    sign: str
    operands: tuple[Expression, ...]
    span: Span


Expression: TypeAlias = Number | Word | Items | Call | Attribute | Index | Operation


@dataclass(frozen=True, slots=True)
class Line:
    """A line that has been read."""

    text: str
    expression: Expression
