"""Pieces of a graph: what is copied computes the same, and everything stays wired."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.pieces import piece, put_piece_behind, without_nodes


def built(text: str) -> Graph:
    name, chosen = parse(text)
    return BLUEPRINTS[name].build(chosen)


UNET = built("unet:depth=3,base=4,size=64")
INNER = [node.id for node in UNET.nodes if node.operator.family != "end"]


@settings(max_examples=150, deadline=None)
@given(
    ids=st.sets(st.sampled_from(INNER), min_size=1, max_size=12),
    behind=st.sampled_from([node.id for node in UNET.nodes if node.operator.key != "output"]),
)
def test_copies_of_any_nodes_behind_any_node_leave_the_rest_wired(ids, behind):
    nodes = piece(UNET, ids)
    made, copies = put_piece_behind(UNET, nodes, behind)
    assert len(made) == len(UNET) + len(copies)
    assert not set(copies) & {node.id for node in UNET.nodes}
    for node, copy in zip(nodes, copies, strict=True):
        assert made[copy].operator == node.operator
        for port, source in enumerate(node.inputs):
            if source in ids:
                assert made[copy].inputs[port] == copies[[n.id for n in nodes].index(source)]
    assert behind not in {
        source
        for node in made.nodes
        if node.id in UNET
        for source, old in zip(node.inputs, UNET[node.id].inputs, strict=True)
        if old == behind
    }
    assert set(made.consumers) == {node.id for node in UNET.nodes} | set(copies)


def test_a_block_behind_itself_becomes_a_block_of_its_own_and_keeps_every_shape():
    block = [node.id for node in UNET.nodes if node.scope == "enc2"]
    made, copies = put_piece_behind(UNET, piece(UNET, block[1:]), block[-1])
    assert {made[each].scope for each in copies} == {"enc4"}
    facts = analyse(made)
    assert not facts.problems
    assert facts.shapes["output"] == analyse(UNET).shapes["output"]


def test_nodes_that_are_taken_out_leave_their_first_input_in_their_place():
    block = [node.id for node in UNET.nodes if node.scope == "enc1" and "act" in node.id]
    left = without_nodes(UNET, block)
    assert not set(block) & set(left.consumers)
    assert not analyse(left).problems


def test_an_input_or_output_is_no_piece():
    assert piece(UNET, {"input", "output"}) == ()
    assert without_nodes(UNET, {"input", "output"}) == UNET
    with pytest.raises(ValueError, match="no nodes"):
        put_piece_behind(UNET, (), "input")
