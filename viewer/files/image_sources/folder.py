"""The image source that takes a folder: its pictures one after the other."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.controls.file_dialog import pick_folder
from viewer.files.image_sources.contract import ImageSourceRow
from viewer.files.opening import Opener
from viewer.text.translation import mark, tr


def ask(opener: Opener, parent: QWidget) -> None:
    """Ask for a folder and show its first picture."""
    pick_folder(parent, tr("Open a folder of images"), opener.open_folder)


FOLDER = ImageSourceRow("folder", mark("Open a folder of images…"), "image", take=ask)
