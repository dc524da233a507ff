"""Facts: totals, faults as values, and what is kept across edits."""

import math

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import Add, Convolution, Fault, Input, MaxPool, Output, Upsample
from tests.analysis.blueprints.test_blueprints import build


def test_totals_are_the_sums_of_the_layers():
    facts = analyse(build("unet:depth=2,base=4,norm=group"))
    for name in ("parameters", "macs", "activation_bytes"):
        assert getattr(facts, name) == sum(getattr(f, name) for f in facts.layers.values())
    assert facts.layers["enc1.act1"].activation_bytes == 4 * 4 * 256 * 256


def test_a_clash_is_a_value_and_the_rest_stays_analysed():
    facts = analyse(build("unet:size=500"))
    assert facts.problems == ("join3",)
    assert facts.layers["join3"].fault.code == "join-sizes-differ"
    assert {124, 125} <= set(facts.layers["join3"].fault.numbers)
    for layer in facts.layers.values():
        behind = layer.waits_for == "join3"
        assert (layer.shape is None) == (behind or layer.id == "join3")
        assert behind == (layer.id in facts.graph.descendants("join3") and layer.id != "join3")
        assert layer.fault is None or layer.id == "join3"
    assert "up3" in facts.fields
    assert "dec3.conv1" not in facts.fields
    assert "join3" not in facts.shapes


def test_two_faults_are_both_told_and_the_first_is_waited_for():
    graph = Graph.of(
        [
            Node("input", Input(3, (8, 8))),
            Node("a", MaxPool((9, 9), (1, 1)), ("input",)),
            Node("b", MaxPool((10, 10), (1, 1)), ("input",)),
            Node("join", Add(), ("b", "a")),
        ]
    )
    facts = analyse(graph)
    assert facts.problems == ("a", "b")
    assert facts.layers["join"].waits_for == "b"
    assert facts.layers["join"].fault is None


def test_the_wrong_number_of_inputs_is_a_fault():
    graph = Graph.of(
        [
            Node("input", Input(3, (8, 8))),
            Node("alone", Add(), ("input",)),
            Node("nothing", Convolution(4, (3, 3))),
            Node("two", Convolution(4, (3, 3)), ("input", "input")),
        ]
    )
    facts = analyse(graph)
    assert {facts.layers[name].fault.code for name in ("alone", "nothing")} == {"too-few-inputs"}
    assert facts.layers["two"].fault.code == "too-many-inputs"


def test_levels_follow_the_taps_and_not_the_size():
    facts = analyse(build("unet:padding=valid"))
    assert facts.levels["output"] == 0
    assert facts.levels["bottleneck.act2"] == 4
    assert math.log2(facts.shapes["input"][1] / facts.shapes["output"][1]) > 0.5


def test_an_edit_gives_what_a_fresh_analysis_gives():
    graph = build("unet:depth=3,base=4")
    analyse(graph)
    edited = graph.with_operator("enc2.conv1", Convolution(8, (5, 5), padding=((2, 2), (2, 2))))
    kept = analyse(edited)
    analyse.cache_clear()
    fresh = analyse(edited)
    assert kept.layers == fresh.layers
    assert kept.fields == fresh.fields
    assert kept.fields["output"] != analyse(graph).fields["output"]


def test_an_empty_graph_and_a_lone_output_have_facts():
    assert analyse(Graph()).parameters == 0
    assert analyse(Graph.of([Node("output", Output())])).problems == ("output",)


def test_a_map_too_long_to_list_is_a_fault_of_the_layer_that_makes_it():
    nodes = [Node("input", Input(1, (64, 64)))]
    for i in range(12):
        nodes.append(Node(f"u{i}", Upsample((64.0, 1.0)), (nodes[-1].id,)))
    facts = analyse(Graph.of(nodes))
    assert facts.problems == ("u3",)
    assert facts.layers["u2"].shape == (1, 1 << 24, 64)
    assert facts.layers["u3"].fault == Fault("too-large", ("size", 1 << 30, 1 << 24))


def test_ten_thousand_layers_are_no_recursion():
    nodes = [Node("input", Input(1, (8, 8)))]
    for i in range(10_000):
        nodes.append(Node(f"c{i}", Convolution(1, (1, 1)), (nodes[-1].id,)))
    facts = analyse(Graph.of(nodes))
    assert facts.parameters == 20_000
    assert facts.skips == ()
