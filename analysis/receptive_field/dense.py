"""Finds the layers each of whose units sees all of its box, in one pass from the input on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.graph import Graph, Node
from analysis.operators.contract import SAME, ListedTaps, PeriodicTaps, Shape, Taps
from analysis.receptive_field.borders import rows_read
from analysis.receptive_field.tables import AxisTable, LayerTable, Tables
from analysis.receptive_field.taps import readings


def dense_layers(graph: Graph, shapes: Mapping[str, Shape], seen: Tables) -> frozenset[str]:
    """The layers whose boxes in `seen` are known to have no holes; of others it cannot be told.

    A unit sees all of its box where those of the units that it reads touch one another, and where
    of several inputs one sees all that the others see.
    """
    found: set[str] = set()
    for node in graph.nodes:
        if node.id in seen and _is_dense(graph, node, shapes, seen, found):
            found.add(node.id)
    return frozenset(found)


def _is_dense(
    graph: Graph, node: Node, shapes: Mapping[str, Shape], seen: Tables, found: set[str]
) -> bool:
    own = seen.layers[node.id]
    if not node.inputs:
        return node.operator.key == "input"
    if own.bound or any(source not in shapes for source in node.inputs):
        return False
    read = [(s, how) for s, how in readings(graph, node, shapes, False) if how is not None]
    if len(read) > 1:
        alike = all(isinstance(how, tuple) and all(h == SAME for h in how) for _, how in read)
        return alike and any(s in found and _equal(seen.layers[s], own) for s, _ in read)
    if not read or read[0][0] not in found:
        return False
    source, how = read[0]
    before = seen.layers[source].axes
    return (
        isinstance(how, tuple)
        and len(how) == len(before) == len(own.axes)
        and all(
            _touching(taps, axis, len(after.lo))
            for taps, axis, after in zip(how, before, own.axes, strict=True)
        )
    )


def _equal(one: LayerTable, other: LayerTable) -> bool:
    return len(one.axes) == len(other.axes) and all(
        a is b or (np.array_equal(a.lo, b.lo) and np.array_equal(a.hi, b.hi))
        for a, b in zip(one.axes, other.axes, strict=True)
    )


def _touching(taps: Taps, seen: AxisTable, length: int) -> bool:
    """Whether of the stretches that each unit reads along an axis every one touches the next."""
    if taps == SAME:
        return True
    if not isinstance(taps, PeriodicTaps | ListedTaps):
        return False
    rows = rows_read(taps, len(seen.lo), length)
    rows = np.sort(np.where(rows < 0, rows.max(axis=1, keepdims=True), rows), axis=1)
    lows, highs = seen.lo[rows], seen.hi[rows]
    if bool((lows < 0).any()) or bool((rows < 0).any()):
        return False
    apart = np.maximum(lows[:, 1:], lows[:, :-1]) > np.minimum(highs[:, 1:], highs[:, :-1])
    return not bool(apart.any())
