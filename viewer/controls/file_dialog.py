"""Opens file dialogs without blocking the event loop."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from viewer.controls.file_icons import FileIcons

OPEN = QFileDialog.AcceptMode.AcceptOpen
SAVE = QFileDialog.AcceptMode.AcceptSave
_used: list[str] = []
"""The folder last used, once there is one."""


def _remember(path: str) -> None:
    _used[:] = [str(Path(path).parent)]


def _last_folder() -> str:
    return _used[0] if _used and Path(_used[0]).is_dir() else str(Path.cwd())


def _allowed(name: str) -> str:
    """Without what no file name may have."""
    return re.sub(r'[\\/:*?"<>|]', "-", name).strip()


@cache
def _icons() -> FileIcons:
    """One for all dialogs, which do not keep it."""
    return FileIcons()


def pick_file(
    parent: QWidget,
    title: str,
    patterns: tuple[str, ...],
    mode: QFileDialog.AcceptMode,
    then: Callable[[str], object],
    suffix: str = "",
    name: str = "",
) -> None:
    """Ask for a file; `then` gets its path. `suffix` is added to a name that has none.

    It starts in the folder last used; `name` is proposed, without its suffix.
    """
    dialog = QFileDialog(parent, title, _last_folder())
    dialog.setIconProvider(_icons())
    dialog.setAcceptMode(mode)
    dialog.setNameFilters(list(patterns))
    if mode == OPEN:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    if suffix:
        dialog.setDefaultSuffix(suffix)
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))
        )
    if name:
        dialog.selectFile(f"{_allowed(name)}.{suffix}" if suffix else _allowed(name))
    dialog.fileSelected.connect(_remember)
    dialog.fileSelected.connect(then)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def pick_folder(parent: QWidget, title: str, then: Callable[[str], object]) -> None:
    """Ask for a folder; `then` gets its path. It starts in the folder last used."""
    dialog = QFileDialog(parent, title, _last_folder())
    dialog.setIconProvider(_icons())
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(_remember)
    dialog.fileSelected.connect(then)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
