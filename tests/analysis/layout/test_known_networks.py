"""Networks nested in modules as people nest the known ones: a U seen at one sight, all legible."""

from __future__ import annotations

import pytest

from analysis.facts import analyse
from analysis.graph.readable_blocks import MOST_CARDS, readable_blocks
from analysis.layout import place
from analysis.layout.geometry import Placement
from tests.analysis.blueprints.test_blueprints import build
from tests.analysis.layout.geometric_checks import (
    struck_captions,
    wires_on_one_track,
    wires_through_blocks,
)
from tests.data.models.traced import NETWORKS, traced

NO_U = ("vgg",)


def placed(name: str) -> Placement:
    graph = traced(name)
    facts = analyse(graph)
    return place(readable_blocks(graph, facts.drawn_levels), facts)


@pytest.mark.parametrize("name", NETWORKS)
def test_it_is_seen_at_one_sight(name):
    placement = placed(name)
    assert placement.shape == ("layered" if name in NO_U else "u")
    assert sum(box.form == "card" for box in placement.boxes.values()) <= MOST_CARDS
    left, top, right, bottom = placement.bounds
    assert (right - left) / (bottom - top) <= 2.5


@pytest.mark.parametrize("name", NETWORKS)
def test_its_wires_run_clear_of_blocks_of_names_and_of_each_other(name):
    placement = placed(name)
    assert wires_through_blocks(placement) == set()
    assert wires_on_one_track(placement) == []
    assert struck_captions(placement) == set()


@pytest.mark.parametrize("name", ["cropped", "attention", "u2net", "residual", "pix2pix", "flat"])
def test_its_skips_run_level(name):
    skips = [route for route in placed(name).routes if route.kind == "skip"]
    assert skips
    for route in skips:
        assert len({y for _, y in route.points}) == 1, (route.source, route.target)


def test_heads_of_a_deep_supervision_hang_at_the_level_of_their_stage():
    graph = build("u2net")
    facts = analyse(graph)
    placement = place(readable_blocks(graph, facts.drawn_levels), facts)
    boxes = placement.boxes
    for number in range(1, 6):
        assert boxes[f"side{number}"].y == boxes[f"dec{number}"].y
        assert boxes[f"side{number}"].left > boxes[f"dec{number}"].right
    assert boxes["side6"].y == boxes["enc6"].y
    assert boxes["fuse"].y == boxes["side1"].y
    left, top, right, bottom = placement.bounds
    assert (right - left) / (bottom - top) < 2
    assert wires_through_blocks(placement) == set()


def test_a_dense_auto_encoder_is_an_hourglass_with_every_shape():
    graph = build("dense_autoencoder")
    facts = analyse(graph)
    placement = place(readable_blocks(graph, facts.drawn_levels), facts)
    assert placement.shape == "u"
    left, top, right, bottom = placement.bounds
    assert (right - left) / (bottom - top) < 1.8
    boxes = placement.boxes
    heights = [boxes[name].y for name in ("input", "enc1", "enc2", "enc3", "code")]
    assert heights == sorted(set(heights))
    for number in (1, 2, 3):
        assert boxes[f"enc{number}"].y == boxes[f"dec{number}"].y
    assert boxes["head"].form == "card"
    assert boxes["head"].y == boxes["dec1"].y
    assert wires_through_blocks(placement) == set()
