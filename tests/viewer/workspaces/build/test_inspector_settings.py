"""The inspector's rows: of every operator, of several blocks at once, of both sides of a U."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from analysis.facts.mirrors import mirror
from analysis.operators.contract import REGISTRY
from analysis.operators.settings import editable
from tests.viewer.networks import session_of
from viewer.controls import Choice, NumberBox, NumberSlider, RealBox, SizeBox
from viewer.session import Session
from viewer.text.translation import language
from viewer.workspaces.build.inspector.operator_settings import OperatorSettings, common
from viewer.workspaces.build.inspector.panel import InspectorPanel


@pytest.fixture
def session(qapp) -> Session:
    return session_of("unet:depth=3,base=4,size=64", workspace="build")


@pytest.fixture
def panel(session, shown) -> InspectorPanel:
    return shown(InspectorPanel(session), 320, 900)


def typed(qtbot, box, text: str) -> None:
    box.lineEdit().selectAll()
    qtbot.keyClicks(box.lineEdit(), text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def select(session: Session, *names: str) -> None:
    session.set_view(selection=names[0], also_selected=names[1:])


def channels(session: Session, *ids: str) -> list[int]:
    return [session.document.graph[node_id].operator.channels for node_id in ids]


# --------------------------------------------------------------------- made from the operator


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("key", sorted(REGISTRY))
def test_every_operator_has_a_row_with_its_help_for_each_setting(key, code, qtbot):
    operator = REGISTRY[key]()
    rows = OperatorSettings([operator], lambda *_: None)
    qtbot.addWidget(rows)
    language.use(code)
    given = [kind for kind in editable(operator) if getattr(operator, kind.name) is not None]
    assert list(rows.fields) == [kind.name for kind in given]
    for kind in given:
        field = rows.fields[kind.name]
        said = field.toolTip()
        assert said.endswith("." if code == "en" else "。")
        assert field.whatsThis() == field.editor.accessibleDescription() == said
        if kind.low is not None:
            assert f"{kind.low:g}" in said
        assert field.label.text() not in ("", kind.name)


def another(value: object, kind) -> object:
    """Another value of the setting that its range allows."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return next(each for each in kind.choices if each != value)
    if isinstance(value, tuple):
        return tuple(another(each, kind) for each in value)
    step = 1 if isinstance(value, int) else 0.25
    return value - step if kind.high is not None and value + step > kind.high else value + step


@pytest.mark.parametrize("key", sorted(REGISTRY))
def test_a_row_changes_its_setting_and_nothing_else(key, qtbot):
    operator = REGISTRY[key]()
    made: list = []
    rows = OperatorSettings([operator], lambda _, changed: made.extend(changed))
    qtbot.addWidget(rows)
    for name, field in rows.fields.items():
        kind = next(each for each in operator.settings if each.name == name)
        wanted = another(getattr(operator, name), kind)
        made.clear()
        match field.editor:
            case QCheckBox():
                field.editor.click()
            case Choice():
                index = list(kind.choices).index(wanted)
                field.editor.setCurrentIndex(index)
                field.editor.activated.emit(index)
            case NumberSlider():
                typed(qtbot, field.editor.box, f"{wanted}")
            case RealBox():
                typed(qtbot, field.editor, f"{wanted[0] if isinstance(wanted, tuple) else wanted}")
            case NumberBox():
                typed(qtbot, field.editor, f"{wanted}")
            case SizeBox():
                flat = wanted if isinstance(wanted[0], int) else [pair[0] for pair in wanted]
                typed(qtbot, field.editor, " x ".join(map(str, flat)))
        assert made, name
        got = getattr(made[-1], name)
        assert got == (pytest.approx(wanted) if isinstance(got, float) else wanted), name
        others = {each.name for each in operator.settings} - {name, "padding"}
        assert all(getattr(made[-1], each) == getattr(operator, each) for each in others)
        rows.show_operators([operator])


# ------------------------------------------------------------------------- several at once


