"""The layers table and Problems: their numbers are the facts', their rows follow the session."""

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from analysis.graph import Graph, Node
from analysis.operators import Convolution, Input, Output
from analysis.storage.document import Document
from tests.viewer.networks import document_of
from viewer.drawing.painting.text import text_width
from viewer.look.fonts import SMALL, font
from viewer.session import Session
from viewer.session.edits.repairs import repair_buttons
from viewer.session.view_state import ViewState
from viewer.text import number_format
from viewer.text.fault_sentences import layer_sentence
from viewer.text.translation import language
from viewer.workspaces.build.layers.columns import (
    FIELD,
    JUMP,
    MACS,
    MEMORY,
    NAME,
    OPERATOR,
    PARAMETERS,
    SHAPE,
)
from viewer.workspaces.build.layers.model import MANY, LayersModel
from viewer.workspaces.build.layers.panel import LayersPanel


@pytest.fixture
def session(qapp) -> Session:
    return Session(document_of("unet:depth=4,base=32,size=512"))


@pytest.fixture
def panel(session, shown) -> LayersPanel:
    return shown(LayersPanel(session), 1030, 300)


def cells(panel: LayersPanel, name: str) -> list[str]:
    index = panel.tree.layers.find(name)
    assert index.isValid()
    texts = [index.siblingAtColumn(column).data() for column in range(8)]
    return [text.replace(number_format.THIN, " ") for text in texts]


def click(qtbot, panel: LayersPanel, name: str, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    index = panel.tree.layers.find(name)
    panel.tree.scrollTo(index)
    place = panel.tree.visualRect(index).center()
    qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def crooked(document: Document) -> Document:
    operator = replace(document.graph["enc1.conv2"].operator, padding=((0, 0), (0, 0)))
    return Document(graph=document.graph.with_operator("enc1.conv2", operator))


@pytest.mark.parametrize("text", ["unet:depth=3,base=4", "red_net:depth=2,base=4"])
def test_the_model_keeps_the_contract_of_models(text, qtbot):
    session = Session(document_of(text))
    model = LayersModel(session)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    session.edit("other", document_of("unet:depth=2,base=8"))
    model.refresh()
    session.edit("by hand", crooked(session.document))
    model.refresh()
    assert tester.model() is model


def test_rows_of_the_published_size_hold_the_known_numbers(panel):
    row = ["2 × (conv, norm, ReLU)", "128 × 128 × 128", "221 696", "3.62 G", "8.0", "32", "4"]
    assert cells(panel, "enc3") == ["enc 3", *row]
    pool = ["max pool 2 × 2", "32 × 256 × 256", "0", "0", "8.0", "6", "2"]
    assert cells(panel, "pool1") == ["pool 1", *pool]
    assert cells(panel, "dec1")[FIELD] == "188–204"
    assert cells(panel, "join4")[OPERATOR] == "concatenate 256 + 256"


def test_every_row_says_what_the_facts_say(panel, session):
    model, facts = panel.tree.layers, session.facts
    for row, block in enumerate(session.blocks):
        above = model.index(row, NAME)
        assert model.id_at(above) == block.id
        layers = [facts.layers[node] for node in block.nodes]
        found = cells(panel, block.id)
        assert found[SHAPE] == " × ".join(map(str, facts.layers[block.output].shape))
        assert found[PARAMETERS].replace(" ", "") == str(sum(each.parameters for each in layers))
        assert found[MACS] == number_format.scaled(sum(each.macs for each in layers))
        memory = facts.layers[block.output].activation_bytes
        assert found[MEMORY] == number_format.mebibytes(memory)
        assert found[JUMP] == f"{facts.fields[block.output].jump[0]:g}"
        inside = 0 if block.kind == "operator" else len(block.nodes)
        assert model.rowCount(above) == inside
    count = sum(model.rowCount(model.index(r, 0)) or 1 for r in range(model.rowCount()))
    assert count == len(session.document.graph)


def test_the_totals_stand_in_the_title(panel, session):
    said = panel.totals.text().replace(number_format.THIN, " ")
    assert said == "24 blocks · 7 763 107 parameters · 48.3 G MACs at 512²"


def test_a_click_on_a_row_selects_and_a_selection_shows_its_row(panel, session, qtbot):
    click(qtbot, panel, "pool2")
    assert session.view.selection == "pool2"
    session.set_view(selection="dec4")
    assert panel.tree.layers.id_at(panel.tree.currentIndex()) == "dec4"
    assert panel.tree.selectionModel().isRowSelected(panel.tree.currentIndex().row(), QModelIndex())
    session.set_view(selection=None)
    assert not panel.tree.selectionModel().hasSelection()


def test_several_rows_are_what_is_selected_and_the_other_way_round(panel, session, qtbot):
    tree = panel.tree
    session.set_view(selection="dec4", also_selected=("enc1", "pool1", "join4"))
    assert tree.chosen() == ["enc1", "pool1", "join4", "dec4"]
    assert tree.layers.id_at(tree.currentIndex()) == "dec4"
    click(qtbot, panel, "pool1", Qt.KeyboardModifier.ControlModifier)
    assert session.view.selected == ("dec4", "enc1", "join4")
    click(qtbot, panel, "enc2", Qt.KeyboardModifier.ControlModifier)
    assert session.view.selected == ("dec4", "enc1", "join4", "enc2")
    click(qtbot, panel, "enc2")
    click(qtbot, panel, "enc3", Qt.KeyboardModifier.ShiftModifier)
    assert session.view.selected == ("enc2", "pool2", "enc3")
    session.set_view(selection="enc2.conv1", also_selected=("enc2.conv2", "pool2"))
    session.edit("wider", document_of("unet:depth=4,base=16,size=512"))
    assert session.view.selected == ("enc2.conv1", "enc2.conv2", "pool2")
    assert tree.chosen() == ["enc2.conv1", "enc2.conv2", "pool2"]
    click(qtbot, panel, "enc4")
    assert session.view.selected == ("enc4",)


def test_an_operator_selected_elsewhere_opens_its_block(panel, session):
    session.set_view(selection="enc2.norm1")
    tree = panel.tree
    assert tree.layers.id_at(tree.currentIndex()) == "enc2.norm1"
    assert tree.isExpanded(tree.layers.find("enc2"))


def test_arrow_keys_walk_and_open(panel, session, qtbot):
    click(qtbot, panel, "enc1")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Right)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    assert session.view.selection == "enc1.conv1"


