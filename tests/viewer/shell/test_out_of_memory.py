"""Memory that a run would not find: said with its numbers, and two ways out in the notice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from analysis.facts.input_size import with_input_size
from analysis.storage.blobs import BlobRef
from tests.viewer.conftest import small_unet
from viewer.session.edits.smaller_input import with_smaller_input
from viewer.session.input_image.full_size import FullSizeRun

HUGE = 1 << 17


def with_huge_input(open_desk, store, tmp_path: Path):
    """A window whose network needs terabytes, and the notice about it."""
    values = np.random.default_rng(0).integers(0, 256, (1200, 80, 3), np.uint8)
    Image.fromarray(values).save(tmp_path / "high.png")
    image = BlobRef(store.put(tmp_path / "high.png"), "high.png")
    desk = open_desk(replace(small_unet(), image=image))
    heard = []
    desk.session.notifications.posted.connect(heard.append)
    graph = with_input_size(desk.session.document.graph, (HUGE, HUGE))
    desk.edit(graph=graph)
    desk.wait(lambda: any(notice.kind == "error" for notice in heard))
    return desk, next(notice for notice in heard if notice.kind == "error")


def input_size(desk) -> tuple[int, ...]:
    return desk.session.document.graph["input"].operator.size


def test_the_last_picture_stays_and_a_smaller_input_runs(open_desk, store, tmp_path):
    desk, notice = with_huge_input(open_desk, store, tmp_path)
    assert "TB of memory" in notice.text or "GB of memory" in notice.text
    frame = desk.session.frame
    assert frame is not None  # of the size before
    titles = [title for title, _ in notice.choices]
    assert titles[:2] == ["Smaller input", "In tiles"]
    notice.choices[0][1]()
    assert max(input_size(desk)) <= 1024
    desk.wait(lambda: desk.session.frame is not frame and desk.session.live.engine == "ready")
    desk.session.history.undo()
    assert input_size(desk) == (HUGE, HUGE)


def test_in_tiles_the_whole_picture_runs(open_desk, store, tmp_path):
    desk, notice = with_huge_input(open_desk, store, tmp_path)
    dict(notice.choices)["In tiles"]()
    found = lambda: desk.session.live.part(FullSizeRun)  # noqa: E731
    desk.wait(lambda: found().newest is not None and found().newest.is_done)
    assert found().newest.size == (1200, 80)


def test_the_smaller_input_is_a_multiple_that_fits() -> None:
    graph = with_input_size(small_unet().graph, (512, 256))
    smaller = with_smaller_input(graph, 4, 1000, 500)
    assert smaller is not None
    assert smaller["input"].operator.size == (256, 128)  # half the memory: a quarter of the area
    assert with_smaller_input(graph, 4, 0, 500) is None
