"""Several units, regions of units and pixels of the input: chosen by hand, told in numbers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor

from analysis.blueprints import BLUEPRINTS
from analysis.receptive_field import projective_field, region_field
from analysis.storage.document import Document
from viewer.canvas import CanvasView
from viewer.drawing.network.block_picture import map_area
from viewer.drawing.receptive_fields.compared_fields import shade
from viewer.look.palette import Inks
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.edits.pins import remove_pin
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.receptive_fields.unit.panel import FieldPanel
from viewer.workspaces.registry import WORKSPACES

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session() -> Session:
    blueprint = BLUEPRINTS["unet"]
    settings = blueprint.complete({"depth": 3, "base": 4, "size": 64})
    graph = blueprint.build(settings)
    document = Document(graph=graph, blueprint=("unet", settings))
    return Session(document, ViewState(workspace="fields"), WORKSPACES)


@pytest.fixture
def canvas(session: Session, shown) -> CanvasView:
    return shown(CanvasView(session), 1000, 700)


@pytest.fixture
def panel(session: Session, shown) -> FieldPanel:
    return shown(FieldPanel(session), 452, 900)


def at(canvas: CanvasView, block: str, y: float, x: float) -> QPoint:
    """Where unit (y, x) of a block's map is on the screen."""
    node = canvas.scene_of_network.figure.nodes[block]
    area, (rows, columns) = map_area(node), node.spatial
    point = QPointF(
        area.left() + (x + 0.5) / columns * area.width(),
        area.top() + (y + 0.5) / rows * area.height(),
    )
    return canvas.to_viewport(point).toPoint()


def apart(one: QColor, other: QColor) -> int:
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return sum(abs(a - b) for a, b in pairs)


def click(qtbot, canvas: CanvasView, block: str, y: int, x: int, keys=None) -> Pin:
    held = keys or Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(canvas.viewport(), LEFT, held, at(canvas, block, y, x))
    pin = canvas.session.view.pin
    assert pin is not None
    return pin


def test_control_click_adds_units_and_takes_them_away(session, canvas, qtbot) -> None:
    first = click(qtbot, canvas, "dec1", 10, 10)
    assert session.view.pins == ()
    second = click(qtbot, canvas, "enc2", 20, 5, CTRL)
    third = click(qtbot, canvas, "dec1", 50, 50, CTRL)
    assert session.view.pins == (first, second, third)
    click(qtbot, canvas, "enc2", 20, 5, CTRL)
    assert session.view.pins == (first, third)
    alone = click(qtbot, canvas, "dec1", 30, 30)
    assert session.view.pin == alone
    assert session.view.pins == ()


def test_every_compared_unit_has_its_size_and_box(session, canvas, panel, qtbot) -> None:
    pins = [
        click(qtbot, canvas, "dec1", 10, 10),
        click(qtbot, canvas, "enc1", 30, 40, CTRL),
    ]
    for pin, line, lit in zip(pins, panel.pins.lines, panel.overlay().lit, strict=True):
        seen = session.field_of(pin).sets["input"]
        y0, x0, y1, x1 = seen.box
        assert line.size == f"{y1 - y0} × {x1 - x0}"
        assert line.box == f"[{y0}, {y1}) × [{x0}, {x1})"
        assert lit.seen == seen
    assert [lit.number for lit in panel.overlay().lit] == [1, 2]
    assert panel.pins.isVisible()
    qtbot.mouseClick(panel.pins.rows[0].close_button, LEFT)
    assert session.view.pin == pins[1]
    assert not panel.pins.isVisible()
    assert [lit.number for lit in panel.overlay().lit] == [0]


def test_a_compared_unit_moves_and_keeps_its_number(session, canvas, panel, qtbot) -> None:
    first = click(qtbot, canvas, "dec1", 10, 10)
    second = click(qtbot, canvas, "dec1", 40, 40, CTRL)
    panel.pins.rows[0].name.click()
    assert session.view.pin == first
    qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    moved = Pin(first.layer, first.y + 1, first.x)
    assert session.view.pins == (moved, second)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert session.view.pin is None
    assert session.view.pins == ()


