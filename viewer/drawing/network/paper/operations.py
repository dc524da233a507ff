"""Tells what an arrow of the paper's figure does, and in which colour and line it is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from PySide6.QtGui import QColor

from analysis.facts import Facts
from analysis.facts.levels import BETWEEN
from analysis.graph.graph import data_inputs
from analysis.operators import Convolution
from viewer.look.palette import Inks

ArrowKind = Literal["conv", "point", "up", "pool", "copy", "dense", "attention", "plain", "other"]
TOKENS: dict[ArrowKind, str] = {
    "conv": "conv",
    "point": "a_out",
    "up": "tconv",
    "pool": "pool",
    "copy": "edge",
    "dense": "dense",
    "attention": "attn",
    "plain": "end",
    "other": "reshape",
}
"""Blue, teal, green, red and grey, as in the U-Net paper; the rest as on the canvas."""
# Okabe and Ito (2008), "Color Universal Design".
OKABE_ITO: dict[ArrowKind, str] = {
    "conv": "#0072B2",
    "point": "#56B4E9",
    "up": "#009E73",
    "pool": "#D55E00",
    "dense": "#CC79A7",
    "attention": "#E69F00",
}
DASHES: dict[ArrowKind, tuple[float, ...]] = {
    "point": (1.0, 1.2),
    "up": (4.0, 1.2, 1.0, 1.2),
    "pool": (2.5, 1.5),
    "dense": (6.0, 1.5),
    "attention": (6.0, 1.5, 1.0, 1.5),
}
"""What tells kinds apart where there is no colour, in widths of the line."""
_KINDS: dict[str, ArrowKind] = {
    "conv": "conv",
    "tconv": "up",
    "dense": "dense",
    "attn": "attention",
    "pool": "pool",
    "resample": "up",
}


def kind_of(nodes: Sequence[str], facts: Facts) -> ArrowKind:
    """What these operators do for the most part."""
    operators = [facts.graph[node].operator for node in nodes]
    if is_gate(nodes, facts):
        return "attention"
    families = Counter(each.family for each in operators if each.family in _KINDS)
    if not families:
        return "plain" if all(each.key == "output" for each in operators) else "other"
    family = "attn" if "attn" in families else max(families, key=lambda each: families[each])
    kind = _KINDS[family]
    if kind == "conv":
        kernels = [each.kernel for each in operators if isinstance(each, Convolution)]
        return "point" if kernels and all(max(kernel) == 1 for kernel in kernels) else "conv"
    if kind == "up" and _goes_down(nodes, facts):
        return "pool"
    return kind


def is_gate(nodes: Sequence[str], facts: Facts) -> bool:
    """Whether they scale one map by weights that are made of it and another: attention."""
    inside = set(nodes)
    keys = {facts.graph[node].operator.key for node in nodes}
    sources = {s for node in nodes for s in data_inputs(facts.graph[node]) if s not in inside}
    return len(sources) > 1 and "multiply" in keys and bool(keys & {"sigmoid", "softmax"})


def _goes_down(nodes: Sequence[str], facts: Facts) -> bool:
    sources = data_inputs(facts.graph[nodes[0]])
    return bool(sources) and facts.levels[nodes[-1]] > facts.levels[sources[0]] + BETWEEN


def arrow_colour(inks: Inks, kind: ArrowKind) -> QColor:
    """The colour of a kind of arrow in a palette."""
    if inks.palette == "colour-blind" and kind in OKABE_ITO:
        return QColor(OKABE_ITO[kind])
    return inks.color(TOKENS[kind])
