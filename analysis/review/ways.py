"""Follows every way from the input to a layer: where it puts the layer's units, and what did so.

Of a way the moves of its operators add up: that of each is how far the middle of its output lies
from the middle of its input, in pixels of the network's input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.facts import Facts
from analysis.graph import Node
from analysis.operators import (
    Crop,
    CropLike,
    Operator,
    ResizeLike,
    Roll,
    TransposedConvolution,
    Upsample,
)
from analysis.operators.contract import Shape, Taps
from analysis.receptive_field.taps import readings
from analysis.review.causal import looked_back
from analysis.review.grid import ITSELF, Lattices, moved
from analysis.review.windows import slides

MOST_WAYS = 16
"""Ways kept of a layer; those that put its units at the same places are one."""

NOTHING = 1e-6
"""Input pixels that are no move, for rounding."""

Cause = Literal["crop", "padding", "roll", "up", "resize", "stride", "drop"]
"""A crop or padding with more on one side, a map rolled, one made larger by a transposed
convolution, one interpolated, a window that steps, rows that no window reaches at the end."""


@dataclass(frozen=True)
class Way:
    """Where one path puts a layer's units, axis by axis, and by how much each cause moved them."""

    lattices: Lattices
    moves: tuple[Mapping[Cause, float], ...]


Ways = tuple[Way, ...]


def ways(facts: Facts, extents: Mapping[str, float]) -> dict[str, Ways | None]:
    """The ways to every layer that has a shape, by the smallest of `extents`; None unknown."""
    found: dict[str, Ways | None] = {}
    for node in facts.graph.nodes:
        if node.id in facts.shapes:
            found[node.id] = _of(node, facts, found, extents)
    return found


def _of(
    node: Node, facts: Facts, found: Mapping[str, Ways | None], extents: Mapping[str, float]
) -> Ways | None:
    shapes = facts.shapes
    if not node.inputs:
        axes = len(shapes[node.id]) - 1
        still = Way((ITSELF,) * axes, ({},) * axes)
        return (still,) if node.operator.key == "input" else None
    if node.operator.pointwise and len(node.inputs) == 1:
        source = node.inputs[0]
        if shapes[source][1:] == shapes[node.id][1:]:
            return found[source]
    if any(source not in shapes for source in node.inputs):
        return None
    ports: list[tuple[float, Ways]] = []
    back = looked_back(facts.graph, node)
    for source, how in readings(facts.graph, node, shapes, False):
        if how is None:
            continue
        seen = found.get(source)
        if not isinstance(how, tuple) or seen is None or len(how) != len(seen[0].lattices):
            return None
        sizes = shapes[source], shapes[node.id]
        led = [_led_on(each, node.operator, how, *sizes, back) for each in seen]
        if any(each is None for each in led):
            return None
        ports.append((extents[source], tuple(each for each in led if each is not None)))
    ports.sort(key=lambda pair: pair[0])
    return _distinct([way for _, led in ports for way in led]) or None


def _led_on(
    way: Way,
    operator: Operator,
    how: Sequence[Taps],
    source: Shape,
    own: Shape,
    back: Sequence[float],
) -> Way | None:
    lattices = moved(operator, how, way.lattices, source, own, back)
    if lattices is None:
        return None
    if lattices == way.lattices and source[1:] == own[1:]:
        return way
    moves: list[Mapping[Cause, float]] = []
    rows = zip(way.moves, way.lattices, lattices, source[1:], own[1:], strict=True)
    for axis, (before, old, new, size, length) in enumerate(rows):
        by = new.at((length - 1) / 2) - old.at((size - 1) / 2)
        if abs(by) < NOTHING:
            moves.append(before)
            continue
        cause, dropped = _cause(operator, axis), _dropped(operator, axis, size, length) * old.step
        more: dict[Cause, float] = {cause: by + dropped, "drop": -dropped}
        moves.append({**before, **{c: before.get(c, 0.0) + n for c, n in more.items() if n}})
    return Way(lattices, tuple(moves))


def _dropped(operator: Operator, axis: int, size: int, length: int) -> float:
    """By how much rows that stay unread at the end put the middle of the output further down.

    Of a window as wide as its stride at least: a narrower one leaves rows out everywhere.
    """
    slid = slides(operator)
    if axis >= len(slid) or slid[axis].stride == 1 or slid[axis].extent < slid[axis].stride:
        return 0.0
    return slid[axis].left_over(size, length) / 2


def _cause(operator: Operator, axis: int) -> Cause:
    if isinstance(operator, Crop | CropLike):
        return "crop"
    if isinstance(operator, Roll):
        return "roll"
    if isinstance(operator, TransposedConvolution):
        return "up"
    if isinstance(operator, ResizeLike | Upsample):
        return "resize"
    strides: tuple[int, ...] = getattr(operator, "stride", ()) or getattr(operator, "step", ())
    return "stride" if axis < len(strides) and strides[axis] > 1 else "padding"


def _distinct(found: Iterable[Way]) -> Ways:
    places: dict[tuple[tuple[float, float], ...], Way] = {}
    for way in found:
        key = tuple((round(each.start, 6), round(each.step, 6)) for each in way.lattices)
        places.setdefault(key, way)
    return tuple(places.values())[:MOST_WAYS]


def moved_by(moves: Mapping[Cause, float]) -> dict[str, float]:
    """The moves as the numbers of a finding: `crop_pixels`, `padding_pixels` …, none of nothing."""
    return {f"{cause}_pixels": round(by, 4) for cause, by in moves.items() if abs(by) > NOTHING}
