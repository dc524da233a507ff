"""A field that follows the pointer leaves nothing behind, and its newest place counts."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from viewer.session.view_state import Pin


def move(port: QWidget, at: QPoint) -> None:
    """One event of the pointer; nothing else runs."""
    none, key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    to = QPointF(port.mapToGlobal(at))
    QApplication.sendEvent(
        port, QMouseEvent(QEvent.Type.MouseMove, QPointF(at), to, none, none, key)
    )


def on_screen(view: QWidget) -> np.ndarray:
    """What has been painted so far, without painting anything again."""
    image = view.screen().grabWindow(view.winId()).toImage()
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    return pixels.reshape(image.height(), image.width()).copy()


@pytest.mark.parametrize("layer", ["dec1", "dec2", "enc2", "input"])
def test_nothing_is_left_of_a_field_that_moved_on(make_canvas, layer):
    canvas = make_canvas("fields")
    port = canvas.view.viewport()
    rows, columns = canvas.node(layer).spatial
    for y, x in ((0, 0), (rows - 1, columns - 1), (9, 20), (10, 0), (11, columns - 1)):
        move(port, canvas.unit(layer, (y, x)))
        QApplication.processEvents()
        followed = on_screen(canvas.view)
        for item in canvas.scene.items_by_id.values():
            item.update()
        canvas.view.heading.update()
        port.update()
        QApplication.processEvents()
        assert np.array_equal(followed, on_screen(canvas.view)), (y, x)


def test_a_field_that_is_left_is_gone_from_the_screen(make_canvas):
    canvas = make_canvas("fields")
    port = canvas.view.viewport()
    move(port, QPoint(4, 300))
    QApplication.processEvents()
    without = on_screen(canvas.view)
    move(port, canvas.unit("dec2", (9, 20)))
    QApplication.processEvents()
    assert not np.array_equal(without, on_screen(canvas.view))
    move(port, QPoint(4, 300))
    QApplication.processEvents()
    assert np.array_equal(without, on_screen(canvas.view))


def test_of_places_that_come_before_one_is_painted_the_newest_counts(make_canvas):
    canvas = make_canvas("fields")
    port, session = canvas.view.viewport(), canvas.session
    layer = canvas.node("dec2").output
    QApplication.processEvents()
    fields = []
    session.fieldChanged.connect(fields.append)
    for unit in ((9, 20), (9, 22), (10, 22), (10, 24)):
        move(port, canvas.unit("dec2", unit))
    assert session.live.hover == Pin(layer, 9, 20)
    QApplication.processEvents()
    QApplication.processEvents()
    assert session.live.hover == Pin(layer, 10, 24)
    assert [field.unit for field in fields] == [(9, 20), (10, 24)]


def test_a_click_forgets_the_place_that_waits(make_canvas):
    canvas = make_canvas("fields")
    port, session = canvas.view.viewport(), canvas.session
    layer = canvas.node("dec2").output
    QApplication.processEvents()
    move(port, canvas.unit("dec2", (9, 20)))
    move(port, canvas.unit("dec2", (12, 20)))
    canvas.click(canvas.unit("dec2", (20, 20)))
    QApplication.processEvents()
    assert session.view.pin == Pin(layer, 20, 20)
    assert session.live.hover == Pin(layer, 20, 20)
