"""A step of undo says which setting of what was changed, and to what, in the language of now."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.viewer.networks import session_of
from viewer.session import Session
from viewer.text.translation import language
from viewer.workspaces.build.inspector.panel import InspectorPanel


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=3,base=4,size=64", workspace="build")


@pytest.fixture
def panel(session, shown) -> InspectorPanel:
    return shown(InspectorPanel(session), 320, 900)


def typed(qtbot, box, text: str) -> None:
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_a_number_typed_for_a_block(panel, session, qtbot):
    session.set_view(selection="enc2")
    typed(qtbot, panel.block_settings.fields["channels"].editor, "64")
    assert session.history.undoText() == "Set channels of Encoder block 2 to 64"
    language.use("zh_CN")
    assert session.history.undoText() == "将 编码模块 2 的通道设为 64"


def test_a_size_and_a_choice(panel, session, qtbot):
    session.set_view(selection="enc2")
    typed(qtbot, panel.block_settings.fields["kernel"].editor, "5 x 3")
    assert session.history.undoText() == "Set kernel of Encoder block 2 to 5 × 3"
    panel.block_settings.fields["norm"].editor.valueChanged.emit("instance")
    assert session.history.undoText() == "Set normalisation of Encoder block 2 to instance"
    panel.block_settings.fields["norm"].editor.valueChanged.emit("none")
    assert session.history.undoText() == "Set normalisation of Encoder block 2 to none"
    panel.block_settings.fields["norm"].editor.valueChanged.emit("group")
    assert session.history.undoText() == "Set normalisation of Encoder block 2 to group"
    panel.block_settings.fields["activation"].editor.valueChanged.emit("gelu")
    assert session.history.undoText() == "Set activation of Encoder block 2 to GELU"


def test_an_operator_of_its_own(panel, session, qtbot):
    session.set_view(selection="enc2.conv1")
    typed(qtbot, panel.operator_settings.fields["padding"].editor, "1 + 2 x 0 + 1")
    assert session.history.undoText() == "Set padding of enc 2, conv 1 to 1 + 2 × 0 + 1"
    qtbot.keyClick(panel.operator_settings.fields["bias"].editor, Qt.Key.Key_Space)
    on = session.document.graph["enc2.conv1"].operator.bias
    assert session.history.undoText() == f"Set bias of enc 2, conv 1 to {'on' if on else 'off'}"


def test_an_operator_put_behind_and_taken_out(panel, session, qtbot):
    session.set_view(selection="enc2.conv1")
    panel.insert_or_remove._fill()
    actions = panel.insert_or_remove.menu.actions()
    action = next(each for each in actions if each.text() == "dropout")
    action.trigger()
    assert session.history.undoText() == "Insert dropout after enc 2, conv 1"
    qtbot.mouseClick(panel.insert_or_remove.remove, Qt.MouseButton.LeftButton)
    assert session.history.undoText() == "Remove enc 2, conv 1"


def test_a_skip_that_joins_otherwise_and_goes(panel, session):
    session.set_view(selection="join2")
    (editor,) = panel.skips
    editor.join.valueChanged.emit("add")
    assert session.history.undoText() == "Let skip 2 join by add"
    editor.join.valueChanged.emit("none")
    assert session.history.undoText() == "Remove skip 2"
