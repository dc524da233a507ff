"""Gives the lazy layers of a model their parameters, whose shapes follow from what they are fed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from ..arguments import Arguments
from ..limits import is_full
from .export import example_shapes

MOST_TRIALS = 12


def fill_lazy(model: Any, size: list[int] | None, given: Mapping[str, Any]) -> None:
    """Run the forward once, on black, where a layer waits for that to make its parameters.

    Where none goes through, the layers stay as they are. Raises MemoryError.
    """
    import torch

    for shape in [tuple(size)] if size is not None else example_shapes(model):
        if not _waits(model):
            return
        arguments = Arguments(model, shape, given)
        for ranks in islice(arguments.trials(), MOST_TRIALS):
            leaves = arguments.leaves(ranks)
            tensors = [leaf.value for leaf in leaves if isinstance(leaf.value, torch.Tensor)]
            try:
                with torch.no_grad():
                    arguments.of_tensors(ranks, leaves, model)(*tensors)
            except Exception as error:
                if is_full(error):
                    raise MemoryError from error
                continue
            break


def _waits(model: Any) -> bool:
    from torch.nn.parameter import is_lazy

    return any(is_lazy(each) for each in (*model.parameters(), *model.buffers()))
