"""What padding reaches, counted and shown; dead pixels of the input."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Convolution, Input, Output
from analysis.storage.document import Document
from viewer.session import Session
from viewer.session.view_state import Pin, ViewState
from viewer.workspaces.receptive_fields.unit.padding import at_their_places
from viewer.workspaces.receptive_fields.unit.panel import FieldPanel
from viewer.workspaces.registry import WORKSPACES


def chain(size: int, *layers: Convolution) -> Graph:
    nodes = [Node("input", Input(1, (size, size)))]
    for position, layer in enumerate(layers, 1):
        nodes.append(Node(f"conv{position}", layer, (nodes[-1].id,)))
    nodes.append(Node("output", Output(), (nodes[-1].id,)))
    return Graph.of(nodes)


SAME = Convolution(1, (3, 3), padding=((1, 1), (1, 1)))
HALVING = Convolution(1, (2, 2), stride=(2, 2))


@pytest.fixture
def panel(shown):
    def make(graph: Graph, pin: Pin) -> FieldPanel:
        session = Session(Document(graph=graph), ViewState(workspace="fields", pin=pin), WORKSPACES)
        return shown(FieldPanel(session), 452, 900)

    return make


def test_the_share_of_units_that_see_padding(panel) -> None:
    part = panel(chain(20, SAME, SAME), Pin("conv2", 0, 10)).padding
    assert part.touched.value.text() == "36.0 %"  # 1 − (16 / 20)²
    assert part.lost.value.text() == "40.0 %"  # two of five rows
    assert part.dead.value.text() == "0"


def test_units_that_see_padding_are_shown_where_they_stand(panel) -> None:
    shown = panel(chain(20, SAME, SAME), Pin("conv2", 10, 10))
    assert shown.overlay().marked is None
    shown.padding.show_on.click()
    image = shown.overlay().marked
    assert image is not None
    tinted = [[image.pixelColor(x, y).alpha() > 0 for x in range(20)] for y in range(20)]
    truth = np.ones((20, 20), bool)
    truth[2:-2, 2:-2] = False
    assert tinted == truth.tolist()


def test_pixels_that_no_unit_sees_are_counted(panel) -> None:
    part = panel(chain(9, HALVING), Pin("conv1", 0, 0)).padding
    assert part.dead.value.text() == "17"  # the last row and column
    assert part.touched.value.text() == "0.0 %"


def test_units_stand_inside_what_convolutions_cut_off() -> None:
    valid = Convolution(1, (5, 5))
    facts = analyse(chain(12, valid))
    placed = at_their_places(np.ones((8, 8), bool), facts.fields["conv1"], (12, 12))
    truth = np.zeros((12, 12), bool)
    truth[2:10, 2:10] = True
    assert (placed == truth).all()
