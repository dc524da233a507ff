"""The canvas behaves as the row of its workspace says, whatever the workspace is called."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from viewer.session import Session
from viewer.session.canvas_mode import CanvasMode
from viewer.session.view_state import Pin, ViewState
from viewer.session.workspace import Workspace, Workspaces


@pytest.fixture
def canvas_in(canvas_of, session_of, frame_of, shares_of):
    def make(mode: CanvasMode[Session]):
        rows: Workspaces[Session, object] = Workspaces((Workspace("new", "New", canvas=mode),))
        session = Session(session_of().document, ViewState(workspace="new"), rows)
        session.show_frame(frame_of(session))
        session.show_measured(shares_of(session, 0.2, 0.1))
        return canvas_of(session)

    return make


def test_a_workspace_that_says_nothing_draws_and_pins_nothing(canvas_in):
    canvas = canvas_in(CanvasMode())
    canvas.click(canvas.unit("enc2", (3, 4)))
    canvas.drag(canvas.gate("skip1"), QPoint(0, 40))
    assert canvas.session.view.pin is None
    assert canvas.session.document.gates == {}
    assert canvas.scene.bottleneck() is None
    assert not any(state.in_field or state.ports for state in canvas.scene.edges.states.values())


def test_one_that_follows_the_field_lights_the_way_and_pins_on_a_click(canvas_in):
    canvas = canvas_in(CanvasMode(follows_field=True))
    at = canvas.unit("enc2", (3, 4))
    canvas.session.set_live(hover=Pin(canvas.node("enc2").output, 3, 4))
    assert any(state.in_field for state in canvas.scene.edges.states.values())
    canvas.click(at)
    assert canvas.session.view.pin == canvas.session.live.hover


def test_one_that_shows_gates_turns_them_and_one_that_draws_measure_shows_them(canvas_in):
    gates = canvas_in(CanvasMode(shows_gates=True))
    gates.drag(gates.gate("skip1"), QPoint(0, 40))
    assert gates.session.document.gates["skip1"] == pytest.approx(0.6, abs=0.05)
    assert gates.scene.bottleneck() is None
    shares = canvas_in(CanvasMode(draws_measure=True))
    drawn = shares.scene.bottleneck()
    assert drawn is not None
    assert drawn[1] == "40 %"
    found = {state.fraction for state in shares.scene.edges.states.values()} - {None}
    assert found == {0.2, 0.1}


def test_delete_does_what_the_workspace_says_and_goes_on_where_it_means_nothing(canvas_in):
    deleted: list[Session] = []

    def delete(session: Session) -> bool:
        deleted.append(session)
        return True

    canvas = canvas_in(CanvasMode(delete=delete))
    canvas.key(Qt.Key.Key_Delete)
    assert deleted == [canvas.session]


def test_one_that_shows_ports_shows_them_away_from_the_pointer(canvas_in):
    shown = canvas_in(CanvasMode(shows_ports=True)).scene.items_by_id["enc2"].state.ports
    assert shown
    assert canvas_in(CanvasMode()).scene.items_by_id["enc2"].state.ports == ()
