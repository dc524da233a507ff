"""The dialog that asks for a file to open."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.controls.file_dialog import OPEN, pick_file
from viewer.files.opening import IMAGES, Opener
from viewer.text.translation import tr

PATTERNS = " ".join(f"*{ending}" for ending in (*IMAGES, ".py", ".fieldglass"))


def choose_and_open(parent: QWidget, opener: Opener) -> None:
    """Ask for an image, a model or a document, and open it."""
    filters = (f"{tr('Images, models and documents')} ({PATTERNS})", f"{tr('All files')} (*)")
    pick_file(parent, tr("Open"), filters, OPEN, opener.open)
