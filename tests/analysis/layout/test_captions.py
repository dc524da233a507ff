"""Captions stand clear of wires, of boxes and of each other whatever has been grouped by hand."""

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Edge, Graph, Node
from analysis.graph.grouping import grouped, in_between
from analysis.graph.scopes import contract
from analysis.graph.templates import block_templates, style_of
from analysis.graph.wiring import put_on
from analysis.layout import Placement
from analysis.layout.captions import caption_box
from analysis.layout.picture import picture
from analysis.operators import CropLike
from tests.analysis.layout.geometric_checks import places_on


def network(name: str) -> Graph:
    return BLUEPRINTS[name].build(BLUEPRINTS[name].complete({}))


def with_group(graph: Graph, first: str, last: str) -> Placement:
    """The picture after all blocks from one to another were made one group."""
    blocks = [block for block in contract(graph) if graph[block.output].operator.family != "end"]
    names = [block.id for block in blocks]
    chosen = blocks[names.index(first) : names.index(last) + 1]
    members = [node for block in chosen for node in block.nodes]
    assert in_between(graph, members) is None
    made, scope = grouped(graph, members)
    return picture(analyse(made), {}, frozenset(), frozenset({scope})).placement


def struck(placement: Placement) -> set[str]:
    """The captions that a wire or another box runs through."""
    cards = [box for box in placement.boxes.values() if box.form == "card"]
    found = set()
    for card in cards:
        left, top, right, bottom = caption_box(card)
        on_wire = any(
            left < x < right and top < y < bottom
            for route in placement.routes
            for x, y in places_on(route)
        )
        on_box = any(
            box.left < right and left < box.right and box.top < bottom and top < box.bottom
            for box in placement.boxes.values()
        )
        if on_wire or on_box:
            found.add(card.id)
    return found


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("unet", "enc1", "pool1"),
        ("unet", "enc1", "pool3"),
        ("unet", "enc2", "pool2"),
        ("unet", "pool2", "pool3"),
        ("unet", "enc3", "pool3"),
        ("linknet", "stem", "enc4"),
        ("unet_plus_plus", "up1_2", "x4_0"),
        ("unet_plus_plus", "x2_1", "x2_2"),
    ],
)
def test_a_group_leaves_every_caption_clear(name, first, last):
    assert struck(with_group(network(name), first, last)) == set()


def test_a_caption_that_is_clear_on_no_side_is_moved_along_its_card():
    placement = with_group(network("unet"), "enc1", "pool3")
    card = placement.boxes["enc4"]
    assert card.aside
    left, top, right, bottom = caption_box(card)
    if card.caption in ("left", "right"):
        assert top <= card.bottom
        assert bottom >= card.top
    else:
        assert left <= card.right
        assert right >= card.left


def test_where_two_lines_have_no_room_the_name_alone_is_written():
    placement = with_group(network("linknet"), "stem", "enc4")
    assert {name for name, box in placement.boxes.items() if box.bare} == {"dec4"}
    plain = picture(analyse(network("linknet")), {}, frozenset(), frozenset()).placement
    assert not any(box.bare for box in plain.boxes.values())


def attended(size: int) -> Graph:
    """A U-Net of an odd size with an attention gate on skip 2."""
    made = BLUEPRINTS["unet"].complete({"depth": 3, "base": 8, "size": size})
    graph = BLUEPRINTS["unet"].build(made)
    edge = next(each for each in graph.edges if each.target == "join2" and each.port == 1)
    gate = next(each for each in block_templates() if each.key == "attention-gate")
    pieces = gate.build((16, size // 2, size // 2), style_of(graph))
    return put_on(graph, pieces, [edge], "up2")[0]


@pytest.mark.parametrize("size", [252, 250])
def test_what_is_said_of_a_fault_has_room_that_a_size_does_not_need(size):
    graph = attended(size)
    facts = analyse(graph)
    assert facts.problems
    placement = picture(facts, {}).placement
    told = [box for box in placement.boxes.values() if box.tells and box.form == "card"]
    assert any(box.id == "attn2" for box in told)
    assert all(right - left >= 112 for left, _, right, _ in map(caption_box, told))
    assert struck(placement) == set()


def test_what_stands_on_the_wire_to_a_join_stands_before_it():
    graph = network("unet")
    crop = Node("crop", CropLike(), ("enc4.act2", "up4"))
    graph = graph.insert_on(Edge("enc4.act2", "join4", 1), crop)
    for each in ("dec4.conv1", "dec4.norm1", "dec4.act1", "dec4.conv2", "dec4.norm2", "dec4.act2"):
        graph = graph.without(each)
    boxes = picture(analyse(graph), {}).placement.boxes
    assert boxes["enc4"].right < boxes["crop"].left
    assert boxes["crop"].right < boxes["join4"].left