def test_an_edit_keeps_what_is_open_selected_and_scrolled(panel, session, qtbot):
    panel.resize(1030, 160)
    session.set_view(selection="dec3.conv1")
    tree = panel.tree
    place = tree.verticalScrollBar().value()
    assert place > 0
    session.edit("wider", document_of("unet:depth=4,base=16,size=512"))
    assert cells(panel, "dec3.conv1")[SHAPE] == "64 × 128 × 128"
    assert tree.verticalScrollBar().value() == place
    session.edit("deeper", document_of("unet:depth=5,base=16,size=512"))
    assert tree.isExpanded(tree.layers.find("dec3"))
    assert tree.layers.id_at(tree.currentIndex()) == "dec3.conv1"
    assert session.view.selection == "dec3.conv1"


def test_an_edit_does_not_scroll_back_to_the_selection(panel, session):
    session.set_view(selection="output")
    panel.tree.scrollToTop()
    session.edit("wider", document_of("unet:depth=4,base=16,size=512"))
    session.edit("deeper", document_of("unet:depth=5,base=16,size=512"))
    assert panel.tree.verticalScrollBar().value() == 0


def test_only_rows_that_differ_are_told(session, qtbot):
    model = LayersModel(session)
    told: list[tuple[str | None, str | None]] = []
    model.dataChanged.connect(
        lambda first, last, _: told.append((model.id_at(first), model.id_at(last)))
    )
    graph = session.document.graph
    session.edit(
        "by hand", Document(graph=graph.with_operator("head", graph["dec1.conv1"].operator))
    )
    assert model.refresh() is False
    assert told == [("head", "output")]
    model.refresh()
    assert len(told) == 1


