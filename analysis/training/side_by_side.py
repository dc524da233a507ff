"""Trains twins side by side: each on its own thread, with its share of the processor's cores.

Threads that share one network's work wait for each other hundreds of times in a step. Twins do
not, which is faster on few cores, and far faster beside other programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import torch

from analysis.operators import Dropout
from analysis.operators.noise import Noise
from analysis.training.recipe import Recipe
from analysis.training.twins import TwinNetwork


def side_by_side(twins: Sequence[TwinNetwork], recipe: Recipe) -> ThreadPoolExecutor | None:
    """Threads for the twins; None where they are trained one after the other.

    Sets how many threads torch gives to each. What draws from torch's one source of random
    numbers stays in one thread: else the numbers would hang on which was first.
    """
    at_once = min(len(twins), cores())
    if at_once < 2 or any(_draws(each, recipe) for each in twins):
        torch.set_num_threads(cores())
        return None
    torch.set_num_threads(max(1, cores() // at_once))
    return ThreadPoolExecutor(at_once, "twin")


@lru_cache(maxsize=1)
def cores() -> int:
    """How many threads torch had for this process before twins shared them."""
    return torch.get_num_threads()


def _draws(twin: TwinNetwork, recipe: Recipe) -> bool:
    penalty = twin.twin.penalty or recipe.penalty
    drawn = any(isinstance(node.operator, Dropout | Noise) for node in twin.graph.nodes)
    return drawn or penalty.kind == "contractive"
