"""Save, open again, and what is kept when the program ends without warning."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from analysis.exchange.torch_code import wanted
from analysis.graph import Node
from analysis.operators.contract import REGISTRY
from analysis.storage.blobs import BlobRef, BlobStore
from tests.viewer.file_dialogs import type_name
from viewer.files.recovery import recovery_folder
from viewer.session.sample_document import sample_document
from viewer.session.view_state import Pin, ViewState


def choose(desk, path: Path) -> None:
    """Answer the file dialog."""
    dialogs = desk.window.findChildren(QFileDialog)
    assert len(dialogs) == 1
    type_name(dialogs[0], path)
    dialogs[0].accept()


def unwritable(tmp_path: Path) -> Path:
    """A folder in which not even the superuser may write: it would be below a regular file."""
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "folder"


@pytest.fixture(autouse=True)
def no_copies():
    yield
    for copy in recovery_folder().glob("*"):
        copy.unlink()


def put_store(desk, store: BlobStore) -> None:
    """Have the window read into another store, as on another computer."""
    opener = desk.window.opener
    opener._store = opener.documents._store = desk.window.store = store


def test_save_asks_for_a_place_once_and_everything_comes_back(
    open_desk, tmp_path, store, monkeypatch
):
    desk = open_desk(sample_document(store))
    desk.edit(gates={"skip1": 0.25}, positions={"enc1": (11.0, 12.0)}, off="mean")
    desk.session.set_view(
        workspace="fields",
        selection="dec2",
        pin=Pin("dec1.act2", 100, 120),
        expanded=frozenset({"enc2"}),
    )
    before, looked_at = desk.session.document, desk.session.view
    assert "•" in desk.window.windowTitle()
    desk.do("save")
    choose(desk, tmp_path / "mine")
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert desk.window.windowTitle() == "mine.fieldglass — Fieldglass"
    weights, image = before.weights.hash[:12], before.image.hash[:12]
    assert {each.name for each in tmp_path.glob("mine.*")} == {
        "mine.fieldglass",
        f"mine.{weights}.safetensors",
        f"mine.{image}.jpg",
    }
    desk.edit(gates={})
    desk.do("save")  # no dialog this time
    desk.wait(lambda: not desk.window.saver.unsaved)
    desk.do("undo")
    desk.do("save")
    desk.wait(lambda: not desk.window.saver.unsaved)

    elsewhere = BlobStore(tmp_path / "another computer")
    put_store(desk, elsewhere)
    desk.drop(tmp_path / "mine.fieldglass")
    desk.wait(lambda: elsewhere.has(before.weights.hash) and not desk.session.history.canUndo())
    assert desk.session.document == before
    assert desk.session.view == looked_at
    assert desk.window.saver.path == tmp_path / "mine.fieldglass"
    assert desk.said == ""
    assert not desk.wait_frame().untrained


def test_missing_weights_are_said_and_the_graph_opens(open_desk, tmp_path, store):
    desk = open_desk(sample_document(store))
    path = tmp_path / "alone.fieldglass"
    desk.window.saver.save(path)
    desk.wait(path.exists)
    for blob in tmp_path.glob("alone.*.safetensors"):
        blob.unlink()
    elsewhere = BlobStore(tmp_path / "another computer")
    put_store(desk, elsewhere)
    desk.drop(path)
    assert "weights" in desk.wait_said().lower()
    assert desk.session.document.graph.structure_hash
    assert desk.wait_frame().untrained


@pytest.mark.parametrize("place", ["locked", "nowhere", "a folder"])
def test_a_place_that_cannot_be_written_is_said_and_nothing_is_lost(desk, tmp_path, place):
    target = {
        "locked": unwritable(tmp_path) / "x.fieldglass",
        "nowhere": tmp_path / "no" / "x.fieldglass",
        "a folder": tmp_path / "taken.fieldglass",
    }[place]
    (tmp_path / "taken.fieldglass").mkdir()
    desk.edit(gates={"skip1": 0.5})
    before = desk.session.document
    desk.window.saver.save(target)
    sentence = desk.wait_said()
    assert "Errno" not in sentence
    assert desk.session.document is before
    assert desk.window.saver.unsaved
    assert desk.window.saver.path is None
    desk.window.saver.save(tmp_path / "fine.fieldglass")
    desk.wait(lambda: not desk.window.saver.unsaved)
    assert desk.said == ""


def test_a_diagram_in_a_locked_folder_is_said(desk, tmp_path):
    desk.window.commands.exports.diagram(str(unwritable(tmp_path) / "x.svg"))
    assert "not written" in desk.said
    assert "Errno" not in desk.said


def test_the_network_is_exported_as_code_with_its_weights(open_desk, store, tmp_path):
    desk = open_desk(sample_document(store))
    desk.do("export-code")
    choose(desk, tmp_path / "net.py")
    told = desk.wait_told("net.safetensors")
    assert "net.py" in told
    made = runpy.run_path(str(tmp_path / "net.py"))["build"]()
    keys = {key.rpartition(".")[0] for key in made.state_dict()}
    assert {n.id for n in desk.session.document.graph.nodes if n.operator.family == "conv"} <= keys


def test_code_replaces_no_weights_unasked(open_desk, store, tmp_path):
    desk = open_desk(sample_document(store))
    mine = tmp_path / "net.safetensors"
    mine.write_bytes(b"weights of hours")
    desk.window.commands.code.write(str(tmp_path / "net.py"))
    assert "net.safetensors" in desk.said
    assert mine.read_bytes() == b"weights of hours"
    desk.answer("Overwrite it")
    desk.wait((tmp_path / "net.py").exists)
    assert mine.read_bytes() != b"weights of hours"


def test_code_has_the_weights_of_a_training_script(desk, store, tmp_path):
    import torch

    graph = desk.session.document.graph
    shapes = wanted(graph, desk.session.facts)
    state = {f"module.{key}": torch.rand(shape) for key, shape in shapes.items()}
    torch.save({"model": state, "epoch": 3}, tmp_path / "last.pth")
    blob = BlobRef(store.put(tmp_path / "last.pth"), "last.pth")
    desk.edit(weights=blob)
    desk.window.commands.code.write(str(tmp_path / "net"))
    desk.wait((tmp_path / "net.py").exists)
    made = runpy.run_path(str(tmp_path / "net.py"))["build"]().state_dict()
    for key, tensor in state.items():
        torch.testing.assert_close(made[key.removeprefix("module.")], tensor)


def test_code_with_weights_that_are_none_is_refused_in_a_sentence(desk, store, tmp_path):
    blob = BlobRef(store.put(b"no weights at all"), "broken.pth")
    desk.edit(weights=blob)
    desk.window.commands.code.write(str(tmp_path / "net.py"))
    desk.wait_told("broken.pth")
    assert not (tmp_path / "net.py").exists()


def test_code_says_that_the_gates_are_left_out(desk, tmp_path):
    desk.window.commands.code.write(str(tmp_path / "open.py"))
    assert desk.said == "Writing open.py"
    told = desk.wait_told("is in open.py")
    assert "Gates" not in told
    desk.edit(gates={"skip1": 0.5})
    desk.window.commands.code.write(str(tmp_path / "gated.py"))
    told = desk.wait_told("is in gated.py")
    assert "Gates are left out" in told


def test_code_of_shapes_that_clash_is_refused_with_the_operator(desk, tmp_path):
    graph = desk.session.document.graph
    pool = graph["pool1"].operator
    desk.edit(graph=graph.with_operator("pool1", replace(pool, kernel=(4096, 4096))))
    desk.window.commands.code.write(str(tmp_path / "net.py"))
    desk.wait(lambda: "4096" in desk.said.replace("\u202f", ""))
    assert not (tmp_path / "net.py").exists()


def test_a_newer_or_altered_document_is_said(desk, tmp_path):
    path = tmp_path / "a.fieldglass"
    desk.window.saver.save(path)
    desk.wait(path.exists)
    desk.wait(lambda: desk.window.saver.path == path)
    plain = json.loads(path.read_text())
    before = desk.session.document

    path.write_text(json.dumps(plain | {"fieldglass": 999}))
    desk.drop(path)
    assert "999" in desk.wait_said() or "newer" in desk.said
    desk.window.notice.dismiss()

    plain["operators"][1]["operator"] = "warp"
    path.write_text(json.dumps(plain))
    desk.drop(path)
    assert desk.wait_told("warp")
    assert desk.session.document is before


# ---------------------------------------------------------------------------- unsaved work


def answer_box(desk, role: QMessageBox.StandardButton) -> str:
    """Click in the box that asks about unsaved work; its text."""
    box = desk.window.findChild(QMessageBox, "save?")
    text = box.text()
    desk.qtbot.mouseClick(box.button(role), Qt.MouseButton.LeftButton)
    return text


def test_closing_with_unsaved_work_asks_and_can_be_taken_back(desk, qtbot, tmp_path):
    desk.edit(positions={"enc2": (11.0, 12.0)})
    desk.window.close()
    assert "Save the changes" in answer_box(desk, QMessageBox.StandardButton.Cancel)
    assert desk.window.isVisible()
    desk.wait(lambda: desk.window.findChild(QMessageBox, "save?") is None)
    desk.window.saver.path = tmp_path / "a.fieldglass"
    desk.window.close()
    with qtbot.waitSignal(desk.window.closed, timeout=10_000):
        answer_box(desk, QMessageBox.StandardButton.Save)
    assert (tmp_path / "a.fieldglass").exists()


def test_closing_without_saving_keeps_nothing(desk, qtbot):
    desk.edit(positions={"enc2": (11.0, 12.0)})
    desk.wait(lambda: list(recovery_folder().glob("*.fieldglass")))
    desk.window.close()
    with qtbot.waitSignal(desk.window.closed):
        answer_box(desk, QMessageBox.StandardButton.Discard)
    assert list(recovery_folder().iterdir()) == []


def test_gates_tried_on_a_sample_that_was_never_saved_are_no_work(desk, qtbot):
    desk.edit(gates={"skip2": 0.0})
    with qtbot.waitSignal(desk.window.closed):
        assert desk.window.close()


def test_closing_saved_work_asks_nothing(desk, qtbot):
    with qtbot.waitSignal(desk.window.closed):
        assert desk.window.close()


def test_another_document_does_not_wipe_out_unsaved_work(desk, tmp_path, unet):
    desk.window.saver.save(tmp_path / "a.fieldglass")
    desk.wait((tmp_path / "a.fieldglass").exists)
    saved = desk.session.document
    desk.edit(gates={"skip2": 0.0})
    worked_on = desk.session.document
    desk.drop(tmp_path / "a.fieldglass")
    assert desk.wait_told("Save the changes")
    assert desk.session.document is worked_on
    desk.answer("Cancel")
    assert desk.session.document is worked_on
    desk.drop(tmp_path / "a.fieldglass")
    desk.wait_said()
    desk.answer("Don't save")
    assert desk.session.document == saved
    assert not desk.window.saver.unsaved


def test_recent_files_open_again(desk, tmp_path, two_colours):
    two_colours().save(tmp_path / "a.png")
    desk.drop(tmp_path / "a.png")
    desk.wait_image(desk.session.document.image)
    recent = next(
        action.menu()
        for action in desk.window.commands.menus["file"].actions()
        if action.menu() is not None
    )
    recent.aboutToShow.emit()
    entry = recent.actions()[0]
    assert entry.text() == "a.png"
    desk.do("undo")
    before = desk.session.document.image
    entry.trigger()
    desk.wait_image(before)
    assert desk.session.document.image.name == "a.png"


def test_the_view_survives_a_file_of_another_version(desk, tmp_path):
    path = tmp_path / "a.fieldglass"
    desk.window.saver.save(path)
    desk.wait(path.exists)
    plain = json.loads(path.read_text())
    plain["view"] = {"workspace": "later", "pin": ["gone", 1, 2], "selection": "gone", "zoom": "x"}
    path.write_text(json.dumps(plain))
    desk.session.set_view(workspace="train", selection="enc1")
    with desk.qtbot.waitSignal(desk.session.documentChanged, timeout=60_000):
        desk.drop(path)
    desk.wait(lambda: desk.session.view.selection is None)
    assert desk.session.view == replace(ViewState(), workspace="live")


def test_a_new_network_is_not_saved_over_the_open_file(desk, tmp_path):
    path = tmp_path / "a.fieldglass"
    desk.window.saver.save(path)
    desk.wait(lambda: desk.window.saver.path == path)
    desk.window.commands.files.new()
    assert desk.window.saver.path is None
    assert "a.fieldglass" not in desk.window.windowTitle()


def test_undo_of_a_layer_under_the_pointer_forgets_the_pointer(desk, qtbot):
    desk.session.set_view(workspace="fields")
    graph = desk.session.document.graph
    edge = next(edge for edge in graph.edges if edge.target == "output")
    added = Node("added", REGISTRY["relu"](), (edge.source,))
    desk.edit(graph=graph.insert_on(edge, added))
    desk.session.set_live(hover=Pin("added", 3, 4))
    assert desk.session.unit_field is not None
    desk.session.history.undo()
    assert desk.session.live.hover is None
    assert desk.session.unit_field is None
