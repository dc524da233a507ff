"""Gates and labels of skips cover no block and no other mark, near by and from far."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, QRectF

from tests.viewer.networks import session_of
from viewer.drawing.network.block_caption import caption_rect
from viewer.drawing.network.block_picture import NodeState
from viewer.drawing.network.figure import figure
from viewer.drawing.network.skip_marks import pill_width, skip_marks
from viewer.drawing.network.wire import EdgeState
from viewer.text.block_names import block_name

LIVE = EdgeState(live=True, fraction=0.2, number="20 %")


def apart(a: QPointF, b: QPointF) -> float:
    return float(QPointF.dotProduct(a - b, a - b) ** 0.5)


@pytest.mark.parametrize("zoom", [1.0, 0.68, 0.5])
def test_nested_skips_that_leave_by_one_way_have_their_marks_apart(qapp, zoom):
    session = session_of("unet_plus_plus:depth=4,base=4,size=64")
    drawn = figure(session.blocks, session.facts, session.placement)
    scale, states = 1.0 / zoom, dict.fromkeys(range(len(drawn.edges)), LIVE)
    marks = skip_marks(drawn, states, scale, small=zoom < 0.6)
    assert len(marks) == sum(edge.gated for edge in drawn.edges) == 10
    for one, other in combinations(marks.values(), 2):
        assert apart(one.gate, other.gate) > 2 * one.radius * scale
    rooms = [node.card for node in drawn.nodes.values() if node.shape == "map"]
    rooms += [caption_rect(node, NodeState(), zoom) for node in drawn.nodes.values()]
    pills = []
    for i, mark in marks.items():
        at, reach = mark.gate, mark.radius * scale
        gate = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        assert not any(gate.intersects(room) for room in rooms), drawn.edges[i].skip
        if mark.pill:
            width = pill_width(block_name(drawn.edges[i].skip), "20 %") * scale
            pill = QRectF(0, 0, width, 22 * scale)
            pill.moveCenter(mark.label)
            assert not any(pill.intersects(room) for room in rooms), drawn.edges[i].skip
            pills.append(pill)
    assert len(pills) >= 2
    assert not any(one.intersects(other) for one, other in combinations(pills, 2))


def test_a_small_gate_says_what_it_is_set_to_only_when_it_is_turned(qapp):
    session = session_of("unet:depth=2,base=4,size=64")
    drawn = figure(session.blocks, session.facts, session.placement)
    skips = [i for i, edge in enumerate(drawn.edges) if edge.gated]
    states = {i: EdgeState(live=True, gate=gate) for i, gate in zip(skips, (1.0, 0.5), strict=True)}
    near, far = skip_marks(drawn, states, 1.0), skip_marks(drawn, states, 2.0, small=True)
    assert [near[i].setting is None for i in skips] == [False, False]
    assert [far[i].setting is None for i in skips] == [True, False]
    assert far[skips[0]].radius < near[skips[0]].radius
