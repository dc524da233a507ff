"""Makes the network's input smaller, so that a run fits into the memory there is."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from analysis.facts.input_size import multiple_of, with_input_size
from analysis.graph import Graph
from analysis.operators import Input
from viewer.session import Session
from viewer.text.translation import tr

PART = 0.5
"""The part of the free memory that the smaller run may take: activations grow with the area."""
LONGEST = 1024
"""Longest side that is still live, in pixels."""


def use_smaller_input(session: Session, needed: int, available: int) -> bool:
    """Shrink the input, undoably, where a run needs so many bytes; False where it cannot be."""
    document = session.document
    smaller = with_smaller_input(document.graph, multiple_of(session.facts), needed, available)
    if smaller is None:
        return False
    session.edit(tr("Smaller input"), replace(document, graph=smaller))
    return True


def with_smaller_input(graph: Graph, multiple: int, needed: int, available: int) -> Graph | None:
    """The graph for an input whose run takes half of `available` bytes, of sides `multiple` · n.

    None where the input has not two axes, or no smaller size works.
    """
    sizes = [n.operator.size for n in graph.inputs if isinstance(n.operator, Input)]
    if not sizes or len(sizes[0]) != 2 or needed <= 0:
        return None
    scale = min(sqrt(min(PART * available / needed, PART)), LONGEST / max(sizes[0]))
    height, width = (max(multiple, int(side * scale) // multiple * multiple) for side in sizes[0])
    if (height, width) >= tuple(sizes[0]):
        return None
    return with_input_size(graph, (height, width))
