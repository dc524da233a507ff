"""Accepts files and pictures that are dropped on the window or pasted into it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from viewer.files.file_kinds import kind_of
from viewer.files.opening import Opener
from viewer.override_guard import Guarded
from viewer.session.notifications import Notifications
from viewer.shell.drop_frame import DropFrame, promise
from viewer.text.translation import tr


class DropTarget(Guarded, QObject):
    """Opens what is dropped on a widget; a frame says meanwhile what dropping would do."""

    def __init__(
        self, target: QWidget, opener: Opener, notifications: Notifications, frame: DropFrame
    ) -> None:
        super().__init__(target)
        self._opener = opener
        self._notifications = notifications
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
            self.take(event.mimeData())
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

    def take(self, data: QMimeData) -> None:
        """Open files or a picture from a drop or the clipboard."""
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if paths:
            for path in paths:
                self._opener.open(path)
        elif data.hasImage():
            picture = data.imageData()
            if isinstance(picture, QImage) and not picture.isNull():
                self._opener.paste(picture)
        else:
            text = tr("That is not a file. Drop or paste an image or a model file.")
            self._notifications.post(text)

    def paste(self) -> None:
        """Take an image or files from the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData() or QMimeData())  # None where it is empty


def _kind(data: QMimeData) -> str:
    urls = [url.toLocalFile() for url in data.urls()]
    return kind_of(urls[0]) if urls and urls[0] else "image" if data.hasImage() else "other"
