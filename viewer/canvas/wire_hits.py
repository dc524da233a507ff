"""Finds the wire near a point, and which of its pieces between pills that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from analysis.graph import Edge
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.wire import EdgePicture
from viewer.session import Session

SAMPLES = 48
"""Points of a wire that are tried."""


@dataclass(frozen=True)
class WireHit:
    """A wire, by its place in the figure, and the boxes at the ends of the piece that was hit."""

    index: int
    source: str
    target: str


def wire_near(
    figure: Figure, point: QPointF, reach: float, among: Iterable[int] | None = None
) -> WireHit | None:
    """The wire nearest to a point, at most `reach` canvas px away; of those at `among` if given."""
    best: tuple[float, int, int] | None = None
    for index in range(len(figure.edges)) if among is None else among:
        edge = figure.edges[index]
        room = edge.path.controlPointRect().adjusted(-reach, -reach, reach, reach)
        if not room.contains(point):
            continue
        at, distance = _nearest(edge.path, point)
        if distance <= reach and (best is None or distance < best[0]):
            best = distance, index, at
    if best is None:
        return None
    _, index, at = best
    return WireHit(index, *_piece(figure, figure.edges[index], at))


def _points(path: QPainterPath) -> list[QPointF]:
    return [path.pointAtPercent(each / SAMPLES) for each in range(SAMPLES + 1)]


def _nearest(path: QPainterPath, point: QPointF) -> tuple[int, float]:
    """The sample behind which the nearest straight piece of the path begins, and its distance."""
    points = _points(path)
    found = [_distance(a, b, point) for a, b in pairwise(points)]
    at = min(range(len(found)), key=found.__getitem__)
    return at, found[at]


def _distance(a: QPointF, b: QPointF, point: QPointF) -> float:
    along, away = b - a, point - a
    length = QPointF.dotProduct(along, along)
    part = min(max(QPointF.dotProduct(away, along) / length, 0.0), 1.0) if length else 0.0
    off = away - along * part
    return float(QPointF.dotProduct(off, off) ** 0.5)


def _piece(figure: Figure, edge: EdgePicture, at: int) -> tuple[str, str]:
    """The two boxes that the piece of a wire at a sample runs between."""
    before, after = edge.source, edge.target
    for name in edge.via:
        pill = figure.nodes.get(name)
        if pill is None:
            continue
        if _nearest(edge.path, pill.centre)[0] < at:
            before = name
        else:
            after = name
            break
    return before, after


def edges_of(session: Session, hit: WireHit) -> tuple[Edge, ...]:
    """The wires of the graph that the piece stands for."""
    return session.wires.get((hit.source, hit.target), ())
