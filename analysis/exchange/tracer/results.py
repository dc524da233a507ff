"""Finds the tensors in what a forward returns: alone, listed, in a dict, a dataclass or another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

DEEPEST = 6

Path = tuple[str | int, ...]
"""Keys, fields and indices on the way to one tensor; () where there is nothing but it."""


def tensors_of(result: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every tensor in order, with the way to it; what is no tensor (None, a number) is left out."""
    import torch

    if isinstance(result, torch.Tensor):
        yield path, result
    elif len(path) < DEEPEST:
        for key, each in _parts(result):
            yield from tensors_of(each, (*path, key))


def _parts(result: Any) -> list[tuple[str | int, Any]]:
    if isinstance(result, Mapping):
        return [(str(key), each) for key, each in result.items()]
    if isinstance(result, tuple) and (names := getattr(result, "_fields", None)):
        return list(zip(names, result, strict=False))
    if isinstance(result, list | tuple):
        return list(enumerate(result))
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return [(each.name, getattr(result, each.name, None))
                for each in dataclasses.fields(result)]  # fmt: skip
    if callable(result) or isinstance(result, type):
        return []
    return [(key, each) for key, each in getattr(result, "__dict__", {}).items()
            if not key.startswith("_")]  # fmt: skip
