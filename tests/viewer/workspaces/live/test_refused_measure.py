"""A measure that cannot be had is said among the skips; the engine and its picture are well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt

from analysis.blueprints import BLUEPRINTS
from analysis.faults import Fault
from analysis.inference.protocol.measures import MeasureRequest
from analysis.storage.document import Document
from tests.viewer.networks import session_of
from viewer.session.edits.gates import close_all, gated_skips
from viewer.session.view_state import ViewState
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language
from viewer.workspaces.live.canvas_text import heading
from viewer.workspaces.live.skips.panel import SkipsPanel


def without_skips() -> Document:
    blueprint = BLUEPRINTS["encoder_decoder"]
    settings = blueprint.complete({"depth": 2, "base": 4, "size": 64})
    return Document(graph=blueprint.build(settings), blueprint=("encoder_decoder", settings))


def test_a_network_without_skips_runs_in_live(open_desk):
    desk = open_desk(without_skips(), view=ViewState(workspace="live"))
    desk.wait(lambda: desk.session.refused)
    assert desk.session.measure_fault == Fault("no-skips")
    assert (desk.session.live.engine, desk.session.live.failure) == ("ready", None)
    panel = desk.window.findChild(SkipsPanel)
    assert panel.none.isVisible()
    assert not panel.state.isVisible()
    assert not panel.split.isVisible()


def test_joins_of_one_resolution_are_not_denied():
    """RED's layer i is added to layer n − i of the same size: no long skip, but a join."""
    language.use("en")
    assert heading(session_of("encoder_decoder:depth=2,base=4"))[1] == "this network has no skips"
    concat = session_of("symmetric_denoiser:layers=10,base=4,skip=concat")
    assert "joins here are of one resolution" in heading(concat)[1]
    add = session_of("symmetric_denoiser:layers=10,base=4,skip=add")
    assert "the residual connections have gates" in heading(add)[1]


def test_residual_connections_have_gates_where_no_skip_is_long(open_desk):
    spec = {"layers": 6, "base": 4, "size": 32, "skip": "add"}
    settings = BLUEPRINTS["symmetric_denoiser"].complete(spec)
    graph = BLUEPRINTS["symmetric_denoiser"].build(settings)
    desk = open_desk(Document(graph=graph), view=ViewState(workspace="live"))
    desk.wait(lambda: desk.session.refused)
    panel = desk.window.findChild(SkipsPanel)
    assert list(panel.rows) == [skip.name for skip in desk.session.facts.skips]
    row = panel.rows["residual1"]
    assert row.name.text() == "residual 1"
    assert not panel.head.isVisible()
    assert not row.map.isVisible()
    assert not row.value.isVisible()
    assert panel.certainty.text() == ""
    assert panel.none.isVisible()  # it says what these are, and that shares are of long skips
    before = desk.session.frame.output_image.copy()
    desk.qtbot.mouseClick(row.off, Qt.MouseButton.LeftButton)
    assert desk.session.document.gates == {"residual1": 0.0}
    desk.wait(lambda: not np.array_equal(desk.session.frame.output_image, before))
    desk.qtbot.mouseClick(row.solo, Qt.MouseButton.LeftButton)
    closed = {name for name, gate in desk.session.document.gates.items() if gate == 0}
    assert closed == set(panel.rows) - {"residual1"}
    panel.gates.reset.click()
    desk.wait(lambda: np.array_equal(desk.session.frame.output_image, before))


def test_a_residual_connection_that_is_closed_has_its_row_beside_long_skips():
    session = session_of("residual_unet:depth=2,base=4,size=64")
    long = [skip.name for skip in session.facts.skips if skip.kind == "long"]
    assert long
    assert gated_skips(session) == tuple(long)
    session.edit("close", replace(session.document, gates={"residual2": 0.0}))
    assert gated_skips(session) == (*long, "residual2")
    close_all(session)
    assert set(session.document.gates) == {*long, "residual2"}


def test_why_is_said_in_the_panel_and_it_is_not_asked_again_until_something_changes(
    toys, open_desk, monkeypatch
):
    """The toy measure is in the window's table, and not in that of the engine's process."""
    desk = open_desk(view=ViewState(workspace="live"))
    panel, asked = desk.window.findChild(SkipsPanel), []
    desk.wait(lambda: panel.measured() is not None)
    submit = desk.engine.submit
    monkeypatch.setattr(
        desk.engine, "submit", lambda request: (asked.append(request), submit(request))
    )
    desk.session.set_view(measure="toy")
    desk.wait(lambda: desk.session.measure_fault is not None)
    assert (desk.session.live.engine, desk.session.live.failure) == ("ready", None)
    assert panel.split.check.isVisible()
    assert panel.split.check.text() == fault_sentence(desk.session.measure_fault)
    assert panel.rows["skip1"].value.text() == "–"
    loop = desk.window.loop
    loop._measure.put(loop._revision)
    assert len([each for each in asked if isinstance(each, MeasureRequest)]) == 1
    desk.session.set_view(measure="share")
    assert desk.session.measure_fault is None
    desk.wait(lambda: panel.measured() is not None)
    assert panel.split.check.text().startswith("The parts rebuild")


def test_values_are_not_out_of_date_once_a_gate_is_back_where_it_was(open_desk):
    desk = open_desk(view=ViewState(workspace="live"))
    panel = desk.window.findChild(SkipsPanel)
    desk.wait(lambda: panel.measured() is not None)
    desk.edit(gates={"skip1": 0.5})
    assert panel.stack.pale
    desk.edit(gates={})
    desk.wait(lambda: not panel.stack.pale)
    assert panel.split.check.isVisible()
