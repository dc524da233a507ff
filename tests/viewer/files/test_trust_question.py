"""The question before a file's code is run: nothing in the file's name can change what it says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox

HOSTILE = (
    "holiday<b>.png<!-- .py",
    "<h1>Save?<a href='x'>yes.py",
    "&lt;b&gt;&amp;.py",
    "photo\u202egnp.py",
    "photo\u2067gnp\u2069.py",
    "photo.png\nOpening photo.png is safe.py",
    "photo.png\x1b[2K\x07.py",
    "photo\u200b.png \u2028.py",
    "photo.png" + " " * 200 + ".py",
    "p" * 240 + ".py",
)
STEERING = ("\n", "\x1b", "\x07", "\u202e", "\u2067", "\u2069", "\u200b", "\u2028")


def question(desk, tmp_path, name: str) -> str:
    folder = tmp_path / "Downloads from <i>somebody"
    folder.mkdir()
    (folder / name).write_text("raise SystemExit")
    desk.window.opener.open(str(folder / name))
    return desk.wait_said()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_run_is_named_as_it_is(desk, tmp_path, name):
    said = question(desk, tmp_path, name)
    assert not any(mark in said for mark in STEERING)
    assert "(.py)" in said
    assert "Downloads from <i>somebody" in said
    assert said.endswith("Opening it runs its code. Open it?")
    shown, _, _ = said.partition(" is a program")
    assert shown.endswith(".py")
    assert shown[:5] == name[:5]
    assert len(shown) <= 80


@pytest.mark.parametrize("name", HOSTILE[:3])
def test_no_part_of_it_is_markup(desk, tmp_path, name):
    said = question(desk, tmp_path, name)
    label: QLabel = desk.window.notice.text
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert name in said


@pytest.mark.parametrize("name", HOSTILE)
def test_the_question_on_closing_shows_the_name_as_it_is(desk, name):
    desk.edit(positions={"enc2": (11.0, 12.0)}, title=name)
    assert not desk.window.close()
    box = desk.window.findChild(QMessageBox, "save?")
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert not any(mark in box.text() for mark in STEERING)
    box.button(QMessageBox.StandardButton.Cancel).click()
