"""What a forward computes from its picture's size: the same forward at another size."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from math import gcd
from typing import Any

from .quick_export import export_quickly

SIZED = ("pad", "constant_pad_nd", "slice", "narrow")
"""Calls whose numbers a forward often computes from sizes."""
RESIZING = ("upsample", "_upsample")
POOLING = ("avg_pool", "max_pool")
VIEWS = ("view", "reshape", "_unsafe_view", "unflatten")
STEPS = (-1, 1)
"""By how much the sides differ: pooling drops a row of the first, the second is padded much."""
TIMES = (1, 2, 4, 8, 16, 32)
"""How often a step is added: one that a stride swallows shows when it is added often enough."""
LEAST = 16
"""The shortest side that another size is tried of."""


def at_other_size(
    model: Any, examples: Sequence[Any], picture: Any, program: Any
) -> dict[str, list[int]]:
    """The shape of every call's result at another size of the picture, by the call's name.

    Nothing where no call could depend on it, where the forward fails there, and where it does
    not make the same calls.
    """
    import torch

    sides = picture.shape[2:]
    if not any(map(_may_depend, program.graph.nodes)) or min(sides, default=0) < LEAST:
        return {}
    shape = [*picture.shape[:2], *(n + STEPS[i % 2] for i, n in enumerate(sides))]
    other = [torch.zeros(shape, dtype=each.dtype) if each is picture else each for each in examples]
    try:
        with _unlogged():
            again = export_quickly(model, other, {})
    except Exception:  # noqa: BLE001 - the size is ours: its failure says nothing to anybody
        return {}
    before, after = list(program.graph.nodes), list(again.graph.nodes)
    if [(n.name, str(n.target)) for n in before] != [(n.name, str(n.target)) for n in after]:
        return {}
    return {node.name: found for node in after if (found := _shape(node)) is not None}


def multiple_taken(model: Any, examples: Sequence[Any], picture: Any, program: Any) -> int | None:
    """The least number by which all sides of the picture can grow: they are its multiples.

    None where no view parts an axis, and where the forward takes no other size. Tensors without
    numbers are what it is tried with.
    """
    from torch._subclasses.fake_tensor import FakeTensorMode

    sides = [int(n) for n in picture.shape[2:]]
    if not sides or not any(map(_parts, program.graph.nodes)):
        return None
    common = gcd(*sides)

    def takes(more: int) -> bool:
        try:
            model(*(_grown(each, more if each is picture else 0) for each in examples))
        except Exception:  # noqa: BLE001 - the size is ours
            return False
        return True

    with _unlogged(), FakeTensorMode(allow_non_fake_inputs=True):
        divisors = (n for n in range(1, common + 1) if common % n == 0)
        return next((n for n in divisors if all(takes(n * times) for times in TIMES)), None)


def _grown(tensor: Any, more: int) -> Any:
    import torch

    shape = [n + more if axis > 1 else n for axis, n in enumerate(tensor.shape)]
    return torch.zeros(shape, dtype=tensor.dtype)


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
    packet = str(node.target).partition(".")[2].partition(".")[0]
    if node.op != "call_function" or packet not in VIEWS:
        return False
    before, after = _shape(node.args[0]), _shape(node)
    return before is not None and after is not None and len(after) > len(before)


def _may_depend(node: Any) -> bool:
    if node.op != "call_function":
        return False
    packet = str(node.target).partition(".")[2].partition(".")[0]
    if packet in SIZED:
        return packet in SIZED[:2] or _dim(node.args) >= 2
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


def _shape(node: Any) -> list[int] | None:
    value: Any = node.meta.get("val")
    return [int(n) for n in value.shape] if hasattr(value, "shape") else None
