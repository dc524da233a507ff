"""A fault as JSON: its code, numbers and sentence."""

from __future__ import annotations

from analysis.facts import Facts


def error_of(facts: Facts, node_id: str) -> str | None:
    """The sentence of the layer's own fault."""
    layer = facts.layers[node_id]
    if layer.fault is None:
        return None
    from viewer.text.fault_sentences import fault_sentence

    axes = max((len(shape) - 1 for shape in layer.inputs), default=2)
    return fault_sentence(layer.fault, axes)
