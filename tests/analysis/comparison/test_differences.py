"""What is said to differ: settings, facts, wires and totals; the other way round the reverse."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS, parse
from analysis.comparison import compare
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Convolution, Input, Output

CALLED = (
    "unet:depth=3,base=4,size=64",
    "unet:depth=4,base=4,size=64",
    "linknet:size=64",
    "resnet:size=64",
)


def built(called: str) -> Graph:
    name, values = parse(called)
    return BLUEPRINTS[name].build(values)


ALL = {called: analyse(built(called)) for called in CALLED}


@given(st.sampled_from(CALLED), st.sampled_from(CALLED))
@settings(max_examples=16, deadline=None)
def test_totals_follow_from_what_was_added_removed_and_changed(one: str, other: str) -> None:
    before, after = ALL[one], ALL[other]
    found = compare(before, after)
    parameters = before.parameters
    parameters += sum(after.layers[name].parameters for name in found.added)
    parameters -= sum(before.layers[name].parameters for name in found.removed)
    for change in found.changed:
        was, becomes = change.what.get("parameters", (0, 0))
        parameters += becomes - was
    assert parameters == after.parameters == found.totals["parameters"][1]
    assert found.same == (one == other)


@given(st.sampled_from(CALLED), st.sampled_from(CALLED))
@settings(max_examples=16, deadline=None)
def test_every_operator_is_added_removed_or_a_pair_and_only_once(one: str, other: str) -> None:
    found = compare(ALL[one], ALL[other])
    assert {*found.pairs, *found.removed} == {node.id for node in ALL[one].graph.nodes}
    assert {*found.pairs.values(), *found.added} == {node.id for node in ALL[other].graph.nodes}
    assert len(set(found.pairs.values())) == len(found.pairs)
    assert not {*found.pairs} & {*found.removed}


def test_a_deeper_u_has_a_level_more_and_a_larger_field() -> None:
    found = compare(ALL[CALLED[0]], ALL[CALLED[1]])
    assert found.removed == ()
    assert {name.split(".")[0] for name in found.added} >= {"enc4", "dec4"}
    smaller, larger = found.totals["extent_max"]
    assert smaller[0] < larger[0]


def test_one_kernel_changed_says_the_setting_its_parameters_and_the_fields_behind_it() -> None:
    facts = ALL[CALLED[0]]
    name = next(n.id for n in facts.graph.nodes if isinstance(n.operator, Convolution))
    operator = facts.graph[name].operator
    assert isinstance(operator, Convolution)
    wider = replace(operator, kernel=(5, 5), padding=((2, 2), (2, 2)))
    found = compare(facts, analyse(facts.graph.with_operator(name, wider)))
    (change,) = [each for each in found.changed if each.name == name]
    assert change.what["kernel"] == ([3, 3], [5, 5])
    assert change.what["parameters"] == (3 * 4 * 9, 3 * 4 * 25)
    behind = [each for each in found.changed if each.name != name]
    assert behind
    assert all({*each.what} <= {"extent_max"} for each in behind)


def test_a_wire_to_another_place_is_a_change_of_inputs() -> None:
    nodes = [
        Node("input", Input(4, (8, 8))),
        Node("a", Convolution(4), ("input",)),
        Node("b", Convolution(4), ("a",)),
        Node("output", Output(), ("b",)),
    ]
    rewired = [replace(node, inputs=("input",)) if node.id == "b" else node for node in nodes]
    found = compare(analyse(Graph.of(nodes)), analyse(Graph.of(rewired)))
    (change,) = [each for each in found.changed if "inputs" in each.what]
    assert (change.name, change.what["inputs"]) == ("b", (["a"], ["input"]))
