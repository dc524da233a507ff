"""Keeps the tensors of a model as they are stored, while it is read and run in float32."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def as_stored(model: Any) -> dict[str, Any]:
    """The floating point tensors of another type than float32, by their names in `state_dict()`.

    A module that was made of a file names them in `stored`, as it holds them in float32 already.
    """
    import torch

    if (told := getattr(model, "stored", None)) is not None:
        return dict(told)
    named = [*model.named_parameters(remove_duplicate=False), *model.named_buffers()]
    return {
        name: tensor.detach()
        for name, tensor in named
        if tensor.is_floating_point() and tensor.dtype != torch.float32
    }


def put_back(
    tensors: dict[str, Any], nodes: Iterable[Mapping[str, Any]], stored: Mapping[str, Any]
) -> None:
    """Put the stored tensors in place of those the model was run with, where these are the same.

    `tensors` are by the names of the recorded `nodes`. One that was computed of weights stays.
    """
    for node in nodes:
        if node["op"] != "tensor":
            continue
        kept = next((stored[name] for name in node.get("names", ()) if name in stored), None)
        if kept is not None and kept.shape == tensors[node["name"]].shape:
            tensors[node["name"]] = kept
