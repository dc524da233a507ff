"""The measure `shapley`: what each skip is worth, fair over all orders of switching them on.

φ of skip i is the mean, over all orders, of f with i and those before it minus f with those
before it alone (Shapley 1953). Exact up to MOST_EXACT skips; beyond it orders are drawn, each
with its reverse (Castro et al. 2009; Mitchell et al. 2022), and an interval says how sure it is.
Σ φ = f(all) − f(none) in both cases, and a skip that changes nothing gets 0.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.faults import Fault
from analysis.inference.measures.gated_outputs import GatedOutputs
from analysis.inference.measures.worth import UNITS, worth_of
from analysis.inference.protocol.measures import Contribution, Measured, MeasureRequest, Worth
from analysis.inference.slot import Loaded, Slot
from analysis.inference.watch import Cancel

MOST_EXACT = 6
"""Skips up to which all 2^L subsets are run."""
RUNS = 600
"""About so many runs of the decoder are spent on orders that are drawn."""
FEWEST_PAIRS = 4

Subset = frozenset[int]
Value = Callable[[Subset], float]
"""f with the skips of a subset on and the others off."""


@dataclass(frozen=True)
class Shapley:
    """Values of the skips in order; `orders` is 0 where all of them were counted."""

    values: tuple[float, ...]
    all: float
    none: float
    intervals: tuple[tuple[float, float], ...] = ()
    orders: int = 0


def shapley(
    request: MeasureRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Measured | Fault:
    """Shapley values of f in the slot's last run. Raises Cancelled and NodeError."""
    outputs = GatedOutputs(slot, loaded, cancelled)
    if not outputs.reached:
        return Fault("no-skips")
    worth = worth_of(slot, loaded, outputs.ungated())
    every = range(len(outputs.skips))
    found = shapley_values(
        len(outputs.skips), lambda on: worth(outputs.without([i for i in every if i not in on]))
    )
    intervals = found.intervals or (None,) * len(found.values)
    span = found.all - found.none
    return Measured(
        **request.run,
        measure=request.measure,
        skips={
            name: Contribution(value, interval=interval)
            for name, value, interval in zip(outputs.skips, found.values, intervals, strict=True)
        },
        exact=found.orders == 0,
        why=Fault("shapley-sampled", (found.orders, len(outputs.skips))) if found.orders else None,
        worth=Worth(worth.name, worth.against, found.all, found.none),
        sum_error=abs(sum(found.values) - span) / max(abs(span), 1e-30) if span else 0.0,
        unit=UNITS[worth.name],
    )


def shapley_values(count: int, value: Value, seed: int = 0) -> Shapley:
    """Shapley values of a game of `count` skips, exact or sampled."""
    if count <= MOST_EXACT:
        return _exact(count, value)
    return _sampled(count, value, random.Random(seed))


def _exact(count: int, value: Value) -> Shapley:
    found: dict[Subset, float] = {}
    for step in range(1 << count):
        # In Gray code one skip changes at a time, the shallowest, whose decoder is the shortest,
        # most often: every second run computes the last level alone.
        code = step ^ (step >> 1)
        on = frozenset(i for i in range(count) if not code >> i & 1)
        found[on] = value(on)
    whole = math.factorial(count)
    values = [0.0] * count
    for on, worth in found.items():
        for i in range(count):
            if i not in on:
                before = math.factorial(len(on)) * math.factorial(count - len(on) - 1)
                values[i] += before / whole * (found[on | {i}] - worth)
    every = frozenset(range(count))
    return Shapley(tuple(values), found[every], found[frozenset()])


def _sampled(count: int, value: Value, chance: random.Random) -> Shapley:
    known: dict[Subset, float] = {}

    def cached(on: Subset) -> float:
        if on not in known:
            known[on] = value(on)
        return known[on]

    pairs = max(FEWEST_PAIRS, RUNS // (2 * count))
    drawn: list[list[float]] = []
    for _ in range(pairs):
        order = chance.sample(range(count), count)
        there, back = _along(order, cached), _along(order[::-1], cached)
        drawn.append([(a + b) / 2 for a, b in zip(there, back, strict=True)])
    means = [sum(column) / pairs for column in zip(*drawn, strict=True)]
    quantile = _student(pairs - 1)
    intervals = []
    for mean, column in zip(means, zip(*drawn, strict=True), strict=True):
        variance = sum((each - mean) ** 2 for each in column) / (pairs - 1)
        half = quantile * math.sqrt(variance / pairs)
        intervals.append((mean - half, mean + half))
    every, none = cached(frozenset(range(count))), cached(frozenset())
    return Shapley(tuple(means), every, none, tuple(intervals), 2 * pairs)


def _along(order: Sequence[int], value: Value) -> list[float]:
    """What each skip adds when they are switched on in this order."""
    added = [0.0] * len(order)
    on: Subset = frozenset()
    before = value(on)
    for i in order:
        on |= {i}
        now = value(on)
        added[i], before = now - before, now
    return added


def _student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t, by the expansion of Cornish and Fisher (1937)."""
    z = 1.959964
    first = (z**3 + z) / (4 * freedom)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return z + first + second
