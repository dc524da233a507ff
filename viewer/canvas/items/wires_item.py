"""All wires of the network, painted by one item."""

from __future__ import annotations

from collections.abc import Mapping, Set
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
    QGraphicsItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from viewer.drawing.network.block_picture import FULL, REDUCED, NodePicture
from viewer.drawing.network.figure import Figure, united
from viewer.drawing.network.skip_label import paint_gate, paint_number_pill, paint_skip_label
from viewer.drawing.network.skip_marks import SkipMark, marks_key, skip_marks
from viewer.drawing.network.wire import (
    KINDS,
    EdgePicture,
    EdgeState,
    Kind,
    is_plain,
    paint_edge,
    paint_plain_wires,
    ribbon_width,
    shifted,
)
from viewer.drawing.painting.text import text_scale
from viewer.look.animation import animated
from viewer.look.palette import current_inks
from viewer.override_guard import Guarded

MARGIN = 40.0
GROW = 120
"""Milliseconds in which a ribbon goes to a new share."""
PLAIN_STATE = EdgeState()

_Paths = dict[Kind, QPainterPath]


class WiresItem(Guarded, QGraphicsItem):
    """The graphics item that draws all wires; with one item a wire large networks paint slowly."""

    def __init__(self, scene: QObject) -> None:
        """The animation belongs to `scene`, so that it ends with it."""
        super().__init__()
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.zoom = 1.0
        self.edges: tuple[EdgePicture, ...] = ()
        self.states: dict[int, EdgeState] = {}
        self.bottleneck: tuple[NodePicture, str] | None = None
        self.room, self._bound = QRectF(), QRectF()
        """What the wires themselves take, and that with what is drawn round them."""
        self._bounds: list[QRectF] = []
        self._widths: dict[int, float] = {}
        self._figure = Figure({}, ())
        self._marks: tuple[tuple[object, ...], dict[int, SkipMark]] | None = None
        """Where the gates and labels of skips stand, and what that depends on."""
        self._far: tuple[frozenset[int], _Paths] | None = None
        """The plain wires and one path of all of each kind, for a network seen from far."""
        self._shifted: list[EdgePicture] = []
        """The wires on the way to their places, and what they take."""
        self._around = QRectF()
        self._fresh: Set[str] = frozenset()
        self._part = 1.0
        self._tween = QVariantAnimation(scene)
        self._tween.setStartValue(0.0)
        self._tween.setEndValue(1.0)
        self._tween.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._tween.valueChanged.connect(lambda _: self.update())

    def show_figure(self, figure: Figure) -> None:
        """Take the wires of another figure; its blocks are what gates and labels keep clear of."""
        self._figure, self._marks = figure, None
        if figure.edges is self.edges:
            return
        self.prepareGeometryChange()
        self.edges = figure.edges
        rects = tuple([edge.path.controlPointRect() for edge in self.edges])
        self._bounds = [rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN) for rect in rects]
        self.room = united(rects)
        around = 3 * MARGIN
        self._bound = self.room.adjusted(-around, -around, around, around)
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
            room = self._room_of_change(states) if bottleneck == self.bottleneck else None
            self.states = dict(states)
            self._far = None
            self.bottleneck = bottleneck
            self._keep_pixels()
            self._grow_from(shown)
            if room is None:
                self.update()
            else:
                self.update(room)

    def _room_of_change(self, states: Mapping[int, EdgeState]) -> QRectF | None:
        """Where a gate is dragged all that is painted anew; None where more may be another."""
        near = text_scale(self.zoom), self.zoom < FULL
        kept = self._marks is not None and self._marks[0] == marks_key(self._figure, states, *near)
        if not kept or self.zoom < REDUCED or self.moving or states.keys() != self.states.keys():
            return None
        moved = [i for i, state in states.items() if state != self.states[i]]
        if any(replace(self.states[i], gate=states[i].gate) != states[i] for i in moved):
            return None
        around = MARGIN * max(text_scale(self.zoom) - 1.0, 0.0)  # what a mark takes when far
        room = united([self._bounds[i] for i in moved])
        return room.adjusted(-around, -around, around, around)

    def show_zoom(self, zoom: float) -> None:
        """Set the zoom, which decides how much of a wire is drawn."""
        self.zoom = zoom
        self._keep_pixels()
        self.update()

    def _keep_pixels(self) -> None:
        """Wires stand still under a field that follows the pointer; from far there are many."""
        still = self.zoom < REDUCED or any(state.in_field for state in self.states.values())
        cached = QGraphicsItem.CacheMode.DeviceCoordinateCache
        self.setCacheMode(cached if still else QGraphicsItem.CacheMode.NoCache)

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
        self._tween.setDuration(GROW if animated() else 0)
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

    def turns(self, index: int) -> bool:
        """Whether a wire's gate can be turned here."""
        state = self.states.get(index, PLAIN_STATE)
        return state.live and state.has_gate

    @property
    def marks(self) -> dict[int, SkipMark]:
        """Gates and labels of the skips that show them, by the wires' places in the list."""
        if self.zoom < REDUCED:
            return {}
        of = (self._figure, self.states, text_scale(self.zoom), self.zoom < FULL)
        key = marks_key(*of)
        if self._marks is None or self._marks[0] != key:
            self._marks = (key, skip_marks(*of))
        return self._marks[1]

    def _far_wires(self) -> tuple[frozenset[int], _Paths]:
        """The wires that look alike from far, and the common path of each kind."""
        if self._far is None:
            plain: set[int] = set()
            paths: _Paths = {kind: QPainterPath() for kind in KINDS}
            for i, edge in enumerate(self.edges):
                if is_plain(edge, self.states.get(i, PLAIN_STATE)):
                    plain.add(i)
                    paths[edge.kind].addPath(edge.path)
            self._far = frozenset(plain), paths
        return self._far

    def indices_near(self, point: QPointF) -> list[int]:
        """Places in the list of the wires whose surroundings hold a point of the canvas."""
        return [i for i, bound in enumerate(self._bounds) if bound.contains(point)]

    def boundingRect(self) -> QRectF:
        return self._bound.united(self._around)

    def show_shifted(
        self, offsets: Mapping[str, QPointF], fresh: Set[str] = frozenset(), part: float = 1.0
    ) -> None:
        """Paint every wire with its ends so far from their places; without offsets as it is.

        Those of `fresh` blocks appear: they are opaque for only a `part`.
        """
        self.prepareGeometryChange()
        self._fresh, self._part = fresh, part
        self._shifted = [shifted(edge, offsets) for edge in self.edges] if offsets else []
        self._around = QRectF()
        for edge in self._shifted:
            self._around = self._around.united(edge.path.controlPointRect())
        self._around.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN)
        self.update()

    def _paint_shifted(self, painter: QPainter) -> None:
        """The wires without the gates and labels of skips, which wait at their places."""
        states = [self.state(i) for i in range(len(self._shifted))]
        for lit in (False, True):
            for edge, state in zip(self._shifted, states, strict=True):
                if state.in_field is lit:
                    new = edge.source in self._fresh or edge.target in self._fresh
                    painter.setOpacity(self._part if new else 1.0)
                    paint_edge(painter, current_inks(), edge, state)
        painter.setOpacity(1.0)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        inks = current_inks()
        seen = option.exposedRect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.zoom >= REDUCED)
        if self._shifted:
            self._paint_shifted(painter)
            return
        shown = [i for i, bound in enumerate(self._bounds) if bound.intersects(seen)]
        if self.zoom >= REDUCED:  # what a long wire goes round is not where it is
            shown = [i for i in shown if self.edges[i].meets(seen)]
        else:
            plain, paths = self._far_wires()
            for kind, path in paths.items():
                paint_plain_wires(painter, inks, kind, path, self.zoom)
            shown = [i for i in shown if i not in plain]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # else thin ones fall out
        states = {i: self.state(i) for i in shown}
        for lit in (False, True):
            for i in shown:
                if states[i].in_field is lit:
                    paint_edge(painter, inks, self.edges[i], states[i])
        if self.zoom < REDUCED:
            return
        scale = text_scale(self.zoom)
        for i, mark in self.marks.items():
            state = states[i] if i in states else self.state(i)
            paint_skip_label(painter, inks, self.edges[i], state, mark, scale)
            paint_gate(painter, inks, state, mark, scale)
        if self.bottleneck is not None:
            paint_number_pill(painter, inks, *self.bottleneck, scale)
