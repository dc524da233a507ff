"""Where Live's image comes from in the real window: folders, pages, drawn pictures, changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from analysis.inference.drawn_images import DRAWN, grating, zone_plate
from analysis.inference.protocol.input_change import InputChange
from viewer.files.folder_pictures import pictures_of
from viewer.files.image_sources import drawn
from viewer.session.background_jobs import Job
from viewer.session.input_image.picture_series import PictureSeries
from viewer.workspaces.live.image.panel import ImagePanel
from viewer.workspaces.live.image.speed import SpeedLine

GREYS = {"a2.png": 40, "a10.png": 120, "a1.png": 200}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    for name, grey in GREYS.items():
        Image.new("RGB", (64, 64), (grey,) * 3).save(made / name)
    (made / "notes.txt").write_text("no picture")
    return made


@pytest.fixture
def panel(desk) -> ImagePanel:
    desk.session.set_view(workspace="live")
    desk.wait_frame()
    found = desk.window.findChild(ImagePanel)
    assert found is not None
    return found


def shown(desk, name: str) -> int:
    """Wait until a file is the image that has run; its grey."""
    desk.wait(lambda: desk.session.document.image.name == name)
    frame = desk.wait_frame()
    return int(frame.clean[10, 10] & 255)


def test_a_folder_is_ordered_by_the_numbers_in_its_names(folder: Path) -> None:
    assert [Path(each).name for each in pictures_of(folder)] == ["a1.png", "a2.png", "a10.png"]


def test_a_dropped_folder_is_gone_through_and_is_one_step_to_undo(desk, panel, folder) -> None:
    before, steps = desk.session.document.image, desk.session.history.count()
    desk.drop(folder)
    assert shown(desk, "a1.png") == 200
    assert panel.player.isVisibleTo(panel)
    desk.qtbot.mouseClick(panel.player.on, Qt.MouseButton.LeftButton)
    assert shown(desk, "a2.png") == 40
    desk.qtbot.mouseClick(panel.player.back, Qt.MouseButton.LeftButton)
    desk.qtbot.mouseClick(panel.player.back, Qt.MouseButton.LeftButton)
    assert shown(desk, "a10.png") == 120
    assert desk.session.history.count() == steps + 1
    desk.session.history.undo()
    assert desk.session.document.image == before
    assert panel.player.isHidden()


def test_an_image_that_is_read_slowly_never_takes_the_place_of_a_newer_one(
    desk, panel, folder, monkeypatch
) -> None:
    from analysis.inference import source_file

    read, goes_on, ended = source_file.read_image, Event(), Event()

    def slow(path, **options):
        if Path(path).name == "a1.png":
            assert goes_on.wait(30)
            ended.set()
        return read(path, **options)

    monkeypatch.setattr(source_file, "read_image", slow)
    desk.drop(folder / "a1.png")
    desk.drop(folder / "a2.png")
    assert shown(desk, "a2.png") == 40
    goes_on.set()
    desk.wait(ended.is_set)
    desk.wait(lambda: not desk.window.background.findChildren(Job))
    assert desk.session.document.image.name == "a2.png"


def test_playing_goes_on_by_itself_until_it_is_stopped(desk, panel, folder) -> None:
    desk.drop(folder)
    shown(desk, "a1.png")
    desk.qtbot.mouseClick(panel.player.play, Qt.MouseButton.LeftButton)
    shown(desk, "a10.png")
    shown(desk, "a1.png")
    desk.qtbot.mouseClick(panel.player.play, Qt.MouseButton.LeftButton)
    assert not panel.player._timer.isActive()


def test_a_click_on_a_thumbnail_shows_that_picture(desk, panel, folder) -> None:
    desk.drop(folder)
    shown(desk, "a1.png")
    strip = panel.player.strip
    middle = strip.rect_of(2).center().toPoint()
    desk.wait(lambda: QColor(strip.grab().toImage().pixel(middle)).red() == 120)
    desk.qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=middle)
    assert shown(desk, "a10.png") == 120


def test_pictures_that_are_gone_are_left_out_and_the_last_one_stays(desk, panel, folder) -> None:
    desk.drop(folder)
    shown(desk, "a1.png")
    (folder / "a2.png").unlink()
    desk.qtbot.mouseClick(panel.player.on, Qt.MouseButton.LeftButton)
    assert shown(desk, "a10.png") == 120
    assert desk.wait_said() == "One image of pictures is gone."
    assert panel.player.place.text() == "2 of 2"
    for each in folder.glob("*.png"):
        each.unlink()
    panel.player._plays = True
    desk.qtbot.mouseClick(panel.player.on, Qt.MouseButton.LeftButton)
    assert desk.wait_said() == "The images of pictures are gone."
    assert desk.session.document.image.name == "a10.png"
    assert panel.player.isHidden()  # nor does it say that it plays
    assert not panel.player._plays


def test_a_folder_without_pictures_says_so(desk, panel, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    desk.drop(tmp_path / "empty")
    assert desk.wait_said() == "There is no image in empty."


def test_the_frames_of_an_animation_are_gone_through(desk, panel, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (64, 64), (grey,) * 3) for grey in (30, 90, 210)]
    path = tmp_path / "three.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=50)
    desk.drop(path)
    assert shown(desk, "three.gif") == 30
    desk.wait(lambda: panel.player.place.text() == "1 of 3")
    desk.qtbot.mouseClick(panel.player.on, Qt.MouseButton.LeftButton)
    desk.wait(lambda: panel.player.place.text() == "2 of 3")
    assert desk.wait_frame().clean[5, 5] & 255 == 90
    assert desk.session.live.part(PictureSeries) == PictureSeries()


@pytest.mark.parametrize("key", DRAWN)
def test_every_drawn_picture_is_offered_and_is_not_flat(desk, key: str) -> None:
    assert key in drawn.NAMES
    picture = DRAWN[key](64)
    assert picture.shape == (64, 64)
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert picture.std() > 0.01


def test_a_drawn_picture_becomes_the_image(desk, panel) -> None:
    menu = drawn.choose(desk.window.opener, desk.window)
    before = desk.session.document.image
    next(action for action in menu.actions() if action.text() == "Checkerboard").trigger()
    menu.close()
    frame = desk.wait_image(before)
    assert desk.session.document.image.name == "Checkerboard"
    assert len(np.unique(frame.clean)) >= 2


def test_gratings_and_the_zone_plate_have_the_frequencies_they_are_named_for() -> None:
    wave = np.abs(np.fft.rfft2(grating(64, 8.0) - 0.5))
    assert np.unravel_index(wave.argmax(), wave.shape) == (0, 8)
    row = zone_plate(256)[128]
    assert np.abs(np.diff(row[-4:])).min() > 0.9  # near the border black and white alternate


def test_sliders_change_the_input_and_are_set_back_together(desk, panel) -> None:
    clean = desk.session.frame.input_image.copy()
    desk.qtbot.mouseClick(panel.changes.title, Qt.MouseButton.LeftButton)
    assert panel.changes.body.isVisibleTo(panel)
    panel.changes.sliders["right"].box.setValue(20)
    desk.wait(lambda: not np.array_equal(desk.session.frame.input_image, clean))
    assert np.array_equal(desk.session.frame.input_image[:, 20:], clean[:, :-20])
    desk.qtbot.mouseClick(panel.changes.pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 50))
    patch = desk.session.live.part(InputChange).patch
    assert patch == pytest.approx((0.5, 0.2, 0.2))
    desk.qtbot.mouseClick(panel.changes.reset, Qt.MouseButton.LeftButton)
    desk.wait(lambda: np.array_equal(desk.session.frame.input_image, clean))
    assert panel.changes.sliders["right"].value() == 0


def test_whether_the_output_follows_a_shift_is_said(desk, panel) -> None:
    desk.qtbot.mouseClick(panel.changes.title, Qt.MouseButton.LeftButton)
    desk.qtbot.mouseClick(panel.changes.follow, Qt.MouseButton.LeftButton)
    desk.wait(lambda: panel.changes.answer.text().startswith("1 px: "))


def test_loading_torch_is_no_time_to_paint(desk, panel, monkeypatch) -> None:
    before = desk.session.frame
    panel.changes.sliders["right"].box.setValue(10)
    desk.wait(lambda: desk.session.frame is not before)
    assert desk.session.frame.asked_at is not None
    monkeypatch.setattr(desk.window.loop._process, "_is_ready", False)
    before = desk.session.frame
    panel.changes.sliders["right"].box.setValue(20)
    desk.wait(lambda: desk.session.frame is not before)
    assert desk.session.frame.asked_at is None


def test_the_rate_is_that_of_the_frames_that_came(desk, panel) -> None:
    speed = SpeedLine(desk.session)
    desk.qtbot.addWidget(speed)
    frame = replace(desk.session.frame, total_ms=34.25, forward_ms=21.0)
    for index in range(4):
        speed.count(frame, 10 + index * 0.05)
    assert speed.rate.text() == "20.0 frames/s"
    speed.count(frame, 20.0)
    assert not speed.rate.text().strip()
    assert speed.parts.text() == "34.2 ms: layers 21.0, rest 13.2"
    speed.count(replace(frame, total_ms=2872.0, forward_ms=1599.0), 20.1)
    assert speed.parts.text() == "2.87 s: layers 1.60, rest 1.27"
