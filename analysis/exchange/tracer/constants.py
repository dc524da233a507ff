"""Computes the calls of a program that no input reaches: kernels, masks, tables of positions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Constants:
    """The tensors of a program by name: its weights, and what is computed of them alone.

    A call is computed here when all that it reads is known and it draws no random numbers. Writing
    into a tensor goes too, as long as no weight of the model and no call that stays has a part in
    that memory: then its value at the end is its value at every read.
    """

    def __init__(self) -> None:
        self.tensors: dict[str, Any] = {}
        self.trained: set[str] = set()
        self._lists: dict[str, Any] = {}
        self._shared: set[int] = set()

    def add(self, name: str, tensor: Any, trained: bool) -> None:
        """A tensor of the model itself."""
        self.tensors[name] = tensor
        if trained:
            self.trained.add(name)
        self._shared.add(_memory(tensor))

    def take_item(self, name: str, of: str, index: int) -> bool:
        """Name one of several tensors that a computed call gave; False where it gave none."""
        if of not in self._lists:
            return False
        self.tensors[name] = self._lists[of][index]
        if of in self.trained:
            self.trained.add(name)
        return True

    def computes(self, target: Any, names: Iterable[str], written: Iterable[str]) -> bool:
        """Whether a call that reads `names`, and writes into `written` of them, is computed."""
        schema = getattr(target, "_schema", None)
        if schema is None or _is_random(target):
            return False
        known = all(name in self.tensors or name in self._lists for name in names)
        return known and not any(self._is_shared(name) for name in written)

    def compute(self, name: str, target: Any, args: Any, kwargs: Any, names: list[str]) -> bool:
        """Compute a call: a tensor, or several of which `take_item` then takes each.

        False where torch does not do it by itself; the call then stays.
        """
        import torch

        try:
            with torch.no_grad():
                value = target(*args, **kwargs)
        except (RuntimeError, TypeError, ValueError):
            return False
        if isinstance(value, list | tuple):
            self._lists[name] = list(value)
        elif isinstance(value, torch.Tensor):
            self.tensors[name] = value
        if any(each in self.trained for each in names):
            self.trained.add(name)
        return True

    def held(self, name: str) -> Any:
        """The value of that name, to be read by a call."""
        return self._lists[name] if name in self._lists else self.tensors[name].detach()

    def read(self, names: Iterable[str]) -> None:
        """Say that a call which stays reads these: from here on nothing writes into them."""
        self._shared |= {_memory(self.tensors[name]) for name in names if name in self.tensors}

    def _is_shared(self, name: str) -> bool:
        return name in self._lists or _memory(self.tensors[name]) in self._shared


def _memory(tensor: Any) -> int:
    """Where the values lie, the same for all views of one tensor."""
    return int(tensor.untyped_storage().data_ptr()) if hasattr(tensor, "untyped_storage") else 0


def _is_random(target: Any) -> bool:
    import torch

    return torch.Tag.nondeterministic_seeded in getattr(target, "tags", ())


def written(node: Any) -> list[Any]:
    """The nodes that a call writes into."""
    schema = getattr(node.target, "_schema", None)
    if schema is None or not schema.is_mutable:
        return []
    named = dict(zip([each.name for each in schema.arguments], node.args, strict=False))
    named |= node.kwargs
    marks = {each.name for each in schema.arguments if each.alias_info is not None
             and each.alias_info.is_write}  # fmt: skip
    return [given for name, given in named.items() if name in marks and hasattr(given, "op")]
