"""Opens file dialogs without blocking the event loop."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHeaderView, QTreeView, QWidget

from viewer.controls.file_icons import FileIcons
from viewer.text.translation import tr

OPEN = QFileDialog.AcceptMode.AcceptOpen
SAVE = QFileDialog.AcceptMode.AcceptSave
ROOMY = QSize(760, 460)
"""The least size of a dialog that lists files, in pixels: a name has half of it."""
_used: dict[str, str] = {}
"""The folder last used, by the file of the document that it was used for, and of any under ""."""


def visited(path: str) -> None:
    """A file was opened without a dialog: what is asked for next is likely beside it."""
    _used[""] = str(Path(path).absolute().parent)


def _remember(file: str, path: str) -> None:
    _used[file] = _used[""] = str(Path(path).parent)


def _file_of(parent: QWidget) -> str:
    """The document that is open in the window behind the dialogs; empty where it has no file."""
    behind = parent.window()
    while not behind.windowFilePath() and (above := behind.parentWidget()) is not None:
        behind = above.window()
    return behind.windowFilePath()


def _first_folder(file: str) -> str:
    """The one last used for this document, its own, the one last used at all, Documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    beside = str(Path(file).parent) if file else ""
    wanted = (_used.get(file), beside, _used.get(""), documents)
    return next((each for each in wanted if each and Path(each).is_dir()), str(Path.home()))


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

    It starts in the folder last used for this document, or beside it; `name` is proposed,
    without its suffix.
    """
    dialog = _dialog(parent, title, then)
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
    dialog.open()


def pick_folder(parent: QWidget, title: str, then: Callable[[str], object]) -> None:
    """Ask for a folder; `then` gets its path. It starts where `pick_file` does."""
    dialog = _dialog(parent, title, then)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.open()


def _dialog(parent: QWidget, title: str, then: Callable[[str], object]) -> QFileDialog:
    file = _file_of(parent)
    dialog = QFileDialog(parent, title, _first_folder(file))
    dialog.setIconProvider(_icons())
    label = QFileDialog.DialogLabel  # two for which Qt's catalogues lack the words it asks them for
    dialog.setLabelText(label.LookIn, tr("Look in:"))
    dialog.setLabelText(label.FileType, tr("Files of type:"))
    _size_columns(dialog)
    dialog.fileSelected.connect(partial(_remember, file))
    dialog.fileSelected.connect(then)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog


def _size_columns(dialog: QFileDialog) -> None:
    """Every size, type and date is read whole; a long name is cut instead."""
    listed = dialog.findChild(QTreeView)
    if isinstance(listed, QTreeView):  # not in the system's own dialogs
        header, mode = listed.header(), QHeaderView.ResizeMode
        header.setStretchLastSection(False)
        for column in range(header.count()):
            header.setSectionResizeMode(column, mode.ResizeToContents if column else mode.Stretch)
        dialog.resize(dialog.sizeHint().expandedTo(ROOMY))
