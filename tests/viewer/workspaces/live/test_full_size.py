"""The whole picture in tiles, in the window: started, cancelled, shown, saved, refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QDialog

from analysis.faults import Fault
from analysis.inference.engine import Engine
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.full_size import FullSizeRequest
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import Noise, RunRequest
from analysis.inference.tiles import full_size as tiles
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from tests.viewer.conftest import small_unet
from viewer.workspaces.live.image.full_size import FullSizeControls
from viewer.workspaces.live.image.panel import ImagePanel

HEIGHT, WIDTH = 150, 170
NOISE = Noise("gaussian", 20.0, 3)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture larger than the network's input, no multiple of anything."""
    values = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    Image.fromarray(values).save(tmp_path / "large.png")
    return tmp_path / "large.png"


@pytest.fixture
def document(store: BlobStore, picture: Path) -> Document:
    return replace(small_unet(), image=BlobRef(store.put(picture), picture.name))


def opened(open_desk, document: Document):
    desk = open_desk(document)
    desk.session.set_view(workspace="live")
    controls = desk.window.findChild(FullSizeControls)
    desk.wait(controls.isVisible)
    return desk, controls


def test_the_output_of_the_whole_picture_is_that_of_one_piece(
    open_desk, document, picture, tmp_path
):
    desk, controls = opened(open_desk, document)
    desk.session.set_live(noise=NOISE)
    frame = desk.session.frame
    desk.wait(lambda: desk.session.frame is not frame)
    of_file = desk.window.findChild(ImagePanel).reading.title.right.text()
    assert controls.title.right.text() == of_file == f"{WIDTH} × {HEIGHT}"
    controls.start.setFocus()
    controls.start.click()
    desk.wait(lambda: controls.run.is_running)
    assert desk.window.focusWidget() is controls.cancel
    assert controls.cancel.isVisible()
    desk.wait(lambda: controls.run.newest is not None and controls.run.newest.is_done)
    newest = controls.run.newest
    assert newest.size == (HEIGHT, WIDTH)
    assert newest.picture.shape == (HEIGHT, WIDTH)
    assert "dB" in controls.words.text()
    assert controls.save.isVisible()
    place = tmp_path / "out.npy"
    controls.save_as(str(place))
    desk.wait(place.exists)
    graph = document.graph
    engine = Engine("cpu", 1)
    engine.answer(
        RunRequest(1, "s", graph.structure_hash, graph, ImageSource("h", str(picture)), noise=NOISE)
    )
    whole = engine.full_size("s").prediction.run()
    found = np.load(place)
    assert found.shape == whole.shape == (3, HEIGHT, WIDTH)
    np.testing.assert_allclose(found, whole, atol=1e-5 * np.abs(whole).max())
    controls.show_picture.click()
    dialogs = [each for each in desk.window.findChildren(QDialog) if each.isVisible()]
    assert [each.windowTitle() for each in dialogs] == ["Whole picture"]
    shown = dialogs[0].view.item.pixmap()
    dialogs[0].compare.pressed.emit()
    assert dialogs[0].view.item.pixmap().cacheKey() != shown.cacheKey()
    dialogs[0].close()
    desk.session.set_live(noise=replace(NOISE, sigma=40.0))
    desk.wait(lambda: "changed since" in controls.words.text())
    assert controls.start.isVisible()


def test_a_run_goes_on_between_frames_and_can_be_cancelled(open_desk, document, monkeypatch):
    desk, controls = opened(open_desk, document)
    heard = []
    desk.session.liveChanged.connect(lambda *_: heard.append(controls.run))
    controls.start.click()
    desk.session.set_live(noise=replace(NOISE, sigma=30.0))  # its frame comes in between
    desk.wait(lambda: controls.run.newest is not None and controls.run.newest.is_done)
    controls.start.click()
    controls.cancel.click()
    assert controls.run.job == 0
    assert not controls.bar.isVisible()
    assert controls.start.isVisible()


def test_a_save_shows_how_far_it_is_and_can_be_cancelled(open_desk, document, tmp_path):
    desk, controls = opened(open_desk, document)
    controls.start.click()
    desk.wait(lambda: controls.run.newest is not None and controls.run.newest.is_done)
    place = tmp_path / "out.png"
    controls.save_as(str(place))
    assert controls.run.is_saving
    assert (controls.bar.isVisible(), controls.bar.maximum()) == (True, 100)
    assert controls.words.text() == "Packing the file: 0 %."
    assert not controls.save.isVisible()
    controls.cancel.click()
    assert not controls.run.is_saving
    assert not controls.bar.isVisible()
    assert controls.save.isVisible()
    assert controls.run.newest.is_done, "the result stays"
    again = tmp_path / "again.png"
    controls.save_as(str(again))
    desk.wait_told("It is in again.png.")
    assert not controls.run.is_saving
    assert controls.words.text() != "Packing the file: 100 %."
    with Image.open(again) as read:
        assert read.size == (WIDTH, HEIGHT)


class HeldQuestions:
    """Stands between a window and its engine: what is asked about the whole picture waits here."""

    def __init__(self, desk, monkeypatch) -> None:
        self.engine, self.asked, self.submit = desk.engine, [], desk.engine.submit
        monkeypatch.setattr(desk.engine, "submit", self.take)

    def take(self, asked) -> None:
        if isinstance(asked, FullSizeRequest):
            self.asked.append(asked)
        else:
            self.submit(asked)

    def answer(self, newest, asked, **found) -> None:
        told = {"picture": None, "given": None, "save": asked.save, **found}
        self.engine.replied.emit(replace(newest, revision=asked.revision, **told))


