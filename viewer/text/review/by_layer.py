"""Writes the numbers that a finding has of each layer as one line."""

from __future__ import annotations

from collections.abc import Callable

from analysis.review import Finding
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.translation import tr

MOST_LAYERS = 6
"""Layers that are named with a number of their own."""


def by_layer_line(finding: Finding, called: Callable[[str], str] = name_text) -> str:
    """The layers at which the share of units that see padding grows, up to the first with all."""
    rising: list[tuple[str, float]] = []
    most = 0.0
    for name, percent in finding.by_layer.items():
        if percent > most:
            rising.append((name, percent))
            most = percent
    if not rising:
        return ""
    some = rising[:-1] if most >= 100 else rising
    step = -(-len(some) // MOST_LAYERS) or 1
    comma = tr(", ")
    said = comma.join(
        tr("{layer} {percent}", layer=called(name), percent=number_format.percent(value / 100))
        for name, value in some[::step]
    )
    if most < 100:
        return tr("Units that see padding: {shares}.", shares=said)
    first = called(rising[-1][0])
    if not some:
        return tr("Units that see padding: all from {layer} on.", layer=first)
    return tr("Units that see padding: {shares}; all from {layer} on.", shares=said, layer=first)
