"""An image source is one file and one row: panel, menu and command palette offer it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QToolButton

from viewer.files.image_sources import table
from viewer.files.image_sources.contract import ImageSourceRow, Sample
from viewer.workspaces.live.image.panel import ImagePanel


def checkerboard() -> QImage:
    drawn = QImage(64, 64, QImage.Format.Format_RGB32)
    for y in range(64):
        for x in range(64):
            drawn.setPixel(x, y, 0xFFFFFFFF if (x // 8 + y // 8) % 2 else 0xFF000000)
    return drawn


@pytest.fixture
def desk_with_toy(monkeypatch, open_desk, tmp_path, two_colours):
    path = tmp_path / "halves.png"
    two_colours().save(path)
    toy = ImageSourceRow(
        "checkerboard",
        "Draw a checkerboard",
        take=lambda opener, _: opener.use(checkerboard(), "checkerboard"),
        samples=lambda: (Sample(path, "two halves"),),
    )
    monkeypatch.setattr(table, "IMAGE_SOURCES", (*table.IMAGE_SOURCES, toy))
    desk = open_desk()
    desk.session.set_view(workspace="live")
    desk.wait(lambda: desk.window.findChild(ImagePanel))
    return desk


def by_panel(desk) -> None:
    buttons = desk.window.findChild(ImagePanel).findChildren(QToolButton)
    (button,) = [each for each in buttons if each.toolTip() == "Draw a checkerboard"]
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def by_menu(desk) -> None:
    entries = desk.window.commands.menus["image"].actions()
    (action,) = [each for each in entries if each.text() == "Draw a checkerboard"]
    action.trigger()


def by_palette(desk) -> None:
    desk.window.commands.show_palette()
    palette = desk.window.commands._palette
    palette.field.setText("draw a check")
    desk.qtbot.keyClick(palette.field, Qt.Key.Key_Return)


@pytest.mark.parametrize("ask", [by_panel, by_menu, by_palette])
def test_a_new_source_gives_the_network_its_picture(desk_with_toy, ask):
    desk, before = desk_with_toy, desk_with_toy.session.document.image
    ask(desk)
    frame = desk.wait_image(before)
    assert desk.session.document.image.name == "checkerboard"
    shown = frame.clean.reshape(64, 64, -1)[:, :, 0]
    assert len({int(shown[4, 4]), int(shown[4, 12])}) == 2


def test_a_picture_of_a_new_source_can_be_chosen_in_panel_and_menu(desk_with_toy):
    desk, before = desk_with_toy, desk_with_toy.session.document.image
    names = [each.sample.name for each in desk.window.findChild(ImagePanel).grid.buttons]
    assert names[-1] == "two halves"
    desk.do("image-checkerboard-two halves")
    desk.wait_image(before)
    assert desk.session.document.image.name == "halves.png"
