"""Finds by trying what divides the sides of a picture that a forward takes, where views part it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import gcd
from typing import Any

from .probe import Probe
from .same_calls import packet_of, shape_of

VIEWS = ("view", "reshape", "_unsafe_view", "unflatten")
TIMES = (1, 2, 4, 8, 16, 32)
"""How often a step is added: one that a stride swallows shows when it is added often enough."""
LONGEST = 3.0
"""Seconds of the processor after which the sizes that were tried are left at that."""


def multiples_taken(probe: Probe, program: Any, sides: Sequence[int]) -> list[int] | None:
    """By how much each side of the picture can grow at least: the sides are its multiples.

    Where none can grow by itself, by how much all of them can. None where no view parts an axis,
    where the forward takes no other size, and where it takes too long to find out.
    """
    if not any(map(_parts, program.graph.nodes)):
        return None
    end = time.process_time() + LONGEST

    def takes(more: Sequence[int]) -> bool:
        if time.process_time() > end:
            raise TimeoutError
        return probe.at(more) is not None

    def least(side: int, grows: Sequence[int]) -> int | None:
        """The least divisor of a side by whose multiples those axes can grow."""
        for n in range(1, side + 1):
            if side % n == 0 and all(takes([n * each * way for way in grows]) for each in TIMES):
                return n
        return None

    axes = range(len(sides))
    try:
        found = [least(n, [int(axis == at) for at in axes]) for axis, n in enumerate(sides)]
        if None in found and len(sides) > 1:
            found = [least(gcd(*sides), [1] * len(sides))] * len(sides)
    except TimeoutError:
        return None
    return None if None in found else [n for n in found if n is not None]


def _parts(node: Any) -> bool:
    """Whether it is a view of more axes than what it views."""
    if packet_of(node) not in VIEWS:
        return False
    before, after = shape_of(node.args[0]), shape_of(node)
    return before is not None and after is not None and len(after) > len(before)
