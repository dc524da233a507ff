"""Blocks carried over an edit by looking only around it are those found by looking at all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Edge, Graph, Node
from analysis.graph.kept_blocks import kept_blocks, touched_nodes
from analysis.graph.scopes import contract
from analysis.operators import ReLU
from tests.analysis.facts.test_after_edits import edited, graphs

SCOPES = st.sampled_from(("", "", "a", "b", "a/c", "n1"))


def test_an_insertion_makes_one_block_anew_and_leaves_the_others_the_very_same():
    unet = BLUEPRINTS["unet"].build({"depth": 3, "base": 4})
    before = contract(unet)
    more = Node("more", ReLU(), ("enc2.conv1",), "enc2")
    graph = unet.insert_on(Edge("enc2.conv1", "enc2.act1", 0), more)
    found = kept_blocks(graph, before, touched=touched_nodes(unet, graph))
    others = [new for new, old in zip(found, before, strict=True) if new is not old]
    assert [block.id for block in others] == ["enc2"]
    assert "more" in others[0].nodes
    assert found == kept_blocks(graph, before)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_blocks_around_random_edits_are_those_of_the_whole_graph(data):
    graph = data.draw(graphs())
    graph = Graph(tuple(replace(node, scope=data.draw(SCOPES)) for node in graph.nodes))
    blocks = contract(graph)
    for _ in range(data.draw(st.integers(1, 5))):
        other = data.draw(edited(graph))
        if data.draw(st.booleans()) and other.nodes:
            chosen = data.draw(st.sampled_from(other.nodes))
            other = other.with_node(replace(chosen, scope=data.draw(SCOPES)))
        found = kept_blocks(other, blocks, touched=touched_nodes(graph, other))
        assert found == kept_blocks(other, blocks)
        graph, blocks = other, found
