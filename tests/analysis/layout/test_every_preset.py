"""Every blueprint and every published network by name is legible at first sight."""

from __future__ import annotations

import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.blueprints.presets import PRESETS
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.readable_blocks import MOST_CARDS, readable_blocks
from analysis.layout import place
from tests.analysis.layout.geometric_checks import (
    struck_captions,
    wires_on_one_track,
    wires_through_blocks,
)

WIDEST = 2.5
"""Times as wide as high."""


def graph_of(name: str) -> Graph:
    preset = PRESETS.get(name)
    blueprint = BLUEPRINTS[preset.blueprint if preset else name]
    return blueprint.build(preset.complete if preset else blueprint.complete({}))


@pytest.mark.parametrize("name", [*BLUEPRINTS, *PRESETS])
def test_it_is_legible_at_first_sight(name: str) -> None:
    graph = graph_of(name)
    facts = analyse(graph)
    placement = place(readable_blocks(graph, facts.drawn_levels), facts)
    left, top, right, bottom = placement.bounds
    assert sum(box.form == "card" for box in placement.boxes.values()) <= MOST_CARDS
    assert (right - left) / (bottom - top) <= WIDEST
    assert wires_through_blocks(placement) == set()
    assert wires_on_one_track(placement) == []
    assert struck_captions(placement) == set()
