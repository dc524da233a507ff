"""Tells what of the scene lies at a point of the canvas: blocks, ports, gates, wires, captions."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF

from viewer.canvas.hit_test import NOTHING, SMALLEST_TARGET, Hit, block_near, skip_near
from viewer.canvas.items.block_item import BlockItem
from viewer.canvas.items.frames_item import FramesItem
from viewer.canvas.items.wires_item import WiresItem
from viewer.canvas.ports import GRAB, SMALL_GRAB, Port, port_near, ports_of
from viewer.canvas.wire_hits import wire_near
from viewer.drawing.network.block_caption import caption_rect, name_rect
from viewer.drawing.network.block_picture import FULL, PORTS
from viewer.drawing.network.figure import Figure
from viewer.drawing.painting.text import text_scale
from viewer.session import Session

OVER_BAND = 4.0
"""A wire's reach is divided by so much on the band of a frame."""


class SceneHits:
    """Answers hit tests of the scene whose items it is given. The scene sets `zoom`."""

    def __init__(
        self,
        session: Session,
        items: Mapping[str, BlockItem],
        edges: WiresItem,
        frames: FramesItem,
    ) -> None:
        """`items` is the scene's own mapping, which changes with the figure."""
        self.zoom = 1.0
        self._session, self._items = session, items
        self._edges, self._frames = edges, frames
        self._figure: Figure | None = None
        self._ports: tuple[Port, ...] | None = None

    def show_figure(self, figure: Figure) -> None:
        """Another figure, or the same one with other ports."""
        self._figure = figure
        self._ports = None

    def at(self, point: QPointF) -> Hit:
        """What lies at a point of the canvas: handles first, then blocks, then wires.

        On the band of a frame, which is a target itself, a wire reaches less far.
        """
        nodes = self._figure.nodes if self._figure is not None else {}
        frame = self._frame_at(point)
        zoom = self.zoom if frame is None else self.zoom * OVER_BAND
        found = (
            self.gate_at(point)
            or block_near(nodes, point, self.zoom)
            or skip_near(self._edges, point, zoom)
        )
        return found or self._wire_at(point, zoom) or frame or NOTHING

    def ports(self) -> tuple[Port, ...]:
        """Every port of the blocks, computed when it is first asked for."""
        if self._ports is None:
            figure = self._figure
            self._ports = ports_of(figure, self._session) if figure is not None else ()
        return self._ports

    def port_at(self, point: QPointF) -> Port | None:
        """The port that a press there takes hold of: only where ports are drawn."""
        if self.zoom < PORTS or self._figure is None:
            return None
        ports = self.ports() if self.zoom >= FULL else self._ports_of_maps(self._figure)
        found = port_near(ports, point, GRAB / self.zoom)
        node = self._figure.nodes.get(found.block) if found is not None else None
        if found is None or node is None or node.shape == "map":
            return found
        # A small operator is itself in its middle, and its ports reach less far.
        inner = node.card.adjusted(3, 3, -3, -3)
        near = port_near((found,), point, SMALL_GRAB / self.zoom)
        return None if inner.contains(point) else near

    def _ports_of_maps(self, figure: Figure) -> tuple[Port, ...]:
        """Without those of pills and joins, which are not drawn at every zoom."""
        return tuple(port for port in self.ports() if figure.nodes[port.block].shape == "map")

    def caption_at(self, point: QPointF) -> str:
        """The block whose caption lies there, empty where none does."""
        for name, item in self._items.items():
            one_line = self.zoom < FULL and not item.picture.fault
            room = (
                name_rect(item.captioned, self.zoom)
                if one_line
                else caption_rect(item.captioned, item.state, self.zoom)
            )
            if item.is_named and room.contains(point):
                return name
        return ""

    def gate_at(self, point: QPointF) -> Hit | None:
        """The gate nearest to a point: where several stand close their reach overlaps."""
        if not self._session.workspace.canvas.shows_gates:
            return None
        found: list[tuple[float, str]] = []
        for i, mark in self._edges.marks.items():
            reach = max(mark.radius * text_scale(self.zoom), SMALLEST_TARGET / 2 / self.zoom)
            away = mark.gate - point
            distance = float(QPointF.dotProduct(away, away) ** 0.5)
            skip = self._edges.edges[i].skip
            if distance <= reach and skip:
                found.append((distance, skip))
        return Hit("gate", min(found)[1]) if found else None

    def _frame_at(self, point: QPointF) -> Hit | None:
        frame = self._frames.band_at(point)
        if frame is None:
            return None
        return Hit("frame", frame.id, sign=self._frames.is_sign(frame, point))

    def _wire_at(self, point: QPointF, zoom: float) -> Hit | None:
        if not self._session.workspace.canvas.edits or self._figure is None:
            return None
        near = wire_near(self._figure, point, 6 / zoom, self._edges.indices_near(point))
        return Hit("wire", ends=(near.source, near.target)) if near is not None else None
