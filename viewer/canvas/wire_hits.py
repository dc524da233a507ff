"""Finds the wire near a point, and which of its pieces between pills that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from analysis.graph import Edge
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.wire import EdgePicture
from viewer.session import Session


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
    near: list[int] = []
    for index in range(len(figure.edges)) if among is None else among:
        room = figure.edges[index].path.controlPointRect().adjusted(-reach, -reach, reach, reach)
        if room.contains(point):
            near.append(index)
    if not near:
        return None
    paths = np.stack([figure.edges[index].samples for index in near])
    distances = _distances(paths, point)
    which, at = np.unravel_index(np.argmin(distances), distances.shape)
    if distances[which, at] > reach:
        return None
    index = near[int(which)]
    return WireHit(index, *_piece(figure, figure.edges[index], int(at)))


def _distances(paths: NDArray[np.float64], point: QPointF) -> NDArray[np.float64]:
    """From a point to the straight pieces between the samples of paths (…, samples, 2)."""
    starts, along = paths[..., :-1, :], np.diff(paths, axis=-2)
    away = np.array(point.toTuple()) - starts
    lengths = (along**2).sum(-1)
    part = np.clip((away * along).sum(-1) / np.where(lengths > 0, lengths, 1.0), 0.0, 1.0)
    found: NDArray[np.float64] = np.hypot(*np.moveaxis(away - along * part[..., None], -1, 0))
    return found


def _piece(figure: Figure, edge: EdgePicture, at: int) -> tuple[str, str]:
    """The two boxes that the piece of a wire at a sample runs between."""
    before, after = edge.source, edge.target
    for name in edge.via:
        pill = figure.nodes.get(name)
        if pill is None:
            continue
        if int(np.argmin(_distances(edge.samples, pill.centre))) < at:
            before = name
        else:
            after = name
            break
    return before, after


def edges_of(session: Session, hit: WireHit) -> tuple[Edge, ...]:
    """The wires of the graph that the piece stands for."""
    return session.wires.get((hit.source, hit.target), ())
