"""Finds the grid that tiles of a network start on, and why some networks cannot be tiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.graph import Node
from analysis.operators.contract import PeriodicTaps, UnknownTaps
from analysis.receptive_field.taps import Reading, readings

Jumps = tuple[Fraction, ...]
"""Input pixels from one unit of a layer to the next, axis by axis."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What holds of one layer and all before it.

    A tile that starts at a multiple of `grid` input pixels (axis by axis) has every layer's units
    at the same places as the whole. `jumps` are those of the layer itself.
    """

    grid: tuple[int, ...]
    jumps: Jumps


def alignment(facts: Facts, layer: str) -> Alignment | Fault:
    """The grid for tiles of this layer's output, or why no tile gives what the whole does.

    Strict: statistics over a map and gates count as reading the whole of it.
    """
    graph = facts.graph
    found: dict[str, Jumps] = {}
    grid: list[int] = []
    for node in graph.nodes:
        if node.id != layer and node.id not in graph.ancestors(layer):
            continue
        if fault := _placed(facts, node):
            return fault
        if node.operator.key == "input":
            rank = len(facts.shapes[node.id]) - 1
            found[node.id] = (Fraction(1),) * rank
            grid = grid or [1] * rank
            continue
        ways = list(readings(graph, node, facts.shapes, strict=True))
        if fault := _refused(node, ways):
            return fault
        jumps = _jumps(ways, found, grid)
        if isinstance(jumps, Fault):
            return Fault(jumps.code, (node.id,))
        if jumps is not None:
            found[node.id] = jumps
    if layer not in found or not found[layer]:
        return Fault("tiles-no-map", (layer,))
    return Alignment(tuple(grid), found[layer])


def _placed(facts: Facts, node: Node) -> Fault | None:
    """Why what this node makes depends on where it stands in the whole, if it does."""
    shape = facts.shapes.get(node.id)
    if shape is None:
        return Fault("graph-cannot-run", (node.id, "unknown-shape"))
    spread = any(length > 1 for length in shape[1:])
    if node.operator.key == "noise" and spread:
        return Fault("tiles-fixed", (node.id,))
    if not node.inputs and node.operator.key != "input" and spread:
        return Fault("tiles-fixed", (node.id,))
    return None


def _refused(node: Node, ways: list[tuple[str, Reading]]) -> Fault | None:
    """Why this node needs the whole of what it reads, if it does."""
    for _, how in ways:
        if how is None:
            continue
        if isinstance(how, UnknownTaps):
            return Fault("tiles-unknown", (node.id,))
        if not isinstance(how, tuple):
            statistics = node.operator.global_statistics
            return Fault("tiles-statistics" if statistics else "tiles-whole", (node.id,))
        if any(not isinstance(taps, PeriodicTaps) for taps in how):
            return Fault("tiles-no-period", (node.id,))
        periodic = [taps for taps in how if isinstance(taps, PeriodicTaps)]
        if any(taps.advance == 0 for taps in periodic):
            return Fault("tiles-whole", (node.id,))
        if any(taps.border == "circular" and taps.offsets != ((0,),) for taps in periodic):
            return Fault("tiles-circular", (node.id,))
    return None


def _jumps(
    ways: list[tuple[str, Reading]], found: Mapping[str, Jumps], grid: list[int]
) -> Jumps | Fault | None:
    """The jumps of a node from those it reads; the grid grows so that each of them fits it.

    None of a node that reads no map. Its inputs must agree on the jumps.
    """
    seen: Jumps | None = None
    for source, how in ways:
        if not isinstance(how, tuple) or not how or source not in found:
            continue
        before = found[source]
        if len(before) != len(how):
            return Fault("tiles-no-period")
        steps: list[Fraction] = []
        for axis, (taps, jump) in enumerate(zip(how, before, strict=True)):
            assert isinstance(taps, PeriodicTaps)
            # A shift by whole turns of the operator: so many pixels, or a multiple of them.
            turn = jump * taps.advance
            grid[axis] = lcm(grid[axis], turn.numerator)
            steps.append(turn / taps.period)
        made = tuple(steps)
        if seen is not None and made != seen:
            return Fault("tiles-no-period")
        seen = made
    return seen
