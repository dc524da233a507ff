"""Blueprints: every control rebuilds the graph, undoes as one step, and says what cannot be."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QToolTip

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.pieces import without_nodes
from analysis.storage.document import Document
from tests.viewer.networks import session_of
from viewer.controls import Choice
from viewer.session import Session
from viewer.text.translation import language
from viewer.workspaces.build.blueprints.panel import BlueprintsPanel


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=3,base=4,size=64")


@pytest.fixture
def panel(session, shown) -> BlueprintsPanel:
    return shown(BlueprintsPanel(session), 260, 900)


def editor(panel: BlueprintsPanel, name: str):
    return panel.settings.fields[name].editor


def choose(qtbot, panel: BlueprintsPanel, name: str, index: int) -> None:
    box = editor(panel, name)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(index):
        qtbot.keyClick(box, Qt.Key.Key_Down)


def settings_of(session: Session) -> dict[str, object]:
    return dict(session.document.blueprint[1])


def test_depth_makes_the_network_deeper_and_undo_brings_it_back(panel, session, qtbot):
    before = session.document
    qtbot.keyClick(editor(panel, "depth"), Qt.Key.Key_Up)
    assert "enc4.conv1" in session.document.graph
    assert settings_of(session)["depth"] == 4
    assert session.facts.shapes["bottleneck.conv1"][1:] == (4, 4)
    session.history.undo()
    assert session.document == before
    assert editor(panel, "depth").value() == 3


def test_a_number_typed_digit_by_digit_is_one_undo(panel, session, qtbot):
    before = session.document
    box = editor(panel, "base")
    box.selectAll()
    qtbot.keyClicks(box, "32")
    assert settings_of(session)["base"] == 32
    assert session.facts.shapes["enc1.conv1"][0] == 32
    assert session.history.count() == 1
    session.history.undo()
    assert session.document == before


def test_two_settings_are_two_undos(panel, session, qtbot):
    qtbot.keyClick(editor(panel, "depth"), Qt.Key.Key_Up)
    qtbot.keyClick(editor(panel, "convs"), Qt.Key.Key_Up)
    assert session.history.count() == 2
    session.history.undo()
    assert (settings_of(session)["depth"], settings_of(session)["convs"]) == (4, 2)


def test_a_setting_left_and_changed_again_is_another_undo(panel, session, qtbot):
    box = editor(panel, "base")
    for number in ("8", "16"):
        box.selectAll()
        qtbot.keyClicks(box, number)
        qtbot.keyClick(box, Qt.Key.Key_Return)
    session.history.undo()
    assert settings_of(session)["base"] == 8


def test_choices_change_the_operators(panel, session, qtbot):
    choices = BLUEPRINTS["unet"].setting("norm").choices
    choose(qtbot, panel, "norm", choices.index("group"))
    assert session.document.graph["enc1.norm1"].operator.key == "group_norm"
    choices = BLUEPRINTS["unet"].setting("up").choices
    choose(qtbot, panel, "up", choices.index("bilinear"))
    assert session.document.graph["up1"].operator.key == "upsample"


def test_valid_padding_crops_the_skips_and_still_fits(panel, session, qtbot):
    qtbot.mouseClick(editor(panel, "padding").buttons[1], Qt.MouseButton.LeftButton)
    assert settings_of(session)["padding"] == "valid"
    assert session.document.graph["crop1"].operator.key == "crop_like"


def test_each_level_can_have_a_skip_of_its_own(panel, session, qtbot):
    before = session.document
    rows = panel.settings.levels["skip"]
    qtbot.mouseClick(rows.button, Qt.MouseButton.LeftButton)
    assert session.document == before
    assert not session.history.canUndo()  # to look at the levels is no step
    assert [rows.rows[level].isVisible() for level in (1, 2, 3)] == [True, True, True]
    row = rows.rows[3].editor
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Down)
    assert settings_of(session)["skip3"] == "add"
    kinds = [session.document.graph[f"join{level}"].operator.key for level in (1, 2, 3)]
    assert kinds == ["concat", "concat", "add"]
    qtbot.keyClick(editor(panel, "depth"), Qt.Key.Key_Down)
    assert [rows.rows[level].isVisible() for level in (1, 2, 3)] == [True, True, False]
    qtbot.mouseClick(rows.button, Qt.MouseButton.LeftButton)
    assert not any(row.isVisible() for row in rows.rows.values())
    assert session.document.graph["join2"].operator.key == "concat"
    for _ in range(3):
        session.history.undo()
    assert session.document == before
    assert not session.history.canUndo()


def test_the_value_for_all_levels_is_that_of_each(panel, session, qtbot):
    qtbot.mouseClick(panel.settings.levels["dilation"].button, Qt.MouseButton.LeftButton)
    rows = panel.settings.levels["dilation"].rows
    assert rows[4].label.text() == "Bottleneck"
    qtbot.keyClick(rows[4].editor, Qt.Key.Key_Up)
    assert session.document.graph["bottleneck.conv1"].operator.dilation == (2, 2)
    assert session.document.graph["enc3.conv1"].operator.dilation == (1, 1)
    box = editor(panel, "dilation")
    box.selectAll()
    qtbot.keyClicks(box, "3")
    graph = session.document.graph
    assert {graph[f"{b}.conv1"].operator.dilation for b in ("enc1", "bottleneck")} == {(3, 3)}
    assert rows[1].editor.value() == 3


def test_signals_and_volumes_keep_the_size_of_their_axes(panel, session, qtbot):
    box = editor(panel, "axes")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert session.shapes["output"] == (3, 64)
    assert editor(panel, "size").value() == (64,)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert session.shapes["output"] == (3, 64, 64, 64)


def test_a_document_of_before_a_setting_came_has_its_default(session, shown, qtbot):
    name, settings = session.document.blueprint
    old = {key: value for key, value in settings.items() if key not in ("block", "axes")}
    session.edit("older", replace(session.document, blueprint=(name, old)))
    panel = shown(BlueprintsPanel(session), 260, 900)
    assert editor(panel, "block").value() == "plain"
    qtbot.keyClick(editor(panel, "convs"), Qt.Key.Key_Up)
    assert "enc1.conv3" in session.document.graph


def test_input_size_may_be_oblong_and_other_settings_keep_it(panel, session, qtbot):
    box = editor(panel, "size")
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "64 x 96")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert session.facts.shapes["input"] == (3, 64, 96)
    qtbot.keyClick(editor(panel, "in"), Qt.Key.Key_Down)
    assert session.facts.shapes["input"] == (2, 64, 96)
    assert session.facts.shapes["output"] == (3, 64, 96)


def test_a_size_that_does_not_fit_says_so_and_a_button_mends_it(panel, session, qtbot):
    box = editor(panel, "size")
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "60")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert session.facts.problems
    assert panel.problem.isVisible()
    sentence = panel.problem.sentence.text()
    assert "14" in sentence
    assert "15" in sentence
    wanted = next(button for button in panel.problem.buttons if "64" in button.text())
    qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)
    assert session.facts.problems == ()
    assert not panel.problem.isVisible()
    assert session.facts.shapes["input"] == (3, 64, 64)
    assert settings_of(session)["size"] == 64
    assert box.value() == (64, 64)


def test_every_blueprint_can_be_chosen_and_keeps_what_was_set(panel, session, qtbot):
    qtbot.mouseClick(panel.cards["encoder_decoder"], Qt.MouseButton.LeftButton)
    assert session.document.blueprint[0] == "encoder_decoder"
    assert session.facts.skips == ()
    assert settings_of(session)["base"] == 4
    qtbot.mouseClick(panel.cards["red_net"], Qt.MouseButton.LeftButton)
    assert session.document.blueprint[0] == "red_net"
    assert {skip.how for skip in session.facts.skips} == {"add"}
    assert session.facts.problems == ()
    session.history.undo()
    session.history.undo()
    assert session.document.blueprint[0] == "unet"
    assert panel.cards["unet"].isChecked()
    assert not panel.cards["red_net"].isChecked()


def test_red_net_takes_the_nearest_odd_kernel_and_says_so(qtbot):
    session = session_of("red_net:base=4,size=64")
    panel = BlueprintsPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    box = editor(panel, "kernel")
    box.selectAll()
    qtbot.keyClicks(box, "4")
    assert settings_of(session)["kernel"] == 5
    assert "5" in panel.settings.fields["kernel"].note.text()
    assert session.facts.problems == ()


def test_after_an_edit_by_hand_it_offers_to_start_again(panel, session, qtbot):
    made = session.document
    graph = made.graph.without("enc1.act1")
    session.edit("by hand", Document(graph=graph))
    assert panel.detached.isVisible()
    assert not panel.settings.isVisible()
    assert not any(card.isChecked() for card in panel.cards.values())
    assert "U-Net" in panel.restart.text()
    qtbot.mouseClick(panel.restart, Qt.MouseButton.LeftButton)
    assert session.document.graph == made.graph
    assert session.document.blueprint == made.blueprint
    assert not panel.detached.isVisible()
    session.history.undo()
    assert session.document.graph == graph
    assert panel.detached.isVisible()


def test_without_a_blueprint_the_input_size_can_still_be_changed(panel, session, qtbot):
    session.edit("by hand", Document(graph=session.document.graph.without("enc1.act1")))
    assert "by hand" in panel.why_detached.text()
    box = panel.input_size.box
    assert box.isVisible()
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "48 × 80")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert session.shapes["input"][1:] == (48, 80)
    assert session.document.blueprint is None
    session.history.undo()
    assert session.shapes["input"][1:] == (64, 64)
    assert box.value() == (64, 64)


def test_a_network_that_was_emptied_by_hand_is_not_said_to_come_from_a_file(panel, session):
    ends = {node.id for node in session.document.graph.nodes if node.operator.family != "end"}
    left = without_nodes(session.document.graph, ends)
    session.edit("delete", replace(session.document, graph=left, blueprint=None))
    assert "by hand" in panel.why_detached.text()
    session.history.undo()
    assert not panel.detached.isVisibleTo(panel)


def test_an_opened_network_is_not_called_edited(panel, session):
    name, settings = parse("red_net:depth=2,base=4,size=32")
    other = BLUEPRINTS[name].build(settings)
    renamed = Graph.of(
        replace(node, id=f"net.{node.id}", inputs=tuple(f"net.{i}" for i in node.inputs))
        for node in other.nodes
    )
    session.open(Document(graph=renamed), session.view)
    assert "opened from a file" in panel.why_detached.text()
    assert "again" not in panel.restart.text()


def test_a_number_that_is_refused_says_what_would_do(panel, session, qtbot):
    depth = editor(panel, "depth")
    depth.setFocus()
    QToolTip.hideText()
    depth.selectAll()
    qtbot.keyClicks(depth, "x")
    low, high = depth.minimum(), depth.maximum()
    assert QToolTip.text() == f"A number from {low} to {high}"
    QToolTip.hideText()
    qtbot.keyClicks(depth, str(high + 90))
    assert QToolTip.text() == f"A number from {low} to {high}"


def test_the_panel_speaks_chinese_without_a_restart(panel):
    language.use("zh_CN")
    assert panel.settings.fields["depth"].label.text() == "深度"
    assert panel.cards["encoder_decoder"].accessibleName() == "编码器–解码器"


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_no_choice_of_a_blueprint_leaves_a_fault(name, qtbot):
    small = [f"{k}={v}" for k, v in (("depth", 2), ("base", 4)) if BLUEPRINTS[name].setting(k)]
    session = session_of(f"{name}:{','.join(small)}")
    panel = BlueprintsPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    for setting in BLUEPRINTS[name].settings:
        if setting.kind == "choice" and setting.name != "padding":
            for index, value in enumerate(setting.choices):
                choose(qtbot, panel, setting.name, index)
                assert settings_of(session)[setting.name] == value
                assert session.facts.problems == ()
    assert session.facts == analyse(BLUEPRINTS[name].build(settings_of(session)))


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_every_choice_is_read_whole_in_the_narrowest_dock(panel, code):
    language.use(code)
    panel.resize(272, 700)
    QApplication.processEvents()
    for field in panel.settings.fields.values():
        choice = field.editor
        if not isinstance(choice, Choice):
            continue
        option = QStyleOptionComboBox()
        choice.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = choice.style().subControlRect(control, option, part, choice).width()
        for index in range(choice.count()):
            icon = 0 if choice.itemIcon(index).isNull() else choice.iconSize().width() + 4
            text = choice.itemText(index)
            assert icon + choice.fontMetrics().horizontalAdvance(text) <= room, text


def test_the_way_back_leads_to_the_blueprint_that_was_edited_by_hand(panel, session, qtbot):
    box = editor(panel, "depth")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    settings = settings_of(session)
    for bias in (False, True):
        graph = session.document.graph
        convolution = replace(graph["enc1.conv1"].operator, bias=bias, channels=11)
        made = graph.with_operator("enc1.conv1", convolution)
        session.edit("hand", replace(session.document, graph=made, blueprint=None))
    qtbot.mouseClick(panel.restart, Qt.MouseButton.LeftButton)
    assert settings_of(session) == settings
