"""The sentence of a fault as a command says it: layers by the names that commands take."""

from __future__ import annotations

from analysis.faults import Fault


def sentence(fault: Fault, axes: int = 2) -> str:
    """`axes` is the network's spatial rank."""
    from viewer.text.escaping import name_text
    from viewer.text.fault_sentences import fault_sentence

    return fault_sentence(fault, axes, name_text)
