"""The words on a repair's button."""

from __future__ import annotations

import pytest

from analysis.facts import analyse
from analysis.facts.repairs import repairs
from analysis.graph import Graph, Node
from analysis.operators import Add, Input, MaxPool, Output, ReLU
from viewer.text.repair_names import repair_words


@pytest.mark.parametrize("name", ["high", "a, b"])
def test_a_map_is_named_whatever_its_name_holds(name):
    graph = Graph.of(
        [
            Node("input", Input(4, (8, 8))),
            Node(name, ReLU(), ("input",)),
            Node("low", MaxPool(kernel=(2, 2), stride=(2, 2)), (name,)),
            Node("sum", Add(), ("low", name)),
            Node("output", Output(), ("sum",)),
        ]
    )
    found = {each.code: each for each in repairs(graph, analyse(graph), "sum")}
    assert repair_words(found["add-pool"]).startswith(f"Pool {name} by 2")
    assert repair_words(found["add-upsample"]).startswith("Enlarge low by 2")
