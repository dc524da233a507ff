"""Which device runs networks: chosen in a menu, used, remembered, and left when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.inference.device import or_automatic, usable
from analysis.inference.protocol.engine import EngineFailure, EngineReady, UseDevice
from analysis.inference.protocol.runs import RunRequest
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from tests.viewer.conftest import halves, small_unet
from viewer.engine import child
from viewer.engine.process import EngineProcess

GPUS = (
    ("cpu", "x86"),
    ("cuda:0", "Maker's fast GPU"),
    ("cuda:1", "Maker's slow & old GPU"),
    ("mps", "Apple GPU"),
)
"""What a machine with all there is would answer."""


class FakeChild(QObject):
    """Takes the place of the engine's process: a test lets it answer."""

    arrived = Signal(object, object)
    made: list[FakeChild] = []  # noqa: RUF012 - emptied by the fixture
    pid = 1
    last_words = ""

    def __init__(self, module: str, words: tuple[str, ...], ring: object, parent: QObject) -> None:
        super().__init__(parent)
        _, self.device, self.precision = words
        self.sent: list[object] = []
        self.made.append(self)

    def send(self, key: object, message: object) -> None:
        self.sent.append(message)

    def kill(self) -> None:
        self.blockSignals(True)

    def close(self) -> None:
        self.kill()

    def answer(self, message: object) -> None:
        self.arrived.emit(message, None)

    def is_ready(self, device: str, **more: object) -> None:
        """What the engine says once torch is there."""
        formats = ("float32", "bfloat16", "float16") if device != "cpu" else ("float32",)
        self.answer(EngineReady(device, 2, "float32", GPUS, formats, **more))  # type: ignore[arg-type]


@pytest.fixture
def fake_engine(qapp, monkeypatch) -> Iterator[EngineProcess]:
    """An engine whose child is faked, so that it has devices this machine lacks."""
    FakeChild.made = []
    monkeypatch.setattr(child, "Child", FakeChild)
    process = EngineProcess("auto")
    process.start()
    yield process
    process.close()


@pytest.fixture
def document(store: BlobStore, tmp_path: Path) -> Document:
    """A small network with a picture, so that a run is asked for."""
    halves().save(tmp_path / "halves.png")
    image = BlobRef(store.put(tmp_path / "halves.png"), "halves.png")
    return replace(small_unet(), image=image)


@pytest.fixture
def own_engine(qapp) -> Iterator[EngineProcess]:
    """An engine of the test's own, since it is started anew."""
    process = EngineProcess("auto")
    process.start()
    yield process
    process.close()


def test_a_device_is_chosen_used_at_once_and_remembered(open_desk, own_engine, document):
    desk = open_desk(replace(document, gates={"skip1": 0.5}), process=own_engine)
    menu = desk.window.commands.devices
    menu.fill()
    names = [action.data() for action in menu.devices.actions()]
    assert names == ["auto", *(name for name, _ in usable())]
    assert [each.data() for each in menu.devices.actions() if each.isChecked()] == ["auto"]
    desk.wait(lambda: desk.session.frame is not None)
    before, frame = own_engine.pid, desk.session.frame
    next(action for action in menu.devices.actions() if action.data() == "cpu").trigger()
    assert own_engine.pid == before  # PyTorch is not loaded once more
    assert desk.window.settings.device == "cpu"
    desk.wait(lambda: desk.session.frame is not frame)  # what was shown runs on the new one
    assert np.array_equal(desk.session.frame.output_image, frame.output_image)  # with its gate
    menu.fill()
    assert [each.data() for each in menu.devices.actions() if each.isChecked()] == ["cpu"]
    assert "CPU · float32" in desk.window.status.device.text()
    next(each for each in menu.formats.actions() if each.data() == "bfloat16").trigger()
    desk.wait(lambda: desk.session.frame.precision == "bfloat16")
    gap = desk.session.frame.precision_gap
    assert 1e-4 < gap < 0.2
    assert "bfloat16 ± " in desk.window.status.device.text()
    assert "from float32" in desk.window.status.device.toolTip()
    assert desk.window.settings.precision == "bfloat16"


