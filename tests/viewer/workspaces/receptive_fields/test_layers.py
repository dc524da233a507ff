"""The chart and the table tell the same fields, and choose layers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Concatenate, Convolution, Input, ReLU
from analysis.storage.document import Document
from viewer.session import Session
from viewer.workspaces.receptive_fields.layers.bars import grid_step
from viewer.workspaces.receptive_fields.layers.panel import FieldChart
from viewer.workspaces.receptive_fields.layers.table import rows_of
from viewer.workspaces.receptive_fields.shared.field_text import growth_text


@pytest.fixture
def session() -> Session:
    blueprint = BLUEPRINTS["unet"]
    settings = blueprint.complete({"depth": 4, "base": 8, "size": 512})
    return Session(Document(graph=blueprint.build(settings), blueprint=("unet", settings)))


@pytest.fixture
def chart(session: Session, shown) -> FieldChart:
    return shown(FieldChart(session), 1148, 252)


def test_bars_hold_the_published_fields(chart: FieldChart) -> None:
    shown = {bar.id: bar.text for bar in chart.bars._bars}
    assert shown == {
        "enc1": "5",
        "pool1": "6",
        "enc2": "14",
        "pool2": "16",
        "enc3": "32",
        "pool3": "36",
        "enc4": "68",
        "pool4": "76",
        "bottleneck": "140",
        "dec4": "172",
        "dec3": "188",
        "dec2": "188–204",
        "dec1": "188–204",
        "output": "188–204",
    }


def test_no_number_of_a_bar_runs_into_another(chart: FieldChart) -> None:
    bars = chart.bars
    last = len(bars._bars) - 1
    assert {0, 1, last} <= bars.numbers_shown()
    chart.resize(520, 252)
    shown = sorted(bars.numbers_shown())
    assert last - 1 not in shown or last not in shown  # 188–204 is wider than its column
    bars.select("dec1")
    assert last - 1 in bars.numbers_shown()
    assert last not in bars.numbers_shown()


def test_bars_are_as_high_as_their_fields(chart: FieldChart) -> None:
    heights = {bar.id: chart.bars.bar_rect(bar.id).height() for bar in chart.bars._bars}
    assert heights["bottleneck"] / heights["dec3"] == pytest.approx(140 / 188)
    assert heights["pool4"] / heights["dec1"] == pytest.approx(76 / 204)


def test_a_click_on_a_bar_selects_the_layer(chart: FieldChart, session: Session, qtbot) -> None:
    place = chart.bars.bar_rect("enc4").center().toPoint()
    qtbot.mouseClick(chart.bars, Qt.MouseButton.LeftButton, pos=place)
    assert session.view.selection == "enc4"
    qtbot.keyClick(chart.bars, Qt.Key.Key_Right)
    assert session.view.selection == "pool4"


def test_a_click_in_the_low_part_of_a_column_counts_too(
    chart: FieldChart, session: Session, qtbot
) -> None:
    bar = chart.bars.bar_rect("enc1")
    above = QPoint(round(bar.center().x()), 40)
    qtbot.mouseClick(chart.bars, Qt.MouseButton.LeftButton, pos=above)
    assert session.view.selection == "enc1"


def test_the_table_lists_every_operator_that_is_no_alias(
    chart: FieldChart, session: Session
) -> None:
    chart.tabs.set_current(1)
    rows = {row.id: row.shown for row in chart.table.facts_model.rows}
    assert "enc1.act1" not in rows
    assert rows["bottleneck.conv1"][3:] == ("16", "108", "0.0", "1.5 % to 4.4 %", "exact")
    assert rows["dec1.conv2"][3:] == ("1", "188–204", "−5.5 to 5.5", "3.4 % to 16 %", "exact")


def test_the_table_sorts_by_number(chart: FieldChart) -> None:
    chart.tabs.set_current(1)
    table = chart.table
    table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    model = table.model()
    fields = [model.index(row, 4).data() for row in range(model.rowCount())]
    assert fields[0] == "188–204"
    assert fields.index("68") < fields.index("14") < fields.index("6") < fields.index("5")


def test_selection_on_the_canvas_marks_the_row(chart: FieldChart, session: Session) -> None:
    chart.tabs.set_current(1)
    session.set_view(selection="dec1")
    rows = chart.table.selectionModel().selectedRows()
    assert [index.data() for index in rows] == ["dec 1, conv 2"]


def test_choosing_a_row_selects_its_operator(chart: FieldChart, session: Session, qtbot) -> None:
    chart.tabs.set_current(1)
    table = chart.table
    row = [each.id for each in table.facts_model.rows].index("enc1.conv1")
    place = table.visualRect(table.model().index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert session.view.selection == "enc1.conv1"


def test_copy_gives_lines_with_tabs(chart: FieldChart, qtbot) -> None:
    chart.tabs.set_current(1)
    qtbot.keyClick(chart.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[:2] == ["Layer", "Operator"]
    assert len(lines) == 1 + len(chart.table.facts_model.rows)
    assert {line.count("\t") for line in lines} == {7}


@pytest.mark.parametrize("top", [204, 1, 7, 580, 1000])
def test_grid_lines_are_few_and_round(top: int) -> None:
    lines = top // grid_step(top)
    assert 1 <= lines <= 6
    assert str(grid_step(top)).rstrip("0") in {"1", "2", "5"}


def test_a_hidden_chart_catches_up_when_it_is_shown(session: Session, qtbot) -> None:
    chart = FieldChart(session)
    qtbot.addWidget(chart)
    assert chart.bars._bars == ()
    chart.show()
    assert len(chart.bars._bars) == 14


def test_a_join_whose_inputs_step_unlike_has_a_row_and_a_reason() -> None:
    same = ((1, 1), (1, 1))
    graph = Graph.of(
        [
            Node("input", Input(1, (64, 64))),
            Node("halved", Convolution(2, (3, 3), stride=(2, 2), padding=same), ("input",)),
            Node("cropped", Convolution(2, (33, 33)), ("input",)),
            Node("join", Concatenate(), ("halved", "cropped")),
            Node("act", ReLU(), ("join",)),
        ]
    )
    facts = analyse(graph)
    rows = {row.id: row for row in rows_of(facts)}
    assert list(rows) == ["halved", "cropped", "join"]
    assert (rows["cropped"].note, rows["join"].note.code) == (None, "strides-differ")
    assert growth_text(facts, "act") is None