def test_rows_kept_over_an_edit_say_what_a_new_table_says(panel, session):
    conv = session.document.graph["enc2.conv1"].operator
    graph = session.document.graph.with_operator("enc2.conv1", replace(conv, channels=48))
    session.edit("channels", Document(graph=graph))
    new = LayersModel(session)
    for row in range(new.rowCount()):
        for key in [(0, row), *((row + 1, n) for n in range(new.rowCount(new.index(row, 0))))]:
            said = [panel.tree.layers.text(key, column) for column in range(8)]
            assert said == [new.text(key, column) for column in range(8)]


def test_copied_rows_are_tab_separated_with_plain_numbers(panel, qtbot):
    click(qtbot, panel, "pool1")
    click(qtbot, panel, "enc1", Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("\t")[NAME] for line in lines] == ["Name", "enc 1", "pool 1"]
    assert lines[1].split("\t")[PARAMETERS] == "10208"
    assert len({line.count("\t") for line in lines}) == 1


def test_problems_are_counted_said_and_mended(panel, session, qtbot):
    assert panel.tabs.buttons[1].text() == "Problems 0"
    session.edit("by hand", crooked(session.document))
    count = len(session.facts.problems)
    assert count > 0
    assert panel.tabs.buttons[1].text() == f"Problems {count}"
    qtbot.mouseClick(panel.tabs.buttons[1], Qt.MouseButton.LeftButton)
    faulty = session.facts.problems[0]
    strip = panel.problems.strips[0]
    assert strip.isVisible()
    assert strip.sentence.text() == layer_sentence(session.facts.layers[faulty])
    qtbot.mouseClick(strip.buttons[-1], Qt.MouseButton.LeftButton)
    assert session.view.selection == faulty
    qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
    assert faulty not in session.facts.problems
    session.history.undo()
    assert strip.isVisible()


def test_a_repair_of_a_network_that_is_gone_changes_nothing(session):
    session.edit("by hand", crooked(session.document))
    broken = session.document
    _, mend = repair_buttons(session, session.facts.problems[0])[0]
    session.history.undo()
    whole = session.document
    mend()
    assert session.document is whole
    session.history.redo()
    session.edit("gate", replace(broken, gates={"skip1": 0.5}))
    mend()  # the network is the same
    assert not session.facts.problems
    assert session.document.gates == {"skip1": 0.5}


def test_what_waits_for_a_fault_has_dashes_and_no_numbers(panel, session):
    session.edit("by hand", crooked(session.document))
    assert cells(panel, "output")[SHAPE:MEMORY] == ["–", "–", "–"]
    assert cells(panel, "output")[FIELD] == "unknown"


def test_the_first_problem_opens_its_list_and_the_last_one_closes_it(panel, session):
    whole = session.document
    assert panel.tabs.current() == 0
    session.edit("shrink", crooked(session.document))
    assert panel.tabs.current() == 1
    assert panel.pages.currentWidget() is panel.problems
    assert panel.tabs.buttons[1].property("wrong")
    assert panel.totals.text().startswith("known so far")
    session.edit("mend", whole)
    assert panel.tabs.current() == 0
    assert not panel.tabs.buttons[1].property("wrong")
    assert not panel.totals.text().startswith("known")


def test_a_tab_the_person_chose_stays(panel, session):
    whole = session.document
    session.edit("shrink", crooked(session.document))
    panel.tabs.set_current(0)
    panel.tabs.set_current(1)
    session.edit("mend", whole)
    assert panel.tabs.current() == 1


def test_numbers_are_never_cut(panel, session):
    session.edit("other", document_of("unet:depth=3,base=256,size=1024"))
    tree = panel.tree
    metrics = QFontMetrics(font(SMALL))
    for row in range(tree.layers.rowCount()):
        for column in range(SHAPE, JUMP + 1):
            text = tree.layers.index(row, column).data()
            assert metrics.horizontalAdvance(text) + 8 <= tree.header().sectionSize(column)


def test_headings_and_names_follow_the_language(panel):
    language.use("zh_CN")
    model = panel.tree.layers
    assert model.headerData(OPERATOR, Qt.Orientation.Horizontal) == "算子"
    assert cells(panel, "pool1")[OPERATOR] == "最大池化 2 × 2"
    assert panel.tabs.buttons[0].text() == "层"


