"""Orders the members of layers so that few of the wires between neighbouring layers cross.

The barycentre method of Sugiyama, Tagawa and Toda 1981: sweeps down and up the layers put each
member at the mean place of what it is joined to in the layer before; the order with the fewest
crossings is kept. Crossings are counted as by Barth, Mutzel and Jünger 2004.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

Member = TypeVar("Member", bound=Hashable)
SWEEPS, MOST_STEPS = 8, 60_000
"""Sweeps at most, and how many visits of a member all sweeps together may take."""


def ordered(
    layers: Sequence[Sequence[Member]], before: Mapping[Member, Sequence[Member]]
) -> list[list[Member]]:
    """The layers in an order with few crossings. `before` are a member's in the layer above it."""
    after: dict[Member, list[Member]] = {member: [] for layer in layers for member in layer}
    for member, sources in before.items():
        for source in sources:
            after[source].append(member)
    best = [list(layer) for layer in layers]
    fewest = crossings(best, before)
    now, idle = best, 0
    size = sum(map(len, layers)) + 1
    for sweep in range(min(SWEEPS, MOST_STEPS // size)):
        if not fewest or idle == 2:
            break
        now = _swept(now, before if sweep % 2 == 0 else after, backwards=sweep % 2 == 1)
        count = crossings(now, before)
        best, fewest, idle = (now, count, 0) if count < fewest else (best, fewest, idle + 1)
    return best


def crossings(layers: Sequence[Sequence[Member]], before: Mapping[Member, Sequence[Member]]) -> int:
    """How many pairs of wires between neighbouring layers cross."""
    total = 0
    for above, layer in pairwise(layers):
        place = {member: i for i, member in enumerate(above)}
        ends = [p for m in layer for p in sorted(place[s] for s in before.get(m, ()) if s in place)]
        total += _inversions(ends, len(above))
    return total


def _inversions(ends: Sequence[int], count: int) -> int:
    """Pairs that stand the wrong way round, by a tree of sums (Fenwick 1994)."""
    tree = [0] * (count + 1)
    found = 0
    for seen, end in enumerate(ends):
        at, smaller = end + 1, 0
        while at:
            smaller += tree[at]
            at &= at - 1
        found += seen - smaller
        at = end + 1
        while at <= count:
            tree[at] += 1
            at += at & -at
    return found


def _swept(
    layers: Sequence[Sequence[Member]],
    joined: Mapping[Member, Sequence[Member]],
    backwards: bool,
) -> list[list[Member]]:
    """Every layer sorted by the mean place of what it is joined to in the one sorted before it."""
    found: list[list[Member]] = []
    place: dict[Member, float] = {}
    for layer in reversed(layers) if backwards else layers:
        wish: dict[Member, float] = {}
        for i, member in enumerate(layer):
            near = [place[each] for each in joined.get(member, ()) if each in place]
            wish[member] = sum(near) / len(near) if near else i / max(len(layer) - 1, 1)
        found.append(sorted(layer, key=wish.__getitem__))
        last = max(len(layer) - 1, 1)
        place = {member: i / last for i, member in enumerate(found[-1])}
    return found[::-1] if backwards else found
