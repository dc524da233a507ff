"""A network is compared with another one in the window, and the document stays as it was."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from analysis.exchange.onnx_file import write_onnx
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.inference.protocol.output_difference import OutputDifference
from analysis.network.weights import initial
from analysis.operators import Convolution, Input, Output, ReLU
from analysis.storage.document_file import save
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.shell.comparison.dialog import CompareDialog
from viewer.text.translation import language


def compare(desk, document):
    desk.window.comparing.compare_with(document)
    desk.wait(lambda: desk.window.comparing.page is not None)
    return desk.window.comparing.page


def test_both_are_shown_with_what_differs_and_left_again(desk, unet) -> None:
    before, view = desk.session.document, desk.session.view
    page = compare(desk, replace(unet(depth=3), title="Deeper"))
    assert desk.window.canvas.isHidden()
    assert not desk.window.docks.right.isVisible()
    assert page.first.session.document.graph == before.graph
    assert page.second.session.facts.parameters > page.first.session.facts.parameters
    shown = {row.id for row in page.table.differences.rows}
    assert "enc3.conv1" in shown
    desk.wait(lambda: isinstance(page.outputs._known, OutputDifference))
    known = page.outputs._known
    assert 0 < known.rms <= known.largest
    assert math.isfinite(known.largest)
    assert page.both.session.frame is not None
    page.setFocus()
    desk.qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert desk.window.comparing.page is None
    assert not desk.window.canvas.isHidden()
    assert desk.window.docks.right.isVisible()
    assert desk.session.document is before
    assert desk.session.view == view
    assert not desk.session.history.count()


def test_a_row_selects_its_block_on_every_canvas_and_a_block_its_row(desk, unet) -> None:
    page = compare(desk, replace(unet(depth=3), title="Deeper"))
    rows = page.table.differences.rows
    at = next(i for i, row in enumerate(rows) if row.id == "enc3.conv1")
    page.table.selectRow(at)
    assert page.both.session.view.selection == "enc3"
    assert page.second.session.view.selection == "enc3"
    assert page.first.session.view.selection is None
    page.show_view("two")
    page.second.session.set_view(selection="dec3")
    chosen = {rows[index.row()].id for index in page.table.selectionModel().selectedRows()}
    assert chosen
    assert all(name.startswith("dec3") for name in chosen)
    assert page.both.session.view.selection == "dec3"
    assert "\nAdded\tenc 3, conv 1\t" in page.table.copied()


def test_differences_are_drawn_in_their_colours_and_words(desk, unet) -> None:
    page = compare(desk, replace(unet(depth=3), title="Deeper"))
    for mode in ("light", "dark"):
        theme.use(mode)
        canvas = page.both.canvas
        card = canvas.scene_of_network.figure.nodes["enc3"].card
        image = canvas.viewport().grab().toImage()
        at = canvas.to_viewport(card.topRight()).toPoint()
        wanted = current_inks().color("pos")
        near = [
            image.pixelColor(at.x() + dx, at.y() + dy) for dx in range(-2, 4) for dy in range(2, 20)
        ]
        rgb = np.array([(each.red(), each.green(), each.blue()) for each in near])
        away = np.abs(rgb - np.array([wanted.red(), wanted.green(), wanted.blue()])).sum(1)
        assert away.min() < 12
    language.use("zh")
    assert page.table.differences.rows[0].cells[0] in ("新增", "更改")


def test_a_file_is_compared_and_nothing_can_be_edited(desk, unet, tmp_path) -> None:
    path = tmp_path / "wider.fieldglass"
    save(path, replace(unet(base=8), title="Wider"), {}, desk.store)
    desk.window.comparing.second.open_file(str(path))
    desk.wait(lambda: desk.window.comparing.page is not None)
    page = desk.window.comparing.page
    assert all(row.difference != "added" for row in page.table.differences.rows)
    session, graph = page.second.session, page.second.session.document.graph
    session.set_view(selection="enc1")
    desk.qtbot.keyClick(page.second.canvas, Qt.Key.Key_Delete)
    assert session.document.graph is graph
    assert page.second.canvas._entries_at(page.second.canvas.rect().center()) == ()
    desk.edit(
        title="Other", graph=unet(base=2).graph
    )  # another network: nothing to compare it with
    assert desk.window.comparing.page is None


NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 1, 1)
    def forward(self, x):
        return self.last(torch.relu(self.first(x)))
"""


def second_file(folder, ending):
    """A small network as a file of that kind."""
    path = folder / f"net{ending}"
    if ending == ".py":
        path.write_text(NET)
        return path
    import torch
    from safetensors.torch import save_file

    if ending == ".pt2":
        room = {"__name__": "net"}
        exec(NET, room)  # noqa: S102
        example = (torch.zeros(1, 3, 32, 32),)
        torch.export.save(torch.export.export(room["Net"]().eval(), example), path)
    else:
        graph = Graph.of([
            Node("input", Input(3, (32, 32))),
            Node("first", Convolution(4, (3, 3), padding=((1, 1), (1, 1))), ("input",)),
            Node("relu", ReLU(), ("first",)),
            Node("last", Convolution(1, (1, 1)), ("relu",)),
            Node("output", Output(), ("last",)),
        ])  # fmt: skip
        facts, weights = analyse(graph), folder / "net.safetensors"
        save_file(initial(graph, facts, 1), weights)
        write_onnx(path, graph, facts, weights)
    return path


@pytest.mark.parametrize("ending", [".py", ".pt2", ".onnx"])
def test_a_model_file_is_compared_once_its_code_may_run(desk, tmp_path, ending) -> None:
    before = desk.session.document
    desk.window.comparing.second.open_file(str(second_file(tmp_path, ending)))
    if ending != ".onnx":
        desk.wait_said()
        assert desk.window.comparing.page is None
        desk.answer("Run it and open")
    desk.wait(lambda: desk.window.comparing.page is not None)
    page = desk.window.comparing.page
    assert page.second.session.facts.parameters == 3 * 4 * 9 + 4 + 4 + 1
    assert {row.id for row in page.table.differences.rows} >= {"first", "last"}
    desk.wait(lambda: isinstance(page.outputs._known, OutputDifference | Fault))
    assert desk.session.document is before


def test_what_is_no_network_is_said(desk, tmp_path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing")
    desk.window.comparing.second.open_file(str(path))
    assert desk.wait_told("notes.txt is no network")


def test_the_dialog_offers_blueprints_and_the_first_state(desk, unet) -> None:
    desk.edit(graph=unet(base=8).graph)
    desk.do("compare")
    dialog = next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, CompareDialog)
    )
    assert not dialog.first_state.isHidden()
    dialog.browser.cards["linknet"].click()
    desk.wait(lambda: desk.window.comparing.page is not None)
    page = desk.window.comparing.page
    assert page.shown.second.arrangement.document.blueprint[0] == "linknet"
    assert page.second.session.shapes["input"] == page.first.session.shapes["input"]
