"""What a repair of the review makes of a network."""

from __future__ import annotations

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Edge, Graph, Node
from analysis.graph.wiring import numbered
from analysis.operators import Add, Input, Operator, ReLU
from analysis.review import Mend, Subject, review
from analysis.review.after_repair import Repairs


def one_by_one(graph: Graph, inserted: dict[str, Operator]) -> Graph:
    for source, operator in inserted.items():
        reader = graph[graph.consumers[source][0]]
        node = Node(numbered(graph, "act"), operator, (source,), graph[source].scope)
        graph = graph.insert_on(Edge(source, reader.id, reader.inputs.index(source)), node)
    return graph


def test_operators_put_in_at_once_are_those_put_in_one_by_one() -> None:
    unet = BLUEPRINTS["unet"]
    twice = Graph.of(
        (
            Node("in", Input(1, (8, 8))),
            Node("act2", ReLU(), ("in",)),
            Node("sum", Add(), ("in", "act2")),  # both of its wires get one
            Node("again", Add(), ("sum", "sum"), "act1"),  # the first of its wires gets one
        )
    )
    for graph in (twice, unet.build(unet.complete({"depth": 3, "base": 4}))):
        read = [node.id for node in graph.nodes if graph.consumers[node.id]]
        inserted: dict[str, Operator] = {name: ReLU() for name in reversed(read)}
        made = Mend("put-activation", {}, inserted=inserted).applied(graph)
        assert made == one_by_one(graph, inserted)
        assert len(made) == len(graph) + len(read)


@pytest.mark.parametrize(
    ("text", "brought"),
    [
        ("red_net:base=4,size=64", {"tile-below-margin", "padding-reaches-centre"}),
        ("red_net:base=4,size=256", set()),  # whose wider field is still well inside the image
    ],
)
def test_what_is_remarked_after_a_repair_alone_is_told_before(text: str, brought: set[str]) -> None:
    name, settings = parse(text)
    graph = BLUEPRINTS[name].build(settings)
    findings = review(Subject(analyse(graph))).findings
    [remark] = [each for each in findings if each.mend is not None]
    told = Repairs(Subject(analyse(graph)), findings).of(remark).brought
    assert {each.code for each in told} == brought
    made = remark.mend.applied(graph)
    after = {each.code for each in review(Subject(analyse(made))).findings}
    assert after - {each.code for each in findings} == brought


def test_a_repair_brings_none_that_was_remarked_before_of_the_same_layers() -> None:
    """Joins are off and biases stand before norms: the repair of one leaves the other."""
    name, settings = parse("residual_unet:base=4,size=64,depth=2")
    graph = BLUEPRINTS[name].build(settings)
    before = Subject(analyse(graph))
    findings = review(before).findings
    repairs = Repairs(before, findings)
    mended = [each for each in findings if each.mend is not None]
    assert len(mended) > 1
    assert all(repairs.of(each).brought == () for each in mended)
