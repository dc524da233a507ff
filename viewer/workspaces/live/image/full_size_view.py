"""A window of its own with the output for the whole picture: zoomed by the wheel, dragged."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QDialog,
    QGraphicsScene,
    QGraphicsView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from analysis.inference.protocol.full_size import SHOWN, FullSize
from viewer.controls import labelled
from viewer.drawing.painting.array_image import image_of
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.number_format import grouped
from viewer.text.translation import tr

STEP = 1.25
MOST = 32.0


class PictureView(Guarded, QGraphicsView):
    """A picture that fits until it is zoomed; the wheel zooms where the pointer is."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        scene = QGraphicsScene(self)
        self.item = scene.addPixmap(picture)
        self.item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.setScene(scene)
        self.setBackgroundBrush(theme.color("canvas"))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._fits = True

    def fit(self) -> None:
        """Show all of it."""
        self._fits = True
        self.fitInView(self.item, Qt.AspectRatioMode.KeepAspectRatio)

    def zoom(self, by: float) -> None:
        """Larger or smaller, between all of it and single pixels."""
        scale = self.transform().m11() * by
        if scale <= MOST:
            self._fits = False
            self.scale(by, by)

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


class FullSizeView(Guarded, QDialog):
    """The output; while the button is held, what the network was given."""

    def __init__(self, found: FullSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Whole picture"))
        assert found.picture is not None
        self._output = QPixmap.fromImage(image_of(found.picture))
        self._given = QPixmap.fromImage(image_of(found.given)) if found.given is not None else None
        self.view = PictureView(self._output)
        self.compare = QPushButton(tr("Hold to see the input"))
        self.compare.setVisible(self._given is not None)
        self.compare.pressed.connect(lambda: self.view.item.setPixmap(self._given or self._output))
        self.compare.released.connect(lambda: self.view.item.setPixmap(self._output))
        said = labelled("small")
        said.setText(self._said(found))
        column = QVBoxLayout(self)
        column.addWidget(self.view, 1)
        column.addWidget(said)
        column.addWidget(self.compare, 0, Qt.AlignmentFlag.AlignLeft)
        self.resize(900, 760)

    def _said(self, found: FullSize) -> str:
        size = " × ".join(map(grouped, reversed(found.size[-2:])))
        if max(found.size[-2:]) <= SHOWN:
            return tr("{size} px. The wheel zooms, F fits.", size=size)
        return tr(
            "{size} px, shown smaller; the saved file has every pixel. The wheel zooms, F fits.",
            size=size,
        )
