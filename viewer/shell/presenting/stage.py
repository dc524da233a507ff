"""What lies over the whole window while it presents: spotlight, laser, black screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from viewer.canvas import CanvasView
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.presentation import Presentation

DIM, HALO = QColor(11, 14, 19, 140), QColor(11, 14, 19, 190)
RADIUS, RING = 120, 18
"""Of the spotlight and of the ring about the pointer, in logical px."""
DOT, AURA = 6.0, 15.0
"""Radii of the laser's dot and of the circle about it."""
RESTING = 3000
"""Milliseconds after which the ring about a pointer that rests goes; a spotlight stays."""


class Stage(Guarded, QWidget):
    """The overlay of a presentation: spotlight, laser and black screen; clicks go through it."""

    def __init__(self, session: Session, canvas: CanvasView, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._canvas = session, canvas
        self._pointer: QPoint | None = None
        self._rests = False
        self._spot: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(RESTING)
        self._rest.timeout.connect(self._rested)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.find_unit)
        for signal in (
            session.fieldChanged,
            session.viewChanged,
            session.documentChanged,
            session.placesChanged,
            canvas.zoomChanged,
        ):
            signal.connect(self._find_soon)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def _now(self) -> Presentation:
        return self._session.live.part(Presentation)

    @property
    def pointer(self) -> QPoint | None:
        """Where the pointer is in the window; None before it has moved."""
        return self._pointer

    @property
    def unit(self) -> QPointF | None:
        """Where the laser is in the window; None where there is no unit to show."""
        return self._spot if self._now.laser else None

    def point(self, at: QPoint | None) -> None:
        """The pointer is at a place of the window; None leaves it alone until it moves."""
        if at == self._pointer and not self._rests:
            return
        before, self._pointer, self._rests = self._pointer, at, False
        if at is not None:
            self._rest.start()
        if (before is None or at is None) and self._now.spotlight:
            self.update()  # all is dimmed, or no longer
            return
        for each in (before, at):
            if each is not None:
                self.update(_around(each))

    def _rested(self) -> None:
        self._rests = True
        if self._pointer is not None and not self._now.spotlight:
            self.update(_around(self._pointer))

    def _find_soon(self, *_: object) -> None:
        if self.isVisible():
            self._soon.start(0)

    def find_unit(self) -> None:
        """Put the laser where the unit is that is pinned or pointed at."""
        before, self._spot = self._spot, self._place()
        if before != self._spot:
            for each in (before, self._spot):
                if each is not None:
                    self.update(_around(each.toPoint()))

    def _place(self) -> QPointF | None:
        pin, canvas = self._session.pointed, self._canvas
        if pin is None or not canvas.isVisible():
            return None
        shapes, block = self._session.shapes, self._session.block_of.get(pin.layer)
        node = canvas.scene_of_network.figure.nodes.get(block.id if block is not None else "")
        shape = shapes.get(pin.layer)
        if node is None or shape is None or len(shape) != 3:
            return None
        if shapes.get(node.output, ())[1:] != shape[1:]:
            return None  # the block shows a map of another resolution
        area: QRectF = node.map
        at = QPointF(
            area.left() + (pin.x + pin.columns / 2) / shape[2] * area.width(),
            area.top() + (pin.y + pin.rows / 2) / shape[1] * area.height(),
        )
        seen = canvas.to_viewport(at)
        if not QRectF(canvas.viewport().rect()).contains(seen):
            return None
        return QPointF(canvas.viewport().mapTo(self.window(), QPoint(0, 0))) + seen

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = self._now
        if now.blank:
            painter.fillRect(self.rect(), QColor("black"))
            painter.end()
            return
        if self._pointer is not None and (now.spotlight or not self._rests):
            self._paint_pointer(painter, QPointF(self._pointer), now.spotlight)
        if self._spot is not None and now.laser:  # it shines where the spotlight has dimmed
            self._paint_laser(painter, self._spot)
        painter.end()

    def _paint_pointer(self, painter: QPainter, at: QPointF, spotlight: bool) -> None:
        radius = RADIUS if spotlight else RING
        if spotlight:
            dimmed = QPainterPath()
            dimmed.addRect(QRectF(self.rect()))
            dimmed.addEllipse(at, radius, radius)  # odd-even: a hole
            painter.fillPath(dimmed, DIM)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((HALO, 5.0), (theme.color("fieldline"), 2.5)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(at, radius, radius)

    def _paint_laser(self, painter: QPainter, at: QPointF) -> None:
        line = theme.color("fieldline")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((HALO, 6.0), (line, 3.0)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(at, AURA, AURA)
        painter.setPen(QPen(HALO, 2.0))
        painter.setBrush(line)
        painter.drawEllipse(at, DOT, DOT)


def _around(at: QPoint) -> QRect:
    """All that a spotlight at a place, or a laser, can touch."""
    reach = RADIUS + 4
    return QRect(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
