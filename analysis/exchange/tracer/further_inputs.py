"""Describes the inputs of a program: which one the picture goes to, the values of the others."""

from __future__ import annotations

from typing import Any

from .exporting.export import Exported

MOST_INLINE = 4096
"""More numbers than these go among the tensors."""


def described_inputs(
    found: Exported, tensors: dict[str, Any]
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """(placeholder → what it is, the arguments that are no tensors).

    `values` are an input's numbers, one where all are equal; None where they are put into
    `tensors` under the placeholder's name.
    """
    import torch

    places = list(found.program.graph_signature.user_inputs)
    given = [leaf for leaf in found.leaves if isinstance(leaf.value, torch.Tensor)]
    inputs: dict[str, dict[str, Any]] = {}
    for place, leaf in zip(places, given, strict=True):
        told: dict[str, Any] = {"name": leaf.name, "picture": leaf is found.picture,
                                "assumed": leaf.assumed}  # fmt: skip
        if leaf is not found.picture:
            told["values"] = _values(leaf.value)
            if told["values"] is None:
                tensors[str(place)] = leaf.value
        inputs[str(place)] = told
    constants = [{"name": leaf.name, "value": repr(leaf.value)[:80], "assumed": leaf.assumed}
                 for leaf in found.leaves if not isinstance(leaf.value, torch.Tensor)]  # fmt: skip
    return inputs, constants


def _values(tensor: Any) -> list[Any] | None:
    flat = tensor.detach().reshape(-1)
    if not len(flat):
        return []
    if bool((flat == flat[0]).all()):
        return [flat[0].item()]
    return flat.tolist() if len(flat) <= MOST_INLINE else None
