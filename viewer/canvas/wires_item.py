"""All wires of the network, painted by one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import (
    QAbstractAnimation,
    QEasingCurve,
    QObject,
    QPointF,
    QRectF,
    QVariantAnimation,
)
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QStyle,
    QStyleOptionGraphicsItem,
    QWidget,
)

from viewer.drawing.network.block_picture import FULL, REDUCED, NodePicture
from viewer.drawing.network.skip_label import paint_gate, paint_number_pill, paint_skip_label
from viewer.drawing.network.wire import (
    EdgePicture,
    EdgeState,
    is_plain,
    paint_edge,
    paint_plain_wires,
    ribbon_width,
)
from viewer.drawing.painting.text import text_scale
from viewer.look.palette import current_inks
from viewer.override_guard import Guarded

MARGIN = 40.0
GROW = 120
"""Milliseconds in which a ribbon goes to a new share."""
PLAIN_STATE = EdgeState()


class WiresItem(Guarded, QGraphicsItem):
    """One item for every wire: with one each, large networks painted an order slower."""

    def __init__(self, scene: QObject) -> None:
        """The animation belongs to `scene`, so that it ends with it."""
        super().__init__()
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.zoom = 1.0
        self.edges: tuple[EdgePicture, ...] = ()
        self.states: dict[int, EdgeState] = {}
        self.bottleneck: tuple[NodePicture, str] | None = None
        self._bound = QRectF()
        self._bounds: list[QRectF] = []
        self._widths: dict[int, float] = {}
        self._far: tuple[frozenset[int], QPainterPath] | None = None
        """The plain wires and one path of them all, for a network seen from far."""
        self._tween = QVariantAnimation(scene)
        self._tween.setStartValue(0.0)
        self._tween.setEndValue(1.0)
        self._tween.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._tween.valueChanged.connect(lambda _: self.update())

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
        self._far = None
        self.update()

    def show_states(
        self,
        states: Mapping[int, EdgeState],
        bottleneck: tuple[NodePicture, str] | None,
    ) -> None:
        """Take other states, by the wires' places in the list."""
        if states != self.states or bottleneck != self.bottleneck:
            shown = {i: self._width(i, state) for i, state in self.states.items() if state.live}
            self.states = dict(states)
            self._far = None
            self.bottleneck = bottleneck
            # Under a field that follows the pointer wires are kept as pixels: they stand still.
            still = any(state.in_field for state in states.values())
            cached = QGraphicsItem.CacheMode.DeviceCoordinateCache
            self.setCacheMode(cached if still else QGraphicsItem.CacheMode.NoCache)
            self._grow_from(shown)
            self.update()

    def _grow_from(self, shown: Mapping[int, float]) -> None:
        """Let ribbons whose measure is another one go to their new width."""
        moved = {
            i: width
            for i, width in shown.items()
            if i in self.states and abs(ribbon_width(self.states[i]) - width) > 0.1
        }
        if not moved:
            return
        self._widths = moved
        self._tween.stop()
        self._tween.setDuration(GROW if _animated() else 0)
        self._tween.start()

    def _width(self, index: int, state: EdgeState) -> float:
        """Width of a ribbon at this moment."""
        end = ribbon_width(state)
        start = self._widths.get(index, end)
        if not self.moving:
            return end
        return start + (end - start) * float(self._tween.currentValue())

    @property
    def moving(self) -> bool:
        """Whether a ribbon is on its way to another width."""
        return self._tween.state() == QAbstractAnimation.State.Running

    def state(self, index: int) -> EdgeState:
        """How a wire is shown; a ribbon on its way to another width has the width of now."""
        state = self.states.get(index, PLAIN_STATE)
        return replace(state, width=self._width(index, state)) if self.moving else state

    def _far_wires(self) -> tuple[frozenset[int], QPainterPath]:
        """The wires that look alike from far, and their common path."""
        if self._far is None:
            plain = frozenset(
                i
                for i, edge in enumerate(self.edges)
                if is_plain(edge, self.states.get(i, PLAIN_STATE))
            )
            path = QPainterPath()
            for i in plain:
                path.addPath(self.edges[i].path)
            self._far = plain, path
        return self._far

    def indices_near(self, point: QPointF) -> list[int]:
        """Places in the list of the wires whose surroundings hold a point of the canvas."""
        return [i for i, bound in enumerate(self._bounds) if bound.contains(point)]

    def boundingRect(self) -> QRectF:
        return self._bound

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        inks = current_inks()
        seen = option.exposedRect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.zoom >= REDUCED)
        shown = [i for i, bound in enumerate(self._bounds) if bound.intersects(seen)]
        if self.zoom < REDUCED:
            plain, path = self._far_wires()
            paint_plain_wires(painter, inks, path)
            shown = [i for i in shown if i not in plain]
        states = {i: self.state(i) for i in shown}
        for lit in (False, True):
            for i in shown:
                if states[i].in_field is lit:
                    paint_edge(painter, inks, self.edges[i], states[i])
        if self.zoom < FULL:
            return
        scale = text_scale(self.zoom)
        for i in shown:
            edge, state = self.edges[i], states[i]
            if state.live and edge.gated:
                paint_skip_label(painter, inks, edge, state, scale)
                paint_gate(painter, inks, edge, state, scale)
        if self.bottleneck is not None:
            paint_number_pill(painter, inks, *self.bottleneck, scale)


def _animated() -> bool:
    """Whether the system lets things move."""
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