def test_several_blocks_show_what_they_share_and_mixed_where_they_differ(panel, session):
    select(session, "enc1", "enc2")
    assert panel.several.isVisible()
    assert not panel.header.isVisible()
    assert not panel.summary.isVisible()
    assert panel.several.title.text() == "2 blocks selected"
    fields = panel.several.fields
    assert list(fields) == ["channels", "kernel", "padding", "norm", "activation"]
    assert fields["channels"].editor.is_mixed()
    assert fields["kernel"].editor.value() == (3, 3)
    assert fields["norm"].editor.value() == "batch"
    language.use("zh_CN")
    assert fields["channels"].editor.text() == "不一致"
    session.set_view(selection="enc2")
    assert not panel.several.isVisible()
    assert panel.header.isVisible()


def test_a_change_goes_to_all_selected_blocks_as_one_step(panel, session, qtbot):
    before = session.document
    select(session, "enc1", "enc2", "bottleneck")
    typed(qtbot, panel.several.fields["channels"].editor, "2*12")
    convs = [f"{block}.conv{i}" for block in ("enc1", "enc2", "bottleneck") for i in (1, 2)]
    assert channels(session, *convs) == [24] * 6
    assert channels(session, "enc3.conv1") == [16]
    assert session.history.count() == 1
    assert session.history.undoText() == "Set channels of 3 blocks to 24"
    assert not panel.several.fields["channels"].editor.is_mixed()
    session.history.undo()
    assert session.document == before
    assert panel.several.fields["channels"].editor.is_mixed()


def test_a_mixed_number_can_be_set_to_one_of_the_values_it_stands_for(panel, session, qtbot):
    select(session, "enc1", "enc2")
    typed(qtbot, panel.several.fields["channels"].editor, "4")
    assert channels(session, "enc1.conv1", "enc2.conv1") == [4, 4]


def test_mixed_choices_and_ticks_are_set_for_all(panel, session, qtbot):
    graph = session.document.graph
    other = replace(graph["head"].operator, bias=False, border="reflect")
    session.edit("by hand", replace(session.document, graph=graph.with_operator("head", other)))
    session.set_view(expanded=frozenset({"dec1"}))
    graph = session.document.graph
    kernel = replace(graph["dec1.conv1"].operator, bias=True)
    session.edit(
        "by hand", replace(session.document, graph=graph.with_operator("dec1.conv1", kernel))
    )
    select(session, "dec1.conv1", "head")
    fields = panel.several.fields
    tick = fields["bias"].editor
    assert tick.checkState() == Qt.CheckState.PartiallyChecked
    assert fields["border"].editor.currentIndex() == -1
    assert fields["kernel"].editor.is_mixed()
    qtbot.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(8, tick.height() // 2))
    graph = session.document.graph
    values = {graph[each].operator.bias for each in ("dec1.conv1", "head")}
    assert len(values) == 1
    assert tick.checkState() != Qt.CheckState.PartiallyChecked


def test_operators_of_two_kinds_share_settings_of_one_name_and_the_narrower_range(panel, session):
    select(session, "pool1", "up1")
    shared = {kind.name: kind for kind in common(panel.several._operators())}
    assert {"kernel", "stride"} <= shared.keys()
    assert "channels" not in shared
    assert list(panel.several.fields) == list(shared)


def test_what_shares_nothing_says_so(panel, session):
    select(session, "enc1", "pool1")
    assert panel.several.fields == {}
    assert panel.several.nothing.isVisible()


# ------------------------------------------------------------------------------- both sides


@pytest.mark.parametrize(
    ("text", "block", "other"),
    [
        ("unet:depth=3,base=4,size=64", "enc1", "dec1"),
        ("unet:depth=3,base=4,size=64", "dec3", "enc3"),
        ("unet:depth=3,base=4,size=64,skip=attention", "enc2", "dec2"),
        ("encoder_decoder:depth=2,base=4,size=64", "enc2", "dec2"),
        ("unet:depth=3,base=4,size=64", "bottleneck", None),
        ("unet:depth=3,base=4,size=64", "pool1", None),
    ],
)
def test_a_block_has_its_mirror_at_the_same_level(text, block, other, qapp):
    session = session_of(text)
    found = mirror(session.facts, session.blocks, block)
    assert (found.id if found else None) == other


def test_the_decoder_is_kept_the_same_while_it_is_ticked(panel, session, qtbot):
    session.set_view(selection="enc2")
    tick = panel.both_sides
    assert tick.text() == "Keep the same on the decoder side"
    typed(qtbot, panel.block_settings.fields["channels"].editor, "12")
    assert channels(session, "enc2.conv1", "dec2.conv1") == [12, 8]
    session.history.undo()
    before = session.document
    qtbot.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(8, tick.height() // 2))
    assert tick.isChecked()
    assert session.document is before
    typed(qtbot, panel.block_settings.fields["channels"].editor, "24")
    convs = [f"{block}.conv{i}" for block in ("enc2", "dec2") for i in (1, 2)]
    assert channels(session, *convs) == [24] * 4
    assert session.history.index() == 1
    session.history.undo()
    assert session.document == before
    session.set_view(selection="dec1")
    assert panel.both_sides.isChecked()
    assert panel.both_sides.text() == "Keep the same on the encoder side"
    session.set_view(selection="bottleneck")
    assert not panel.both_sides.isVisible()


def test_the_tick_is_saved_with_the_view(session):
    from viewer.session.view_state import ViewState
    from viewer.workspaces.build.inspector.view_part import InspectorView

    session.set_view(parts=session.view.parts.having(InspectorView(True)))
    kinds = session.workspaces.view_parts
    read = ViewState.from_plain(session.view.to_plain(), kinds)
    assert read.part(InspectorView).both_sides
    broken = ViewState.from_plain(session.view.to_plain() | {"inspector": [1]}, kinds)
    assert not broken.part(InspectorView).both_sides


# ---------------------------------------------------------------------------------- sliders


def dragged(slider, *places: float) -> None:
    """Press at the handle, move to shares of the width, and let go."""
    from PySide6.QtWidgets import QStyle, QStyleOptionSlider

    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    groove = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=groove.center())
    for place in places:
        QTest.mouseMove(slider, QPoint(round(place * slider.width()), groove.center().y()))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton)


