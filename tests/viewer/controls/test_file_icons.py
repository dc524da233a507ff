"""Qt's own file dialog never reads the files that it lists."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QFileIconProvider

from tests.viewer.conftest import Desk
from viewer.controls.file_icons import FileIcons

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def test_a_file_is_told_by_its_ending_alone(qapp, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(PNG)
    (tmp_path / "notes.png").write_bytes(b"hello")
    assert "PNG" in QFileIconProvider().type(QFileInfo(str(tmp_path / "picture")))
    icons = FileIcons()
    assert "PNG" not in icons.type(QFileInfo(str(tmp_path / "picture")))
    assert "PNG" in icons.type(QFileInfo(str(tmp_path / "notes.png")))
    assert icons.type(QFileInfo(str(tmp_path / "picture"))) == "File"
    assert icons.type(QFileInfo(str(tmp_path))) == "Folder"
    keys = [icons.icon(QFileInfo(str(at))).cacheKey() for at in (tmp_path, tmp_path / "picture")]
    assert keys[0] != keys[1]


def test_the_windows_dialogs_use_it(desk: Desk) -> None:
    action: QAction = desk.window.commands.actions["open"]
    action.trigger()
    (dialog,) = desk.window.findChildren(QFileDialog)
    assert isinstance(dialog.iconProvider(), FileIcons)
    dialog.close()
