"""What a forward computes from its picture's size: the same forward at another size."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from .quick_export import export_quickly

SIZED = ("pad", "constant_pad_nd", "slice", "narrow")
"""Calls whose numbers a forward often computes from sizes."""
RESIZING = ("upsample", "_upsample")
POOLING = ("avg_pool", "max_pool")
STEPS = (-1, 1)
"""By how much the sides differ: pooling drops a row of the first, the second is padded much."""
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
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # torch logs what fails, of a size that nobody asked for
    try:
        again = export_quickly(model, other, {})
    except Exception:  # noqa: BLE001 - the size is ours: its failure says nothing to anybody
        return {}
    finally:
        logging.disable(level)
    before, after = list(program.graph.nodes), list(again.graph.nodes)
    if [(n.name, str(n.target)) for n in before] != [(n.name, str(n.target)) for n in after]:
        return {}
    return {node.name: found for node in after if (found := _shape(node)) is not None}


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
