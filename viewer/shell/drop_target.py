"""Accepts files and pictures that are dropped on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from analysis.lessons.folder import is_lesson
from analysis.storage import path_check
from viewer.files.file_kinds import kind_of
from viewer.files.opening import Opener
from viewer.override_guard import Guarded
from viewer.shell.drop_frame import DropFrame, promise


class DropTarget(Guarded, QObject):
    """Opens what is dropped on a widget; a frame says meanwhile what dropping would do."""

    def __init__(self, target: QWidget, opener: Opener, frame: DropFrame) -> None:
        super().__init__(target)
        self._opener = opener
        self._frame = frame
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the drags over the target."""
        if isinstance(event, QDragEnterEvent):
            self._enter(event)
        elif event.type() == QEvent.Type.DragLeave:
            self._frame.hide()
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._frame.hide()
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._opener.take(event.mimeData())
        else:
            return False
        return True

    def _enter(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasUrls() or data.hasImage():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._frame.announce(promise(_kind(data)))
        else:
            event.ignore()


def _kind(data: QMimeData) -> str:
    urls = [url.toLocalFile() for url in data.urls()]
    if not urls or not urls[0]:
        return "image" if data.hasImage() else "other"
    if path_check.is_folder(urls[0]):
        return "lesson" if is_lesson(Path(urls[0])) else "folder"
    return kind_of(urls[0])
