"""The repair of maps that several causes part: crops, odd kernels and even strides together."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.operators.contract import Operator
from analysis.review.alignment.even_strides import EvenStrides
from analysis.review.finding import Mend


def mend_of_several(
    crops: Mapping[str, Operator], odd: Mend | None, strides: EvenStrides, mends: str
) -> Mend | None:
    """The least of these changes after which `mends`, a join or the output, is off no longer.

    Odd kernels alone, then crops with what else is needed; None where nothing does.
    """
    kernels = dict(odd.operators) if odd is not None else {}
    for chosen in (kernels, dict(crops), {**crops, **kernels}):
        whole = strides.aligned_with(chosen, mends) if chosen else None
        if whole is None:
            continue
        if odd is not None and whole == kernels:
            return odd
        counts = {
            "crops": len(crops.keys() & chosen.keys()),
            "odd": len(kernels.keys() & chosen.keys()),
            "even": len(whole) - len(chosen),
        }
        if counts["crops"] == len(whole):
            return Mend("centre-crop", {"layers": len(whole)}, whole)
        return Mend("together", {what: count for what, count in counts.items() if count}, whole)
    return None
