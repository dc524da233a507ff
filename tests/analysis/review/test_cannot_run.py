"""What cannot run is an error of the layer where it stops, with a repair that lets it run."""

from __future__ import annotations

import pytest

from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    Convolution,
    Input,
    InstanceNorm,
    MaxPool,
    Output,
    ReLU,
    Upsample,
)
from tests.analysis.review.experiment import chain, found


def level(size: int) -> Graph:
    """One level of a U whose skip is added."""
    nodes = [
        Node("input", Input(1, (size, 64))),
        Node("pool", MaxPool((2, 2)), ("input",)),
        Node("up", Upsample((2.0, 2.0)), ("pool",)),
        Node("add", Add(), ("input", "up")),
        Node("output", Output(), ("add",)),
    ]
    return Graph.of(nodes)


def test_a_join_whose_sizes_differ() -> None:
    graph = level(61)
    [remark] = found(graph, "cannot-run")
    assert (remark.severity, remark.layers) == ("error", ("add",))
    assert (remark.numbers["size"], remark.numbers["other_size"]) == (61, 60)
    assert remark.mend is not None
    better = remark.mend.applied(graph)
    assert better is not None
    assert not analyse(better).stopped_by
    assert remark.mend.applied(better) is None


def test_what_runs_or_stops_nothing_is_not_remarked() -> None:
    assert not found(level(64), "cannot-run")
    beside = Node("loose", Convolution(1, (99, 99)), ("input",))
    graph = Graph.of((*level(64).nodes, beside))
    assert analyse(graph).problems == ("loose",)
    assert not found(graph, "cannot-run")


@pytest.mark.parametrize("size", [3, 4])
def test_a_normalisation_of_one_value_is_the_other_rules(size: int) -> None:
    graph = chain(Convolution(2, (3,)), InstanceNorm(), ReLU(), size=(size,))
    assert not found(graph, "cannot-run")
    remarks = found(graph, "norm-of-one-value")
    assert [each.severity for each in remarks] == (["error"] if size == 3 else [])
    for each in remarks:
        assert each.mend is not None
        better = each.mend.applied(graph)
        assert better is not None
        assert not analyse(better).stopped_by