def done_and_held(open_desk, document, monkeypatch):
    desk, controls = opened(open_desk, document)
    controls.start.click()
    desk.wait(lambda: controls.run.newest is not None and controls.run.newest.is_done)
    return desk, controls, HeldQuestions(desk, monkeypatch)


def test_a_save_begins_at_nothing_after_one_that_was_cancelled(
    open_desk, document, tmp_path, monkeypatch
):
    _, controls, held = done_and_held(open_desk, document, monkeypatch)
    one, other = str(tmp_path / "one.png"), str(tmp_path / "other.png")
    controls.save_as(one)
    held.answer(controls.run.newest, held.asked[0], packed=60)
    assert controls.bar.value() == 60
    controls.cancel.click()
    controls.save_as(other)
    assert (controls.bar.value(), controls.words.text()) == (0, "Packing the file: 0 %.")
    held.answer(controls.run.newest, held.asked[1], packed=80)  # of the first one still
    assert controls.bar.value() == 0
    held.answer(controls.run.newest, held.asked[-1], packed=20)
    assert controls.bar.value() == 20


def test_the_engine_hears_of_a_cancelled_save_once_the_picture_under_way_has_come(
    open_desk, document, tmp_path, monkeypatch
):
    desk, controls, held = done_and_held(open_desk, document, monkeypatch)
    controls.save_as(str(tmp_path / "out.png"))
    held.answer(controls.run.newest, held.asked[0], packed=60)
    before = len(held.asked)
    desk.session.set_live(noise=NOISE)
    desk.window.loop._submit()  # its frame is on its way
    controls.cancel.click()
    assert [each.save for each in held.asked[before:]] == []
    desk.wait_frame()
    assert [each.save for each in held.asked[before:]] == [None]
    assert held.asked[-1].job == controls.run.job
    held.answer(controls.run.newest, held.asked[-1])
    desk.session.set_live(noise=replace(NOISE, sigma=30.0))
    desk.wait_frame()
    assert len(held.asked) == before + 1, "told once"


def test_a_save_that_was_cancelled_too_late_is_told(open_desk, document, tmp_path, monkeypatch):
    desk, controls, held = done_and_held(open_desk, document, monkeypatch)
    place = str(tmp_path / "out.png")
    controls.save_as(place)
    controls.cancel.click()
    held.answer(controls.run.newest, held.asked[0], saved=place)
    desk.wait_told("The output was already saved when that was cancelled.")
    assert not controls.run.is_saving


def test_a_save_that_nothing_answers_is_told(open_desk, document, tmp_path, monkeypatch):
    desk, controls = opened(open_desk, document)
    told = []
    monkeypatch.setattr(
        desk.session.notifications, "post", lambda text, *_: told.append(text) or None
    )
    controls.start.click()
    desk.wait(lambda: controls.run.newest is not None and controls.run.newest.is_done)
    place = tmp_path / "out.npy"
    controls.save_as(str(place))
    desk.window.loop.stop()  # the question is dropped with the run
    assert len(told) == 1
    assert "not saved" in told[0]
    assert controls.run.newest.is_done  # the result is there still
    controls._requests.run_full_size()
    desk.window.loop.stop()
    assert not controls.run.is_running
    assert not controls.bar.isVisible()


def test_a_run_ends_with_the_engine(open_desk, document):
    desk, controls = opened(open_desk, document)
    controls.start.click()
    desk.engine.failed.emit(EngineFailure(Fault("engine-stopped", (2,))))
    assert controls.run.fault is not None
    assert not controls.run.is_running
    assert controls.start.isVisible()


def test_another_picture_puts_the_result_away(open_desk, document, store, tmp_path):
    desk, controls = opened(open_desk, document)
    controls.start.click()
    desk.wait(lambda: controls.run.newest is not None and controls.run.newest.is_done)
    Image.new("RGB", (20, 20)).save(tmp_path / "small.png")
    small = BlobRef(store.put(tmp_path / "small.png"), "small.png")
    desk.session.edit("image", replace(desk.session.document, image=small))
    desk.wait(lambda: controls.run.job == 0)
    desk.wait(lambda: not controls.isVisible())  # nothing is larger than the input any more


def test_a_network_with_statistics_says_why_not(open_desk, document, picture):
    desk, controls = opened(open_desk, replace(small_unet(norm="instance"), image=document.image))
    controls.start.click()
    desk.wait(lambda: controls.run.fault is not None)
    assert "measures statistics over the whole map" in controls.words.text()
    assert controls.start.isVisible()
    assert desk.session.live.engine == "ready"


def test_a_tile_takes_what_the_memory_holds(monkeypatch, picture):
    """Of a picture too large for one piece the tiles shrink until one of them fits."""
    graph = small_unet().graph
    engine = Engine("cpu", 1)
    engine.answer(RunRequest(1, "s", graph.structure_hash, graph, ImageSource("h", str(picture))))
    monkeypatch.setattr(tiles, "SIDES", {2: (176, 96, 64)})
    monkeypatch.setattr(tiles, "free_bytes", lambda _: 4 << 20)
    plan = engine.full_size("s").plan
    assert plan.count > 1
    monkeypatch.setattr(tiles, "free_bytes", lambda _: 1 << 40)
    assert engine.full_size("s").plan.count == 1
