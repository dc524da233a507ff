"""A graph is sent on one thread while another one reads it."""

from __future__ import annotations

import pickle

from analysis.blueprints import BLUEPRINTS


class Reader:
    """Reads a graph while it is being pickled, as another thread would."""

    def __init__(self, graph):
        self.graph = graph

    def __reduce__(self):
        assert "structure_hash" not in vars(self.graph)
        assert self.graph.structure_hash
        return str, ()


def test_a_graph_can_be_read_while_it_is_sent():
    chosen = BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": 64})
    built = BLUEPRINTS["unet"].build(chosen)
    graph = type(built).of(built.nodes)
    object.__setattr__(graph, "reader", Reader(graph))
    arrived = pickle.loads(pickle.dumps(graph))  # noqa: S301 - our own
    assert arrived == built
    assert arrived.structure_hash == built.structure_hash
