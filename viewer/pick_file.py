"""The file dialog, without stopping the event loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

OPEN = QFileDialog.AcceptMode.AcceptOpen
SAVE = QFileDialog.AcceptMode.AcceptSave


def pick_file(
    parent: QWidget,
    title: str,
    patterns: tuple[str, ...],
    mode: QFileDialog.AcceptMode,
    then: Callable[[str], object],
    suffix: str = "",
) -> None:
    """Ask for a file; `then` gets its path. `suffix` is added to a name that has none."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(mode)
    dialog.setNameFilters(list(patterns))
    if mode == OPEN:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if suffix:
        dialog.setDefaultSuffix(suffix)
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))
        )
    dialog.fileSelected.connect(then)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