def test_columns_of_a_long_table_are_fitted_when_edits_rest(shown, qtbot):
    conv = Convolution(2, (1, 1))
    names = ["input", *(f"conv{number}" for number in range(MANY)), "output"]
    nodes = [Node(name, conv, (before,)) for before, name in pairwise(names[:-1])]
    last = Node("output", Output(), (names[-2],))
    graph = Graph.of([Node("input", Input(2, (8, 8))), *nodes, last])
    session = Session(Document(graph=graph))
    panel = shown(LayersPanel(session), 1030, 300)
    header, column = panel.tree.header(), PARAMETERS
    before = header.sectionSize(column)
    graph = graph.with_operator("conv3", replace(conv, channels=2**20))
    session.edit("wide", replace(session.document, graph=graph))
    assert panel.tree.layers.rowCount() > MANY
    assert header.sectionSize(column) == before
    qtbot.waitUntil(lambda: header.sectionSize(column) > before)


def test_of_many_rows_those_in_view_are_fitted_and_say_their_field(qtbot):
    session = Session(document_of("plain_chain:layers=130,channels=2,size=32"))
    panel = LayersPanel(session)
    qtbot.addWidget(panel)
    panel.resize(900, 200)
    panel.show()
    model, tree = panel.tree.layers, panel.tree
    assert model.rowCount() > MANY
    last = model.rowCount() - 1
    tree.scrollTo(model.index(last, 0))
    tree.fit()
    shown = model.text((0, last - 1), FIELD)
    assert tree.columnWidth(FIELD) > text_width(shown, SMALL)
    first = session.document.graph.nodes[1].id
    wide = replace(session.document.graph[first].operator, kernel=(9, 9), padding=((4, 4), (4, 4)))
    session.edit("kernel", Document(graph=session.document.graph.with_operator(first, wide)))
    assert model.text((0, last - 1), FIELD) != shown


def test_a_right_click_on_a_row_offers_what_the_canvas_offers_for_its_block(panel, session):
    tree, asked = panel.tree, []
    session.layerAsked.connect(asked.append)
    at = tree.visualRect(tree.layers.find("pool1")).center()
    entries = {entry.text: entry.run for entry in tree._entries(at)}
    assert session.view.selection == "pool1"
    assert {"Copy cell", "Copy rows"} <= entries.keys()
    entries["Show its arithmetic"]()
    assert asked == ["pool1"]
    entries["Delete"]()
    assert "pool1" not in session.document.graph
    ground = tree._entries(QPoint(10, tree.viewport().height() + 500))
    assert [entry.text for entry in ground][:2] == ["Copy cell", "Copy rows"]


def test_a_hidden_table_is_that_of_the_network_once_it_is_shown(open_desk, unet):
    desk = open_desk(view=ViewState(workspace="build"), pictured=False)
    panel = desk.window.findChild(LayersPanel)
    desk.session.set_view(workspace="live")
    desk.edit(graph=unet(depth=1).graph, blueprint=None)
    language.use("zh_CN")  # asks for every cell anew, of rows that are no longer the network's
    language.use("en")
    desk.session.set_view(workspace="build")
    desk.wait(lambda: not panel._behind)
    layers = panel.tree.layers
    listed = [layers.id_at(layers.index(row, 0)) for row in range(layers.rowCount())]
    assert listed == [block.id for block in desk.session.blocks]
    desk.session.history.setClean()


def test_a_table_out_of_sight_takes_another_language_after_another_network(qtbot, session, panel):
    panel.hide()
    session.open(document_of("unet:depth=1,base=4,size=8"), session.view)
    english = panel.tree.layers.headerData(OPERATOR, Qt.Orientation.Horizontal)
    language.use("zh_CN")
    try:
        panel.show()
        rows = len(session.blocks)
        qtbot.waitUntil(lambda: panel.tree.layers.rowCount() == rows)
        assert panel.tree.layers.headerData(OPERATOR, Qt.Orientation.Horizontal) != english
        assert cells(panel, "pool1")[OPERATOR] == "最大池化 2 × 2"
    finally:
        language.use("en")
