"""The shipped segmenter: opened from the menu, its classes over the picture, its IoU."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt

from viewer.workspaces.live.image.class_overlay import with_classes
from viewer.workspaces.live.image.panel import ImagePanel


def test_the_segmenter_shows_its_classes_over_the_picture(desk):
    desk.wait_frame()  # torch is loaded; before, no time to paint is told
    desk.do("segmenter")
    desk.wait(lambda: desk.session.document.title == "Cell segmenter")
    desk.wait(lambda: desk.session.frame is not None and desk.session.frame.target is not None)
    frame, panel = desk.session.frame, desk.window.findChild(ImagePanel)
    assert desk.session.workspace.key == "live"
    assert frame.output_kind == "classes"
    assert frame.target.iou > 0.9  # the picture is one of those that were never learnt from
    assert frame.untrained == ()
    desk.wait(panel.overlay.isVisible)
    over = with_classes(frame)
    ground = frame.classes == 0
    assert np.array_equal(over[ground], frame.input_image[ground])
    assert (over[~ground] != frame.input_image[~ground]).mean() > 0.9
    assert 0.1 < (~ground).mean() < 0.9
    before = panel.output.grab().toImage()
    desk.qtbot.mouseClick(panel.overlay.buttons[1], Qt.MouseButton.LeftButton)
    after = panel.output.grab().toImage()
    spots = [QPoint(x, y) for x in range(10, 90, 10) for y in range(10, 90, 10)]
    assert any(before.pixel(spot) != after.pixel(spot) for spot in spots)
    assert "to paint" in panel.speed.rate.text()
    # The first frame is slow, and the next may be the one that was painted last.
    desk.wait(lambda: panel.speed.latency > desk.session.frame.forward_ms)


def test_an_output_that_is_an_image_has_no_classes(desk):
    desk.session.set_view(workspace="live")
    panel = desk.window.findChild(ImagePanel)
    assert desk.session.frame.classes is None
    assert not panel.overlay.isVisible()
