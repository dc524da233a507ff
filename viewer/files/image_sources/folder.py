"""The image source that takes a folder: its pictures one after the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.opening import Opener
from viewer.text.translation import mark, tr


def ask(opener: Opener, parent: QWidget) -> None:
    """Ask for a folder and show its first picture."""
    dialog = QFileDialog(parent, tr("Open a folder of images"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(opener.open_folder)
    dialog.open()


FOLDER = ImageSourceRow("folder", mark("Open a folder of images…"), "image", take=ask)
