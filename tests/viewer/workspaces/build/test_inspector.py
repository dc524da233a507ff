"""The inspector: numbers of the selection, edits by hand, faults with their repairs."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.inference.protocol.runs import Frame, ImageFit, Thumbnail
from analysis.storage.document import Document
from tests.viewer.networks import session_of
from viewer.session import Session
from viewer.text import number_format
from viewer.text.fault_sentences import layer_sentence
from viewer.text.translation import language
from viewer.workspaces.build.inspector.panel import InspectorPanel


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=3,base=4,size=64")


@pytest.fixture
def panel(session, shown) -> InspectorPanel:
    return panel_of(session, shown)


def panel_of(session: Session, shown) -> InspectorPanel:
    return shown(InspectorPanel(session), 320, 900)


def frame_of(session: Session, untrained: tuple[str, ...]) -> Frame:
    pixels = np.full((8, 8), 0xFF202020, np.uint32)
    return Frame(
        revision=1,
        slot="main",
        structure=session.document.graph.structure_hash,
        image_hash="",
        fit=ImageFit((64, 64), (64, 64), 1.0, 0.0, 0.0),
        clean=pixels,
        input_image=pixels,
        output_image=pixels,
        thumbnails={"enc1.act2": Thumbnail(0, 4, pixels)},
        untrained=untrained,
    )


def press(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def plain(text: str) -> str:
    return text.replace(number_format.THIN, " ")


def test_with_nothing_selected_it_says_what_to_do_and_sums_up(panel, session):
    assert panel.summary.isVisible()
    assert not panel.header.isVisible()
    said = [plain(label.text()) for label in panel.summary.lines]
    assert said[0] == "3 × 64² → 3 × 64²"
    assert plain(number_format.grouped(session.facts.parameters)) in said[1]


def test_a_block_shows_the_numbers_of_the_facts(panel, session):
    session.set_view(selection="enc2")
    layers, block = session.facts.layers, session.block_of["enc2.conv1"]
    assert panel.header.title.whole_text() == "Encoder block 2"
    assert panel.header.shape.text() == "8 × 32 × 32"
    count = sum(layers[node].parameters for node in block.nodes)
    assert plain(panel.header.parameters.text()) == f"{count} parameters"
    extent = session.facts.fields[block.output].extent_max[0]
    assert panel.header.field.text() == f"field {extent} px"
    assert panel.header.jump.text() == "jump 2 · exact"
    assert [row.node_id for row in panel.rows] == list(block.nodes)


def test_kernel_of_one_operator_changes_the_field_and_leaves_the_blueprint(panel, session, qtbot):
    session.set_view(selection="enc1.conv1")
    before = session.document
    box = panel.operator_settings.fields["kernel"].editor
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "5")
    assert session.document.graph["enc1.conv1"].operator.kernel == (5, 5)
    assert session.facts.fields["enc1.conv1"].extent_max == (5, 5)
    assert session.facts.shapes["enc1.conv1"] == (4, 64, 64)
    assert session.document.blueprint is None
    assert panel.header.field.text() == "field 5 px"
    session.history.undo()
    assert session.document == before
    assert box.value() == (3, 3)


def test_shapes_follow_the_stride_of_an_operator(panel, session, qtbot):
    session.set_view(selection="pool3")
    for name in ("kernel", "stride"):
        qtbot.keyClick(panel.operator_settings.fields[name].editor, Qt.Key.Key_Up)
    assert session.document.graph["pool3"].operator.stride == (3, 3)
    assert session.facts.shapes["pool3"] == (16, 5, 5)


def test_a_clash_is_said_and_a_repair_mends_it(panel, session, qtbot):
    session.set_view(selection="enc1")
    press(qtbot, panel.block_settings.fields["padding"].editor.buttons[1])
    assert session.document.graph["enc1.conv2"].operator.padding == ((0, 0), (0, 0))
    faulty = session.facts.problems[0]
    session.set_view(selection=faulty)
    assert panel.error.isVisible()
    assert panel.error.sentence.text() == layer_sentence(session.facts.layers[faulty])
    assert panel.error.buttons
    press(qtbot, panel.error.buttons[-1])
    assert faulty not in session.facts.problems
    session.set_view(selection=faulty)
    assert not panel.error.isVisible()
    session.history.undo()
    assert session.facts.problems[0] == faulty
    assert panel.error.isVisible()


def test_a_block_behind_a_clash_names_it_and_leads_there(panel, session, qtbot):
    graph = session.document.graph
    crooked = replace(graph["enc1.conv2"].operator, padding=((0, 0), (0, 0)))
    session.edit("crooked", Document(graph=graph.with_operator("enc1.conv2", crooked)))
    faulty = session.facts.problems[0]
    session.set_view(selection="output")
    assert panel.waits_link.isVisible()
    assert not panel.error.isVisible()
    press(qtbot, panel.waits_link)
    assert session.view.selection == faulty


def test_channels_of_a_block_go_to_all_its_convolutions(panel, session, qtbot):
    session.set_view(selection="enc2")
    box = panel.block_settings.fields["channels"].editor
    box.selectAll()
    qtbot.keyClicks(box, "24")
    graph = session.document.graph
    assert [graph[f"enc2.conv{i}"].operator.channels for i in (1, 2)] == [24, 24]
    assert session.facts.problems == ()
    assert session.history.count() == 1
    session.history.undo()
    assert session.facts.shapes["enc2.conv1"][0] == 8


def test_group_norms_take_groups_that_divide_the_new_channels(qtbot, shown):
    session = session_of("unet:depth=2,base=8,size=32,norm=group")
    panel = panel_of(session, shown)
    session.set_view(selection="enc1")
    box = panel.block_settings.fields["channels"].editor
    box.selectAll()
    qtbot.keyClicks(box, "12")
    assert session.facts.problems == ()
    assert session.document.graph["enc1.norm1"].operator.groups == 4


def choose(qtbot, box, value: object) -> None:
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    while box.value() != value:
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before


def test_norms_of_a_block_can_go_and_come_back(panel, session, qtbot):
    session.set_view(selection="dec1")
    before = session.facts.parameters
    choose(qtbot, panel.block_settings.fields["norm"].editor, "none")
    graph = session.document.graph
    assert "dec1.norm1" not in graph
    assert graph["dec1.conv1"].operator.bias
    assert graph["dec1.act1"].inputs == ("dec1.conv1",)
    choose(qtbot, panel.block_settings.fields["norm"].editor, "batch")
    graph = session.document.graph
    assert graph["dec1.act1"].inputs == ("dec1.norm1",)
    assert graph["dec1.norm1"].scope == "dec1"
    assert not graph["dec1.conv1"].operator.bias
    assert session.facts.parameters == before


def test_the_keyboard_stays_at_a_setting_that_rebuilds_the_rows(panel, session, qtbot):
    with qtbot.waitActive(panel):
        panel.activateWindow()
    session.set_view(selection="dec1")
    before = panel.block_settings.fields["norm"].editor
    choose(qtbot, before, "none")
    after = panel.block_settings.fields["norm"].editor
    assert after is not before
    assert after.hasFocus()


def test_activation_of_a_block_goes_to_all(panel, session, qtbot):
    session.set_view(selection="bottleneck")
    choose(qtbot, panel.block_settings.fields["activation"].editor, "silu")
    graph = session.document.graph
    keys = {graph[n].operator.key for n in session.block_of["bottleneck.conv1"].nodes}
    assert "silu" in keys
    assert "relu" not in keys


def test_a_setting_that_differs_inside_has_no_shared_editor(panel, session):
    graph = session.document.graph
    wide = replace(graph["enc1.conv1"].operator, channels=6)
    session.edit("wide", Document(graph=graph.with_operator("enc1.conv1", wide)))
    session.set_view(selection="enc1")
    assert "channels" not in panel.block_settings.names()
    assert "kernel" in panel.block_settings.names()


def test_a_row_inside_selects_its_operator_and_the_link_goes_back(panel, session, qtbot):
    session.set_view(selection="enc1")
    press(qtbot, panel.rows[0])
    assert session.view.selection == "enc1.conv1"
    assert panel.parent_link.isVisible()
    press(qtbot, panel.parent_link)
    assert session.view.selection == "enc1"
    assert not panel.parent_link.isVisible()


def test_a_skip_can_add_instead_and_can_go(panel, session, qtbot):
    session.set_view(selection="enc2")
    assert len(panel.skips) == 1
    press(qtbot, panel.skips[0].join.buttons[1])
    assert session.document.graph["join2"].operator.key == "add"
    assert session.facts.problems == ()
    assert session.facts.shapes["join2"][0] == 8
    press(qtbot, panel.skips[0].join.buttons[2])
    assert "join2" not in session.document.graph
    assert len(session.facts.skips) == 2
    assert session.facts.problems == ()
    assert panel.skips == []
    session.history.undo()
    session.history.undo()
    assert panel.skips[0].join.value() == "concat"


def test_a_selected_skip_shows_how_it_joins_and_nothing_of_the_network(panel, session, qtbot):
    session.set_view(selection=None, skip="skip2")
    assert [each.heading.heading.text() for each in panel.skips] == ["Skip 2"]
    assert not panel.summary.isVisible()
    press(qtbot, panel.skips[0].join.buttons[1])
    assert session.document.graph["join2"].operator.key == "add"
    assert panel.skips[0].join.value() == "add"
    press(qtbot, panel.skips[0].join.buttons[2])
    assert session.view.skip is None
    assert panel.summary.isVisible()
    assert panel.skips == []


def test_a_skip_taken_out_takes_its_crop_along(qtbot, shown):
    session = session_of("unet:depth=2,base=4,padding=valid")
    panel = panel_of(session, shown)
    session.set_view(selection="dec1")
    press(qtbot, panel.skips[0].join.buttons[2])
    assert "crop1" not in session.document.graph
    assert session.facts.problems == ()


def test_the_input_is_edited_without_leaving_the_blueprint(panel, session, qtbot):
    session.set_view(selection="input")
    box = panel.operator_settings.fields["size"].editor
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), "128")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert session.facts.shapes["output"] == (3, 128, 128)
    assert session.document.blueprint[1]["size"] == 128
    name, settings = session.document.blueprint
    assert analyse(BLUEPRINTS[name].build(settings)) == session.facts


def test_a_setting_that_cannot_be_is_said_at_its_control(panel, session, qtbot):
    session.set_view(selection="enc2.conv1")
    box = panel.operator_settings.fields["groups"].editor
    box.selectAll()
    qtbot.keyClicks(box, "3")
    assert session.facts.problems == ("enc2.conv1",)
    assert panel.error.isVisible()
    press(qtbot, panel.error.buttons[0])
    assert session.facts.problems == ()
    assert box.value() == session.document.graph["enc2.conv1"].operator.groups


@pytest.mark.parametrize(
    ("untrained", "wanted"),
    [
        (("enc1.conv1", "enc1.conv2", "head"), "3 layers untrained"),
        (("head",), "1 layer untrained"),
        ((), ""),
    ],
)
def test_untrained_layers_are_counted(panel, session, untrained, wanted):
    session.show_frame(frame_of(session, untrained))
    assert panel.untrained.text() == wanted
    assert panel.untrained.isVisible() == bool(wanted)


def test_a_block_says_only_its_own_untrained_layers_and_names_them(panel, session):
    session.show_frame(frame_of(session, ("enc1.conv1", "enc1.conv2", "head")))
    session.set_view(selection="enc1")
    assert panel.untrained.text() == "2 layers untrained"
    assert panel.untrained.toolTip().splitlines() == ["enc 1, conv 1", "enc 1, conv 2"]
    session.set_view(selection="enc2")
    assert not panel.untrained.isVisible()
    session.set_view(also_selected=("enc1",))
    assert panel.untrained.text() == "2 layers untrained"  # of those two, not of the network


def test_an_old_picture_of_another_network_counts_no_layers(panel, session, monkeypatch):
    session.show_frame(frame_of(session, ("head",)))
    graph = session.document.graph
    wider = graph.with_operator("head", replace(graph["head"].operator, channels=7))
    session.edit("wider", replace(session.document, graph=wider))
    assert panel.untrained.text() == "1 layer untrained"  # while a drag is followed closely
    monkeypatch.setattr(session.age, "is_old", True)
    session.age.changed.emit(True)
    assert not panel.untrained.isVisible()
    assert panel.untrained.sizePolicy().retainSizeWhenHidden()  # no setting moves meanwhile
    session.show_frame(frame_of(session, tuple(each.id for each in wider.nodes)))
    names = panel.untrained.toolTip().splitlines()
    assert names[-1] == f"and {len(wider.nodes) - 12} more"
    assert len(names) == 13


def test_padding_of_unequal_sides_says_which_side(panel, session, qtbot):
    session.set_view(selection="enc2.conv1")
    graph = session.document.graph
    operator = replace(graph["enc2.conv1"].operator, padding=((1, 2), (0, 1)))
    session.edit(
        "by hand", replace(session.document, graph=graph.with_operator("enc2.conv1", operator))
    )
    box = panel.operator_settings.fields["padding"].editor
    assert box.lineEdit().text() == "1 + 2 × 0 + 1"
    box.selectAll()
    qtbot.keyClicks(box, "2 + 1 × 1 + 0")
    assert session.document.graph["enc2.conv1"].operator.padding == ((2, 1), (1, 0))


def test_an_operator_has_the_name_of_the_table_and_its_kind(panel, session):
    session.set_view(selection="enc1.act2")
    assert panel.header.title.whole_text() == "Activation 2 · ReLU"
    assert panel.name.text() == "enc 1, activation 2"


def test_the_map_of_the_selection_is_shown(panel, session):
    session.set_view(selection="enc1")
    empty = panel.header.map.grab().toImage().pixelColor(44, 10)
    session.show_frame(frame_of(session, ()))
    shown = panel.header.map.grab().toImage().pixelColor(44, 10)
    assert shown.name() == "#202020"
    row = next(row for row in panel.rows if row.node_id == "enc1.act2")
    assert row.grab().toImage().pixelColor(25, 18).name() == "#202020"
    assert shown != empty


def test_typing_goes_on_in_the_same_box_after_the_graph_has_followed(panel, session, qtbot):
    session.set_view(selection="enc1")
    box = panel.block_settings.fields["channels"].editor
    box.selectAll()
    for digit in "128":
        qtbot.keyClicks(box, digit)
        assert panel.block_settings.fields["channels"].editor is box
    assert session.facts.shapes["enc1.conv1"][0] == 128


def test_labels_and_names_follow_the_language(panel, session):
    session.set_view(selection="enc1")
    language.use("zh_CN")
    assert panel.block_settings.fields["norm"].label.text() == "归一化"
    assert "参数" in panel.header.parameters.text()


@pytest.mark.parametrize("text", ["unet:depth=2,base=4", "red_net:depth=2,base=4,norm=batch"])
def test_every_block_and_operator_can_be_inspected(text, shown):
    session = session_of(text)
    panel = panel_of(session, shown)
    names = [block.id for block in session.blocks] + [n.id for n in session.document.graph.nodes]
    for name in names:
        session.set_view(selection=name)
        assert panel.header.isVisible()
        assert panel.header.title.whole_text()
        content = panel.header.parentWidget()
        assert content.minimumSizeHint().width() <= 320


def test_an_operator_can_be_put_behind_another_and_taken_out(panel, session, qtbot):
    before = session.document
    session.set_view(selection="enc1.conv2")
    panel.insert_or_remove.menu.aboutToShow.emit()
    wanted = next(a for a in panel.insert_or_remove.menu.actions() if a.text() == "dropout")
    wanted.trigger()
    graph = session.document.graph
    assert graph["enc1.dropout1"].inputs == ("enc1.conv2",)
    assert graph["enc1.norm2"].inputs == ("enc1.dropout1",)
    assert "enc1.dropout1" in session.block_of["enc1.conv2"].nodes
    assert session.facts.problems == ()
    session.set_view(selection="enc1.dropout1")
    press(qtbot, panel.insert_or_remove.remove)
    assert session.document.graph == before.graph
    assert session.view.selection is None
    session.history.undo()
    session.history.undo()
    assert session.document == before


@pytest.mark.parametrize("node", ["input", "enc1.act1", "pool2", "join1", "head"])
def test_nothing_that_is_offered_behind_an_operator_makes_a_fault(panel, session, node, qtbot):
    session.set_view(selection=node)
    panel.insert_or_remove.menu.aboutToShow.emit()
    for place in range(len(panel.insert_or_remove.menu.actions())):
        panel.insert_or_remove.menu.aboutToShow.emit()
        panel.insert_or_remove.menu.actions()[place].trigger()
        assert session.facts.problems == ()
        session.history.undo()


def test_the_ends_of_the_network_cannot_be_taken_out(panel, session):
    session.set_view(selection="input")
    assert not panel.insert_or_remove.remove.isVisible()
    session.set_view(selection="output")
    assert not panel.insert_or_remove.remove.isVisible()
    assert not panel.insert_or_remove.insert.isVisible()
