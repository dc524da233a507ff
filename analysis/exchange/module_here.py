"""Makes a graph of a module of this very process, as of one that a file makes in its own."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from analysis.exchange import model_folders
from analysis.exchange.torch_module import Traced, named_fault, read_answer
from analysis.operators.contract import Shape


def trace_module(model: Any, size: Shape | None = None) -> Traced:
    """The graph of an nn.Module and its weights; the module itself stays as it is.

    It is copied, since it is traced as float32 on the CPU and in evaluation. `size` is the input
    (channels, *spatial). Raises what `torch.export` raises, and `Refused` of the tracer.
    """
    from analysis.exchange.tracer.run import traced

    folder = model_folders.make()
    request = {"size": None if size is None else list(size), "picture": False, "one path": False}
    name = type(model).__name__
    found = read_answer(traced(_copied(model), name, request, folder, None), folder)
    failed = found.failed
    return found if failed is None else replace(found, failed=named_fault(failed, name))


def _copied(model: Any) -> Any:
    """A copy, also where a forward before left a computed tensor on a module (`weight_norm`)."""
    import torch

    own = (value for module in model.modules() for value in vars(module).values())
    computed = [each for each in own if isinstance(each, torch.Tensor) and not each.is_leaf]
    return copy.deepcopy(model, {id(each): each.detach().clone() for each in computed})
