"""At small zooms text keeps its size: names that would lie on each other are left out."""

from __future__ import annotations

import itertools
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPointF

from analysis.graph import Graph, Node
from analysis.operators import Convolution
from tests.viewer.networks import session_of
from viewer.canvas import scene
from viewer.canvas.items.clear_names import without_room
from viewer.drawing.network.block_caption import caption_rect, name_rect
from viewer.drawing.network.block_picture import FULL, REDUCED
from viewer.drawing.network.skip_label import number_pill_rect
from viewer.drawing.painting.text import text_scale
from viewer.session.edits.blocks import move_blocks


@pytest.fixture
def canvas(canvas_of):
    return canvas_of(session_of("unet_plus_plus:depth=4,base=8,size=64", workspace="build"))


def zoom_to(canvas, zoom: float) -> None:
    canvas.view.look_at(canvas.scene.content(zoom).center(), zoom)


@pytest.mark.parametrize("zoom", [REDUCED, 0.3, 0.38, 0.5])
def test_no_name_that_is_painted_lies_on_another_or_on_a_card(canvas, zoom):
    zoom_to(canvas, zoom)
    pictures = {n: p for n, p in canvas.scene.figure.nodes.items() if p.shape == "map"}
    shown = [n for n in pictures if canvas.scene.items_by_id[n].is_named]
    assert {"input", "output"} <= set(shown)
    assert len(shown) > len(pictures) / 2
    rects = {name: name_rect(canvas.scene.items_by_id[name].captioned, zoom) for name in shown}
    for one, other in combinations(shown, 2):
        assert not rects[one].intersects(rects[other]), (one, other)
    for name, rect in rects.items():
        assert not any(rect.intersects(p.card) for n, p in pictures.items() if n != name), name


def test_two_names_side_by_side_are_not_read_as_one_word(canvas_of):
    pictures = canvas_of(
        session_of("symmetric_denoiser:layers=30,base=4,size=64")
    ).scene.figure.nodes
    named = pictures.keys() - without_room(pictures, 0.41)
    rects = [name_rect(each, 0.41) for name, each in pictures.items() if name in named]
    for one, other in combinations(rects, 2):
        assert not one.adjusted(-3 / 0.41, 0, 3 / 0.41, 0).intersects(other)


def test_from_near_every_name_is_there_and_a_selected_block_keeps_its_own(canvas):
    assert without_room(canvas.scene.figure.nodes, FULL) == frozenset()
    box = canvas.session.placement.boxes["x2_0"]
    move_blocks(canvas.session, {"x2_1": (box.x + 8, box.y)})
    zoom_to(canvas, REDUCED)
    hidden = [n for n, item in canvas.scene.items_by_id.items() if not item.is_named]
    assert hidden
    item = canvas.scene.items_by_id[hidden[0]]
    assert canvas.scene.hits.caption_at(name_rect(item.picture, REDUCED).center()) != hidden[0]
    canvas.session.set_view(selection=hidden[0])
    assert item.is_named
    zoom_to(canvas, 1.0)
    assert all(each.is_named for each in canvas.scene.items_by_id.values())


def test_a_name_without_room_where_it_was_laid_out_stands_on_another_side(canvas):
    zoom_to(canvas, 0.38)
    assert without_room(canvas.scene.figure.nodes, 0.38) == {"x2_1"}
    item = canvas.scene.items_by_id["x2_1"]
    assert item.is_named
    assert item.captioned.caption != item.picture.caption
    rect = name_rect(item.captioned, 0.38)
    assert canvas.scene.hits.caption_at(rect.center()) == "x2_1"
    assert item.boundingRect().contains(rect)
    assert text_pixels(canvas, rect) > 20
    zoom_to(canvas, 1.0)
    assert item.captioned.caption == item.picture.caption


