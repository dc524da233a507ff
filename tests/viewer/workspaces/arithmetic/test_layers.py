"""A layer of the running network taken apart: its own kernel, patch and value of the map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from analysis.arithmetic import compute
from viewer.session.view_state import Pin
from viewer.workspaces.arithmetic.case.panel import CasePanel
from viewer.workspaces.arithmetic.stage.panel import StagePanel
from viewer.workspaces.build.inspector.panel import InspectorPanel

LEFT = Qt.MouseButton.LeftButton


def badge(desk) -> str:
    return desk.window.findChild(StagePanel).formula.badge.text()


def taken_apart(desk, layer: str) -> None:
    example = desk.arithmetic.model.example
    desk.wait(lambda: (desk.arithmetic.model.example.layer or ("",))[0] == layer)
    assert desk.session.view.workspace == "arithmetic"
    assert desk.arithmetic.model.example is not example or example.layer is not None


def test_the_first_up_convolution_equals_its_feature_map(desk):
    desk.session.set_view(pin=Pin("dec1.conv2", 20, 30), selection="up1")
    desk.do("take-apart")
    taken_apart(desk, "up1")
    model, numbers = desk.arithmetic.model, desk.session.numbers
    assert model.example.layer == ("up1", (20, 30), 0)  # where the pinned unit lies in this map
    assert model.scene.case.kind == "transposed"
    y = compute(model.scene.case, model.scene.x, model.scene.w, model.scene.b)
    inside = np.isfinite(numbers.expected)
    np.testing.assert_allclose(y[0][inside], numbers.expected[inside], rtol=1e-4, atol=1e-5)
    assert model.scene.cell_of(model.step) == numbers.unit_cell
    assert badge(desk).startswith("Equals the feature map at (")
    assert desk.session.view.selection == "up1"


def test_another_channel_and_undo(desk):
    desk.arithmetic.take_apart("enc1.conv2")
    taken_apart(desk, "enc1.conv2")
    panel = desk.window.findChild(CasePanel)
    panel.model.channel.setValue(2)
    desk.wait(lambda: desk.arithmetic.model.example.layer[2] == 2)
    assert badge(desk).startswith("Equals the feature map at (")
    desk.do("undo")
    assert desk.arithmetic.model.example.layer[2] == 0
    desk.do("undo")
    assert desk.arithmetic.model.example.layer is None


def test_a_changed_picture_says_that_the_numbers_are_of_an_earlier_one(desk):
    desk.arithmetic.take_apart("enc1.conv1")
    taken_apart(desk, "enc1.conv1")
    assert badge(desk).startswith("Equals")
    desk.edit(gates={"skip1": 0.0})
    assert "the picture has changed since" in badge(desk)
    desk.edit(gates={})
    assert badge(desk).startswith("Equals")


def test_a_typed_number_makes_them_numbers_of_ones_own(desk):
    from viewer.workspaces.arithmetic.model import edits

    desk.arithmetic.take_apart("pool1")
    taken_apart(desk, "pool1")
    edits.set_value(desk.arithmetic.model, "input", (0, 0, 0), 7)
    assert desk.arithmetic.model.example.layer is None
    assert "feature map" not in badge(desk)


@pytest.mark.parametrize("what", ["enc1.act1", "input", None])
def test_what_cannot_be_taken_apart_says_so(desk, what):
    desk.session.set_view(selection=what if what in desk.session.document.graph else None)
    desk.do("take-apart")
    assert "convolution" in desk.said
    assert desk.session.view.workspace == "live"


def test_a_double_click_in_the_strip_takes_a_block_apart(desk):
    desk.do("arithmetic")
    canvas = desk.window.canvas
    desk.wait(lambda: canvas.height() < 320)
    node = canvas.scene_of_network.figure.nodes["enc1"]
    at = canvas.to_viewport(node.map.center()).toPoint()
    desk.qtbot.mouseDClick(canvas.viewport(), LEFT, pos=at)
    taken_apart(desk, "enc1.conv1")
    assert desk.session.view.expanded == frozenset()  # elsewhere a double-click opens the block


def test_the_inspector_offers_it(desk):
    desk.do("build")
    desk.session.set_view(selection="enc1.conv1")
    inspector = desk.window.findChild(InspectorPanel)
    button = inspector.findChild(QPushButton, "take-apart")
    desk.qtbot.mouseClick(button, LEFT)
    taken_apart(desk, "enc1.conv1")


def test_without_an_image_there_is_nothing_to_take_apart(open_desk):
    desk = open_desk(pictured=False)
    desk.arithmetic.take_apart("enc1.conv1")
    assert desk.wait_said() == (
        "No image runs through the network, so this layer holds no numbers. Open an image."
    )
    assert desk.arithmetic.model.example.layer is None
    assert desk.session.live.engine != "failed"
    other = replace(desk.session.document, title="other")
    desk.session.open(other, desk.session.view)
    assert desk.said == ""  # of another document it may not be so


def test_another_document_is_not_asked_what_this_one_was(open_desk):
    desk = open_desk(pictured=False)
    told = []
    desk.session.numbersReady.connect(told.append)
    desk.arithmetic.take_apart("enc1.conv1")
    view, other = desk.session.view, replace(desk.session.document, title="other")
    desk.window.show_document(other, view, None)
    desk.wait(lambda: not desk.window.loop._is_due)
    assert told == []
    desk.arithmetic.take_apart("enc1.conv1")
    desk.wait(lambda: len(told) == 1)
