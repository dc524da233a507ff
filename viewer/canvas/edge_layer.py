"""All wires of the network, painted by one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.drawing.edge import EdgePicture, EdgeState, paint_edge
from viewer.drawing.inks import current_inks
from viewer.drawing.lettering import text_scale
from viewer.drawing.node import FULL, REDUCED, NodePicture
from viewer.drawing.skip_label import paint_gate, paint_share_pill, paint_skip_label

MARGIN = 40.0


class EdgeLayer(QGraphicsItem):
    """One item for every wire: with one each, large networks painted an order slower."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.zoom = 1.0
        self.edges: tuple[EdgePicture, ...] = ()
        self.states: dict[int, EdgeState] = {}
        self.bottleneck: tuple[NodePicture, float] | None = None
        self._bound = QRectF()
        self._bounds: list[QRectF] = []

    def show_edges(self, edges: Sequence[EdgePicture]) -> None:
        """Take other wires."""
        self.prepareGeometryChange()
        self.edges = tuple(edges)
        self._bounds = [
            edge.path.controlPointRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            for edge in self.edges
        ]
        self._bound = QRectF()
        for bound in self._bounds:
            self._bound = self._bound.united(bound)
        self._bound.adjust(-2 * MARGIN, -2 * MARGIN, 2 * MARGIN, 2 * MARGIN)
        self.states = {}
        self.update()

    def show_states(
        self,
        states: Mapping[int, EdgeState],
        bottleneck: tuple[NodePicture, float] | None,
    ) -> None:
        """Take other states, by the wires' places in the list."""
        if states != self.states or bottleneck != self.bottleneck:
            self.states = dict(states)
            self.bottleneck = bottleneck
            self.update()

    def state(self, index: int) -> EdgeState:
        return self.states.get(index, EdgeState())

    def boundingRect(self) -> QRectF:
        return self._bound

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        inks = current_inks()
        seen = option.exposedRect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.zoom >= REDUCED)
        shown = [i for i, bound in enumerate(self._bounds) if bound.intersects(seen)]
        for lit in (False, True):
            for i in shown:
                if self.state(i).in_field is lit:
                    paint_edge(painter, inks, self.edges[i], self.state(i))
        if self.zoom < FULL:
            return
        scale = text_scale(self.zoom)
        for i in shown:
            edge, state = self.edges[i], self.state(i)
            if state.live and edge.kind == "skip":
                paint_skip_label(painter, inks, edge, state, scale)
                paint_gate(painter, inks, edge, state, scale)
        if self.bottleneck is not None:
            paint_share_pill(painter, inks, *self.bottleneck, scale)
