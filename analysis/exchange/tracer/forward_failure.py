"""Why a model cannot be exported: what its forward raises, and at which line of which file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .limits import is_full
from .places import place_of
from .raised import needs_cuda
from .refusal import Refused, last_line

BY_VALUES = (
    "GuardOnDataDependentSymNode", "DataDependentOutputException", "DynamicOutputShapeException",
    "UncapturedHigherOrderOpError", "PendingUnbackedSymbolNotFound",
)  # fmt: skip
"""What torch raises in a forward whose course depends on the values of tensors."""


def why(
    model: Any,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    error: BaseException,
    size: Sequence[int] | None,
    opened: Path | None,
) -> Refused:
    """The refusal for a model that `torch.export` has refused with `error` for these arguments.

    Its forward is run once as it is: what that raises is the cause, and says it in its own words.
    `size` is the input that was asked for, None where sizes were tried. Raises MemoryError.
    """
    import torch

    said = " × ".join(map(str, size)) if size is not None else None
    try:
        with torch.no_grad():
            model(*args, **kwargs)
    except Exception as own:
        if is_full(own):
            raise MemoryError from own
        place = place_of(own, opened)
        if needs_cuda(own) and place is not None:
            return Refused("model-needs-cuda", *place)
        if place is not None and said is not None:
            return Refused("model-size-fails", said, *place, last_line(own))
        if place is not None:
            return Refused("model-forward-raised", *place, last_line(own))
        error = own
    else:
        if decides_by_values(error):
            place = place_of(error, opened)
            return Refused("model-by-values-at", *place) if place else Refused("model-by-values")
    if said is not None:
        return Refused("model-size-refused", said, last_line(error))
    return Refused("model-export-failed", last_line(error))


def decides_by_values(error: BaseException | None) -> bool:
    """Whether torch gave up because the course of a forward depends on values."""
    while error is not None:
        if type(error).__name__ in BY_VALUES:
            return True
        error = error.__cause__ or error.__context__
    return False
