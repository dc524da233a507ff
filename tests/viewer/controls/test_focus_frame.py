"""The frame about what has the keyboard: a line, on screen and in a recorded window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPicture
from PySide6.QtWidgets import QWidget

from viewer.controls.focus_frame import FocusFrame
from viewer.drawing.painting.recorded_window import paint_in_parts
from viewer.look.theme import theme


def test_a_recorded_window_has_its_line_alone(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(60, 40)
    inside = QWidget(window)
    inside.resize(60, 40)
    inside.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    FocusFrame.put_on(inside)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(inside.hasFocus)  # by the window, which is no key
    inside.clearFocus()
    inside.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(inside.findChild(FocusFrame).isVisible)
    picture = QPicture()
    recorder = QPainter(picture)
    list(paint_in_parts(recorder, window))
    recorder.end()
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.drawPicture(QPoint(0, 0), picture)
    painter.end()
    accent = theme.color("accent").rgb()
    assert {image.pixel(x, y) for x in (0, 59) for y in (5, 20)} == {accent}
    assert image.pixel(30, 20) != accent
