"""A small window of another program: drag from it to drag a file. Arguments: file, x, y."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class Source(QWidget):
    """Starts a drag with the first move of the pressed pointer."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


app = QApplication([])
source = Source()
source.setWindowTitle("source")
source.setGeometry(int(sys.argv[2]) - 40, int(sys.argv[3]) - 40, 80, 80)
source.show()
app.exec()
