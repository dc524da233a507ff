"""Computes the calls of a program that no input reaches: kernels, masks, tables of positions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .copies import Copies


class Constants:
    """The tensors of a program by name: its weights, and what is computed of them alone.

    A call is computed here when all that it reads is known and it draws no random numbers. Writing
    into a tensor goes too, as long as no weight of the model and no call that stays has a part in
    that memory: then its value at the end is its value at every read.
    """

    def __init__(self) -> None:
        self.tensors: dict[str, Any] = {}
        self.trained: set[str] = set()
        self.sources: dict[str, list[str]] = {}
        """What each computed one was made of."""
        self.copies = Copies()
        self._lists: dict[str, Any] = {}
        self._shared: set[int] = set()
        self._calls: dict[str, dict[str, Any]] = {}
        self._written: set[int] = set()

    def add(self, name: str, tensor: Any, trained: bool) -> None:
        """A tensor of the model itself."""
        self.tensors[name] = tensor
        if trained:
            self.trained.add(name)
            self.copies.add(name, tensor)
        self._shared.add(_memory(tensor))

    def take_item(self, name: str, of: str, index: int) -> bool:
        """Name one of several tensors that a computed call gave; False where it gave none."""
        if of not in self._lists:
            return False
        self.tensors[name] = self._lists[of][index]
        self.sources[name] = self.sources[of]
        if of in self._calls:
            self._calls[name] = {**self._calls[of], "item": index}
        self.copies.take_item(name, of, index)
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
        self.sources[name] = names
        if any(each in self.trained for each in names):
            self.trained.add(name)
        return True

    def recipe(self, name: str, call: dict[str, Any], written: Iterable[str]) -> None:
        """Keep how one was computed; what is written into has another value in the end."""
        self._calls[name] = call
        self._written |= {_memory(self.tensors[each]) for each in written if each in self.tensors}

    def put_recipes(self, nodes: Iterable[dict[str, Any]]) -> None:
        """Say of the computed ones how they can be computed of other weights, where they can."""
        for node in nodes:
            call = self._calls.get(node["name"]) if node["op"] == "tensor" else None
            if call is not None and _memory(self.tensors[node["name"]]) not in self._written:
                node["how"] = call

    def take_itself(self, name: str) -> str | None:
        """The tensor that a computed one is, as after a cast to its own type; forgets the copy."""
        tensor = self.tensors.get(name)
        for source in self.sources.get(name, ()):
            before = self.tensors.get(source)
            if tensor is not None and before is not None and _is_one(tensor, before):
                del self.tensors[name], self.sources[name]
                self.trained.discard(name)
                return source
        return None

    def held(self, name: str) -> Any:
        """The value of that name, to be read by a call."""
        return self._lists[name] if name in self._lists else self.tensors[name].detach()

    def value(self, name: str) -> Any | None:
        """The tensor of that name, None where it is not known or there are several."""
        found = self.tensors.get(name)
        return None if found is None else found.detach()

    def place(self, name: str) -> Any:
        """Where the numbers of that name lie in their parameter; else its value."""
        found = self.copies.places(name)
        return self.held(name) if found is None else found

    def read(self, names: Iterable[str]) -> None:
        """Say that a call which stays reads these: from here on nothing writes into them."""
        self._shared |= {_memory(self.tensors[name]) for name in names if name in self.tensors}

    def mark_same(self, nodes: Iterable[dict[str, Any]]) -> None:
        """Say of which computed ones are one weight, made anew at each use of its layer.

        They are made of the same parameters and hold the same numbers, as a weight norm's do.
        """
        import torch

        first: dict[object, list[str]] = {}
        for node in nodes:
            name = node["name"]
            if node["op"] == "tensor" and name in self.sources and name in self.trained:
                roots = frozenset(self._roots(name))
                alike = first.setdefault((roots, tuple(node["val"]["shape"])), [])
                tensor = self.tensors[name]
                same = next((e for e in alike if torch.equal(self.tensors[e], tensor)), None)
                if same is None:
                    alike.append(name)
                else:
                    node["same"] = same

    def _roots(self, name: str) -> Iterable[str]:
        """The tensors of the model itself that one was made of."""
        waiting = [name]
        while waiting:
            each = waiting.pop()
            waiting += self.sources.get(each, [])
            if each not in self.sources:
                yield each

    def _is_shared(self, name: str) -> bool:
        return name in self._lists or _memory(self.tensors[name]) in self._shared


def _is_one(tensor: Any, other: Any) -> bool:
    """Whether both are the same values in the same memory, laid out in the same way."""
    same = (tensor.dtype, tensor.shape, tensor.stride()) == (
        other.dtype,
        other.shape,
        other.stride(),
    )
    return same and tensor.numel() > 0 and tensor.data_ptr() == other.data_ptr()


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
