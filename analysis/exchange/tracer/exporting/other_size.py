"""What a forward computes from its picture's size: the same forward at another size."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from math import gcd
from typing import Any

from .quick_export import export_quickly
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
VIEWS = ("view", "reshape", "_unsafe_view", "unflatten")
STEPS = (-1, 1)
"""By how much the sides differ: pooling drops a row of the first, the second is padded much."""
TIMES = (1, 2, 4, 8, 16, 32)
"""How often a step is added: one that a stride swallows shows when it is added often enough."""
LEAST = 16
"""Shorter sides become longer: volumes have few slices, and a deep network none to spare."""
Export = Callable[[Any, Sequence[Any], Mapping[str, Any]], Any]
"""The exported program of a model for these arguments, as `export_quickly` gives it."""


def at_other_sizes(
    model: Any,
    examples: Sequence[Any],
    picture: Any,
    program: Any,
    export: Export = export_quickly,
) -> list[dict[str, Any]]:
    """What the forward does at other sizes of the picture, one entry for each size.

    `shapes` are the shapes of the calls' results by the calls' names, `numbers` the rows that
    paddings add, the windows of poolings and the first rows that cuts leave. Nothing where no call
    could depend on the size, where the forward fails there, and where it does not make the same
    calls. Where a padding adds other rows there, a second size is tried that tells to what
    multiple it pads.
    """
    sides = picture.shape[2:]
    if not any(map(_may_depend, program.graph.nodes)) or not sides:
        return []
    first = [n + (STEPS[i % 2] if n >= LEAST else 1) for i, n in enumerate(sides)]

    def at(sides: Sequence[int]) -> dict[str, Any] | None:
        shape = [*picture.shape[:2], *sides]
        return _at(
            [_zeros(shape, each) if each is picture else each for each in examples],
            model, program, export,
        )  # fmt: skip

    found = at(first)
    if found is None:
        return []
    second = _past_multiple(program, found["numbers"], sides)
    again = at(second) if second is not None else None
    return [found] if again is None else [found, again]


def _zeros(shape: Sequence[int], like: Any) -> Any:
    import torch

    return torch.zeros(list(shape), dtype=like.dtype)


def _at(examples: Sequence[Any], model: Any, program: Any, export: Export) -> dict[str, Any] | None:
    try:
        with _unlogged():
            again = export(model, examples, {})
    except Exception:  # noqa: BLE001 - the size is ours: its failure says nothing to anybody
        return None
    return same_calls(list(program.graph.nodes), list(again.graph.nodes))


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


def multiples_taken(
    model: Any, examples: Sequence[Any], picture: Any, program: Any
) -> list[int] | None:
    """By how much each side of the picture can grow at least: the sides are its multiples.

    Where none can grow by itself, by how much all of them can. None where no view parts an axis,
    and where the forward takes no other size. Tensors without numbers are what it is tried with.
    """
    from torch._subclasses.fake_tensor import FakeTensorMode

    sides = [int(n) for n in picture.shape[2:]]
    if not sides or not any(map(_parts, program.graph.nodes)):
        return None

    def takes(more: Sequence[int]) -> bool:
        try:
            model(
                *(_grown(each, more) if each is picture else _grown(each, ()) for each in examples)
            )
        except Exception:  # noqa: BLE001 - the size is ours
            return False
        return True

    def least(side: int, grows: Sequence[int]) -> int | None:
        """The least divisor of a side by whose multiples those axes can grow."""
        for n in range(1, side + 1):
            if side % n == 0 and all(takes([n * each * way for way in grows]) for each in TIMES):
                return n
        return None

    axes = range(len(sides))
    with _unlogged(), FakeTensorMode(allow_non_fake_inputs=True):
        found = [least(n, [int(axis == at) for at in axes]) for axis, n in enumerate(sides)]
        if None in found and len(sides) > 1:
            found = [least(gcd(*sides), [1] * len(sides))] * len(sides)
    return None if None in found else [n for n in found if n is not None]


def _grown(tensor: Any, more: Sequence[int]) -> Any:
    """An empty tensor with so much longer spatial axes."""
    import torch

    sizes = zip_longest(tensor.shape, (0, 0, *more), fillvalue=0)
    return torch.zeros([n + longer for n, longer in sizes], dtype=tensor.dtype)


@contextlib.contextmanager
def _unlogged() -> Iterator[None]:
    """Nothing is logged: torch does so of what fails, at a size that nobody asked for."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(level)


def _parts(node: Any) -> bool:
    """Whether it is a view of more axes than what it views."""
    if packet_of(node) not in VIEWS:
        return False
    before, after = shape_of(node.args[0]), shape_of(node)
    return before is not None and after is not None and len(after) > len(before)


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
