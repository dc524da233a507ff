"""Tells the nodes of an opened model whose numbers cut or cancel paths, whatever is trained.

A receptive field follows the windows of operators. A mask that holds zeros, or a fixed kernel
whose numbers cancel behind a mean, passes on less than its window holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.exchange.cancelling import BOTH, MINUS, PLUS
from analysis.exchange.recorded import Recording
from analysis.operators import Attention, Convolution, ParameterArithmetic, TransposedConvolution
from analysis.operators.contract import Operator, Shape


def cuts_paths(
    operator: Operator,
    shapes: Sequence[Shape],
    weights: Mapping[str, str],
    recording: Recording,
) -> bool:
    """Whether the operator, on inputs of these shapes, may read less than its taps say.

    `weights` are the recorded tensors by the operator's own names.
    """
    told = {own: recording.cuts.get(tensor, {}) for own, tensor in weights.items()}
    held = weights.get("weight")
    rank = len(recording.tensors[held][1].shape) if held is not None else 0
    return cuts_by(operator, shapes, told, rank)


def cuts_by(
    operator: Operator, shapes: Sequence[Shape], told: Mapping[str, Mapping[str, Any]], rank: int
) -> bool:
    """The same by what is `told` of its tensors, under its own names; `rank` is its `weight`'s."""
    if isinstance(operator, Attention):
        return any(each.get("closed") for each in told.values())
    if isinstance(operator, ParameterArithmetic) and operator.function not in (
        "multiply",
        "divide",
    ):
        return False
    factor = told.get("weight", {})
    if factor.get("zeros"):
        return True
    axes = _summed_axes(operator, shapes, rank)
    return not axes.isdisjoint(factor.get("turns", ()))


def signs_of(weights: Mapping[str, str], recording: Recording) -> int:
    """The signs of the fixed numbers of a node's `weight`."""
    return signs_by({"weight": recording.cuts.get(weights.get("weight", ""), {})})


def signs_by(told: Mapping[str, Mapping[str, Any]]) -> int:
    """The same by what is `told` of the node's tensors, under its own names."""
    factor = told.get("weight", {})
    if factor.get("turns"):
        return BOTH
    return MINUS if factor.get("negative") else PLUS


def _summed_axes(operator: Operator, shapes: Sequence[Shape], count: int) -> frozenset[int]:
    """The axes of its `weight` along which numbers of two signs can cancel.

    Factors of whole channels are left out, such as those of a frozen batch norm: they cancel only
    where something adds channels later, which `cancelling` looks for.
    """
    if isinstance(operator, Convolution | TransposedConvolution):
        return frozenset(range(count))
    if not isinstance(operator, ParameterArithmetic):
        return frozenset()
    if operator.to:  # laid out anew: any of them
        return frozenset(range(count))
    return frozenset(range(max(0, count - (len(shapes[0]) - 1)), count))
