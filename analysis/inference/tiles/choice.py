"""Chooses the size of tiles: what is computed least often twice, within the memory there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.faults import Fault
from analysis.inference.tiles.plan import TilePlan, Tiler

GAIN = 1.15
"""Larger tiles are taken only where they compute so many times less: small ones show progress."""
Why = Literal["asked", "whole", "memory", "enough"]
"""Why tiles are of their size: somebody said so, the picture is one, larger ones do not fit the
memory, or larger ones would save little."""


@dataclass(frozen=True)
class TileChoice:
    """The tiles that were chosen, and what one of them needs in bytes.

    `work` is how many times the picture's pixels are computed, since tiles overlap.
    """

    plan: TilePlan
    needed: int
    why: Why

    @property
    def work(self) -> float:
        """Pixels of all tiles over those of the picture."""
        return work_of(self.plan)


def work_of(plan: TilePlan) -> float:
    """Pixels of all tiles over those of the whole, 1 where no two overlap."""
    found = 1.0
    for spans, side, whole in zip(plan.spans, plan.tile, plan.size, strict=True):
        found *= len(spans) * side / whole
    return found


def chosen(
    tiler: Tiler,
    sides: Sequence[int],
    needed: Callable[[TilePlan], int],
    most: float | None,
) -> TileChoice | Fault:
    """The smallest tiles of those that cost about the least, of the ones that need under `most`.

    `sides` are tried from the smallest on, each as the longest side of a tile; where the network
    sees further than that, tiles are larger. Where none fits it is the smallest.
    """
    found: list[TileChoice] = []
    beyond: TilePlan | None = None
    for tile in dict.fromkeys(tiler.evened((side,) * len(tiler.size)) for side in sorted(sides)):
        plan = tiler.plan(tile)
        if isinstance(plan, Fault):
            return plan
        bytes_ = needed(plan)
        if found and most is not None and bytes_ >= most:
            beyond = plan
            break
        found.append(TileChoice(plan, bytes_, "enough"))
    least = min(each.work for each in found)
    taken = next(each for each in found if each.work <= GAIN * least)
    if taken.plan.count == 1:
        return TileChoice(taken.plan, taken.needed, "whole")
    if beyond is not None and GAIN * work_of(beyond) < taken.work:
        return TileChoice(taken.plan, taken.needed, "memory")
    return taken
