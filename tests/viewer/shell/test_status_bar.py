"""The status bar's time is that of a whole pass, or says of how many layers it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.protocol.runs import Frame, ImageFit
from analysis.storage.document import Document
from viewer.session import Session
from viewer.shell.status_bar import StatusBar
from viewer.text.translation import language
from viewer.workspaces.registry import WORKSPACES


@pytest.fixture
def session(unet) -> Session:
    document: Document = unet(base=4)
    session = Session(document, workspaces=WORKSPACES)
    session.set_live(engine="ready")
    return session


def take(session: Session, layers: int, milliseconds: float, **other: object) -> None:
    """Show a frame for which that many layers ran in that time."""
    picture, fit = np.zeros((64, 64), np.uint32), ImageFit((64, 64), (64, 64), 1.0, 0.0, 0.0)
    structure = session.document.graph.structure_hash
    frame = Frame(0, "window", structure, "", fit, picture, picture, picture)
    session.show_frame(replace(frame, computed=layers, forward_ms=milliseconds, **other))


def test_the_time_of_a_whole_pass_stays_when_a_part_ran_again(session, qtbot):
    bar = StatusBar(session)
    qtbot.addWidget(bar)
    everything = len(session.document.graph)
    take(session, everything, 117)
    assert bar.device.text() == "CPU · float32 · forward 117 ms"
    take(session, 2, 0.4)
    take(session, 0, 0)
    assert bar.device.text() == "CPU · float32 · forward 117 ms"
    take(session, everything, 98)
    assert bar.device.text() == "CPU · float32 · forward 98 ms"


def test_a_part_of_which_no_whole_is_known_says_how_many_layers_ran(session, qtbot):
    bar = StatusBar(session)
    qtbot.addWidget(bar)
    everything = len(session.document.graph)
    take(session, everything, 117)
    take(session, 2, 3, precision="bfloat16")
    said = f"CPU · bfloat16 · 2 of {everything} layers 3 ms"
    assert bar.device.text() == said, "another format: what float32 took says nothing"
    take(session, 1, 1, precision="bfloat16")
    assert bar.device.text() == said, "of what has run, the fullest"
    language.use("zh_CN")
    assert bar.device.text() == f"CPU · bfloat16 · {everything} 层中的 2 层 3 毫秒"
