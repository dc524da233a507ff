"""A panel that was closed hears no more of a session that lives on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from shiboken6 import delete, isValid

from tests.viewer.networks import session_of
from viewer.session import Session
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel
from viewer.workspaces.build.inspector.panel import InspectorPanel
from viewer.workspaces.live.skips.engine_state import EngineState


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=2,base=4,size=64")


def engine_state(session: Session) -> QWidget:
    around = QWidget()
    EngineState(session, around)
    return around


@pytest.mark.parametrize(
    "make",
    [InspectorPanel, BlueprintsPanel, engine_state],
    ids=["inspector", "blueprint", "engine state"],
)
def test_what_comes_later_does_not_reach_a_closed_panel(
    session, qtbot, make: Callable[[Session], QWidget]
):
    panel = make(session)
    session.set_view(selection="enc1")
    children = panel.findChildren(QWidget)
    delete(panel)
    assert children
    assert not any(map(isValid, children))
    with qtbot.captureExceptions() as raised:
        for old in (True, False):
            session.age._set(old)
        session.repairs.found.emit("enc1.conv1")
    assert [str(error) for _, error, _ in raised] == []
