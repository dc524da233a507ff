"""Tells of a tensor that is not learned how its numbers could cut or cancel what passes it."""

from __future__ import annotations

from typing import Any

CLOSED = 100.0
"""exp(−100) is 4e−44: beside 1, nothing in float32. So deep are the masks of shifted windows."""


def told(tensor: Any, trained: bool) -> dict[str, Any]:
    """What makes a window of taps an upper bound; nothing of a tensor that is none of floats.

    `zeros`: some numbers are 0. `turns`: the axes along which the sign changes, so that sums can
    cancel; what is made of learned numbers cancels by chance alone. `negative`: none is above 0.
    `closed`: some are −∞, or so far below the others that a softmax behind them makes 0 of them.
    """
    import torch

    if not isinstance(tensor, torch.Tensor) or not tensor.is_floating_point() or not tensor.numel():
        return {}
    numbers = tensor.detach()
    found: dict[str, Any] = {}
    if bool((numbers == 0).any()):
        found["zeros"] = True
    if bool((numbers == -torch.inf).any()) or _spread(numbers) >= CLOSED:
        found["closed"] = True
    if not trained and bool((numbers < 0).any()) and not bool((numbers > 0).any()):
        found["negative"] = True
    if not trained and bool((numbers < 0).any()) and bool((numbers > 0).any()):
        signs = numbers.sign()
        found["turns"] = [
            axis
            for axis, length in enumerate(signs.shape)
            if length > 1 and bool((signs.amin(axis) * signs.amax(axis) < 0).any())
        ]
    return found


def _spread(numbers: Any) -> float:
    return float(numbers.amax() - numbers.amin())
