"""What is known of every layer without a run, as the table that `describe` and the window write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from analysis.facts import Facts
from analysis.facts.size_rule import size_rule, takes_one_size
from analysis.operators.contract import Shape
from viewer.text.fault_sentences import fault_sentence

COLUMNS = (
    "name", "group", "operator", "shape", "parameters", "shares", "macs", "activation_bytes",
    "error",
)  # fmt: skip
"""Of the rows of `layers`, those that have a column of their own."""


def layer_table(
    facts: Facts,
    called: str,
    input_shape: Shape,
    unused_parameters: int = 0,
    decided: Sequence[tuple[str, int]] = (),
) -> dict[str, Any]:
    """The answer of the JSON interface about a network that is `called` so.

    Shapes are (channels, *spatial), without the batch axis. `decided` are the places (file, line)
    at which the forward decided by values.
    """
    graph, rule = facts.graph, size_rule(facts)
    return {
        "model": called,
        **({"one_path": [f"{file}:{line}" for file, line in decided]} if decided else {}),
        "input": list(input_shape),
        "sizes": None if rule is None else {key: list(each) for key, each in asdict(rule).items()},
        "one_size": rule is None and takes_one_size(facts),
        "inputs": [node.id for node in graph.nodes if node.operator.key in ("input", "given")],
        "outputs": [node.id for node in graph.outputs],
        "parameters": facts.parameters,
        "unused_parameters": unused_parameters,
        "not_counted": list(facts.not_counted),
        "macs": facts.macs,
        "activation_bytes": facts.activation_bytes,
        "layers": [_layer(facts, node_id) for node_id in facts.layers],
        "skips": [
            {
                "name": skip.name,
                "from": skip.source,
                "to": skip.join,
                "join": skip.how,
                "kind": skip.kind,
            }
            for skip in facts.skips
        ],
    }


def error_of(facts: Facts, node_id: str) -> str | None:
    """The sentence of the layer's own fault."""
    layer = facts.layers[node_id]
    if layer.fault is None:
        return None
    axes = max((len(shape) - 1 for shape in layer.inputs), default=2)
    return fault_sentence(layer.fault, axes)


def _layer(facts: Facts, node_id: str) -> dict[str, Any]:
    node, layer = facts.graph[node_id], facts.layers[node_id]
    return {
        "name": node_id,
        "group": node.scope or None,
        "operator": node.operator.key,
        "inputs": list(node.inputs),
        "shape": None if layer.shape is None else list(layer.shape),
        "parameters": layer.parameters,
        "shares": layer.shares,
        "macs": layer.macs,
        "activation_bytes": layer.activation_bytes,
        "error": error_of(facts, node_id),
    }
