"""A document whose image's file is gone: nothing runs, and nothing is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Graph
from analysis.inference.protocol.runs import Frame, ImageFit, RunRequest
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from tests.viewer.engine.recording_process import RecordingProcess
from viewer.engine.run_requests import RunRequests
from viewer.session import Session
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.shell.status_bar import StatusBar
from viewer.workspaces.registry import WORKSPACES

HERE, OTHER, GONE = (BlobRef(digit * 64, f"{digit}.png") for digit in "012")
RUNNING = "Running the network…"


def build(base: int) -> Graph:
    settings = BLUEPRINTS["unet"].complete({"depth": 2, "base": base, "size": 64})
    return BLUEPRINTS["unet"].build(settings)


@pytest.fixture
def session() -> Session:
    session = Session(Document(graph=build(4), image=HERE), workspaces=WORKSPACES)
    session.set_live(engine="ready")
    return session


@pytest.fixture
def process() -> RecordingProcess:
    return RecordingProcess()


@pytest.fixture
def loop(
    session: Session, process: RecordingProcess, qtbot: QtBot, tmp_path: Path
) -> Iterator[RunRequests]:
    def path_of(blob: BlobRef) -> Path | None:
        return None if blob == GONE else tmp_path / blob.name

    loop = RunRequests(session, process, path_of, DecodedImages(), "window")
    session.set_live(engine="ready")
    loop.ask()
    qtbot.waitUntil(lambda: len(runs(process)) == 1)
    yield loop
    loop.end()


def runs(process: RecordingProcess) -> list[RunRequest]:
    return [each for each in process.asked if isinstance(each, RunRequest)]


def show(process: RecordingProcess, run: RunRequest) -> None:
    picture, fit = np.zeros((64, 64), np.uint32), ImageFit((64, 64), (64, 64), 1.0, 0.0, 0.0)
    process.frame.emit(
        Frame(run.revision, run.slot, run.structure, "", fit, picture, picture, picture)
    )


def test_the_picture_of_before_is_not_behind_one_that_cannot_come(session, process, loop, qtbot):
    bar = StatusBar(session)
    qtbot.addWidget(bar)
    show(process, runs(process)[0])
    session.edit("image", replace(session.document, image=GONE))
    qtbot.waitUntil(lambda: not loop._is_due)
    assert not session.frame_is_behind
    assert not session.age.is_waiting
    assert not session.age.is_old
    assert bar.left.text() != RUNNING
    session.edit("image", replace(session.document, image=OTHER))
    qtbot.waitUntil(lambda: len(runs(process)) == 2)
    assert session.frame_is_behind, "this one is there, and runs"
    show(process, runs(process)[1])
    assert not session.frame_is_behind


def test_a_run_whose_network_was_left_is_not_waited_for(session, process, loop, qtbot):
    bar = StatusBar(session)
    qtbot.addWidget(bar)
    session.set_live(busy=True)  # as after a second
    assert bar.left.text() == RUNNING
    session.edit("network", replace(session.document, graph=build(2), image=GONE))
    qtbot.waitUntil(lambda: not loop._is_due)
    show(process, runs(process)[0])
    assert not loop.is_waiting
    assert bar.left.text() != RUNNING
