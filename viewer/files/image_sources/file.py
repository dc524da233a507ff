"""The image source that asks for a file."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.files.choosing import choose_and_open
from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.opening import Opener
from viewer.text.translation import mark


def ask(opener: Opener, parent: QWidget) -> None:
    """Ask for an image file and open it; a model or a document opens as what it is."""
    choose_and_open(parent, opener)


FILE = ImageSourceRow("file", mark("Open image…"), "open", take=ask)
