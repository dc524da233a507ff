"""Records a forward that fails as far as it comes: what ran, and the call that failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass
class Failure:
    """The call of torch at which a forward failed, and the module that made it.

    `call` is empty where the person's own code failed between two calls of torch.
    """

    call: str = ""
    module: str = ""
    outputs: int = 0
    """How many of the program's last outputs are what the call was given."""


def run_as_far_as_possible(
    forward: Callable[..., Any], tensors: Sequence[Any], failure: Failure
) -> tuple[Any, ...]:
    """What the failing call of `forward` was given, else what was made last.

    Runs in a trace: the calls before are recorded as if nothing had happened. Raises what the
    forward raises where it failed before anything was made.
    """
    watch = _watching()
    stack = _module_stack()
    depth = len(stack)
    try:
        with watch:
            returned = forward(*tensors)
    except Exception:
        failure.module = _innermost(stack, depth)
        given = [each for each in watch.given if not _is_weight(each)]
        if given:
            failure.call = watch.call
        elif watch.made:
            given = watch.made[-1:]
        else:
            raise
        failure.outputs = len(given)
        return tuple(given)
    return tuple(returned) if isinstance(returned, list | tuple) else (returned,)


def _watching() -> Any:
    """A mode that notes what calls of torch make, and the call that fails with its tensors."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Watching(TorchFunctionMode):
        def __init__(self) -> None:
            super().__init__()
            self.made: list[Any] = []
            self.given: list[Any] = []
            self.call = ""

        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            kwargs = kwargs or {}
            try:
                value = func(*args, **kwargs)
            except Exception:
                if not self.call:  # what is told first is the innermost
                    self.call = str(getattr(func, "__name__", func))
                    self.given = list(_tensors((args, tuple(kwargs.values()))))
                raise
            if isinstance(value, torch.Tensor):
                self.made.append(value)
            return value

    return Watching()


def _tensors(given: Any) -> Iterator[Any]:
    import torch

    if isinstance(given, torch.Tensor):
        yield given
    elif isinstance(given, list | tuple):
        for each in given:
            yield from _tensors(each)


def _is_weight(tensor: Any) -> bool:
    import torch

    return isinstance(tensor, torch.nn.Parameter)


def _module_stack() -> Any:
    """The modules that the trace is in; torch leaves those on it that a forward left by raising."""
    from torch.fx.experimental.proxy_tensor import get_proxy_mode

    mode = get_proxy_mode()
    return {} if mode is None else getattr(mode.tracer, "module_stack", {})


def _innermost(stack: Any, depth: int) -> str:
    """Take the modules off that were entered since, and name the last one."""
    name = ""
    while len(stack) > depth:
        _, (path, _) = stack.popitem(last=True)
        name = name or str(path).removeprefix("_export_root").lstrip(".")
    return name
