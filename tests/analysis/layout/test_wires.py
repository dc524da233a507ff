"""Wires run clear of blocks and of each other, level where they are skips; no U is a strip."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.readable_blocks import readable_blocks
from analysis.layout import place
from analysis.layout.geometry import Placement
from analysis.operators import (
    Concatenate,
    Convolution,
    MaxPool,
    Multiply,
    Sigmoid,
    TransposedConvolution,
    Upsample,
)
from tests.analysis.blueprints.test_blueprints import build
from tests.analysis.layout.geometric_checks import (
    wires_in_and_out_at_one_point,
    wires_on_one_track,
    wires_through_blocks,
)
from tests.analysis.layout.test_nested_networks import NETWORKS, Builder
from tests.data.models.traced import NETWORKS as OPENED
from tests.data.models.traced import traced


def placed(graph: Graph) -> Placement:
    facts = analyse(graph)
    assert facts.problems == ()
    return place(readable_blocks(graph, facts.drawn_levels), facts)


def attention_gate(make: Builder, coming: str, skip: str) -> str:
    left = make.put("w_g", Convolution(4, (1, 1)), coming)
    right = make.put("w_x", Convolution(4, (1, 1)), skip)
    read = make.put("cat", Concatenate(), left, right)
    scale = make.put("sigmoid", Sigmoid(), make.put("psi", Convolution(1, (1, 1)), read))
    return make.put("times", Multiply(), skip, scale)


def u(depth: int, convs: int, up: str, gate: bool, projected: bool, skips: frozenset[int]) -> Graph:
    """A U whose decoder comes up by an operator or by a block of its own."""
    make = Builder(16 * 2**depth)
    at, kept = "input", []
    for i in range(depth):
        at = make.inside(f"enc{i}", make.convs, at, convs)
        kept.append(at)
        at = make.put(f"pool{i}", MaxPool((2, 2)), at)
    at = make.inside("low", make.convs, at, convs)

    def climb(source: str) -> str:
        return make.convs(make.put("resize", Upsample((2.0, 2.0)), source), 1)

    for i in reversed(range(depth)):
        if up == "block":
            at = make.inside(f"up{i}", climb, at)
        else:
            at = make.put(f"up{i}", TransposedConvolution(8), at)
        if i in skips:
            skip = kept[i]
            if projected:
                skip = make.put(f"project{i}", Convolution(8, (1, 1)), skip)
            if gate:
                skip = make.inside(f"att{i}", attention_gate, make, at, skip)
            at = make.put(f"join{i}", Concatenate(), skip, at)
        at = make.inside(f"dec{i}", make.convs, at, convs)
    return make.done(at)


GRAPHS = {
    **{name: (make, given) for name, (make, *given) in NETWORKS.items()},
    **{name: (build, [name]) for name in sorted(BLUEPRINTS)},
    **{f"opened-{name}": (traced, [name]) for name in OPENED},
}


@pytest.mark.parametrize("name", GRAPHS)
def test_wires_are_clear_and_the_picture_is_no_strip(name):
    make, given = GRAPHS[name]
    placement = placed(make(*given))
    left, top, right, bottom = placement.bounds
    assert (right - left) / (bottom - top) <= 2.51
    assert wires_through_blocks(placement) == set()
    assert wires_on_one_track(placement) == []
    assert wires_in_and_out_at_one_point(placement) == set()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda depth: st.tuples(
            st.just(depth),
            st.integers(1, 3),
            st.sampled_from(["block", "operator"]),
            st.booleans(),
            st.booleans(),
            st.frozensets(st.integers(0, depth - 1)),
        )
    )
)
def test_any_u_is_drawn_clearly_and_as_no_strip(made):
    placement = placed(u(*made))
    assert placement.shape == "u"
    assert wires_through_blocks(placement) == set()
    assert wires_on_one_track(placement) == []
    assert wires_in_and_out_at_one_point(placement) == set()
    left, top, right, bottom = placement.bounds
    assert (right - left) / (bottom - top) <= 2.51
    for route in placement.routes:
        if route.kind == "skip":
            heights = [y for _, y in route.points]
            assert max(heights) - min(heights) < 1e-6, (route.source, route.target)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_gate_stands_on_its_skip_and_what_comes_up_stands_below(depth):
    placement = placed(u(depth, 2, "block", True, False, frozenset(range(depth))))
    for i in range(depth):
        enc, gate, up, dec = (placement.boxes[f"{name}{i}"] for name in ("enc", "att", "up", "dec"))
        below = placement.boxes[f"enc{i + 1}" if i + 1 < depth else "low"]
        assert enc.y == gate.y == dec.y
        assert enc.right < gate.left < gate.right < dec.left
        assert gate.bottom < up.top < up.bottom < below.top


def test_a_card_moved_by_hand_moves_no_other():
    graph = u(1, 1, "block", True, False, frozenset({0}))
    facts = analyse(graph)
    blocks = readable_blocks(graph, facts.drawn_levels)
    before = place(blocks, facts)
    after = place(blocks, facts, {"dec0": (5000.0, 40.0)})
    for name, box in before.boxes.items():
        if name not in ("dec0", "join0"):
            assert (after.boxes[name].x, after.boxes[name].y) == (
                box.x,
                box.y,
            ) or box.form == "pill"
