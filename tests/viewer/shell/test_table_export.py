"""File ▸ Export table writes what `fieldglass describe` says of the network on screen."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QFileDialog

from analysis.operators import Convolution
from viewer.cli import main
from viewer.session.sample_document import sample_document


def described(desk, capsys, tmp_path, kind: str) -> str:
    """What the command line says of the network, saved as a document."""
    path = tmp_path / "same.fieldglass"
    desk.window.saver.save(path, lambda: None)
    desk.wait(path.exists)
    assert main(["describe", str(path), "--format", kind]) == 0
    return capsys.readouterr().out


def pick(desk, kind: str, path) -> None:
    """Choose a kind of file and type a name in the dialog that is open."""
    desk.wait(lambda: desk.window.findChildren(QFileDialog))
    dialog = desk.window.findChildren(QFileDialog)[0]
    dialog.selectNameFilter(next(each for each in dialog.nameFilters() if kind in each))
    dialog.filterSelected.emit(dialog.selectedNameFilter())
    dialog.selectFile(str(path))
    dialog.accept()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_menu_writes_what_describe_says(open_desk, store, tmp_path, capsys, kind):
    desk = open_desk(sample_document(store))
    desk.do("export-table")
    pick(desk, kind, tmp_path / "layers")
    path = tmp_path / f"layers.{kind}"
    desk.wait_told(f"is in layers.{kind}")
    found, wanted = path.read_text(), described(desk, capsys, tmp_path, kind)
    if kind == "csv":
        assert found == wanted
        return
    ours, theirs = json.loads(found), json.loads(wanted)
    assert ours.pop("model")
    theirs.pop("model")
    assert ours == theirs
    assert found.count("\n") == wanted.count("\n")


def test_a_layer_that_cannot_be_is_in_the_table(desk, tmp_path):
    graph = desk.session.document.graph
    node = next(each for each in graph.nodes if isinstance(each.operator, Convolution))
    desk.edit(graph=graph.with_operator(node.id, replace(node.operator, kernel=(999, 999))))
    desk.window.commands.table.write(str(tmp_path / "layers"))
    desk.wait_told("layers.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "layers.csv").read_text())))
    broken = [row for row in rows if row["error"]]
    assert [row["name"] for row in broken] == [node.id]
    assert "999" in broken[0]["error"]
    assert broken[0]["shape"] == ""


def test_a_place_that_cannot_be_written_is_said(desk, tmp_path):
    (tmp_path / "file").write_text("")
    desk.window.commands.table.write(str(tmp_path / "file" / "layers.csv"))
    assert desk.wait_told("layers.csv")
