"""What a forward does at other sizes of its picture: what it refuses, and what follows the size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any, Literal

from .multiples import multiples_taken
from .probe import Made, Probe
from .quick_export import export_quickly
from .quiet import unlogged
from .same_calls import (
    CUTTING,
    NO_CUT,
    PADDING,
    POOLING,
    numbers_of,
    packet_of,
    same_calls,
    shape_of,
)

RESIZING = ("upsample", "_upsample")
STEPS = (-1, 1)
"""By how much the sides differ: pooling drops a row of the first, the second is padded much."""
WIDER = (1, 2, 4, 8, 16, 32)
"""How often the longest step of its maps is added to a side, until the forward takes the size."""
LEAST = 16
"""Shorter sides become longer: volumes have few slices, and a deep network none to spare."""
Export = Callable[[Any, Sequence[Any], Mapping[str, Any]], Any]
"""The exported program of a model for these arguments, as `export_quickly` gives it."""
Outcome = Literal["refused", "same", "other", "calls"]
"""Of a size: nothing goes, the same calls with the same numbers, others, or as it was described."""


@dataclass
class Tried:
    """What came of another size of the picture, without batch.

    Of `calls` the program is there, and what is known of it at the sizes that were exported too.
    """

    shape: tuple[int, ...]
    outcome: Outcome
    program: Any = None
    elsewhere: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class OtherSizes:
    """`elsewhere` are the shapes and numbers of the program's own calls, one entry for each size.

    `shapes` are the shapes of the calls' results by the calls' names, `numbers` the rows that
    paddings add, the windows of poolings and the first rows that cuts leave. `multiples` divide
    each side that is taken, where views part maps; `step` is by how much those of `tried` that is
    no odd size were grown, or 0 where they were doubled and more.
    """

    elsewhere: list[dict[str, Any]] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    multiples: list[int] | None = None
    step: int = 1


def at_other_sizes(
    model: Any,
    examples: Sequence[Any],
    picture: Any,
    program: Any,
    export: Export = export_quickly,
) -> OtherSizes:
    """What the forward does at a size that is one off, and at one of longer sides that it takes.

    Where a padding adds other rows there, a third size tells to what multiple it pads.
    """
    found = OtherSizes()
    if picture.shape[2:]:
        _Trials(model, examples, picture, program, export).run(found)
    return found


class _Trials:
    def __init__(
        self, model: Any, examples: Sequence[Any], picture: Any, program: Any, export: Export
    ) -> None:
        self._model, self._examples, self._picture = model, examples, picture
        self._program, self._export = program, export
        self._sides = [int(n) for n in picture.shape[2:]]
        self._probe = Probe(model, examples, picture)

    def run(self, found: OtherSizes) -> None:
        odd = [STEPS[i % 2] if n >= LEAST else 1 for i, n in enumerate(self._sides)]
        made = self._probe.at(odd)
        first, near = self._tried(odd, made if self._may_differ(made) else self._probe.here)
        others = [near] if near is not None else []
        if near is not None and (here := same_calls(self._nodes, [*near.graph.nodes])) is not None:
            past = _past_multiple(self._program, here["numbers"], self._sides)
            again = self._exported(past) if past is not None else None
            others += [again] if again is not None else []
        elif near is not None:
            first.outcome, first.program = "other", None
        found.tried.append(first)
        found.step, more, made = self._wider()
        second, wide = self._tried(more, made)
        found.tried.append(second)
        found.elsewhere = self._alike(self._program, [*others, wide])
        for each in found.tried:
            if each.program is not None:
                rest = [other for other in (*others, wide) if other is not each.program]
                each.elsewhere = self._alike(each.program, [self._program, *rest])
        if first.outcome in ("refused", "other"):
            found.multiples = multiples_taken(self._probe, self._program, self._sides)

    def _may_differ(self, made: Made | None) -> bool:
        """Whether other calls are made, or one that a size could be read of."""
        here = self._probe.here
        if made is None or here is None or self._probe.hides_numbers or made.names != here.names:
            return True
        return any(map(_may_depend, self._program.graph.nodes))

    @property
    def _nodes(self) -> list[Any]:
        return [*self._program.graph.nodes]

    def _wider(self) -> tuple[int, list[int], Made | None]:
        """The step, what is added to each side, and the calls there; None where all is refused."""
        step = gcd(_longest_step(self._program, self._sides), *self._sides)
        for each in [step * times for times in WIDER]:
            far = [each * max(1, n // (4 * each)) for n in self._sides]
            for rows in ([each] * len(far), far):
                more = [n * (at + 1) for at, n in enumerate(rows)]
                if (made := self._probe.at(more)) is None and self._probe.here is not None:
                    break
            else:
                return each, more, made
        more = [n * (at + 1) for at, n in enumerate(self._sides)]
        return 0, more, self._probe.at(more)

    def _tried(self, more: Sequence[int], made: Made | None) -> tuple[Tried, Any]:
        """What came of a size, and the program there where the calls have to be looked at."""
        sides = [n + rows for n, rows in zip(self._sides, more, strict=True)]
        shape = (int(self._picture.shape[1]), *sides)
        here = self._probe.here
        if made is None and here is not None:
            return Tried(shape, "refused"), None
        if made == here and not self._probe.hides_numbers:
            return Tried(shape, "same"), None
        program = self._exported(sides)
        if program is None:
            return Tried(shape, "other" if here is not None else "refused"), None
        return Tried(shape, "calls", program), program

    def _exported(self, sides: Sequence[int]) -> Any:
        import torch

        picture = self._picture
        shape = [*picture.shape[:2], *sides]
        other = torch.zeros(shape, dtype=picture.dtype)
        examples = [other if each is picture else each for each in self._examples]
        try:
            with unlogged():
                return self._export(self._model, examples, {})
        except Exception:  # noqa: BLE001 - the size is ours: its failure says nothing to anybody
            return None

    @staticmethod
    def _alike(program: Any, others: Sequence[Any]) -> list[dict[str, Any]]:
        nodes = [*program.graph.nodes]
        found = [same_calls(nodes, [*each.graph.nodes]) for each in others if each is not None]
        return [each for each in found if each is not None]


def _longest_step(program: Any, sides: Sequence[int]) -> int:
    """How many rows of the picture stand for one of its lowest map with several."""
    steps = [1]
    for node in program.graph.nodes:
        own = (shape_of(node) or [])[2:]
        if len(own) == len(sides):
            steps += [round(n / rows) for n, rows in zip(sides, own, strict=True) if rows > 1]
    return max(steps)


def _past_multiple(
    program: Any, numbers: dict[str, list[int]], sides: Sequence[int]
) -> list[int] | None:
    """Sides at which the first padding that differs has one row more to pad than it filled here.

    One that pads to a multiple then gives as much more as that multiple is.
    """
    for node in program.graph.nodes:
        if packet_of(node) not in PADDING or numbers_of(node) == numbers.get(node.name):
            continue
        before, after = shape_of(node.args[0]) or [], shape_of(node) or []
        if len(before) != len(sides) + 2 or 0 in before:
            return None
        rows = zip(sides, before[2:], after[2:], strict=True)
        return [round(n * (end + 1) / start) for n, start, end in rows]
    return None


def _may_depend(node: Any) -> bool:
    packet = packet_of(node)
    if packet in PADDING or packet == NO_CUT:
        return True
    if packet in CUTTING:
        return _dim(node.args) >= 2
    if packet.startswith(RESIZING):
        return len(node.args) > 1 and node.args[1] is not None  # else a factor says the size
    return packet.startswith(POOLING) and _is_whole(node.args)


def _is_whole(args: Sequence[Any]) -> bool:
    """Whether a pooling's window is as large as its map here."""
    size = [int(n) for n in args[0].meta["val"].shape[2:]]
    window = args[1] if isinstance(args[1], list | tuple) else [args[1]]
    return size in (list(window), list(window) * len(size))


def _dim(args: Sequence[Any]) -> int:
    found = args[1] if len(args) > 1 else 0
    return found if isinstance(found, int) else 0
