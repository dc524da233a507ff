"""Facts made from those before an edit are those made from nothing, whatever the edit was."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import facts as facts_module
from analysis.facts.facts import Facts, analysed
from analysis.graph import Graph, GraphError, Node
from analysis.graph.edit import edit_between
from analysis.operators import (
    Add,
    ChannelSlice,
    Concatenate,
    Convolution,
    CropLike,
    Flatten,
    Input,
    Linear,
    Multiply,
    Output,
    PixelShuffle,
    PixelUnshuffle,
    ReLU,
    Sigmoid,
)
from analysis.receptive_field import Memo, all_fields
from analysis.receptive_field.field import layer_field
from tests.analysis.operators.cases import CASES
from tests.analysis.receptive_field.test_random_networks import operators

KINDS = ("conv", "conv", "tconv", "pool", "average", "up", "crop", "pad", "adaptive", "resize")
JOINS = (Add(), Concatenate(), Multiply(), CropLike())
PLAIN = (ReLU(), Sigmoid(), PixelShuffle(2), PixelUnshuffle(2), Flatten(), Linear(5), Linear(3))
MIXING = (Convolution(4, (1, 1)), Convolution(4, (3, 3), groups=2), ChannelSlice(0, 2))
ANY = sorted(set(CASES) - {"input", "output"})


@st.composite
def any_operator(draw: st.DrawFn):
    """One that fits a small picture, most often, or one of every kind there is."""
    match draw(st.integers(0, 9)):
        case 0:
            return CASES[draw(st.sampled_from(ANY))](draw).operator
        case 1 | 2 | 3:
            return draw(operators(draw(st.sampled_from(KINDS)), 2))
        case 4 | 5 | 6:
            return draw(st.sampled_from(PLAIN + MIXING))
    return draw(st.sampled_from(JOINS))


@st.composite
def a_node(draw: st.DrawFn, name: str, earlier: list[str]) -> Node:
    operator = draw(any_operator())
    fewest, most = operator.arity
    count = draw(st.integers(fewest, max(fewest, min(most or 3, 3))))
    recent = st.sampled_from(earlier[-3:]) | st.sampled_from(earlier)
    return Node(name, operator, tuple(draw(recent) for _ in range(count)))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    size = draw(st.sampled_from(((), (8,), (9, 12), (12, 12), (12, 12))))
    nodes = [Node("input", Input(draw(st.sampled_from((1, 4))), size))]
    for number in range(draw(st.integers(1, 10))):
        nodes.append(draw(a_node(f"n{number}", [node.id for node in nodes])))
    return Graph.of([*nodes, Node("output", Output(), (nodes[-1].id,))])


@st.composite
def edited(draw: st.DrawFn, graph: Graph) -> Graph:
    """One edit: other settings, another operator, other inputs or weights, a node more or less."""
    if not graph.nodes:
        return graph
    at = draw(st.integers(0, len(graph) - 1))
    node = graph.nodes[at]
    earlier = [each.id for each in graph.nodes[:at]]
    try:
        match draw(st.integers(0, 7)):
            case 0 if not earlier:
                return graph.with_operator(node.id, Input(draw(st.sampled_from((1, 2, 4))), (9, 9)))
            case 0 | 1:
                return graph.with_operator(node.id, draw(any_operator()))
            case 2:
                return graph.without(node.id)
            case 3 if earlier:
                more = draw(a_node(graph.unused_id("more"), earlier))
                return Graph.of((*graph.nodes[:at], more, *graph.nodes[at:]))
            case 4 if graph.edges:
                more = draw(a_node(graph.unused_id("on"), ["input"]))
                return graph.insert_on(draw(st.sampled_from(graph.edges)), more)
            case 5 if earlier:
                inputs = tuple(draw(st.sampled_from(earlier)) for _ in node.inputs)
                return graph.with_node(replace(node, inputs=inputs))
            case 6:
                other = draw(st.sampled_from(graph.nodes)).id
                return graph.with_node(replace(node, stored_as=other))
    except GraphError:  # what other nodes read cannot go
        return graph
    return Graph.of(draw(st.permutations(graph.nodes)))


def fresh(graph: Graph, strict: bool) -> Facts:
    with patch.object(facts_module, "_FIELDS", {}):
        return analysed(graph, strict)


def check(after: Facts, strict: bool) -> None:
    alone = fresh(after.graph, strict)
    for name in (each.name for each in dataclass_fields(Facts)):
        assert getattr(after, name) == getattr(alone, name), name
    order = [node.id for node in after.graph.nodes]
    for name in ("layers", "nominal", "levels", "drawn_levels"):
        assert [*getattr(after, name)] == order


@settings(max_examples=300, deadline=None)
@given(st.data(), st.booleans())
def test_facts_after_random_edits_are_those_of_the_graph_alone(data, strict):
    memo: Memo = {}
    facts = fresh(data.draw(graphs()), strict)
    for _ in range(data.draw(st.integers(1, 6))):
        graph = data.draw(edited(facts.graph))
        with patch.object(facts_module, "_FIELDS", memo):
            facts = analysed(graph, strict, facts)
        check(facts, strict)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.booleans())
def test_so_they_are_whatever_fields_were_asked_for_between_the_edits(data, strict):
    memo: Memo = {}
    with patch.object(facts_module, "_FIELDS", memo):
        facts = analysed(data.draw(graphs()), strict)
        for _ in range(data.draw(st.integers(2, 5))):
            nodes = facts.graph.nodes
            if nodes and data.draw(st.booleans()):
                facts.fields.get(data.draw(st.sampled_from(nodes)).id)
            facts = analysed(data.draw(edited(facts.graph)), strict, facts)
    check(facts, strict)


def test_a_field_is_not_worked_out_before_it_or_one_behind_it_is_asked_for():
    unet = BLUEPRINTS["unet"].build({"depth": 3, "base": 4})
    made = []

    def counted(graph: Graph, node: Node, *rest):
        made.append(node.id)
        return layer_field(graph, node, *rest)

    with (
        patch.object(all_fields, "layer_field", counted),
        patch.object(facts_module, "_FIELDS", {}),
    ):
        facts = analysed(unet)
        assert not made
        assert facts.fields["enc1.conv2"].extent_max == (5, 5)
        assert "enc1.conv2" in made
        assert not any(name.startswith(("enc2", "dec")) for name in made)
        assert len(facts.fields) == len(unet)
        assert any(name.startswith("dec") for name in made)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_facts_after_another_setting_of_a_blueprint_are_those_of_the_graph_alone(data):
    unet = BLUEPRINTS["unet"]
    facts = None
    for _ in range(3):
        chosen = {
            "depth": data.draw(st.integers(1, 3)),
            "base": 4,
            "size": data.draw(st.sampled_from((32, 36, 48))),
            "kernel": data.draw(st.sampled_from((3, 5))),
            "join": data.draw(st.sampled_from(("concat", "add"))),
        }
        facts = analysed(unet.build(unet.complete(chosen)), False, facts)
        check(facts, False)


def test_another_setting_leaves_all_that_it_does_not_concern_the_very_same():
    unet = BLUEPRINTS["unet"].build({"depth": 3, "base": 4})
    before = analysed(unet)
    wider = Convolution(8, (5, 5), padding=((2, 2), (2, 2)))
    after = analysed(unet.with_operator("dec2.conv1", wider), before=before)
    assert after.skips is before.skips
    assert after.levels is before.levels
    assert after.nominal is before.nominal
    assert after.drawn_levels is before.drawn_levels
    for name in unet.ancestors("dec2.conv1") - {"dec2.conv1"}:
        assert after.fields[name] is before.fields[name]
        assert after.layers[name] is before.layers[name]
    assert after.fields["output"] != before.fields["output"]


def test_other_channels_leave_every_field_behind_them_the_very_same():
    unet = BLUEPRINTS["unet"].build({"depth": 3, "base": 4})
    before = analysed(unet)
    wider = replace(unet["enc2.conv1"].operator, channels=9)
    known = dict(before.fields)
    after = analysed(unet.with_operator("enc2.conv1", wider), before=before)
    assert after.shapes["enc2.act1"] != before.shapes["enc2.act1"]
    assert all(after.fields[name] is field for name, field in known.items())


def test_a_slice_of_inputs_that_became_unlike_is_told():
    nodes = (
        Node("input", Input(2, (8, 8))),
        Node("same", ReLU(), ("input",)),
        Node("stack", Concatenate(), ("input", "input")),
        Node("between", ReLU(), ("stack",)),
        Node("slice", ChannelSlice(0, 2), ("between",)),
        Node("output", Output(), ("slice",)),
    )
    before = analysed(Graph.of(nodes))
    other = before.graph.with_node(replace(nodes[2], inputs=("input", "same")))
    after = analysed(other, before=before)
    assert after.fields["between"] is before.fields["between"]
    assert before.fields["slice"].exactness == "exact"
    assert after.fields["slice"].exactness == "upper bound"
    check(after, False)


def test_an_edit_tells_settings_from_wires_and_groups():
    unet = BLUEPRINTS["unet"].build({"depth": 2, "base": 4})
    node = unet["enc1.conv1"]
    assert not edit_between(unet, unet).nodes
    assert edit_between(unet, Graph(tuple(replace(each) for each in unet.nodes))).nodes == set()
    settings = edit_between(unet, unet.with_operator(node.id, Convolution(5, (3, 3))))
    assert (settings.nodes, settings.rewired, settings.regrouped) == ({node.id}, False, False)
    kind = edit_between(unet, unet.with_operator(node.id, ReLU()))
    assert (kind.nodes, kind.rewired) == ({node.id}, True)
    moved = edit_between(unet, unet.with_node(replace(node, scope="elsewhere")))
    assert (moved.nodes, moved.rewired, moved.regrouped) == ({node.id}, False, True)
    assert edit_between(unet, unet.without("enc1.act1")).rewired
