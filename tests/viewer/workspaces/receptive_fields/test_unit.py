"""The numbers beside the input are those of the unit that is pinned."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import BlobRef, Document
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.view_state import Pin, ViewState
from viewer.text.translation import language
from viewer.workspaces.receptive_fields.unit.axis_pyramid import steps_of
from viewer.workspaces.receptive_fields.unit.panel import FieldPanel
from viewer.workspaces.registry import WORKSPACES


def session_of(**settings: int | str) -> Session:
    blueprint = BLUEPRINTS["unet"]
    complete = blueprint.complete(settings)
    document = Document(graph=blueprint.build(complete), blueprint=("unet", complete))
    return Session(document, ViewState(workspace="fields"), WORKSPACES)


def test_the_rule_of_growth_is_shown_where_it_holds(qtbot) -> None:
    session = session_of(depth=4, base=4, size=256)
    panel = panel_of(session, qtbot)
    pin(session, 5, 5, "enc3")
    assert panel.answer.growth.label.text() == "Grown by enc 3, conv 2"
    assert panel.answer.growth.value.text() == "24 + (3 − 1) · 4 = 32"
    session.set_view(pin=Pin("pool2", 5, 5))
    assert panel.answer.growth.value.text() == "14 + (2 − 1) · 2 = 16"
    pin(session, 5, 5, "dec1")
    assert not panel.answer.growth.isVisibleTo(panel)
    session.set_view(pin=Pin("up3", 5, 5))
    assert not panel.answer.growth.isVisibleTo(panel)


@pytest.fixture
def paper() -> Session:
    """The 7.76 M-parameter network at 512², as in every figure about it."""
    return session_of(depth=4, base=32, size=512)


def last_layer(session: Session, block: str = "dec1") -> str:
    return next(each.output for each in session.blocks if each.id == block)


def panel_of(session: Session, qtbot) -> FieldPanel:
    panel = FieldPanel(session)
    panel.resize(452, 900)
    qtbot.addWidget(panel)
    return panel


def pin(session: Session, y: int, x: int, block: str = "dec1") -> None:
    session.set_view(pin=Pin(last_layer(session, block), y, x))


def test_nothing_is_claimed_before_a_unit_is_chosen(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    assert panel.hint.isVisibleTo(panel)
    assert "Point at this picture" in panel.hint.text()
    assert not panel.answer.isVisibleTo(panel)


def test_an_image_that_has_not_been_run_is_not_called_missing(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    assert panel.picture.without == ""
    paper.edit("image", replace(paper.document, image=BlobRef("0" * 64, "a.png")))
    assert panel.picture.without == "not run yet"


def test_the_numbers_of_the_unit_in_the_face(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 112, 221)
    assert panel.answer.extent_size.text() == "188 × 204"
    assert panel.answer.pixels.text().endswith("38\N{NARROW NO-BREAK SPACE}352 in all")
    assert panel.answer.box.value.text() == "[18, 206) × [114, 318)"
    assert panel.answer.offset.value.text() == "−0.5, −5.5 px"
    assert panel.answer.pattern.label.text() == "Position within the 16-px pattern"
    assert panel.answer.pattern.value.text() == "0, 13"
    assert panel.answer.certainty.value.text().startswith("exact")
    assert "of every 16 neighbours, 4 see 188 and 12 see 204" in panel.answer.phases.text()
    assert "Discard 107 px" in panel.tiles.advice.text()
    assert "overlap by 214 px" in panel.tiles.advice.text()
    assert "multiples of 16 px" in panel.tiles.multiple.text()
    assert not panel.answer.cut.isVisibleTo(panel)
    assert not panel.answer.larger.isVisibleTo(panel)


def test_tiles_keep_half_of_themselves_until_a_size_is_chosen(paper, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 112, 221)
    panel.tiles.make.setChecked(True)
    assert panel.tiles.tile.value() == 432  # 4 · 107 in multiples of 16
    assert [span.kept_end for span in panel.tiles.tiles.rows] == [432 - 107, 512]
    pin(paper, 9, 9, "dec4")
    assert panel.tiles.tile.value() < 432
    panel.tiles.tile.setValue(320)
    pin(paper, 9, 9, "dec3")
    assert panel.tiles.tile.value() == 320


def test_the_border_says_where_it_cuts(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 0, 300)
    assert panel.answer.box.value.text().startswith("[0, 94)")
    assert panel.answer.cut.text() == "Cut at the border (top): without it the field is 188 × 204."


def test_a_field_larger_than_the_image_is_not_said_to_be_everything(qtbot) -> None:
    session = session_of(depth=4, base=4, size=128)
    panel = panel_of(session, qtbot)
    pin(session, 0, 0)
    assert "central units see all of it, the corner unit 94 px" in panel.answer.larger.text()
    pin(session, 64, 64)
    assert panel.answer.extent_size.text() == "128 × 128"
    assert "the corner unit 94 px" in panel.answer.larger.text()


def test_a_layer_without_a_pattern_shows_none(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 100, 100, "enc2")
    assert panel.answer.extent_size.text() == "14 × 14"
    assert not panel.answer.pattern.isVisibleTo(panel)
    assert not panel.answer.extent.isVisibleTo(panel)
    assert panel.answer.phases.text() == ""


def test_the_strict_toggle_counts_statistics(qtbot) -> None:
    session = session_of(depth=2, base=4, size=64, norm="instance")
    panel = panel_of(session, qtbot)
    pin(session, 30, 30)
    assert "ignored" in panel.answer.certainty.value.text()
    assert panel.answer.why.text().endswith("any other only through statistics or gates.")
    panel.strict.click()
    assert session.view.strict
    assert panel.answer.certainty.value.text() == "whole input, statistics and gates included"
    assert panel.answer.extent_size.text() == "64 × 64"
    panel.strict.click()
    assert panel.answer.certainty.value.text().startswith("exact")


def test_the_unit_under_the_pointer_is_shown_until_one_is_pinned(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    panel.show()
    paper.set_live(hover=Pin(last_layer(paper), 112, 221))
    assert panel.overlay().lit[0].label == "188 × 204"
    qtbot.waitUntil(panel.answer.isVisible)
    assert panel.answer.box.value.text() == "[18, 206) × [114, 318)"
    paper.set_live(hover=None)
    assert panel.overlay().lit == ()
    qtbot.waitUntil(panel.hint.isVisible)
    assert panel.hint.isVisibleTo(panel)


def test_pixels_outside_the_field_are_dimmed(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    panel.show()
    pin(paper, 112, 221)
    picture = panel.picture
    image = picture.grab().toImage()
    area = picture.area()

    def colour(y: float, x: float) -> QColor:
        ratio = image.devicePixelRatio()
        place = QPoint(
            round((area.left() + x / 512 * area.width()) * ratio),
            round((area.top() + y / 512 * area.height()) * ratio),
        )
        return QColor(image.pixel(place))

    assert colour(60, 160) == theme.color("sunken")
    assert colour(400, 400).lightness() < theme.color("sunken").lightness() - 60


def test_sentences_follow_the_language(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 112, 221)
    language.use("zh_CN")
    try:
        assert "每 16 个相邻位置中，4 个为 188，12 个为 204" in panel.answer.phases.text()
    finally:
        language.use("en")
    assert "4 see 188 and 12 see 204" in panel.answer.phases.text()


def test_an_edit_that_removes_the_unit_empties_the_panel(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 500, 500)
    smaller = session_of(depth=4, base=32, size=256).document
    paper.edit("smaller", replace(paper.document, graph=smaller.graph))
    assert panel.hint.isVisibleTo(panel)


def test_the_mask_button_asks_for_the_mask(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    panel.show()
    pin(paper, 112, 221)
    with qtbot.waitSignal(panel.maskAsked):
        qtbot.mouseClick(panel.tiles.export, Qt.MouseButton.LeftButton)


def test_the_pyramid_narrows_from_the_input_to_the_unit(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 112, 221)
    steps = steps_of(paper.blocks, paper.facts, paper.unit_field, axis=1)
    assert {step.name: step.units for step in steps} == {
        "input": 204,
        "enc 1": 200,
        "enc 2": 96,
        "enc 3": 44,
        "enc 4": 18,
        "bottleneck": 5,
        "dec 4": 5,
        "dec 3": 4,
        "dec 2": 3,
        "dec 1": 1,
    }
    assert (steps[0].start, steps[0].end) == (114, 318)
    bars = panel.pyramid.bars()
    assert bars[0][0].name == "dec 1"
    own, whole = bars[0][1], bars[-1][1]
    assert own.width() < whole.width() / 50
    assert whole.left() < own.center().x() < whole.right()


def test_the_strict_toggle_is_off_where_there_is_nothing_to_include(qtbot) -> None:
    panel = panel_of(session_of(depth=2, base=4, size=32, norm="none"), qtbot)
    assert not panel.strict.isEnabled()
    assert "no statistics" in panel.strict.toolTip()
    counting = session_of(depth=2, base=4, size=32, norm="instance")
    assert panel_of(counting, qtbot).strict.isEnabled()


def test_sentences_of_a_region_and_of_the_pattern(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 112, 221)
    assert "repeats every 16 input pixels" in panel.answer.phases.text()
    paper.set_view(pin=Pin(last_layer(paper), 40, 40, 5, 5))
    assert "at least one of the units" in panel.answer.certainty.value.text() + " ".join(
        each.text() for each in panel.answer.findChildren(QLabel)
    )


@pytest.mark.parametrize(
    ("norm", "warned"), [("none", False), ("batch", False), ("instance", True)]
)
def test_tiles_of_a_network_that_reads_the_whole_map_are_said_to_be_inexact(
    qtbot, norm: str, warned: bool
) -> None:
    session = session_of(depth=2, base=4, size=64, norm=norm)
    panel = panel_of(session, qtbot)
    pin(session, 20, 20)
    assert panel.tiles.inexact.isVisibleTo(panel) == warned
    assert panel.tiles.title.isVisibleTo(panel)
    if warned:
        session.set_view(strict=True)
        assert panel.tiles.inexact.isVisibleTo(panel)
        assert panel.tiles.title.isVisibleTo(panel)


def test_tiles_on_multiples_say_what_they_then_overlap_by(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    pin(paper, 100, 100)
    assert "Discard 107 px" in panel.tiles.advice.text()
    assert "discard 112 px and overlap by 224 px" in panel.tiles.multiple.text()


def test_keys_move_the_pixel_that_was_clicked_in_the_picture(paper: Session, qtbot) -> None:
    panel = panel_of(paper, qtbot)
    panel.show()
    paper.set_view(pin=Pin("input", 40, 50))
    qtbot.keyClick(panel.picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert paper.view.pin == Pin("input", 40, 51)
