"""The wire near a point is the one that a look at every small piece of every wire finds."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from tests.viewer.networks import session_of
from viewer.canvas.wire_hits import wire_near
from viewer.drawing.network.figure import Figure, figure


@pytest.fixture(scope="module")
def drawn() -> Figure:
    session = session_of("unet_plus_plus:depth=4,base=8,size=64", workspace="build")
    return figure(session.blocks, session.facts, session.placement)


def away(a: tuple[float, float], b: tuple[float, float], point: tuple[float, float]) -> float:
    """From a point to the straight line between two others, by its end or its foot."""
    (x0, y0), (x1, y1), (x, y) = a, b, point
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    part = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length if length else 0.0
    part = min(max(part, 0.0), 1.0)
    return math.hypot(x - x0 - part * (x1 - x0), y - y0 - part * (y1 - y0))


def test_the_nearest_wire_is_found(drawn):
    random, reach, found = np.random.default_rng(5), 6.0, 0
    for _ in range(300):
        edge = drawn.edges[random.integers(len(drawn.edges))]
        on = edge.path.pointAtPercent(float(random.random()))
        x, y = on.x() + float(random.normal(0, 5)), on.y() + float(random.normal(0, 5))
        distances = [
            min(away((*a,), (*b,), (x, y)) for a, b in pairwise(each.samples))
            for each in drawn.edges
        ]
        hit = wire_near(drawn, QPointF(x, y), reach)
        assert (hit is not None) == (min(distances) <= reach)
        if hit is not None:
            found += 1
            assert distances[hit.index] == pytest.approx(min(distances))
    assert 50 < found < 300


def test_a_wire_meets_every_area_that_it_runs_through(drawn):
    random, apart = np.random.default_rng(6), 0
    for edge in drawn.edges:
        for _ in range(20):
            at = edge.path.pointAtPercent(float(random.random()))
            assert edge.meets(QRectF(at.x() - 1, at.y() - 1, 2, 2))
            far = QPointF(*random.uniform(-3000, 3000, 2))
            area = QRectF(far, far + QPointF(20, 20))
            if not edge.meets(area):
                apart += 1
                assert not any(area.contains(QPointF(*each)) for each in edge.samples)
    assert apart
