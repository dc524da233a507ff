"""What stands in the way of saving is asked about, and nothing is lost whatever the answer."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document_file import load
from tests.viewer.file_dialogs import type_name
from viewer.session.view_state import ViewState


@pytest.fixture
def saved(desk, tmp_path):
    """A window whose document is in a file, and the file."""
    path = tmp_path / "mine.fieldglass"
    desk.window.saver.save(path)
    desk.wait(lambda: desk.window.saver.path == path)
    return desk, path


def save(desk) -> None:
    desk.edit(gates={"skip1": 0.5})
    desk.do("save")


def title_in(path: Path) -> str:
    return load(path, BlobStore(path.parent / "looked at")).document.title


def change(path: Path) -> bytes:
    """Another program's change."""
    content = path.read_bytes().replace(b'"Small"', b'"Theirs"')
    assert content != path.read_bytes()
    path.write_bytes(content)
    return content


def test_what_another_program_changed_is_kept_until_somebody_says_so(saved):
    desk, path = saved
    theirs = change(path)
    save(desk)
    assert desk.wait_told("mine.fieldglass")
    assert str(path.parent) not in desk.said
    desk.answer("Cancel")
    assert path.read_bytes() == theirs
    assert desk.window.saver.unsaved
    desk.do("save")
    desk.wait_said()
    desk.answer("Overwrite it")
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert title_in(path) == "Small"
    save(desk)  # and after that there is nothing to ask
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert desk.said == ""


def test_mine_goes_to_another_file_and_theirs_stays(saved):
    desk, path = saved
    theirs = change(path)
    save(desk)
    desk.wait_said()
    desk.answer("Save as…")
    (dialog,) = desk.window.findChildren(QFileDialog)
    type_name(dialog, path.with_name("other.fieldglass"))
    dialog.accept()
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert path.read_bytes() == theirs
    assert title_in(path.with_name("other.fieldglass")) == "Small"


def test_a_document_that_was_opened_is_known_as_it_was_read(saved, tmp_path):
    desk, path = saved
    desk.window.commands.files.new()
    desk.drop(path)
    desk.wait(lambda: desk.window.saver.path == path)
    change(path)
    save(desk)
    assert desk.wait_told("Another program")


def test_two_saves_at_once_are_not_taken_for_another_program(saved):
    desk, _ = saved
    for number in range(4):
        desk.edit(gates={"skip1": number / 8})
        desk.do("save")
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert desk.said == ""


def test_a_read_only_file_is_said_and_left(saved):
    desk, path = saved
    before = path.read_bytes()
    path.chmod(0o444)
    save(desk)
    assert desk.wait_told("read-only")
    assert desk.button("Save as…").isVisible()
    assert path.read_bytes() == before
    assert desk.window.saver.unsaved


def test_weights_that_are_gone_are_not_said_to_be_saved(desk, tmp_path, store):
    key = store.put(b"weights that somebody trained")
    document = replace(desk.session.document, weights=BlobRef(key, "mine.safetensors"))
    desk.session.edit("edit", document)
    shutil.rmtree(store.folder)
    path = tmp_path / "mine.fieldglass"
    desk.window.saver.save(path)
    assert desk.wait_told("mine.safetensors")
    assert not path.exists()
    assert desk.window.saver.unsaved
    desk.answer("Save without")
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert load(path, BlobStore(tmp_path / "other")).document.weights == document.weights


def test_closing_waits_for_the_answer(saved, qtbot):
    desk, path = saved
    change(path)
    desk.edit(gates={"skip1": 0.5})
    desk.window.commands.files.save(then=desk.window.close)
    desk.wait_said()
    assert desk.window.isVisible()
    with qtbot.waitSignal(desk.window.closed, timeout=10_000):
        desk.answer("Overwrite it")
    assert title_in(path) == "Small"


def test_a_save_that_ends_after_another_document_has_come_is_not_that_ones(desk, tmp_path):
    """A slow drive: else the next Ctrl+S would write one network over another."""
    first, second = tmp_path / "first.fieldglass", tmp_path / "second.fieldglass"
    desk.window.saver.save(second)
    desk.wait(lambda: desk.window.saver.path == second)
    desk.edit(title="First")
    went_on: list[bool] = []
    desk.window.saver.save(first, lambda: went_on.append(True))
    desk.window.commands.files.new()  # before the event loop hears that it is written
    desk.answer("Don't save")
    desk.wait(lambda: went_on)
    assert desk.window.saver.path is None
    assert title_in(first) == "First"
    desk.edit(title="Third")
    desk.do("save")
    desk.window.findChild(QFileDialog).reject()  # it asks where to
    assert title_in(first) == "First"


def test_an_answer_about_a_file_does_not_write_another_document_into_it(saved):
    desk, path = saved
    theirs = change(path)
    save(desk)
    desk.wait_said()
    overwrite = desk.button("Overwrite it")
    desk.window.show_document(replace(desk.session.document, title="Other"), ViewState(), None)
    desk.qtbot.mouseClick(overwrite, Qt.MouseButton.LeftButton)
    desk.do("save")
    desk.window.findChild(QFileDialog).reject()  # it asks where to
    assert path.read_bytes() == theirs
