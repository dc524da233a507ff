"""Counts the batch norms that an export has folded into the convolutions before them."""

from __future__ import annotations

import re
from typing import Any

FOLDED_INTO = ("Conv", "ConvTranspose", "Gemm")
RULE, FUSES = "pkg.onnxscript.rewriter.rule_name", "FuseBatchNorm"
"""The metadata in which torch's exporter says what it did to a node."""
_COMPUTED = re.compile(r"(onnx::\w+_)?\d+")
"""How torch's older exporter names tensors that it computed: folding leaves none its own name."""


def folded_norms(graph: Any) -> int:
    """How many of the graph's convolutions hold a batch norm too, as far as the file tells."""
    held = {tensor.name for tensor in graph.initializer}
    named = any(name.endswith((".weight", ".bias")) for name in held)
    return sum(_holds_norm(node, held if named else set()) for node in graph.node)


def _holds_norm(node: Any, held: set[str]) -> bool:
    """Whether torch says so, or weight and bias have both lost the names that others kept."""
    if node.op_type not in FOLDED_INTO:
        return False
    if any(entry.key == RULE and FUSES in entry.value for entry in node.metadata_props):
        return True
    tensors = list(node.input)[1:3]
    return len(tensors) == 2 and all(each in held and _COMPUTED.fullmatch(each) for each in tensors)
