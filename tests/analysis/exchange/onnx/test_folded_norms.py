"""Batch norms that exports fold into convolutions are counted by what the file tells of them."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import helper, numpy_helper

from analysis.exchange.tracer.onnx.folded_norms import folded_norms

NAMED = ("head.weight", "head.bias")


def graph_of(*convolutions: tuple[str, ...], rule: str = "") -> object:
    """Convolutions one after the other, each of its tensors' names; `rule` is what made them."""
    nodes = [
        helper.make_node("Conv", [f"x{i}", *tensors], [f"x{i + 1}"])
        for i, tensors in enumerate(convolutions)
    ]
    for node in nodes:
        node.metadata_props.add(key="pkg.onnxscript.rewriter.rule_name", value=rule)
    names = {name for tensors in convolutions for name in tensors}
    held = [numpy_helper.from_array(np.zeros(1, np.float32), name) for name in sorted(names)]
    return helper.make_graph(nodes, "g", [], [], held)


@pytest.mark.parametrize(
    ("convolutions", "rule", "count"),
    [
        ([NAMED], "", 0),
        ([NAMED], "RemoveOptionalBiasFromConv", 0),
        ([NAMED], "FuseBatchNormIntoConv, RemoveOptionalBiasFromConv", 1),
        ([NAMED, ("onnx::Conv_10", "onnx::Conv_11")], "", 1),
        ([NAMED, ("10", "11"), ("13", "14")], "", 2),
        ([NAMED, ("onnx::Conv_10", "a.bias"), ("onnx::Conv_12",)], "", 0),  # computed, no norm
        ([("10", "11")], "", 0),  # a file in which nothing has a name
    ],
)
def test_norms_are_counted(convolutions: list[tuple[str, ...]], rule: str, count: int) -> None:
    assert folded_norms(graph_of(*convolutions, rule=rule)) == count
