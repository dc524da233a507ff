"""A measure of the skips is one file and one row: Live offers it, and shows what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from analysis.inference.engine import Engine
from analysis.inference.measures.table import MEASURES
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import RunRequest
from viewer.session.view_state import ViewState
from viewer.workspaces.live.skips.panel import SkipsPanel


@pytest.fixture
def live(open_desk, engine_with_toys):
    return open_desk(view=ViewState(workspace="live"), process=engine_with_toys)


@pytest.fixture
def skips(live) -> SkipsPanel:
    return live.window.findChild(SkipsPanel)


def choose(live, skips: SkipsPanel, index: int) -> None:
    live.qtbot.mouseClick(skips.measures.buttons[index], Qt.MouseButton.LeftButton)
    live.wait(lambda: skips.measured() is not None)


def strengths(live) -> dict[str, float]:
    """√⟨x²⟩ of what each skip carries, by an engine in this process."""
    document, engine = live.session.document, Engine("cpu", threads=1)
    graph, image = document.graph, live.store.path(document.image.hash)
    source = ImageSource(document.image.hash, str(image))
    request = RunRequest(
        1, "test", graph.structure_hash, graph, source, noise=live.session.live.noise
    )
    engine.answer(request)
    skips = live.session.facts.skips
    sources = {skip.name: graph[skip.join].inputs[skip.port] for skip in skips}
    values = engine.values("test", set(sources.values()))
    return {name: float(np.sqrt((values[node] ** 2).mean())) for name, node in sources.items()}


def shown(skips: SkipsPanel) -> dict[str, float]:
    texts = {name: row.value.text() for name, row in skips.rows.items()}
    assert all(text.endswith(" grey levels") for text in texts.values())
    return {name: float(text.removesuffix(" grey levels")) for name, text in texts.items()}


def test_there_is_no_choice_of_one():
    assert len({row.key for row in MEASURES}) == len(MEASURES)
    assert all(callable(row.compute()) for row in MEASURES)


def test_it_is_chosen_and_its_numbers_are_in_the_rows(live, skips):
    assert skips.measures.isVisible()
    assert [button.text() for button in skips.measures.buttons][-1] == "strength"
    choose(live, skips, -1)
    expected = strengths(live)
    assert shown(skips) == pytest.approx(expected, abs=6e-5)
    strongest = max(expected, key=lambda name: expected[name])
    assert skips.sentence.text().endswith(f"carries {expected[strongest]:.4f} grey levels.")
    assert skips.captions.of_bar.text() == "root mean square"
    hidden = (skips.stack, skips.bottleneck, skips.split.totals, skips.captions.of_bands)
    assert not any(widget.isVisible() for widget in hidden)
    assert not any(row.map.isVisible() or row.bands.isVisible() for row in skips.rows.values())


def test_the_canvas_draws_it(live, skips):
    choose(live, skips, -1)
    canvas, expected = live.window.canvas, strengths(live)
    edges, states = canvas.scene_of_network.edges.edges, canvas.scene_of_network.edges.states
    drawn = {edges[i].skip: state for i, state in states.items() if edges[i].skip is not None}
    largest = max(expected.values())
    for name, state in drawn.items():
        assert state.fraction == pytest.approx(expected[name] / largest, rel=1e-4)
        assert state.number == f"{expected[name]:.4f} grey levels"
    assert canvas.scene_of_network.bottleneck() is None
    assert live.session.workspace.canvas.heading(live.session)[0] == "How strong each skip is"


def test_a_moved_gate_and_the_way_back_to_shares(live, skips):
    choose(live, skips, -1)
    before = shown(skips)
    live.edit(gates={"skip1": 0.5})
    live.wait(lambda: shown(skips)["skip1"] != before["skip1"])
    assert shown(skips)["skip1"] == pytest.approx(before["skip1"] / 2, abs=2e-4)
    choose(live, skips, 0)
    assert skips.split.sum.text() == "100 %"
    assert skips.stack.isVisible()
    assert skips.rows["skip1"].value.text().endswith(" %")


def test_the_choice_is_kept_with_the_view_and_an_unknown_one_is_the_first(live):
    view = replace(live.session.view, measure="toy")
    assert ViewState.from_plain(view.to_plain()).measure == "toy"
    live.session.set_view(measure="gone")
    assert live.session.measure.key == "share"


def test_on_another_device_the_skips_are_measured_again(live, skips):
    session, heard = live.session, []
    live.wait(lambda: skips.measured() is not None and not session.measure_is_stale)
    values = shares(skips)
    session.measuredReady.connect(heard.append)
    live.engine.use_device("auto")
    assert session.measure_is_stale  # drawn pale: they may be of another number format
    live.wait(lambda: bool(heard))
    assert not session.measure_is_stale
    assert shares(skips) == pytest.approx(values, abs=1e-3)


def shares(skips: SkipsPanel) -> dict[str, float]:
    return {name: found.value for name, found in skips.measured().skips.items()}
