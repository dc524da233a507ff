"""Trains twins side by side: each on its own thread, with its share of the processor's cores.

Threads that share one network's work wait for each other hundreds of times in a step. Twins do
not, which is faster on few cores, and far faster beside other programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import torch

from analysis.training.machine.apart import draws
from analysis.training.machine.machine import Machine
from analysis.training.recipe import Recipe
from analysis.training.twins import TwinNetwork

WIDE = 20_000_000
"""Multiply-accumulates of a forward pass from which on a second core is worth waiting for."""


def side_by_side(
    twins: Sequence[TwinNetwork], recipe: Recipe, machine: Machine
) -> ThreadPoolExecutor | None:
    """Threads for the twins; None where they are trained one after the other.

    A graphics card is one for all of them, processes meet twin by twin, and a compiler is no
    thing for two threads.

    Sets how many threads torch gives to each. What draws from torch's one source of random
    numbers stays in one thread: else the numbers would hang on which was first.
    """
    at_once = min(len(twins), cores())
    if recipe.compile or machine.device.type != "cpu" or machine.group.count > 1:
        at_once = 1
    if at_once < 2 or any(draws(each, recipe) for each in twins):
        torch.set_num_threads(cores() if any(_is_wide(each, recipe) for each in twins) else 1)
        return None
    torch.set_num_threads(max(1, cores() // at_once))
    return ThreadPoolExecutor(at_once, "twin")


@lru_cache(maxsize=1)
def cores() -> int:
    """How many threads torch had for this process before twins shared them."""
    return torch.get_num_threads()


def _is_wide(twin: TwinNetwork, recipe: Recipe) -> bool:
    """Whether a step has enough work for several cores; of less they wait for each other."""
    return (twin.twin.batch or recipe.batch) * twin.facts.macs > WIDE
