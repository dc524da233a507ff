"""Runs a forward without numbers at some size, and tells which calls it makes and whether it goes.

A fifth of what an export takes: nothing is recorded but the calls' names and their numbers.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from .quiet import unlogged

ASKED = "__get__"
"""The name of a call that asks for a shape, a type or a device."""


KEEPING = "adaptive_"
"""How calls begin in which None stands for the length that an axis has."""


@dataclass(frozen=True)
class Made:
    """The calls of a forward: what each is called, and the numbers that it was given."""

    names: tuple[str, ...]
    numbers: tuple[Any, ...]


class Probe:
    """Tries a model with empty tensors in place of its picture; `examples` are all it is given."""

    def __init__(self, model: Any, examples: Sequence[Any], picture: Any) -> None:
        self._model, self._examples, self._picture = model, examples, picture
        self.here: Made | None = self._on_meta((), _Calls())
        self._is_meta = self.here is not None
        if self.here is None:
            self.here = self._on_fakes((), _Calls())

    @property
    def hides_numbers(self) -> bool:
        """Whether some of what it computes of sizes cannot be seen by its calls."""
        if self.here is None or not self._is_meta:
            return True
        calls = zip(self.here.names, self.here.numbers, strict=True)
        return any(name.startswith(KEEPING) and None in numbers for name, numbers in calls)

    def at(self, more: Sequence[int]) -> Made | None:
        """The calls with so many rows more on each axis of the picture; None where it refuses."""
        run = self._on_meta if self._is_meta else self._on_fakes
        return run(more, _Calls())

    def _on_meta(self, more: Sequence[int], calls: Any) -> Made | None:
        import torch

        _on = torch.device
        given = [self._grown(each, more, "meta") for each in self._examples]
        try:
            with unlogged(), _without_numbers(self._model), torch.no_grad(), _on("meta"), calls:
                self._model(*given)
        except Exception:  # noqa: BLE001 - whatever it is, it does not go
            return None
        return Made(tuple(calls.names), tuple(calls.numbers))

    def _on_fakes(self, more: Sequence[int], calls: Any) -> Made | None:
        import torch
        from torch._subclasses.fake_tensor import FakeTensorMode

        try:
            with unlogged(), torch.no_grad(), FakeTensorMode(allow_non_fake_inputs=True), calls:
                self._model(*(self._grown(each, more, "cpu") for each in self._examples))
        except Exception:  # noqa: BLE001 - whatever it is, it does not go
            return None
        return Made(tuple(calls.names), tuple(calls.numbers))

    def _grown(self, tensor: Any, more: Sequence[int], device: str) -> Any:
        """An empty tensor, of the picture one with so much longer spatial axes."""
        import torch

        longer = (0, 0, *more) if tensor is self._picture else ()
        sizes = [n + rows for n, rows in zip_longest(tensor.shape, longer, fillvalue=0)]
        return torch.zeros(sizes, dtype=tensor.dtype, device=device)


@contextlib.contextmanager
def _without_numbers(model: Any) -> Iterator[None]:
    """All parameters and buffers are empty inside, also those of a module that is there twice."""
    import torch

    kept = []
    empty: dict[int, Any] = {}
    try:
        for module in model.modules():
            for held in (module._parameters, module._buffers):
                for name, tensor in held.items():
                    if tensor is None:
                        continue
                    kept.append((held, name, tensor))
                    if id(tensor) not in empty:
                        empty[id(tensor)] = torch.empty_like(tensor, device="meta")
                    held[name] = empty[id(tensor)]
        yield
    finally:
        for held, name, tensor in reversed(kept):
            held[name] = tensor


def _Calls() -> Any:  # noqa: N802 - a class that cannot be made before torch is there
    """A mode that keeps the names and the numbers of all calls."""
    from torch.overrides import TorchFunctionMode

    class Calls(TorchFunctionMode):
        def __init__(self) -> None:
            super().__init__()
            self.names: list[str] = []
            self.numbers: list[Any] = []

        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            kwargs = kwargs or {}
            name = getattr(func, "__name__", str(func))
            if name != ASKED:
                self.names.append(name)
                self.numbers.append(tuple(_numbers([*args, *kwargs.values()])))
            return func(*args, **kwargs)

    return Calls()


def _numbers(given: Any) -> Iterator[Any]:
    import torch

    for each in given:
        if isinstance(each, list | tuple):
            yield from _numbers(each)
        elif isinstance(each, torch.Tensor):
            yield "tensor"
        else:
            yield each if isinstance(each, int | float | str | None) else str(each)
