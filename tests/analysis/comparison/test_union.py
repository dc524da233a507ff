"""Two networks as one picture: every operator and wire of both, once, marked by where it is of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.comparison import compare, differences, together, united
from analysis.comparison.same_size import at_the_size_of
from analysis.facts import Facts, analyse
from analysis.graph import Graph
from analysis.layout.picture import picture
from analysis.operators import Input

CALLED = ("unet:depth=3,base=4,size=64", "attention_unet:depth=2,base=4,size=64", "linknet:size=64")


def built(called: str) -> Facts:
    name, values = parse(called)
    return analyse(BLUEPRINTS[name].build(values))


ALL = [built(called) for called in CALLED]


@pytest.mark.parametrize("one", ALL, ids=CALLED)
@pytest.mark.parametrize("other", ALL, ids=CALLED)
def test_the_union_has_every_operator_and_wire_of_both_once(one: Facts, other: Facts) -> None:
    found = compare(one, other)
    union = united(one, other, found)
    graph = union.facts.graph
    expected = {node.id for node in other.graph.nodes} | {union.names[n] for n in found.removed}
    assert {node.id for node in graph.nodes} == expected
    assert len(graph) == len(other.graph) + len(found.removed)
    wires = {(edge.source, edge.target) for edge in graph.edges}
    assert wires >= {(edge.source, edge.target) for edge in other.graph.edges}
    mine = {(union.names[edge.source], union.names[edge.target]) for edge in one.graph.edges}
    gone = {ends for ends, kind in union.differences.of_wires.items() if kind == "removed"}
    assert gone <= mine
    assert wires == {(edge.source, edge.target) for edge in other.graph.edges} | gone
    removed = {n for n, kind in union.differences.of_nodes.items() if kind == "removed"}
    assert removed == {union.names[name] for name in found.removed}
    drawn = picture(union.facts, {})
    assert {node for block in drawn.blocks for node in block.nodes} == expected
    assert not union.facts.problems


def test_what_only_follows_is_told_from_what_was_changed() -> None:
    one = ALL[0].graph
    wider = one["enc1.conv1"].operator
    other = one.with_operator("enc1.conv1", replace(wider, channels=8))
    mine, theirs = differences(one, other, compare(analyse(one), analyse(other)))
    assert mine.of_nodes["enc1.conv1"] == theirs.of_nodes["enc1.conv1"] == "changed"
    assert mine.of_nodes["enc1.conv2"] == "follows"
    assert mine.of_nodes["dec1.conv1"] == "same"
    assert together(["same", "follows"]) == "follows"
    assert together(["added", "same"]) == "changed"
    assert together(["removed", "removed"]) == "removed"


def test_the_second_takes_the_size_of_the_first_where_it_can() -> None:
    def size(graph: Graph) -> tuple[int, ...]:
        operator = graph.inputs[0].operator
        assert isinstance(operator, Input)
        return operator.size

    deep, shallow = built("unet:depth=5,base=4,size=64").graph, built("unet:depth=2,size=40").graph
    assert size(at_the_size_of(shallow, deep)) == (64, 64)
    assert size(at_the_size_of(deep, shallow)) == (64, 64)  # 40 has no room for five levels
