"""A panel that was closed hears no more of a session that lives on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import delete, isValid

from tests.viewer.networks import session_of
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.review.view import set_object
from viewer.text.translation import language
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel
from viewer.workspaces.build.inspector.panel import InspectorPanel
from viewer.workspaces.build.layers.panel import LayersPanel
from viewer.workspaces.build.review.findings_list import FindingsList
from viewer.workspaces.build.review.search import ReviewSearch
from viewer.workspaces.live.skips.engine_state import EngineState


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=2,base=4,size=64")


def engine_state(session: Session) -> QWidget:
    around = QWidget()
    EngineState(session, around)
    return around


def findings(session: Session) -> QWidget:
    around = QWidget()
    QVBoxLayout(around).addWidget(FindingsList(session, ReviewSearch(session, None, around)))
    return around


@pytest.mark.parametrize(
    "make",
    [InspectorPanel, BlueprintsPanel, LayersPanel, findings, engine_state],
    ids=["inspector", "blueprint", "layers", "review", "engine state"],
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
        set_object(session, 30)
        for came in (session.factsChanged, session.frameReady, session.observedReady):
            came.emit(None)
        language.changed.emit()
        theme.changed.emit()
    assert [str(error) for _, error, _ in raised] == []
