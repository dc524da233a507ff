"""A window of its own with the output for the whole picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from analysis.inference.protocol.full_size import SHOWN, FullSize
from viewer.controls import labelled
from viewer.drawing.painting.array_image import image_of
from viewer.override_guard import Guarded
from viewer.text.number_format import grouped
from viewer.text.translation import tr
from viewer.workspaces.live.zoomable_picture import ZoomablePicture


class FullSizeView(Guarded, QDialog):
    """The output; while the button is held, what the network was given."""

    def __init__(self, found: FullSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Whole picture"))
        assert found.picture is not None
        self._output = QPixmap.fromImage(image_of(found.picture))
        self._given = QPixmap.fromImage(image_of(found.given)) if found.given is not None else None
        self.view = ZoomablePicture(self._output)
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
