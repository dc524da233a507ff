"""Names of blocks are cut so that no two look alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.facts import analyse
from analysis.graph.readable_blocks import readable_blocks
from analysis.layout import place
from tests.data.models.traced import traced
from viewer.drawing.network.block_caption import caption_lines
from viewer.drawing.network.block_picture import NodeState
from viewer.drawing.network.block_titles import titles
from viewer.drawing.network.figure import figure


def cut(text: str, most: int = 12) -> str:
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}…{text[1 - (most - half) :]}"


def test_what_fits_is_written_whole():
    assert titles(["enc 1", "enc1.conv"], cut) == {name: name for name in ("enc 1", "enc1.conv")}


def test_a_path_that_repeats_itself_is_counted():
    assert titles(["1.m.3.m.3.m.3.m.5"], lambda text: cut(text, 16)) == {
        "1.m.3.m.3.m.3.m.5": "1(.m.3)×3.m.5"
    }


def test_names_that_are_cut_alike_are_numbered():
    found = titles(["encoder.one.convolution", "encoder.two.convolution"], cut)
    assert list(found.values()) == ["encode…ution", "2 · en…ution"]


@given(st.lists(st.text("ab./", max_size=30), unique=True, max_size=40))
def test_no_two_names_look_alike(names):
    found = titles(names, cut)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(names)
    assert all(len(title) <= 12 for title in found.values())


def test_no_two_captions_of_a_deeply_nested_network_look_alike(desk):
    graph = traced("pix2pix")
    facts = analyse(graph)
    blocks = readable_blocks(graph, facts.drawn_levels)
    nodes = figure(blocks, facts, place(blocks, facts)).nodes
    cards = [node for node in nodes.values() if node.shape == "map"]
    written = [caption_lines(node, NodeState())[0] for node in cards]
    assert len(set(written)) == len(cards)
    assert sum("(.m.3)×6" in each for each in written) == 2
