"""Pages and values of an image file: seen and changed in the image panel, undone, and saved."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from analysis.storage.document_file import load
from analysis.storage.image_reading import ImageReading
from tests.viewer.conftest import small_unet
from viewer.session.notifications import Notification
from viewer.workspaces.live.image.reading import ImageReadingControls


@pytest.fixture
def controls(desk):
    from viewer.workspaces.live.image.panel import ImagePanel

    desk.session.set_view(workspace="live")
    panel = desk.window.findChild(ImagePanel)
    assert panel is not None
    return panel.reading


def brightest(frame) -> int:
    return int((frame.input_image & 255).max())


def test_the_values_of_a_twelve_bit_image_are_shown_and_changed(desk, tmp_path, controls):
    desk.session.set_live(noise=type(desk.session.live.noise)())
    values = (np.mgrid[0:64, 0:64].sum(0) * 32).astype(np.uint16)
    Image.fromarray(values).save(tmp_path / "twelve.png")
    desk.drop(tmp_path / "twelve.png")
    frame = desk.wait_image(desk.session.document.image)
    assert brightest(frame) == 255
    assert controls.values_row.isVisibleTo(controls)
    assert not controls.page_row.isVisibleTo(controls)
    assert controls.low.value() < 200
    assert 3800 < controls.high.value() <= 4032
    controls.rule.setFocus()
    desk.qtbot.keyClick(controls.rule, Qt.Key.Key_End)
    desk.qtbot.keyClick(controls.rule, Qt.Key.Key_Up)
    assert desk.session.document.image_reading == ImageReading("full")
    desk.wait_frame()
    assert (controls.low.value(), controls.high.value()) == (0, 4032)
    controls.high.setValue(8064)
    assert desk.session.document.image_reading.values == (0, 8064)
    assert controls.rule.value() == "typed"
    assert 120 < brightest(desk.wait_frame()) < 135
    desk.do("undo")
    assert desk.session.document.image_reading == ImageReading()


def test_another_page_is_chosen_and_kept_with_the_document(desk, tmp_path, store, controls):
    desk.session.set_live(noise=type(desk.session.live.noise)())
    pages = [Image.new("RGB", (64, 64), colour) for colour in ("red", "lime", "blue")]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:])
    posted: list[Notification] = []
    desk.session.notifications.posted.connect(posted.append)
    desk.drop(tmp_path / "a.gif")
    desk.wait_image(desk.session.document.image)
    assert "3 pages" in posted[-1].text
    assert controls.page_row.isVisibleTo(controls)
    assert not controls.values_row.isVisibleTo(controls)
    controls.page.setValue(3)
    frame = desk.wait_frame()
    assert int(frame.input_image[32, 32]) & 0xFFFFFF == 0x0000FF
    desk.window.saver.save(tmp_path / "d.fieldglass")
    desk.wait((tmp_path / "d.fieldglass").exists)
    assert load(tmp_path / "d.fieldglass", store).document.image_reading.page == 3
    desk.drop(tmp_path / "a.gif")
    desk.wait(lambda: desk.session.document.image_reading == ImageReading())


def test_a_dropped_volume_is_gone_through_slice_by_slice_along_any_axis(desk, tmp_path, controls):
    desk.session.set_live(noise=type(desk.session.live.noise)())
    values = np.zeros((5, 64, 64), np.float32)
    values[3], values[:, 20] = 0.5, 1
    np.save(tmp_path / "v.npy", values)
    posted: list[Notification] = []
    desk.session.notifications.posted.connect(posted.append)
    desk.drop(tmp_path / "v.npy")
    frame = desk.wait_image(desk.session.document.image)
    assert "5 slices; slice 3" in posted[-1].text
    assert controls.page_row.label.text() == "Slice"
    assert controls.page.value() == 3
    assert int(frame.input_image[40, 40]) & 0xFF == 0
    controls.page.setValue(4)
    assert 126 <= int(desk.wait_frame().input_image[40, 40]) & 0xFF <= 129
    desk.qtbot.keyClick(controls.axis, Qt.Key.Key_Down)
    desk.wait(lambda: controls.page.maximum() == 64)
    assert desk.session.document.image_reading.axis == 1
    controls.page.setValue(21)
    assert brightest(desk.wait_frame()) == 255
    desk.do("undo")
    assert desk.session.document.image_reading == ImageReading()


def test_an_eight_bit_picture_has_only_its_size(desk, controls):
    desk.wait_frame()
    assert controls.isVisibleTo(controls.parentWidget())
    assert controls.title.right.text() == "64 × 64"
    assert not controls.page_row.isVisibleTo(controls)
    assert not controls.values_row.isVisibleTo(controls)


def test_a_network_of_one_channel_is_given_the_colour_that_is_chosen(open_desk, tmp_path):
    """Offered only where the numbers of channels differ; undoable, and the picture follows."""
    desk = open_desk(small_unet(**{"in": 1}))
    desk.session.set_view(workspace="live")
    controls = desk.window.findChild(ImageReadingControls)
    desk.wait(controls.mix_row.isVisible)
    assert controls.mix_label.text() == "1 channels as"
    path = tmp_path / "colours.png"
    Image.fromarray(np.full((64, 64, 3), (250, 20, 20), np.uint8)).save(path)
    desk.window.opener.open(str(path))
    desk.wait(lambda: desk.session.document.image.name == "colours.png")
    frame = desk.session.frame
    desk.wait(lambda: desk.session.frame is not frame)
    before = desk.session.frame
    controls.mix.set_value("blue")
    controls.mix.valueChanged.emit("blue")
    assert desk.session.document.image_reading.mix == "blue"
    desk.wait(lambda: desk.session.frame is not before)
    assert not np.array_equal(desk.session.frame.output_image, before.output_image)
    desk.session.history.undo()
    assert desk.session.document.image_reading.mix == "auto"
    desk.edit(graph=small_unet().graph)
    assert not controls.mix_row.isVisible()
