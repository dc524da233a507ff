"""Finds nodes whose receptive field is overstated by what their windows hold."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.graph import Graph, Node
from analysis.graph.graph import data_inputs
from analysis.graph.last_answers import last_answers
from analysis.operators.contract import ChannelUse, Operator, Shape
from analysis.receptive_field.zero_scores import zero_scores


@last_answers(3)
def only_bounded(graph: Graph, shapes: Mapping[str, Shape]) -> frozenset[str]:
    """Ids of the nodes that may read less than their taps say: their fields are upper bounds.

    Such are those that cut paths, and those that read some of their input's channels where these
    see unlike sets. Channels become unlike where pixels are dealt out to them or inputs are
    stacked, and alike again behind an operator that reads them all. What a selecting node sees is
    then only bounded by what the pixel sees with all its channels. Nodes without a shape are left
    out. The last answers are kept: a pointer asks of one graph many times a second, an edit of
    two.
    """
    uses = {node.id: node.operator.channel_use for node in graph.nodes}
    cutting = frozenset(_cutting(graph))
    if "selected" not in uses.values():
        return cutting
    unlike: set[str] = set()
    selecting: set[str] = set()
    for node in graph.nodes:
        if node.id not in shapes or any(source not in shapes for source in node.inputs):
            continue
        mixed = any(source in unlike for source in node.inputs)
        if mixed and uses[node.id] == "selected":
            selecting.add(node.id)
        if shapes[node.id][0] > 1 and _unlike(node, uses[node.id], mixed):
            unlike.add(node.id)
    return cutting | selecting


@last_answers(3)
def behind_cuts(graph: Graph) -> frozenset[str]:
    """Ids of the nodes that cut paths and of all that read them: none surely sees a whole input.

    What a mask or a score multiplies by 0 is not seen through it, however much is read behind it.
    The last answers are kept: an edit asks of two graphs in turn.
    """
    found: set[str] = set()
    cutting = {*_cutting(graph), *zero_scores(graph)}
    if cutting:
        for node in graph.nodes:
            if node.id in cutting or not found.isdisjoint(data_inputs(node)):
                found.add(node.id)
    return frozenset(found)


def _cutting(graph: Graph) -> list[str]:
    """Ids of the nodes that cut paths; of most operators the class alone says that none does."""
    may = frozenset(each for each in graph.operator_types if each.cuts is not Operator.cuts)
    return [
        node.id
        for node in graph.nodes
        if node.cuts or (type(node.operator) in may and node.operator.cuts)
    ]


def cuts_paths(node: Node) -> bool:
    """Whether it multiplies by zeros, or by numbers that cancel, whatever is trained."""
    return node.cuts or node.operator.cuts


def _unlike(node: Node, use: ChannelUse, before: bool) -> bool:
    match use:
        case "mixed":
            return False
        case "dealt":
            return True
        case "stacked":
            return before or len(set(node.inputs)) > 1
    return before
