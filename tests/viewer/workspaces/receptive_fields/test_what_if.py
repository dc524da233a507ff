"""Trying other settings on the chart: nothing changes until it is applied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document
from tests.viewer.networks import document_of
from viewer.session import Session
from viewer.workspaces.receptive_fields.layers.panel import FieldChart
from viewer.workspaces.receptive_fields.layers.what_if import dilated


@pytest.fixture
def session() -> Session:
    settings = BLUEPRINTS["unet"].complete({"depth": 3, "base": 2, "size": 256})
    graph = BLUEPRINTS["unet"].build(settings)
    return Session(Document(graph=graph, blueprint=("unet", settings)))


@pytest.fixture
def chart(session: Session, qtbot) -> FieldChart:
    made = FieldChart(session)
    made.resize(1148, 252)
    qtbot.addWidget(made)
    made.show()
    made.ask_what_if.click()
    return made


def heights(chart: FieldChart) -> dict[str, tuple[int, tuple[int, int] | None]]:
    return {bar.id: (bar.high, bar.before) for bar in chart.bars._bars}


def test_another_kernel_is_previewed_beside_the_one_that_is(chart, session) -> None:
    assert heights(chart)["enc1"] == (5, None)
    before = session.document
    chart.what_if.boxes["kernel"].setValue(5)
    assert heights(chart)["enc1"] == (9, (5, 5))
    assert session.document is before
    chart.what_if.reset.click()
    assert heights(chart)["enc1"] == (5, None)
    assert chart.what_if.boxes["kernel"].value() == 3


def test_depth_three_kernel_three_is_the_published_hundred(chart, session) -> None:
    largest = max(high for high, _ in heights(chart).values())
    assert largest == 100  # Loos et al. 2024
    chart.what_if.boxes["depth"].setValue(4)
    largest = max(high for high, _ in heights(chart).values())
    assert largest == 204
    assert "dec4" in heights(chart)


def test_applying_is_one_step_and_leaves_the_old_fields_as_ghosts(chart, session) -> None:
    chart.what_if.boxes["kernel"].setValue(5)
    chart.what_if.apply.click()
    assert session.document.blueprint[1]["kernel"] == 5
    assert session.facts.fields["enc1.conv2"].extent_max == (9, 9)
    assert heights(chart)["enc1"] == (9, (5, 5))
    assert not chart.what_if.apply.isEnabled()
    session.history.undo()
    assert session.document.blueprint[1]["kernel"] == 3
    assert chart.what_if.boxes["kernel"].value() == 3


def test_dilation_keeps_sizes_and_widens_fields(chart, session) -> None:
    shapes = dict(session.shapes)
    chart.what_if.boxes["dilation"].setValue(2)
    preview = chart.what_if.preview
    assert preview is not None
    assert dict(preview.facts.shapes) == shapes
    assert heights(chart)["enc1"] == (9, (5, 5))
    chart.what_if.apply.click()
    assert session.document.blueprint[1]["dilation"] == 2
    assert chart.what_if.boxes["dilation"].value() == 2


def test_dilation_of_a_blueprint_without_that_setting_leaves_the_blueprint(chart, session) -> None:
    session.open(document_of("red_net:base=2,size=64"), session.view)
    chart.what_if.boxes["dilation"].setValue(2)
    chart.what_if.apply.click()
    assert session.document.blueprint is None
    assert not chart.ask_what_if.isVisible()


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_only_what_the_blueprint_has_can_be_asked(chart, session, name) -> None:
    session.open(document_of(name), session.view)
    boxes = chart.what_if.boxes
    for key in ("kernel", "depth"):
        setting = BLUEPRINTS[name].setting(key)
        assert boxes[key].isEnabled() == (setting is not None and setting.kind == "int")
    boxes["dilation"].setValue(boxes["dilation"].value() + 1)
    assert chart.what_if.preview is not None


def test_settings_that_a_file_lacks_or_that_cannot_be_are_the_defaults(chart, session) -> None:
    document = document_of("unet:depth=3,base=2")
    settings = {"depth": 3, "base": 2, "kernel": "wide", "norm": "bach", "nonsense": 4}
    session.open(replace(document, blueprint=("unet", settings)), session.view)
    assert chart.what_if.boxes["kernel"].value() == 3
    chart.what_if.boxes["kernel"].setValue(5)
    chart.what_if.apply.click()
    assert session.document.blueprint[1]["kernel"] == 5
    assert session.document.blueprint[1]["norm"] == "batch"
    session.open(replace(document, blueprint=("of tomorrow", {})), session.view)
    assert not chart.ask_what_if.isVisible()


def test_settings_that_fit_nothing_are_said_and_cannot_be_applied(chart) -> None:
    chart.what_if.boxes["kernel"].setValue(4)
    preview = chart.what_if.preview
    assert preview is not None
    assert chart.what_if.apply.isEnabled() is not bool(preview.facts.problems)


def test_convolutions_without_padding_stay_without() -> None:
    graph = BLUEPRINTS["unet"].build({"depth": 1, "base": 2, "padding": "valid", "size": 64})
    wider = dilated(graph, 2)
    operator = wider["enc1.conv1"].operator
    assert operator.dilation == (2, 2)
    assert operator.padding == ((0, 0), (0, 0))
    assert wider["head"].operator == graph["head"].operator
