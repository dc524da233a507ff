"""*Study over a folder…*: folders chosen, progress, Stop keeps what is done, the report opens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from analysis.storage import document_file
from tests.analysis.study.pictures import folder_of
from viewer.look.theme import theme
from viewer.session.background_jobs import Job
from viewer.text.translation import language
from viewer.workspaces.live.study.child import StudyChild
from viewer.workspaces.live.study.dialog import StudyDialog


@pytest.fixture
def dialog(desk) -> Iterator[StudyDialog]:
    desk.window.commands.actions["study"].trigger()
    found = desk.window.findChild(StudyDialog)
    assert found.isVisible()
    yield found
    found.close()


def click(desk, button) -> None:
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(desk, button, folder: Path) -> None:
    click(desk, button)
    picker = next(each for each in desk.window.findChildren(QFileDialog) if each.isVisible())
    picker.fileSelected.emit(str(folder))
    picker.close()


def test_it_is_stopped_kept_and_reported(
    desk, dialog: StudyDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = folder_of(tmp_path / "data", 12, targets=True)
    assert not dialog.start.isEnabled()
    choose(desk, dialog.choose_data, data)
    assert dialog.folder == str(tmp_path / "data-study")
    click(desk, dialog.start)
    assert dialog.stop.isVisible()
    assert not dialog.choose_data.isEnabled()
    desk.wait(lambda: dialog.progress.maximum() == 12 and dialog.progress.value() >= 1)
    accent = theme.color("accent")
    shown = dialog.progress.grab().toImage()
    assert shown.pixelColor(2, shown.height() // 2) == accent
    click(desk, dialog.stop)
    assert not dialog.stop.isEnabled()
    desk.wait(dialog.start.isVisible)
    answer = json.loads((tmp_path / "data-study" / "report.json").read_text())
    assert 1 <= answer["images"] <= 12
    said = dialog.status.text()
    assert said == f"Stopped after {answer['images']} of 12 images; they are kept." or (
        answer["complete"] and said == "The study of 12 images is done."
    )
    assert answer["scores"]["psnr"]["mean"] > 0
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    click(desk, dialog.open_report)
    assert opened == [QUrl.fromLocalFile(str(tmp_path / "data-study" / "report.html"))]
    assert (tmp_path / "data-study" / "network.fieldglass").is_file()


def test_what_cannot_be_studied_is_a_sentence(desk, dialog: StudyDialog, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    choose(desk, dialog.choose_data, tmp_path / "none")
    choose(desk, dialog.choose_folder, tmp_path / "out")
    click(desk, dialog.start)
    desk.wait(lambda: "holds no pictures" in dialog.status.text())
    assert dialog.start.isEnabled()
    assert not dialog.open_report.isVisible()
    (tmp_path / "file").write_bytes(b"")
    dialog.set_folder(str(tmp_path / "file"))  # where a folder cannot be made
    click(desk, dialog.start)
    desk.wait(dialog.start.isVisible)
    assert "file" in dialog.status.text()
    language.use("zh_CN")
    try:
        assert dialog.start.text() != "Start"
    finally:
        language.use("en")


def test_stop_while_the_network_is_written_starts_nothing(
    desk, dialog: StudyDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, begun = Event(), Event()
    save = document_file.save

    def slow(*arguments: object) -> None:
        begun.set()
        held.wait(20)
        save(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(document_file, "save", slow)
    choose(desk, dialog.choose_data, folder_of(tmp_path / "data", 2))
    click(desk, dialog.start)
    desk.wait(begun.is_set)
    click(desk, dialog.stop)
    assert dialog.start.isVisible()
    assert "Stopped" in dialog.status.text()
    held.set()
    desk.wait((tmp_path / "data-study" / "network.fieldglass").is_file)
    desk.wait(lambda: not desk.window.findChildren(Job))
    assert not (tmp_path / "data-study" / "shards").exists()
    assert desk.window.findChild(StudyChild) is None
    assert dialog.start.isVisible()