def test_a_region_is_the_union_of_its_units(session, canvas, panel, qtbot) -> None:
    port = canvas.viewport()
    start, end = at(canvas, "dec1", 40, 44), at(canvas, "dec1", 20, 14)
    qtbot.mousePress(port, LEFT, SHIFT, start)
    qtbot.mouseMove(port, (start + end) / 2)
    qtbot.mouseMove(port, end)
    qtbot.mouseRelease(port, LEFT, SHIFT, end)
    pin = session.view.pin
    assert pin is not None
    assert pin.rows > 10
    assert pin.columns > 20
    truth = region_field(session.document.graph, session.shapes, pin.layer, pin.box)
    seen = truth.sets["input"]
    y0, x0, y1, x1 = seen.box
    assert panel.answer.extent_size.text() == f"{y1 - y0} × {x1 - x0}"
    assert "can change these units" in panel.answer.pixels.text()
    assert str(seen.pixels)[-3:] in panel.answer.pixels.text()
    assert not panel.answer.offset.isVisible()
    state = canvas.scene_of_network.items_by_id["dec1"].state
    assert state.unit is None
    assert state.line == f"region [{pin.y}, {pin.y + pin.rows}) × [{pin.x}, {pin.x + pin.columns})"
    qtbot.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert session.view.pin == Pin(pin.layer, pin.y, pin.x + 1, pin.rows, pin.columns)


def test_a_pixel_of_the_input_lights_what_it_can_change(session, canvas, panel, qtbot) -> None:
    area = panel.picture.area()
    place = QPointF(area.left() + 30.5 / 64 * area.width(), area.top() + 20.5 / 64 * area.height())
    qtbot.mouseClick(panel.picture, LEFT, pos=place.toPoint())
    assert session.view.pin == Pin("input", 20, 30)
    truth = projective_field(session.document.graph, session.shapes, (20, 30))
    output = truth.sets["output"]
    y0, x0, y1, x1 = output.box
    assert panel.reach.isVisible()
    assert not panel.answer.isVisible()
    assert "What input pixel (20, 30) can change" in panel.reach.title.text()
    assert panel.reach.rows[-1].value.text().startswith(f"{y1 - y0} × {x1 - x0}")
    state = canvas.scene_of_network.items_by_id["output"].state
    assert state.seen == output
    assert state.line == f"{y1 - y0} × {x1 - x0} can change"
    assert canvas.heading.title == "What input pixel (20, 30) can change"


def test_compared_units_are_outlined_on_every_map_in_their_own_shades(
    session, canvas, panel, qtbot
) -> None:
    first = click(qtbot, canvas, "dec1", 10, 12)
    second = click(qtbot, canvas, "dec1", 50, 50, CTRL)
    for block, node in (("enc2", "enc2.act2"), ("bottleneck", "bottleneck.act2")):
        lit = canvas.scene_of_network.items_by_id[block].state.compared
        assert [(each.number, each.current) for each in lit] == [(1, False), (2, True)]
        fields = [session.field_of(pin).sets[node] for pin in (first, second)]
        assert [each.seen for each in lit] == fields
    picture = canvas.viewport().grab().toImage()
    for number, pin, side in ((1, first, 3), (2, second, 1)):  # an edge inside the map
        box = session.field_of(pin).sets["enc2.act2"].box
        place = at(canvas, "enc2", (box[0] + box[2]) / 2 - 0.5, box[side] - 0.5)
        across = [picture.pixelColor(place.x() + dx, place.y()) for dx in range(-4, 5)]
        shades = {each: shade(Inks(theme.mode), each) for each in (1, 2)}
        nearest = {each: min(apart(colour, pixel) for pixel in across)
                   for each, colour in shades.items()}  # fmt: skip
        assert nearest[number] < 60
        assert nearest[number] == min(nearest.values())
    remove_pin(session, second)
    assert canvas.scene_of_network.items_by_id["enc2"].state.compared == ()


def test_the_pointer_on_the_picture_shows_a_reach_and_leaves_none(session, panel, qtbot) -> None:
    panel.picture.pointed.emit((5, 7))
    assert session.projective is not None
    assert session.projective.pixel == (5, 7)
    panel.picture.pointed.emit(None)
    assert session.projective is None
    assert session.lit == {}


def test_pins_come_back_with_the_view() -> None:
    pins = (Pin("a", 1, 2), Pin("b", 0, 0, 3, 4))
    view = ViewState(pin=pins[1], pins=pins)
    assert ViewState.from_plain(view.to_plain()) == view
    assert ViewState.from_plain({"pin": ["a", 1, 2], "pins": 7}).pins == ()


def test_a_unit_outside_the_map_has_no_field(session) -> None:
    session.set_view(pin=Pin("dec1.act2", -1, 5))
    assert session.unit_field is None
    session.set_view(pin=Pin("dec1.act2", 60, 5, 10, 1))
    assert session.unit_field is None
