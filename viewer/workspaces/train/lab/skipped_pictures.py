"""Says which pictures of a data set a training leaves out, and why."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.faults import Fault
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr


def skipped_sentence(skipped: Mapping[str, Fault]) -> str:
    """One picture with its fault, and how many more there are; `skipped` is not empty."""
    name, fault = next(iter(skipped.items()))
    sentence = tr("{name} is left out: {why}", name=name, why=fault_sentence(fault))
    more = len(skipped) - 1
    if more:
        sentence += " " + tr("{n} further pictures are left out too.", n=more)
    return sentence