def test_each_drag_of_a_slider_is_one_step(panel, session, qtbot):
    graph = session.document.graph.with_operator("pool3", REGISTRY["dropout"]())
    session.edit("by hand", replace(session.document, graph=graph))
    session.set_view(selection="pool3")
    slider = panel.operator_settings.fields["p"].editor.slider
    steps = session.history.count()
    dragged(slider, 0.6, 0.7, 0.8)
    first = session.document.graph["pool3"].operator.p
    assert first > 0.6
    assert session.history.count() == steps + 1
    dragged(slider, 0.5, 0.3)
    assert session.document.graph["pool3"].operator.p < 0.5
    assert session.history.count() == steps + 2
    session.history.undo()
    assert session.document.graph["pool3"].operator.p == first


# ------------------------------------------------------------------------- the whole window


def test_blocks_chosen_on_the_canvas_are_changed_together(open_desk, unet):
    desk = open_desk(unet(depth=2, base=4, size=32))
    desk.session.set_view(workspace="build", selection="enc1")
    desk.do("select-all")
    panel = desk.window.findChild(InspectorPanel)
    desk.wait(panel.several.isVisible)
    assert panel.several.title.text() == f"{len(desk.session.blocks)} blocks selected"
    select(desk.session, "enc1", "enc2")
    typed(desk.qtbot, panel.several.fields["kernel"].editor, "5")
    kernels = {desk.session.document.graph[f"enc{i}.conv1"].operator.kernel for i in (1, 2)}
    assert kernels == {(5, 5)}
    desk.do("undo")
    assert desk.session.document.graph["enc1.conv1"].operator.kernel == (3, 3)


# ------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("name", ["channels", "kernel"])
@pytest.mark.parametrize("leave", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_what_gives_no_number_is_said_under_its_box_until_something_else_is(
    panel, session, qtbot, name, leave
):
    with qtbot.waitActive(panel):
        panel.activateWindow()
    session.set_view(selection="enc1")
    field = panel.block_settings.fields[name]
    box, before = field.editor, session.document
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.lineEdit().setText("9*99999")
    qtbot.keyClick(box, leave)
    assert session.document is before
    assert not field.note.isHidden()
    assert "9*99999" in field.note.text()
    assert "The value is kept" in field.note.text()
    assert "9*99999" not in box.lineEdit().text()
    typed(qtbot, box, "5")
    assert session.document != before
    assert field.note.isHidden()