@pytest.mark.parametrize("zoom", [FULL, 0.65, 0.8])
def test_no_size_that_is_painted_lies_on_another_caption_or_on_a_card(canvas, zoom):
    zoom_to(canvas, zoom)
    items = {n: each for n, each in canvas.scene.items_by_id.items() if each.picture.shape == "map"}
    rects = {n: caption_rect(each.captioned, each.state, zoom) for n, each in items.items()}
    for one, other in combinations(rects, 2):
        assert not rects[one].intersects(rects[other]), (one, other)
    for name, rect in rects.items():
        assert not any(rect.intersects(i.picture.card) for n, i in items.items() if n != name), name
    assert sum(each.captioned.bare for each in items.values()) < len(items) / 2
    zoom_to(canvas, 1.0)
    assert not any(each.captioned.bare for each in items.values())


def test_a_long_name_beside_the_output_stands_on_another_side_from_near(canvas_of):
    """As `segmentation_head` before the output of a network that was opened."""
    session = session_of("unet:depth=2,base=8,size=256", workspace="build")
    graph, head = session.document.graph, "segmentation_head"
    last = graph.output.inputs[0]
    node = Node(head, Convolution(3, (3, 3), padding=((1, 1), (1, 1))), (last,), head)
    output = replace(graph.output, inputs=(head,))
    grown = Graph.of((*(n for n in graph.nodes if n.id != output.id), node, output))
    session.edit("edit", replace(session.document, graph=grown))
    canvas = canvas_of(session)
    for zoom in (FULL, 0.67, 0.9):
        zoom_to(canvas, zoom)
        items = [i for i in canvas.scene.items_by_id.values() if i.picture.shape == "map"]
        assert all(item.is_named for item in items)
        rects = [caption_rect(item.captioned, item.state, zoom) for item in items]
        for one, other in combinations(rects, 2):
            assert not one.intersects(other)


def test_names_of_many_blocks_come_when_the_zoom_rests(canvas, monkeypatch):
    zoom_to(canvas, 0.3)
    at_once = {n for n, item in canvas.scene.items_by_id.items() if item.is_named}
    zoom_to(canvas, REDUCED / 2)
    monkeypatch.setattr(scene, "MANY", 5)
    zoom_to(canvas, 0.3)
    assert not any(item.is_named for item in canvas.scene.items_by_id.values())
    canvas.qtbot.waitUntil(lambda: canvas.scene.items_by_id["input"].is_named)
    assert at_once == {n for n, item in canvas.scene.items_by_id.items() if item.is_named}
    zoom_to(canvas, 1.0)
    assert all(item.is_named for item in canvas.scene.items_by_id.values())


def text_pixels(canvas, rect) -> int:
    """How many pixels there are nearly as dark as text."""
    image = canvas.view.viewport().grab().toImage()
    first, last = canvas.place(rect.topLeft()), canvas.place(rect.bottomRight())
    places = itertools.product(range(first.x(), last.x()), range(first.y(), last.y()))
    return sum(image.pixelColor(x, y).lightness() < 80 for x, y in places)


def test_a_wire_ends_at_the_ground_of_a_name(canvas):
    """The pixels round a name are the canvas's and not those of a wire that passes under it."""
    zoom_to(canvas, 0.38)
    image = canvas.view.viewport().grab().toImage()
    rect = name_rect(canvas.node("x0_1"), 0.38)
    corner = canvas.place(QPointF(rect.left(), rect.bottom()))
    ground = image.pixelColor(2, image.height() // 2)
    strip = [image.pixelColor(corner.x() - 1, corner.y() - d) for d in range(2, 8)]
    assert all(abs(each.red() - ground.red()) < 40 for each in strip)


def test_no_name_lies_on_the_number_of_the_bottleneck(canvas):
    pictures = canvas.scene.figure.nodes
    name = name_rect(pictures["x1_1"], 0.38)
    assert "x1_1" not in without_room(pictures, 0.38)
    assert "x1_1" in without_room(pictures, 0.38, name.adjusted(5, 5, 5, 5))


@pytest.mark.parametrize("side", ["right", "left", "above"])
def test_the_number_of_the_bottleneck_is_clear_of_its_own_name(canvas, side):
    node = replace(canvas.scene.figure.nodes["x2_0"], caption=side)
    for scale in (0.5, 1.0, 2.0):
        number = number_pill_rect(node, "−12 %", text_scale(scale))
        assert not number.intersects(name_rect(node, scale))
        assert not number.intersects(node.card)
