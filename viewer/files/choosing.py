"""Opens the dialogs that ask for a file to open or to load weights from."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.controls.file_dialog import OPEN, pick_file
from viewer.files.file_kinds import ENDINGS, LESSONS, WEIGHTS
from viewer.files.opening import Opener
from viewer.text.translation import tr

PATTERNS = " ".join((*(f"*{ending}" for ending in ENDINGS), *LESSONS))
WEIGHTS_PATTERNS = " ".join(f"*{ending}" for ending in WEIGHTS)


def choose_and_open(parent: QWidget, opener: Opener) -> None:
    """Ask for an image, a model, a document or a lesson, and open it."""
    filters = (
        f"{tr('Images, models, documents and lessons')} ({PATTERNS})",
        f"{tr('All files')} (*)",
    )
    pick_file(parent, tr("Open"), filters, OPEN, opener.open)


def choose_weights(parent: QWidget, opener: Opener) -> None:
    """Ask for a weights file, and load it."""
    filters = (f"{tr('Weights')} ({WEIGHTS_PATTERNS})", f"{tr('All files')} (*)")
    pick_file(parent, tr("Load weights"), filters, OPEN, opener.load_weights)
