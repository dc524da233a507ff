"""What stands on the screen: pixels of the states and levels of detail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor

from analysis.blueprints import BLUEPRINTS
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from tests.viewer.canvas.conftest import Canvas
from tests.viewer.networks import document_of
from tests.viewer.pointer import move_pointer
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.view_state import Pin, ViewState
from viewer.text.translation import language
from viewer.workspaces.registry import WORKSPACES


def near(shown: str, wanted: str, most: int = 30) -> bool:
    """Whether two colours are alike but for smoothed edges."""
    a, b = QColor(shown), QColor(wanted)
    parts = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return all(abs(x - y) <= most for x, y in parts)


def test_each_map_shows_its_own_thumbnail(make_canvas):
    canvas = make_canvas("live")
    for name in ("enc1", "enc2", "bottleneck", "dec1"):
        node = canvas.node(name)
        map_ = canvas.session.frame.thumbnails[node.output]
        level = int(map_.pixels[0, 0]) & 0xFF
        assert canvas.colour(node.map.center()) == QColor(level, level, level).name()
    assert canvas.colour(canvas.node("input").map.center()) == "#cc2200"


def test_a_new_frame_makes_only_changed_maps_anew(make_canvas, frame_of):
    canvas = make_canvas("live")
    before = {name: item._map for name, item in canvas.scene.items_by_id.items()}
    frame = frame_of(canvas.session, revision=2)
    output = canvas.node("dec1").output
    changed = dict(frame.thumbnails)
    changed[output] = replace(changed[output], pixels=changed[output].pixels | 0x0000FF)
    canvas.session.show_frame(replace(frame, thumbnails=changed))
    after = {name: item._map for name, item in canvas.scene.items_by_id.items()}
    assert {name for name in before if after[name] is not before[name]} == {"dec1"}


def test_without_an_image_a_node_is_a_sunken_square(make_canvas):
    canvas = make_canvas("build", framed=False)
    corner = canvas.node("enc1").map.topLeft() + QPointF(10, 10)
    assert canvas.colour(corner) == theme.hex("sunken").lower()


def test_levels_of_detail(make_canvas):
    canvas = make_canvas("live")
    pill = next(n for n in canvas.scene.figure.nodes.values() if n.shape == "pill")
    edge_of_pill = QPointF(pill.card.center().x(), pill.card.top() + 3)
    surface, family = theme.hex("surface").lower(), theme.family("conv").name()
    enc = canvas.node("enc1")
    for zoom, pill_shown, tile in ((1.0, True, False), (0.4, False, False), (0.2, False, True)):
        canvas.view.look_at(pill.centre, zoom)
        assert (canvas.colour(edge_of_pill) == surface) is pill_shown
        canvas.view.look_at(enc.centre, zoom)
        assert (canvas.colour(enc.centre) == family) is tile


def test_a_pill_at_which_wires_end_is_drawn_from_further_away(make_canvas):
    canvas = make_canvas("build", framed=False)
    canvas.session.edit("edit", document_of("symmetric_denoiser:layers=20,base=4,size=16"))
    pills = [n for n in canvas.scene.figure.nodes.values() if n.shape == "pill"]
    assert pills
    assert not any(each.on_wire for each in pills)
    edge_of_pill = QPointF(pills[0].card.center().x(), pills[0].card.top() + 3)
    for zoom, shown in ((0.45, True), (0.2, False)):
        canvas.view.look_at(pills[0].centre, zoom)
        assert (canvas.colour(edge_of_pill) == theme.hex("surface").lower()) is shown


def test_selected_block_has_a_ring_and_hover_a_stronger_border(make_canvas, qtbot):
    canvas = make_canvas("build")
    canvas.view.look_at(canvas.node("enc2").centre, 1.0)
    card = canvas.node("enc2").card
    outside = QPointF(card.left() + 12, card.bottom() + 3)
    assert canvas.colour(outside) == theme.hex("canvas").lower()
    canvas.session.set_view(selection="enc2")
    assert canvas.colour(outside) == theme.hex("accent").lower()


def test_field_dims_what_is_not_seen_and_outlines_what_is(make_canvas):
    canvas = make_canvas("fields")
    layer = canvas.node("dec1").output
    canvas.session.set_view(pin=Pin(layer, 40, 40))
    seen = canvas.session.unit_field.sets["input"]
    y0, x0, y1, x1 = seen.box
    assert (y0, x0) != (0, 0)
    node = canvas.node("input")
    unit = node.map.width() / 64
    canvas.view.look_at(node.centre, 4.0)
    inside = node.map.topLeft() + QPointF((x0 + x1) / 2 * unit, (y0 + y1) / 2 * unit)
    outside = node.map.topLeft() + QPointF(x0 / 2 * unit, y0 / 2 * unit)
    on_line = node.map.topLeft() + QPointF(x0 * unit, (y0 + y1) / 2 * unit)
    assert canvas.colour(inside) == "#cc2200"
    assert QColor(canvas.colour(outside)).red() < 0xCC * 0.6
    assert near(canvas.colour(on_line), theme.hex("fieldline"))


def test_only_wires_on_the_way_are_amber(make_canvas):
    canvas = make_canvas("fields")
    canvas.session.set_view(pin=Pin(canvas.node("enc2").output, 10, 10))
    lit = {
        (edge.source, edge.target)
        for i, edge in enumerate(canvas.scene.edges.edges)
        if canvas.scene.edges.state(i).in_field
    }
    assert lit == {("input", "enc1"), ("enc1", "enc2")}
    canvas.session.set_view(workspace="live")
    assert not any(state.in_field for state in canvas.scene.edges.states.values())


def test_captions_say_how_much_is_seen(make_canvas):
    canvas = make_canvas("fields")
    canvas.session.set_view(pin=Pin(canvas.node("dec1").output, 40, 40))
    items = canvas.scene.items_by_id
    assert items["dec1"].state.line == "unit (40, 40)"
    y0, x0, y1, x1 = canvas.session.unit_field.sets["input"].box
    assert items["input"].state.line == f"{y1 - y0} × {x1 - x0} seen"
    assert items["output"].state.line == ""


def test_ribbons_are_as_high_as_their_share(make_canvas, shares_of, qtbot):
    canvas = make_canvas("live")
    canvas.session.show_measured(shares_of(canvas.session, 0.30, -0.05))
    qtbot.waitUntil(lambda: not canvas.scene.edges.moving)
    skip = theme.hex("skip").lower()
    edge = canvas.edge("skip1")
    canvas.view.look_at(edge.start, 1.0)
    x = edge.start.x() + 42
    shown = [canvas.colour(QPointF(x, edge.start.y() + dy)) == skip for dy in (0, 8, -8, 11, -11)]
    assert shown == [True, True, True, False, False]
    negative = canvas.edge("skip2")
    canvas.view.look_at(negative.start, 1.0)
    middle = QPointF(negative.end.x() - 20, negative.end.y())
    assert canvas.colour(middle) == theme.hex("canvas").lower()
    assert near(canvas.colour(middle + QPointF(0, 3)), theme.hex("skipneg"), 60)


def test_a_closed_gate_is_dotted(make_canvas):
    canvas = make_canvas("live")
    document = replace(canvas.session.document, gates={"skip1": 0.0})
    canvas.session.edit("off", document)
    edge = canvas.edge("skip1")
    canvas.view.look_at(edge.path.pointAtPercent(0.5), 2.0)
    line = [
        canvas.colour(QPointF(edge.start.x() + 60 + dx / 2, edge.start.y())) for dx in range(28)
    ]
    assert theme.hex("canvas").lower() in line
    assert theme.hex("skip").lower() in line


def test_a_residual_connection_shows_its_gate_where_it_is_turned_pointed_at_or_chosen(qtbot):
    spec = {"layers": 6, "base": 4, "size": 32, "skip": "add"}
    blueprint = BLUEPRINTS["symmetric_denoiser"]
    document = Document(graph=blueprint.build(blueprint.complete(spec)))
    canvas = Canvas(qtbot, Session(document, ViewState(workspace="live"), WORKSPACES))
    edge, wires = canvas.edge("residual1"), canvas.scene.edges
    place = wires.edges.index(edge)
    assert place not in wires.marks
    middle = edge.path.pointAtPercent(0.5)
    move_pointer(canvas.view.viewport(), canvas.place(middle))
    assert canvas.scene.pointer.skip == "residual1"
    gate = canvas.place(wires.marks[place].gate)
    canvas.wheel(gate, -120)
    assert canvas.session.document.gates == {"residual1": pytest.approx(0.9)}
    canvas.double_click(gate)
    assert canvas.session.document.gates == {}
    canvas.session.edit("off", replace(document, gates={"residual1": 0.0}))
    move_pointer(canvas.view.viewport(), QPoint(2, 2))
    assert place in wires.marks
    canvas.view.look_at(middle, 2.0)
    line = [canvas.colour(QPointF(middle.x() + dx / 2, middle.y())) for dx in range(-28, 28)]
    assert theme.hex("canvas").lower() in line
    canvas.session.edit("on", replace(document, gates={}))
    assert place not in wires.marks


def test_a_block_says_which_gates_inside_it_are_turned(qtbot):
    blueprint = BLUEPRINTS["residual_unet"]
    graph = blueprint.build(blueprint.complete({"depth": 1, "base": 4, "size": 32}))
    document = Document(graph=graph, gates={"residual1": 0.0})
    canvas = Canvas(qtbot, Session(document, ViewState(workspace="live"), WORKSPACES))
    assert canvas.scene.items_by_id["enc1"].state.gates == "off"
    canvas.session.edit("half", replace(document, gates={"residual1": 0.5}))
    assert canvas.scene.items_by_id["enc1"].state.gates == "α 0.5"
    canvas.session.set_view(skip="residual2")
    chosen = {name for name, item in canvas.scene.items_by_id.items() if item.state.selected}
    assert chosen == {canvas.session.block_of[canvas.session.facts.skip("residual2").join].id}
    canvas.session.set_view(workspace="build")
    assert canvas.scene.items_by_id["enc1"].state.gates == ""


def test_sizes_that_do_not_meet_show_on_the_join_and_downstream_waits(make_canvas):
    canvas = make_canvas("build", size=66)
    nodes = canvas.scene.figure.nodes
    join = next(node for node in nodes.values() if node.fault)
    assert join.shape == "join"
    assert "≠" in join.fault
    assert nodes["dec1"].waits == f"waits for {join.name}" or nodes["dec2"].waits
    broken = [i for i, s in canvas.scene.edges.states.items() if s.broken]
    assert [canvas.scene.edges.edges[i].target for i in broken] == [join.id]
    canvas.view.look_at(join.centre, 2.0)
    assert canvas.colour(join.centre - QPointF(0, 9)) == theme.hex("error").lower()


@pytest.mark.parametrize(
    ("workspace", "title"),
    [
        ("build", "U-Net, 2 levels, base 8"),
        ("fields", "What a unit sees"),
        ("live", "What each path adds to the output"),
    ],
)
def test_headings(make_canvas, workspace, title):
    canvas = make_canvas(workspace)
    assert canvas.view.heading.title == title
    language.use("zh")
    assert canvas.view.heading.title != title
    assert canvas.scene.figure.nodes["enc1"].name == "编码 1"


def test_heading_names_the_unit_and_the_hint_what_comes_next(make_canvas):
    canvas = make_canvas("fields")
    before = canvas.session.workspace.canvas.hint(canvas.session)
    assert [piece.text for piece in before] == ["Click anywhere in a map to see what it sees."]
    canvas.session.set_view(selection="enc1")
    assert [piece.text for piece in canvas.view.hint.pieces][1:] == ["U", "takes the middle"]
    canvas.session.set_view(pin=Pin(canvas.node("dec1").output, 4, 5))
    assert canvas.view.heading.title == "What unit (4, 5) of dec 1 sees"
    assert [piece.text for piece in canvas.view.hint.pieces if piece.kind == "key"][-1] == "Esc"


def test_dark_theme_repaints_the_ground(make_canvas):
    canvas = make_canvas("live")
    theme.use("dark")
    assert canvas.picture().pixelColor(3, 300).name() == theme.hex("canvas").lower()


def test_a_block_of_many_rounds_says_how_many(make_canvas):
    nodes = make_canvas("build", convs=4).scene.figure.nodes
    assert nodes["enc1"].repeats == 4
    assert nodes["input"].repeats == 1


def test_maps_are_pale_while_a_newer_picture_is_computed(make_canvas, frame_of, qtbot):
    canvas = make_canvas("live")
    document = canvas.session.document
    canvas.session.set_live(engine="ready")
    canvas.session.edit("image", replace(document, image=BlobRef("0" * 64, "a.png")))
    states = canvas.scene.items_by_id
    assert not states["enc1"].state.computing
    qtbot.waitUntil(lambda: states["enc1"].state.computing)
    canvas.session.show_frame(frame_of(canvas.session, revision=2))
    assert not states["enc1"].state.computing


def test_the_pointer_alone_never_makes_maps_pale(make_canvas, frame_of):
    canvas = make_canvas("fields")
    document = canvas.session.document
    canvas.session.edit("image", replace(document, image=BlobRef("0" * 64, "a.png")))
    canvas.session.set_live(engine="ready")
    canvas.session.show_frame(frame_of(canvas.session))
    move_pointer(canvas.view.viewport(), canvas.unit("dec1", (9, 20)))
    assert not canvas.session.age.is_waiting


def test_shares_are_pale_after_the_picture_moved_on_not_after_a_look_elsewhere(
    make_canvas, shares_of, frame_of
):
    canvas = make_canvas("live")
    session = canvas.session
    session.show_measured(shares_of(session, 0.3, 0.1))
    session.set_view(selection="enc1")
    session.show_frame(frame_of(session, revision=2))
    assert not any(state.stale for state in canvas.scene.edges.states.values())
    session.edit("gate", replace(session.document, gates={"skip1": 0.5}))
    stale = {
        canvas.scene.edges.edges[i].skip for i, s in canvas.scene.edges.states.items() if s.stale
    }
    assert {"skip1", "skip2"} <= stale
    session.show_measured(shares_of(session, 0.2, 0.1))
    assert not any(state.stale for state in canvas.scene.edges.states.values())


def test_a_pin_only_outlines_where_fields_are_not_the_subject(make_canvas):
    canvas = make_canvas("fields")
    canvas.session.set_view(pin=Pin(canvas.node("dec1").output, 40, 40))
    corner = canvas.node("input").map.topLeft() + QPointF(4, 4)
    assert canvas.colour(corner) != "#cc2200"
    canvas.session.set_view(workspace="live")
    assert canvas.colour(corner) == "#cc2200"
    assert canvas.scene.items_by_id["input"].state.line == ""
