"""What a repair of the review makes of a network."""

from __future__ import annotations

from analysis.blueprints import BLUEPRINTS
from analysis.graph import Edge, Graph, Node
from analysis.graph.wiring import numbered
from analysis.operators import Add, Input, Operator, ReLU
from analysis.review import Mend


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
