"""A unit is pinned and moved by keys alone, as a click would pin it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from viewer.session.view_state import Pin

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize("name", ["enc1", "bottleneck", "dec2"])
def test_u_pins_what_a_click_on_the_middle_pins(make_canvas, name: str) -> None:
    canvas = make_canvas("fields")
    rows, columns = canvas.node(name).spatial
    middle = (rows // 2, columns // 2)
    QTest.mouseClick(canvas.view.viewport(), LEFT, NONE, canvas.unit(name, middle))
    clicked = canvas.session.view.pin
    assert clicked == Pin(canvas.node(name).output, *middle)
    canvas.session.set_view(pin=None, selection=name, skip="skip1")
    canvas.key(Qt.Key.Key_U)
    assert canvas.session.view.pin == clicked
    assert canvas.session.view.skip is None
    canvas.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.session.view.pin == replace(clicked, x=middle[1] + 1)


def test_u_follows_the_arrows_from_block_to_block(make_canvas) -> None:
    canvas = make_canvas("fields")
    canvas.session.set_view(selection="enc1")
    canvas.key(Qt.Key.Key_U)
    canvas.key(Qt.Key.Key_Down)
    below = canvas.session.view.selection
    assert below not in (None, "enc1")
    canvas.key(Qt.Key.Key_U)
    assert canvas.session.view.pin.layer == canvas.node(below).output


def test_u_pins_nothing_where_a_click_selects(make_canvas) -> None:
    canvas = make_canvas("build")
    canvas.session.set_view(selection="enc1")
    canvas.key(Qt.Key.Key_U)
    assert canvas.session.view.pin is None
