"""Zoom and pan of the canvas: which part is visible, and how large."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from viewer.canvas.scene import CanvasScene
from viewer.override_guard import Guarded

SMALLEST_ZOOM, LARGEST_ZOOM, LARGEST_FIT = 0.05, 8.0, 1.6
MARGIN, TOP, FOOT = 16, 44, 24
ABOVE_CORNER = 8
PROOF_GAP = 28
"""Px between the network and the card that proves a finding, where the network gives way."""
SAME_ZOOM = 0.001
"""Relative difference of two zooms that cannot be seen."""
STRIP, STRIP_TOP, STRIP_FOOT = 320, 30, 8
"""A canvas lower than this is a strip over something else, with less room round the network."""
SETTLED = 250
"""Milliseconds after which a zoom is a choice that is saved with the view."""
ROOM = 1e5
LEGIBLE, LARGEST_FRAME = 0.36, 0.64
"""Where all fits only smaller than the first, a frame is fitted, at no more than the second."""

Place = tuple[QPointF, float]
"""What of the canvas is in the middle of the viewport, and at which zoom."""


class Viewport(Guarded, QGraphicsView):
    """Shows a scene at any zoom; the point under the cursor stays where it is."""

    zoomChanged = Signal(float)
    zoomSettled = Signal(object)
    """The zoom that was chosen, None for one that follows the window."""

    def __init__(self, scene: CanvasScene, fitted: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene_of_network = scene
        scene.setParent(self)  # else it would draw on for a window that is gone
        self._zoom = 1.0
        self._centre = QPointF()
        self._fitted = fitted
        self._subject = ""
        """The frame that was opened last, which is fitted where the whole would be too small."""
        self._quiet()
        self.setScene(scene)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED)
        self._settled.timeout.connect(self._tell_settled)

    def _quiet(self) -> None:
        """Raster, no frame, no bars; tracking the pointer; the keyboard may come here."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setSceneRect(-ROOM, -ROOM, 2 * ROOM, 2 * ROOM)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        # The ground is a brush over all of it: the window behind need not be painted as well.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def zoom(self) -> float:
        """Screen px for one canvas px."""
        return self._zoom

    def to_canvas(self, at: QPointF) -> QPointF:
        """The canvas point under a point of the viewport."""
        return self._centre + (at - self._middle()) / self._zoom

    def to_viewport(self, point: QPointF) -> QPointF:
        """Where a canvas point lies in the viewport."""
        return (point - self._centre) * self._zoom + self._middle()

    def _middle(self) -> QPointF:
        return QPointF(self.viewport().width() / 2, self.viewport().height() / 2)

    def look_at(self, centre: QPointF, zoom: float, passing: bool = False) -> None:
        """Show the canvas with that point in the middle; for a moment, in a `passing` gesture."""
        self._zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        middle = self._middle()
        # Bars scroll by whole px: the centre is put where they can show it exactly.
        left = round(centre.x() * self._zoom - middle.x())
        top = round(centre.y() * self._zoom - middle.y())
        self._centre = (QPointF(left, top) + middle) / self._zoom
        self.scene_of_network.show_zoom(self._zoom, passing)
        self.setTransform(QTransform.fromScale(self._zoom, self._zoom))
        self.horizontalScrollBar().setValue(left)
        self.verticalScrollBar().setValue(top)
        self.zoomChanged.emit(self._zoom)

    def pan(self, by: QPointF) -> None:
        """Move the canvas by so many screen px."""
        self._fitted = False
        self.look_at(self._centre - by / self._zoom, self._zoom, passing=True)

    def bring_into_view(self, block: str) -> None:
        """Pan as little as shows a block whole; where that is seen already nothing moves."""
        node = self.scene_of_network.figure.nodes.get(block)
        if node is None:
            return
        card = QRectF(
            self.to_viewport(node.card.topLeft()), self.to_viewport(node.card.bottomRight())
        )
        room = QRectF(self.viewport().rect()).adjusted(MARGIN, TOP, -MARGIN, -TOP)
        x = max(0.0, room.left() - card.left()) or min(0.0, room.right() - card.right())
        y = max(0.0, room.top() - card.top()) or min(0.0, room.bottom() - card.bottom())
        if x or y:
            self.pan(QPointF(x, y))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom and keep the canvas point under `at` (the middle when None) where it is."""
        self.zoom_to(self._zoom * factor, at)

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom to a factor; 1 is 100 %."""
        at = at if at is not None else self._middle()
        held = self.to_canvas(at)
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        self._fitted = False
        self.look_at(held - (at - self._middle()) / zoom, zoom, passing=True)
        self._settled.start()

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom_by(1.25)

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_by(1 / 1.25)

    def actual_size(self) -> None:
        """100 %."""
        self.zoom_to(1.0)

    def corners(self) -> tuple[QRectF, ...]:
        """What lies over the foot of the canvas, in pixels of the viewport."""
        return ()

    def fit(self) -> None:
        """Show the whole network, captions included, at no more than 160 %.

        Where blocks would lie under what stands in the corners, all stands above the corners.
        """
        self._subject = ""
        self._fit()

    def _fit(self) -> None:
        self._fitted = True
        place = self._place_of_all()
        if place is None:
            return
        self.look_at(*place)
        self._make_room_for_proof()
        self._settled.start()

    def _place_of_all(self, right: float = 0.0, below: float = 0.0) -> Place | None:
        """Centre and zoom that show all, with so many px more left free at two edges."""
        height = self.viewport().height()
        strip = height < STRIP
        top, foot = (STRIP_TOP, STRIP_FOOT) if strip else (TOP, FOOT)
        place = self._place_between(top, foot + below, right)
        hidden = () if strip or place is None else self._corners_over_blocks(*place)
        if hidden:
            above = height - min(corner.top() for corner in hidden) + ABOVE_CORNER
            place = self._place_between(top, above + below, right) or place
        return place

    def _make_room_for_proof(self) -> None:
        """Show all smaller where the card that proves a finding would lie on some of it."""
        scene = self.scene_of_network
        if scene.show_proof():
            return
        size = scene.proof.size
        lifted = max((self.viewport().height() - each.top() for each in self.corners()), default=0)
        smaller = (
            self._place_of_all(right=size.width() + PROOF_GAP),
            self._place_of_all(below=size.height() + PROOF_GAP),
            self._place_of_all(below=size.height() + PROOF_GAP + lifted),
        )
        places = [each for each in smaller if each is not None]
        for place in sorted(places, key=lambda each: each[1], reverse=True):
            self.look_at(*place)
            if scene.show_proof():
                return

    def show_proof(self) -> None:
        """Fit anew for the proof of another finding, or for none; else only draw it."""
        if self._fitted:
            self._fit()
        else:
            self.scene_of_network.show_proof()

    def clear_corners(self) -> None:
        """Fit anew where that was asked for and a block lies under what stands in the corners."""
        strip = self.viewport().height() < STRIP
        if self._fitted and not strip and self._corners_over_blocks(self._centre, self._zoom):
            self.fit_again()

    def _place_between(self, top: float, foot: float, right: float = 0.0) -> Place | None:
        """Centre and zoom that show all between these margins; None where there is nothing."""
        room = QRectF(
            MARGIN,
            top,
            max(1, self.viewport().width() - 2 * MARGIN - right),
            max(1, self.viewport().height() - top - foot),
        )
        zoom = self._zoom  # most often the network still fits as it did
        for _ in range(5):  # captions keep their size on screen, so the bounds follow the zoom
            content = self.scene_of_network.content(zoom)
            if content.isEmpty():
                return None
            last, zoom = zoom, _fitting(content, room)
            if abs(zoom - last) < SAME_ZOOM * last:
                break
        frame = self.scene_of_network.frame_rect(self._subject)
        if frame is not None and zoom < LEGIBLE:
            content = frame.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            zoom = min(_fitting(content, room), LARGEST_FRAME)
        return content.center() + (self._middle() - room.center()) / zoom, zoom

    def _corners_over_blocks(self, centre: QPointF, zoom: float) -> tuple[QRectF, ...]:
        """Those that would lie over a block, were the canvas shown so."""

        def seen(corner: QRectF) -> QRectF:
            middle = self._middle()
            ends = (corner.topLeft(), corner.bottomRight())
            return QRectF(*(centre + (end - middle) / zoom for end in ends))

        scene = self.scene_of_network
        return tuple(each for each in self.corners() if scene.covers_block(seen(each), zoom))

    def region(self) -> tuple[float, float, float, float] | None:
        """(left, top, width, height) of what is seen, in canvas px; None where all is fitted."""
        if self._fitted:
            return None
        corner = self.to_canvas(QPointF(0, 0))
        width, height = self.viewport().width(), self.viewport().height()
        return corner.x(), corner.y(), width / self._zoom, height / self._zoom

    def show_region(self, region: tuple[float, float, float, float] | None) -> None:
        """Show a part of the canvas as large as it fits; None is the whole network."""
        if region is None:
            self.fit()
            return
        part, room = QRectF(*region), QRectF(self.viewport().rect())
        self._fitted = False
        self.look_at(part.center(), _fitting(part, room, LARGEST_ZOOM))
        self._settled.start()

    def _tell_settled(self) -> None:
        self.zoomSettled.emit(None if self._fitted else self._zoom)

    def fit_to_frame(self, name: str) -> None:
        """Fit the frame of that name where the whole network would be too small to be read."""
        self._subject = name
        self.fit_again()

    def fit_again(self) -> None:
        """Fit when that was last asked for, else show the same place again."""
        if self._fitted:
            self._fit()
            self._settled.stop()
        else:
            self.look_at(self._centre, self._zoom)


def _fitting(content: QRectF, room: QRectF, most: float = LARGEST_FIT) -> float:
    """The zoom at which the content fits."""
    zoom = min(room.width() / content.width(), room.height() / content.height())
    return min(max(zoom, SMALLEST_ZOOM), most)
