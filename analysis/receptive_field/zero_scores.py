"""Finds the products of attention whose scores can be exactly 0, so that a unit may see nothing.

Behind a ReLU whole rows of scores can be 0: what they multiply is then not seen at all. Behind a
softmax or a sigmoid no score is 0, whatever came before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analysis.graph import Graph, Node
from analysis.graph.graph import data_inputs
from analysis.operators import ScalarArithmetic, SmoothFunction, TensorProduct

_NEVER_ZERO = frozenset(("softmax", "axis_softmax", "sigmoid"))
_ANEW = frozenset(("conv", "tconv", "dense", "norm", "attn", "opaque", "end"))
"""Families behind which nothing is known to be 0 any more."""
_LIFTING = frozenset(("exp", "cos", "softplus", "reciprocal"))
"""Functions that are not 0 where what they are given is."""


@dataclass(frozen=True, slots=True)
class _Scores:
    """What is known of a tensor: it can be 0, never is, was multiplied, came of zeros alone."""

    can_be_zero: bool = False
    never_zero: bool = False
    is_product: bool = False
    of_zeros: bool = False


def zero_scores(graph: Graph) -> frozenset[str]:
    """Ids of the nodes from which on nothing surely sees all that attention is given."""
    if not any(issubclass(each, TensorProduct) for each in graph.operator_types):
        return frozenset()
    known: dict[str, _Scores] = {}
    found: set[str] = set()
    for node in graph.nodes:
        scores = _scores(node, known)
        # zeros that were multiplied do no harm where a softmax follows at once: it lifts them
        before = any(known[source].of_zeros for source in data_inputs(node))
        if before and not scores.of_zeros and not scores.never_zero:
            found.add(node.id)
        if isinstance(node.operator, TensorProduct) and _cuts(node, known):
            found.add(node.id)
        known[node.id] = scores
    return frozenset(found)


def _scores(node: Node, known: Mapping[str, _Scores]) -> _Scores:
    operator, given = node.operator, [known[source] for source in data_inputs(node)]
    if isinstance(operator, TensorProduct):
        zeros = any(each.can_be_zero for each in given)
        lifted = any(each.never_zero for each in given)
        return _Scores(is_product=True, of_zeros=zeros and not lifted)
    if operator.key in _NEVER_ZERO:
        return _Scores(never_zero=True)
    if operator.family in _ANEW or not given:
        return _Scores()
    joined = _Scores(
        any(each.can_be_zero for each in given),
        all(each.never_zero for each in given),
        any(each.is_product for each in given),
        any(each.of_zeros for each in given),
    )
    if operator.zeroes:
        return replace(joined, can_be_zero=True, never_zero=False)
    return replace(joined, can_be_zero=False) if _lifts(node) else joined


def _cuts(node: Node, known: Mapping[str, _Scores]) -> bool:
    """Whether it multiplies scores, products themselves, that can be 0."""
    given = [known[source] for source in data_inputs(node)]
    zeros = any(each.can_be_zero or each.of_zeros for each in given)
    products = any(each.is_product for each in given)
    return zeros and products and not any(each.never_zero for each in given)


def _lifts(node: Node) -> bool:
    """Whether it moves what is 0 to another number."""
    operator = node.operator
    if isinstance(operator, SmoothFunction):
        return operator.function in _LIFTING
    if operator.key in ("add", "subtract"):
        return True
    function = getattr(operator, "function", "")
    moves = function in ("add", "subtract", "subtract_from")
    return moves and not (isinstance(operator, ScalarArithmetic) and not operator.value)
