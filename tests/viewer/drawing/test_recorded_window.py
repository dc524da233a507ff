"""Before a window's picture is taken, what waits for its hidden widgets is sent in parts."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from viewer.drawing.painting.recorded_window import settle_in_parts

PENDING = Qt.WidgetAttribute.WA_PendingResizeEvent


class Heard(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sizes: list[QSize] = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.sizes.append(event.size())


def test_each_hidden_widget_hears_of_its_size_in_a_part_of_its_own(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    page = QWidget(window)
    page.hide()
    inside = [Heard(page) for _ in range(3)]
    window.show()
    for each in inside:
        each.resize(30, 20)
    assert all(each.testAttribute(PENDING) for each in inside)
    heard = [sum(len(each.sizes) for each in inside) for _ in settle_in_parts(window)]
    assert heard[-1] == 3
    assert all(after - before <= 1 for before, after in pairwise(heard))
    window.grab()
    assert [each.sizes for each in inside] == [[QSize(30, 20)]] * 3, "none hears of it twice"