def test_a_device_that_is_gone_gives_way_to_the_fastest():
    assert or_automatic("cuda:63") == "auto"
    assert or_automatic("cpu") == "cpu"


def shown(menu) -> list[str]:
    menu.fill()
    return [action.text() for action in menu.devices.actions()]


def checked(group) -> list[str]:
    return [action.data() for action in group.actions() if action.isChecked()]


def test_every_device_is_offered_by_its_name(open_desk, fake_engine, document):
    desk = open_desk(document, pictured=False, process=fake_engine)
    menu = desk.window.commands.devices
    assert shown(menu) == ["Automatic (the fastest)"]
    FakeChild.made[-1].is_ready("cuda:0")
    assert [action.data() for action in menu.devices.actions()] == ["auto"]
    assert shown(menu)[1:] == [
        "Processor · x86",
        "cuda:0 · Maker's fast GPU",
        "cuda:1 · Maker's slow && old GPU",
        "mps · Apple GPU",
    ]
    assert [each.data() for each in menu.formats.actions()] == [
        "auto",
        "float32",
        "bfloat16",
        "float16",
    ]
    menu.devices.actions()[3].trigger()
    used = FakeChild.made[-1]
    assert [each for each in used.sent if isinstance(each, UseDevice)] == [
        UseDevice("cuda:1", "auto")
    ]
    used.is_ready("cuda:1")
    menu.fill()
    menu.formats.actions()[3].trigger()
    assert UseDevice("cuda:1", "float16") in used.sent
    assert len(FakeChild.made) == 1
    menu.fill()
    assert (checked(menu.devices), checked(menu.formats)) == (["cuda:1"], ["float16"])


def test_a_device_that_fails_leaves_the_picture_and_goes_on_with_the_processor(
    open_desk, fake_engine, document
):
    """A sentence says what it said; the same run is asked of the processor."""
    desk = open_desk(document, pictured=False, process=fake_engine)
    heard = []
    desk.session.notifications.posted.connect(heard.append)
    gpu = FakeChild.made[-1]
    gpu.is_ready("cuda:0")
    desk.window.settings.device = "auto"
    desk.wait(lambda: any(isinstance(each, RunRequest) for each in gpu.sent))
    request = next(each for each in gpu.sent if isinstance(each, RunRequest))
    fault = Fault("device-failed", ("cuda:0", "CUDA error: unspecified launch failure"))
    frame = desk.session.frame
    gpu.answer(EngineFailure(fault, "", request.revision, request.slot, request.structure))
    assert desk.session.frame is frame
    processor = FakeChild.made[-1]
    assert processor is not gpu
    assert processor.device == "cpu"
    assert [each.revision for each in processor.sent if isinstance(each, RunRequest)] == [
        request.revision
    ]
    assert "cuda:0 failed (CUDA error: unspecified launch failure)" in heard[-1].text
    assert "processor" in heard[-1].text
    assert desk.window.settings.device == "auto"  # tried again at the next start
    processor.is_ready("cpu")
    heard[-1].choices[0][1]()  # or at once
    assert UseDevice("auto", "auto") in processor.sent


def test_a_device_whose_process_ends_twice_is_left(open_desk, fake_engine, document):
    desk = open_desk(document, pictured=False, process=fake_engine)
    heard = []
    desk.session.notifications.posted.connect(heard.append)
    FakeChild.made[-1].is_ready("cuda:0")
    FakeChild.made[-1].answer(None)
    assert FakeChild.made[-1].device == "auto"
    FakeChild.made[-1].is_ready("cuda:0")
    FakeChild.made[-1].answer(None)
    assert FakeChild.made[-1].device == "cpu"
    assert "cuda:0 failed" in heard[-1].text


def test_a_device_that_has_disappeared_is_named(open_desk, fake_engine, document):
    desk = open_desk(document, pictured=False, process=fake_engine)
    heard = []
    desk.session.notifications.posted.connect(heard.append)
    fake_engine.use_device("cuda:1")
    FakeChild.made[-1].is_ready("cuda:0", fault=Fault("device-missing", ("cuda:1",)))
    assert "cuda:1 is not on this machine" in heard[-1].text
    menu = desk.window.commands.devices
    menu.fill()
    assert checked(menu.devices) == ["auto"]
