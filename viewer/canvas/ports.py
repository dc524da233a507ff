"""The ports of the blocks on the canvas: where wires leave, and where they enter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF

from analysis.graph import Edge
from analysis.graph.wiring import takes_more
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.wire import EdgePicture
from viewer.session import Session

GRAB, SMALL_GRAB = 12.0, 7.0
"""Screen px round a port that take hold of it; less at pills and joins."""


@dataclass(frozen=True)
class Port:
    """An end of wires at a block: the operator that gives or reads, and at which input.

    `edge` is the wire that enters there; None is an input that nothing feeds yet.
    """

    block: str
    way: Literal["in", "out"]
    at: QPointF
    node: str
    edge: Edge | None = None


def ports_of(figure: Figure, session: Session) -> tuple[Port, ...]:
    """Every port, those at the ends of drawn wires first; other blocks have them left and right."""
    found: list[Port] = []
    for edge in figure.edges:
        found += _ends(edge, session)
    have = {(port.block, port.way) for port in found}
    fed: dict[str, Edge] = {}
    for ends, edges in session.wires.items():
        fed.setdefault(ends[1], edges[0])
    for block in session.blocks:
        picture = figure.nodes.get(block.id)
        if picture is None:
            continue
        card, graph = picture.card, session.document.graph
        first, last = graph[block.nodes[0]], graph[block.output]
        middle = picture.map.center().y()
        if (block.id, "out") not in have and last.operator.key != "output":
            found.append(Port(block.id, "out", QPointF(card.right(), middle), last.id))
        if (block.id, "in") not in have and first.operator.key != "input":
            at, wire = QPointF(card.left(), middle), fed.get(block.id)
            node = wire.target if wire is not None else _reader(session, block.nodes)
            found.append(Port(block.id, "in", at, node, wire))
    return tuple(found)


def _ends(edge: EdgePicture, session: Session) -> Iterable[Port]:
    stops = (edge.source, *edge.via, edge.target)
    first = session.wires.get((stops[0], stops[1]), ())
    last = session.wires.get((stops[-2], stops[-1]), ())
    if first:
        yield Port(edge.source, "out", edge.start, first[0].source)
    if last:
        yield Port(edge.target, "in", edge.end, last[0].target, last[0])


def _reader(session: Session, nodes: tuple[str, ...]) -> str:
    """The operator of a block that lacks an input, else its first."""
    graph = session.document.graph
    lacking = (each for each in nodes if takes_more(graph, each) and not graph[each].inputs)
    return next(lacking, nodes[0])


def port_near(ports: Iterable[Port], point: QPointF, reach: float) -> Port | None:
    """The port nearest to a point, at most `reach` away."""
    best, least = None, reach
    for port in ports:
        away = port.at - point
        distance = float(QPointF.dotProduct(away, away) ** 0.5)
        if distance <= least:
            best, least = port, distance
    return best
