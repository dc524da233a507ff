"""Names a file in the program's file dialogs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QTreeView


def type_name(dialog: QFileDialog, path: Path) -> None:
    """Put a name in the place of the proposed one, whose file no longer is the chosen one then.

    Qt lets go of that only where keys are typed.
    """
    field, listed = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QTreeView)
    assert isinstance(field, QLineEdit)
    assert isinstance(listed, QTreeView)
    field.setText(str(path))
    listed.clearSelection()
