"""A mask dropped on the target: its Dice, its borders on the output, saved, undone, replaced."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from analysis.storage.document_file import load
from tests.viewer.conftest import small_unet
from viewer.look.theme import theme
from viewer.session.ungated import ungated_now


@pytest.fixture
def panel(desk):
    from viewer.workspaces.live.image.panel import ImagePanel

    desk.session.set_view(workspace="live")
    desk.session.set_live(noise=type(desk.session.live.noise)())
    found = desk.window.findChild(ImagePanel)
    assert found is not None
    return found


def drop_on(widget, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    modes = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
             Qt.KeyboardModifier.NoModifier)  # fmt: skip
    enter = QDragEnterEvent(widget.rect().center(), *modes)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(widget.rect().center()), *modes))


def rows_with(image, colour):
    """Rows with nearly this colour near the middle: the picture is drawn larger than it is."""
    return sum(
        any(
            max(
                abs(found.red() - colour.red()),
                abs(found.green() - colour.green()),
                abs(found.blue() - colour.blue()),
            )
            < 30
            for found in (image.pixelColor(x, y) for x in range(44, 57))
        )
        for y in range(image.height())
    )


def half(path):
    plane = np.zeros((64, 64), np.uint8)
    plane[:, :32] = 255
    Image.fromarray(plane).save(path)
    return path


def test_a_mask_dropped_on_the_target_is_scored_drawn_saved_and_taken_away(
    desk, panel, tmp_path, store
):
    desk.wait_frame()
    assert rows_with(panel.output.grab().toImage(), theme.color("skip")) < 50
    drop_on(panel.target, half(tmp_path / "mask.png"))
    desk.wait(lambda: desk.session.frame.target is not None)
    frame = desk.session.frame
    assert desk.session.document.image is not None
    assert panel.worth.number.text() == f"{frame.target.dice:.3f}"
    assert panel.output_title.right.text() == "Dice against the target"
    assert panel.worth.beside.text() == f"IoU {frame.target.iou:.3f}"
    assert panel.target.detail.text().startswith("Taken as a mask")
    assert panel.target.name.whole_text() == "mask.png"
    assert rows_with(panel.output.grab().toImage(), theme.color("skip")) > 80
    desk.window.saver.save(tmp_path / "d.fieldglass")
    desk.wait((tmp_path / "d.fieldglass").exists)
    assert load(tmp_path / "d.fieldglass", store).document.target.name == "mask.png"
    assert "target" in json.loads((tmp_path / "d.fieldglass").read_text())
    desk.qtbot.mouseClick(panel.target.remove, Qt.MouseButton.LeftButton)
    assert desk.session.document.target is None
    assert panel.output_title.right.text() == "PSNR against the image"
    desk.do("undo")
    assert desk.session.document.target is not None


def test_what_is_no_image_is_said_and_another_image_ends_the_target(desk, panel, tmp_path):
    posted = []
    desk.session.notifications.posted.connect(posted.append)
    (tmp_path / "notes.txt").write_text("no picture")
    drop_on(panel.target, tmp_path / "notes.txt")
    desk.wait(lambda: posted)
    assert "notes.txt is no image" in posted[-1].text
    assert desk.session.document.target is None
    drop_on(panel.target, half(tmp_path / "mask.png"))
    desk.wait(lambda: desk.session.document.target is not None)
    Image.new("RGB", (64, 64), "red").save(tmp_path / "other.png")
    desk.drop(tmp_path / "other.png")
    desk.wait_image(desk.session.document.image)
    desk.wait(lambda: desk.session.document.image.name == "other.png")
    assert desk.session.document.target is None


def test_a_grey_picture_is_taken_as_one_and_can_be_taken_as_a_mask(desk, panel, tmp_path, store):
    desk.wait_frame()
    down, across = np.mgrid[:64, :64]
    smooth = (64 + 1.5 * down + 1.3 * across).astype(np.uint8)
    Image.fromarray(smooth).save(tmp_path / "grey.png")
    drop_on(panel.target, tmp_path / "grey.png")
    desk.wait(lambda: desk.session.frame.target is not None)
    assert desk.session.frame.target.kind == "picture"
    assert "dB" in panel.worth.number.text()
    scores = desk.session.frame.target
    assert f"from {scores.psnr_in:.1f} dB in\nSSIM" in panel.worth.beside.text()
    assert panel.output_title.right.text() == "PSNR against the target"
    assert panel.worth.was.isHidden()
    desk.edit(gates={"skip1": 0.0})
    desk.wait(lambda: desk.session.frame.target.psnr != scores.psnr)
    assert panel.worth.number.text() == f"{desk.session.frame.target.psnr:.1f} dB"
    assert panel.worth.was.text() == f"was {scores.psnr:.1f} dB with all gates at 1"
    # Another picture while the gate is closed: what it was is asked of the engine.
    noisy = replace(desk.session.live.noise, kind="gaussian", sigma=20.0)
    desk.session.set_live(noise=noisy)
    desk.wait(lambda: not panel.worth.was.isHidden() and not desk.session.frame_is_behind)
    known = ungated_now(desk.session)
    assert panel.worth.was.text() == f"was {known.target.psnr:.1f} dB with all gates at 1"
    desk.edit(gates={})
    desk.wait(lambda: not desk.session.frame_is_behind)
    assert desk.session.frame.target.psnr == pytest.approx(known.target.psnr, rel=1e-6)
    desk.session.set_live(noise=type(noisy)())
    desk.wait(lambda: not desk.session.frame_is_behind)
    assert panel.target.detail.text() == "Taken as a picture."
    panel.target.other.click()
    desk.wait(lambda: desk.session.frame.target.kind == "mask")
    assert panel.output_title.right.text() == "Dice against the target"
    desk.window.saver.save(tmp_path / "d.fieldglass")
    desk.wait((tmp_path / "d.fieldglass").exists)
    assert load(tmp_path / "d.fieldglass", store).document.target_as == "mask"
    panel.target.other.click()
    desk.wait(lambda: desk.session.frame.target.kind == "picture")
    desk.do("undo")
    desk.wait(lambda: desk.session.frame.target.kind == "mask")
    drop_on(panel.target, half(tmp_path / "mask.png"))
    desk.wait(lambda: desk.session.document.target.name == "mask.png")
    assert desk.session.document.target_as is None  # of another file its content says so again


def test_the_ssim_of_a_large_output_comes_once_nothing_newer_is_asked(desk, panel, tmp_path):
    graph = small_unet(size=304, base=2).graph  # 3 × 304² is more than goes with every frame
    desk.edit(graph=graph)
    path = tmp_path / "target.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (304, 304, 3), np.uint8)).save(path)
    drop_on(panel.target, path)
    desk.wait(lambda: desk.session.frame.target is not None)
    desk.wait(lambda: desk.session.frame.target.ssim is not None)
    assert f"SSIM {desk.session.frame.target.ssim:.3f}" in panel.worth.beside.text()
    assert not desk.session.frame_is_behind
    desk.wait(lambda: not desk.session.measure_is_stale)  # what that run took the place of
