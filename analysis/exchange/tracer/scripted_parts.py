"""Puts the Python modules back that a model holds as TorchScript, which cannot be exported inside.

A scripted or traced module shares its tensors with the module that it was made of.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .scripted import is_scripted

_made_of: dict[int, tuple[Any, Any]] = {}
"""By the identity of a scripted module that module, and the one in Python that it was made of."""


def remember_scripted() -> None:
    """From here on have `torch.jit.script` and `torch.jit.trace` say what they were given."""
    import torch

    for name in ("script", "trace"):
        setattr(torch.jit, name, _remembering(getattr(torch.jit, name)))


def _remembering(make: Callable[..., Any]) -> Callable[..., Any]:
    import torch

    @functools.wraps(make)
    def made(*args: Any, **kwargs: Any) -> Any:
        result = make(*args, **kwargs)
        given = args[0] if args else kwargs.get("obj", kwargs.get("func"))
        if is_scripted(result) and isinstance(given, torch.nn.Module) and given is not result:
            _made_of[id(result)] = (result, given)
        return result

    return made


def put_python_parts(model: Any) -> None:
    """Put the Python module in place of each scripted one that a model in Python holds."""
    if is_scripted(model):
        return
    for part in [*model.modules()]:
        if is_scripted(part):
            continue
        for name, child in part._modules.items():
            if id(child) in _made_of:
                part._modules[name] = _made_of[id(child)][1]
