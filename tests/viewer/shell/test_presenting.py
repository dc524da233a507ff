"""Presenting in the real window, by keyboard: full screen, steps, spotlight, laser."""

from __future__ import annotations

import re
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import (
    QColor,
    QCursor,
    QHelpEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QPicture,
    QRegion,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QGraphicsItem, QLineEdit, QWidget

from tests.viewer.pointer import move_pointer
from viewer.drawing.files.figure_file import RESOLUTION
from viewer.drawing.painting.recorded_window import paint_in_parts
from viewer.drawing.painting.text import text_scale
from viewer.drawing.presentation.pdf import PX_PER_INCH
from viewer.look.type_size import LECTURE, type_size
from viewer.session.edits import presentation_steps as edits
from viewer.session.edits.gates import set_gate
from viewer.session.view_state import Pin, ViewState
from viewer.shell.presenting import export
from viewer.shell.presenting.stage import RING
from viewer.shell.presenting.steps_dialog import StepsDialog
from viewer.text.translation import language

Key = Qt.Key
HELD = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(open_desk):
    made = open_desk(view=ViewState(workspace="live"), pictured=False)
    yield made
    made.window.presenter.end()
    assert type_size.factor == 1.0


def press(desk: Any, key: Qt.Key) -> None:
    """Press a key where the keyboard is, and let what it does happen."""
    QTest.keyClick(QApplication.focusWidget() or desk.window, key)
    QApplication.processEvents()
    QApplication.processEvents()


def three_steps(desk: Any) -> None:
    for workspace in ("live", "fields", "build"):
        desk.session.set_view(workspace=workspace)
        edits.add(desk.session, desk.window.canvas.region())


def shown(desk: Any) -> tuple[int | None, str]:
    return desk.window.presenter.now.at, desk.session.view.workspace


def test_f5_fills_the_screen_with_large_type_and_esc_gives_the_window_back(desk):
    window = desk.window
    desk.session.set_view(selection="enc1")
    before = text_scale(1.0)
    press(desk, Key.Key_F5)
    assert window.isFullScreen()
    assert not window.top.isVisible()
    assert not window.status.isVisible()
    assert desk.session.view.panels_hidden, "without steps the canvas has all of it"
    assert text_scale(1.0) == LECTURE * before
    assert text_scale(0.5) == 2 * before, "from far, captions of neighbours would touch"
    assert "Esc" in window.presenter.caption.keys.text()
    assert window.presenter.caption.isVisible()
    press(desk, Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.top.isVisible()
    assert window.status.isVisible()
    assert not window.presenter.caption.isVisible()
    assert not desk.session.view.panels_hidden
    assert text_scale(1.0) == before
    assert desk.session.view.selection == "enc1", "Esc meant the presentation, not the selection"


FORTH_AND_BACK = (
    (Key.Key_PageDown, Key.Key_PageUp),
    (Key.Key_Right, Key.Key_Left),
    (Key.Key_Down, Key.Key_Up),
    (Key.Key_Space, Key.Key_Backspace),
)


def test_steps_go_forth_and_back_with_the_keys_of_presenters(desk):
    three_steps(desk)
    press(desk, Key.Key_F5)
    assert shown(desk) == (0, "live")
    for forth, back in FORTH_AND_BACK:
        press(desk, forth)
        assert shown(desk) == (1, "fields")
        press(desk, back)
        assert shown(desk) == (0, "live")
    assert desk.window.presenter.caption.count.text() == "1 / 3"
    press(desk, Key.Key_End)
    assert shown(desk) == (2, "build")
    press(desk, Key.Key_Right)
    assert shown(desk) == (2, "build"), "behind the last there is none"
    press(desk, Key.Key_Home)
    assert shown(desk) == (0, "live")


def test_without_steps_the_arrows_are_the_canvas_s_own(desk):
    press(desk, Key.Key_F5)
    desk.window.canvas.setFocus()
    desk.session.set_view(selection=desk.session.blocks[0].id)
    before = desk.session.view.selection
    press(desk, Key.Key_Right)
    assert desk.session.view.selection != before


def test_what_is_typed_into_a_field_is_no_command(desk):
    three_steps(desk)
    field = QLineEdit(desk.window)
    field.setGeometry(100, 100, 200, 28)
    press(desk, Key.Key_F5)
    field.show()
    field.setFocus()
    QTest.keyClicks(field, "s l b.")
    assert field.text() == "s l b."
    assert desk.window.presenter.now.spotlight
    press(desk, Key.Key_PageDown)
    assert shown(desk)[0] == 1, "a remote goes on wherever the keyboard is"


def color_at(desk: Any, at: QPoint) -> QColor:
    return desk.window.grab().toImage().pixelColor(at)


def test_the_pointer_is_a_spotlight_then_a_ring_then_left_alone(desk):
    window, stage = desk.window, desk.window.presenter.stage
    press(desk, Key.Key_F5)
    far, at = QPoint(30, 300), QPoint(400, 300)
    plain = color_at(desk, far).lightness()
    stage.point(at)
    assert color_at(desk, far).lightness() < plain - 40
    lit = color_at(desk, at + QPoint(3, 40)).lightness()
    press(desk, Key.Key_S)
    assert not window.presenter.now.spotlight
    assert color_at(desk, far).lightness() == plain
    assert color_at(desk, at + QPoint(3, 40)).lightness() == lit
    stage.point(None)
    assert stage.pointer is None


def test_a_spotlight_stays_while_the_pointer_rests_and_only_the_ring_goes(desk):
    stage = desk.window.presenter.stage
    press(desk, Key.Key_F5)
    far, at = QPoint(30, 300), QPoint(400, 300)
    rim = at + QPoint(RING, 0)
    plain, bare = color_at(desk, far).lightness(), color_at(desk, rim)
    stage.point(at)
    stage._rest.timeout.emit()
    assert color_at(desk, far).lightness() < plain - 40
    press(desk, Key.Key_S)
    stage.point(at)
    assert color_at(desk, rim) != bare
    stage._rest.timeout.emit()
    assert color_at(desk, rim) == bare


def test_s_lights_the_pointer_at_once(desk):
    window, stage = desk.window, desk.window.presenter.stage
    press(desk, Key.Key_F5)
    stage.point(None)
    at, far = QPoint(420, 320), QPoint(30, 300)
    QCursor.setPos(window.mapToGlobal(at))
    plain = color_at(desk, far).lightness()
    press(desk, Key.Key_S)
    assert window.presenter.now.spotlight, "it had not been seen yet"
    assert stage.pointer == at
    assert color_at(desk, far).lightness() < plain - 40
    press(desk, Key.Key_S)
    assert color_at(desk, far).lightness() == plain
    QCursor.setPos(window.mapToGlobal(at + QPoint(50, 0)))
    press(desk, Key.Key_S)
    assert stage.pointer == at + QPoint(50, 0)
    assert color_at(desk, far).lightness() < plain - 40


def test_no_tip_lies_over_what_is_presented(desk):
    heard = []

    class Tipped(QWidget):
        def event(self, event):
            heard.append(event.type())
            return super().event(event)

    tipped = Tipped(desk.window)
    tipped.show()
    tip = QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(tipped, tip)
    assert QEvent.Type.ToolTip in heard
    press(desk, Key.Key_F5)
    heard.clear()
    QApplication.sendEvent(tipped, tip)
    assert QEvent.Type.ToolTip not in heard


def test_a_moved_pointer_is_followed_and_clicks_go_through(desk):
    window = desk.window
    press(desk, Key.Key_F5)
    port = window.canvas.viewport()
    move_pointer(port, QPoint(120, 140))
    move_pointer(port, QPoint(121, 141))
    assert window.presenter.stage.pointer == port.mapTo(window, QPoint(121, 141))
    node = window.canvas.scene_of_network.figure.nodes["enc1"]
    at = window.canvas.to_viewport(node.map.center()).toPoint()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=at)
    assert desk.session.view.selection == "enc1"


def test_the_laser_marks_the_unit_that_is_pinned(desk):
    window, stage = desk.window, desk.window.presenter.stage
    press(desk, Key.Key_F5)
    layer = desk.session.output_of["enc1"]
    _, height, width = desk.session.shapes[layer]
    desk.session.set_view(pin=Pin(layer, height // 2, width // 2))
    desk.wait(lambda: stage.unit is not None)
    area = window.canvas.scene_of_network.figure.nodes["enc1"].map
    seen = window.canvas.to_viewport(area.center())
    corner = window.canvas.viewport().mapTo(window, QPoint(0, 0))
    assert (stage.unit - seen - corner).manhattanLength() < 3
    dot = color_at(desk, stage.unit.toPoint())
    assert dot.red() > 200
    assert dot.blue() < 90
    press(desk, Key.Key_L)
    assert stage.unit is None
    desk.session.set_view(pin=None)
    press(desk, Key.Key_L)
    desk.wait(lambda: stage.unit is None)


def test_a_unit_clicked_while_presenting_has_the_laser(desk):
    window, stage = desk.window, desk.window.presenter.stage
    desk.session.set_view(workspace="fields")
    press(desk, Key.Key_F5)
    canvas, port = window.canvas, window.canvas.viewport()
    area = canvas.scene_of_network.figure.nodes["enc1"].map
    at = canvas.to_viewport(area.center()).toPoint()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=at)
    desk.wait(lambda: desk.session.view.pin is not None and stage.unit is not None)
    assert (stage.unit - port.mapTo(window, at)).manhattanLength() < 12


def test_first_steps_leave_the_screen_to_the_lecture_and_come_back(open_desk):
    made = open_desk(pictured=False, welcome=True)
    card = made.window.card
    assert card.isVisible()
    made.window.presenter.start()
    made.session.set_view(panels_hidden=False, workspace="fields")
    assert not card.isVisible()
    made.window.presenter.end()
    assert card.isVisible()
    card.end()
    made.window.presenter.start()
    made.window.presenter.end()
    assert not card.isVisible(), "what was put away for good stays away"


def test_b_blacks_the_screen_and_any_step_brings_it_back(desk):
    three_steps(desk)
    press(desk, Key.Key_F5)
    press(desk, Key.Key_B)
    assert color_at(desk, QPoint(300, 200)) == QColor("black")
    press(desk, Key.Key_PageDown)
    assert color_at(desk, QPoint(300, 200)) != QColor("black")


def test_a_region_of_the_canvas_is_shown_again_in_a_window_of_another_size(desk):
    canvas = desk.window.canvas
    canvas.zoom_to(2.5)
    kept = canvas.region()
    edits.add(desk.session, kept)
    canvas.fit()
    assert canvas.region() is None
    desk.window.presenter.go(0)
    found = canvas.region()
    assert found == pytest.approx(kept, abs=1.0)
    desk.window.resize(1200, 760)
    canvas.show_region(kept)
    left, top, width, height = canvas.region()
    assert left <= kept[0] + 1
    assert top <= kept[1] + 1
    assert left + width >= kept[0] + kept[2] - 1
    assert top + height >= kept[1] + kept[3] - 1


def test_ctrl_f5_saves_what_is_shown_and_the_menu_has_all_three(desk):
    for name in ("present", "save-step", "steps-of-presentation"):
        assert desk.window.commands.actions[name] in desk.window.commands.menus["view"].actions()
    desk.do("save-step")
    assert [step.name for step in desk.session.document.steps] == ["Step 1"]
    assert desk.said == "Saved as step 1 of 1."
    language.use("zh_CN")
    desk.do("save-step")
    assert "2" in desk.said


def test_the_list_of_steps_by_keyboard_alone(desk):
    three_steps(desk)
    desk.do("steps-of-presentation")
    dialog = desk.window.findChild(StepsDialog)
    desk.wait(dialog.isActiveWindow)
    rows = dialog.list
    rows.setFocus()
    rows.setCurrentRow(1)
    QTest.keyClick(rows, Key.Key_Return)
    assert desk.session.view.workspace == "fields"
    QTest.keyClick(rows, Key.Key_Up, HELD)
    assert [s.name for s in desk.session.document.steps] == ["Step 2", "Step 1", "Step 3"]
    assert rows.currentRow() == 0
    QTest.keyClick(rows, Key.Key_F2)
    editor = rows.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "Where it looks")
    QTest.keyClick(editor, Key.Key_Return)
    QApplication.processEvents()
    assert desk.session.document.steps[0].name == "Where it looks"
    QTest.keyClick(rows, Key.Key_Delete)
    assert [s.name for s in desk.session.document.steps] == ["Step 1", "Step 3"]
    desk.session.history.undo()
    assert rows.count() == 3
    assert rows.item(0).text() == "Where it looks"
    desk.do("steps-of-presentation")
    assert len(desk.window.findChildren(StepsDialog)) == 1, "it comes to the front, not twice"
    dialog.buttons["save"].click()
    assert len(desk.session.document.steps) == 4
    dialog.buttons["again"].click()
    dialog.buttons["present"].click()
    assert desk.window.presenter.now.active
    assert not dialog.isVisible()


def test_a_deleted_step_is_not_shown_as_if_it_were_there(desk):
    three_steps(desk)
    press(desk, Key.Key_F5)
    press(desk, Key.Key_End)
    edits.remove(desk.session, 2)
    assert desk.window.presenter.now.at == 1
    assert desk.window.presenter.caption.count.text() == "2 / 2"


def test_closing_a_window_that_presents_gives_the_others_their_type_back(open_desk):
    made = open_desk(pictured=False)
    made.window.presenter.start()
    assert type_size.factor == LECTURE
    made.session.history.setClean()
    made.window.close()
    assert type_size.factor == 1.0


# ------------------------------------------------------------------ export


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Pictures are taken as soon as nothing is under way."""
    monkeypatch.setattr(export, "QUIET", 1)


def test_the_steps_are_shown_and_written_and_all_is_as_before(desk, tmp_path):
    three_steps(desk)
    desk.session.set_view(workspace="live", selection="enc1")
    index, writer = desk.session.history.index(), desk.window.presenting.export
    path = tmp_path / "talk.gif"
    writer.write(str(path))
    assert writer.runs
    assert desk.window.presenter.caption.isVisible()
    assert not desk.window.presenter.caption.keys.text()
    assert not desk.window.top.isVisible()
    desk.wait(lambda: not writer.runs)
    assert desk.said == "The steps are in talk.gif."
    with Image.open(path) as film:
        assert film.n_frames == 3
        assert film.size == (desk.window.width(), desk.window.height())
    assert desk.session.view.workspace == "live"
    assert desk.session.view.selection == "enc1"
    assert desk.session.history.index() == index
    assert desk.window.top.isVisible()
    assert type_size.factor == 1.0


class Whole(QWidget):
    """Paints all of itself, as the frame about what has the keyboard does."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("red"))
        painter.end()


def test_a_widget_that_is_cut_to_its_edge_covers_nothing_else_in_a_picture(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.setPalette(QPalette(QColor("white")))
    frame = Whole(window)
    frame.setMask(QRegion(0, 0, 100, 10))
    for each in (window, frame):
        each.resize(100, 100)
    window.show()
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    list(paint_in_parts(painter, window))
    painter.end()
    seen = [image.pixelColor(50, y).name() for y in (5, 50)]
    assert seen == ["#ff0000", "#ffffff"]


def test_no_panel_of_a_page_is_cut_below_the_page_and_so_covers_its_foot(open_desk, tmp_path):
    desk = open_desk()
    desk.wait_frame()
    window, path = desk.window, tmp_path / "talk.pdf"
    window.resize(1280, 720)
    desk.session.set_view(workspace="fields", pin=Pin("enc2.act1", 4, 4), bottom_folded=True)
    edits.add(desk.session, window.canvas.region())
    writer = window.presenting.export
    writer.write(str(path))
    desk.wait(lambda: not writer.runs)
    cuts = []
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", path.read_bytes(), re.DOTALL):
        try:
            content = zlib.decompress(packed)
        except zlib.error:
            continue
        for outline in re.findall(rb"((?:[\d.]+ [\d.]+ [ml]\n|h\n)+)W\* n", content):
            places = re.findall(rb"[\d.]+ ([\d.]+) [ml]", outline)
            cuts.append(max(float(each) for each in places))
    a_pixel = RESOLUTION / PX_PER_INCH
    assert len(cuts) > 50
    assert max(cuts) / a_pixel <= window.height() + 1


def test_words_of_a_widget_half_out_of_sight_are_cut_in_a_record(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.setPalette(QPalette(QColor("white")))
    slot = QWidget(window)
    slot.setGeometry(0, 0, 100, 10)
    choice = QComboBox(slot)
    choice.addItem("ABC")
    choice.setGeometry(0, 0, 100, 40)
    window.resize(100, 40)
    window.show()
    picture = QPicture()
    painter = QPainter(picture)
    list(paint_in_parts(painter, window))
    painter.end()
    image = QImage(100, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.drawPicture(0, 0, picture)
    painter.end()
    assert {image.pixelColor(x, y).name() for x in range(100) for y in range(10, 40)} == {"#ffffff"}


def test_the_pages_of_a_pdf_are_vectors_with_text_that_can_be_searched(desk, tmp_path):
    three_steps(desk)
    writer, path = desk.window.presenting.export, tmp_path / "talk.pdf"
    writer.write(str(path))
    desk.wait(lambda: not writer.runs)
    content = path.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 3
    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", content)
    size = [float(each) / 0.75 for each in box[1].split()[2:]]
    assert np.abs(np.array(size) - [desk.window.width(), desk.window.height()]).max() < 2
    widths = [int(each) for each in re.findall(rb"/Width (\d+)", content)]
    assert max(widths) < desk.window.width() / 4, "maps are pictures, the page is none"
    assert b"DCTDecode" not in content, "a map keeps its values"
    meant = b" ".join(re.findall(rb"begincmap.*?endcmap", content, re.DOTALL))
    for character in "encdec012346":
        assert b"<%04X>" % ord(character) in meant, character
    kept = [item.cacheMode() for item in desk.window.canvas.scene_of_network.items_by_id.values()]
    assert set(kept) == {QGraphicsItem.CacheMode.DeviceCoordinateCache}


def test_a_picture_is_taken_once_the_effective_field_is_there(open_desk, tmp_path, monkeypatch):
    desk = open_desk()
    desk.wait_frame()
    desk.session.set_view(workspace="fields", field_view="effective", pin=Pin("enc2.act1", 4, 4))
    edits.add(desk.session, desk.window.canvas.region())
    desk.session.set_view(pin=Pin("enc2.act1", 9, 9))
    desk.wait(lambda: desk.session.effective and desk.session.effective.units == ((9, 9),))
    writer, seen = desk.window.presenting.export, []
    take = writer._take_picture
    monkeypatch.setattr(
        writer, "_take_picture", lambda: (seen.append(desk.session.effective.units), take())[1]
    )
    writer.write(str(tmp_path / "talk.gif"))
    desk.wait(lambda: not writer.runs)
    assert seen == [((4, 4),)]


def test_esc_while_the_steps_are_shown_writes_nothing(desk, tmp_path):
    three_steps(desk)
    writer = desk.window.presenting.export
    writer.write(str(tmp_path / "talk.pdf"))
    press(desk, Key.Key_Escape)
    assert not writer.runs
    assert desk.said == "Cancelled; nothing was written."
    assert not desk.window.presenter.now.active
    assert list(tmp_path.glob("talk*")) == []


def test_what_cannot_be_exported_is_said(desk, tmp_path):
    writer = desk.window.presenting.export
    desk.do("export-steps")
    assert "no steps yet" in desk.said
    three_steps(desk)
    writer.write(str(tmp_path / "talk.docx"))
    assert ".pdf" in desk.said
    assert not writer.runs
    writer.write(str(tmp_path / "no folder" / "talk.gif"))
    desk.wait(lambda: not writer.runs)
    assert "talk.gif" in desk.said


def test_a_picture_with_more_pixels_than_the_screen_has_blocks_in_their_places(open_desk):
    made = open_desk(view=ViewState(workspace="fields"))
    layer = made.session.output_of["enc1"]
    made.session.set_view(pin=Pin(layer, 10, 10))
    made.wait_frame()
    port = made.window.canvas.viewport()
    plain = port.grab().toImage()
    large = QImage(port.size() * 2, QImage.Format.Format_RGB32)
    large.setDevicePixelRatio(2.0)
    painter = QPainter(large)
    port.render(painter, QPoint(0, 0))
    painter.end()
    apart = [
        abs(plain.pixelColor(x, y).lightness() - large.pixelColor(2 * x, 2 * y).lightness())
        for x in range(0, plain.width(), 9)
        for y in range(0, plain.height(), 9)
    ]
    assert sum(each > 60 for each in apart) < len(apart) / 50


def test_a_step_is_pictured_once_the_engine_has_answered_all_of_it(open_desk, tmp_path):
    made = open_desk(view=ViewState(workspace="live"))
    session, stale = made.session, []
    made.wait(lambda: not session.measure_is_stale)
    for alpha in (1.0, 0.0):
        set_gate(session, session.facts.skips[0].name, alpha)
        edits.add(session, None)
    writer = made.window.presenting.export
    take = writer._take_picture
    writer._take_picture = lambda: stale.append(session.measure_is_stale) or take()
    writer.write(str(tmp_path / "talk.gif"))
    made.wait(lambda: not writer.runs)
    assert stale == [False, False]
    made.session.history.setClean()
