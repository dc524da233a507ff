"""A picture in a view of its own: zoomed by the wheel, dragged, fitted by F."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

from viewer.look.pale import opacity
from viewer.look.theme import theme
from viewer.override_guard import Guarded

STEP = 1.25
MOST = 32.0


class ZoomablePicture(Guarded, QGraphicsView):
    """A picture that fits until it is zoomed; the wheel zooms where the pointer is."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        scene = QGraphicsScene(self)
        self.item = scene.addPixmap(picture)
        self.item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.setScene(scene)
        self._paint_ground()
        theme.changed.connect(self._paint_ground)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._fits = True

    def _paint_ground(self) -> None:
        self.setBackgroundBrush(theme.color("canvas"))

    def show_picture(self, picture: QPixmap) -> None:
        """Another picture of the same place; one of another size is fitted anew."""
        resized = picture.size() != self.item.pixmap().size()
        self.item.setPixmap(picture)
        if resized:
            self.scene().setSceneRect(self.item.boundingRect())
            self.fit()

    def set_pale(self, pale: bool) -> None:
        """Whether it is of an earlier state."""
        self.item.setOpacity(opacity(pale))

    def fit(self) -> None:
        """Show all of it."""
        self._fits = True
        self.fitInView(self.item, Qt.AspectRatioMode.KeepAspectRatio)

    def zoom(self, by: float) -> None:
        """Larger or smaller, between all of it (a small one: its own size) and single pixels."""
        room, size, now = self.viewport().size(), self.item.boundingRect(), self.transform().m11()
        whole = min(room.width() / (size.width() or 1), room.height() / (size.height() or 1), 1.0)
        scale = max(now * by, min(now, whole))
        if scale <= MOST:
            self._fits = False
            self.scale(scale / now, scale / now)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Minus: 1 / STEP}
        if event.key() == Qt.Key.Key_F:
            self.fit()
        elif Qt.Key(event.key()) in steps:
            self.zoom(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()
