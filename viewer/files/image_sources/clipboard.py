"""The image source that takes what lies on the clipboard."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.opening import Opener
from viewer.text.translation import mark


def paste(opener: Opener, _parent: QWidget | None = None) -> None:
    """Open the picture or the files on the clipboard."""
    opener.take(QGuiApplication.clipboard().mimeData())


CLIPBOARD = ImageSourceRow("clipboard", mark("Paste image"), "paste", take=paste)
