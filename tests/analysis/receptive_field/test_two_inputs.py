"""Inputs of different sizes: each layer's jump is in pixels of the input that it sees."""

from analysis.graph import Graph, Node
from analysis.operators import AdaptivePool, Input
from analysis.receptive_field import Memo, fields
from tests.analysis.receptive_field.networks import shapes_of


def graph_of(first: int, second: int) -> Graph:
    return Graph.of(
        [
            Node("one", Input(1, (first,))),
            Node("two", Input(1, (second,))),
            Node("pool1", AdaptivePool((3,)), ("one",)),
            Node("pool2", AdaptivePool((3,)), ("two",)),
        ]
    )


def test_the_jump_is_that_of_the_input_seen() -> None:
    graph = graph_of(10, 20)
    found = fields(graph, shapes_of(graph))
    assert found["pool1"].ranges is not None
    assert found["pool1"].jump == (10 / 3,)
    assert found["pool2"].jump == (20 / 3,)


def test_a_kept_field_does_not_follow_the_other_input() -> None:
    memo: Memo = {}
    for first in (10, 40):
        graph = graph_of(first, 20)
        found = fields(graph, shapes_of(graph), memo=memo)
        assert found["pool1"].jump == (first / 3,)
        assert found["pool2"].jump == (20 / 3,)
