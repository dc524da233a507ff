"""Reads and checks the tracer's description of a model: inputs, calls, values, outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.operators.contract import Shape


class Foreign(Exception):  # noqa: N818 - control flow: the call becomes opaque
    """Raised for a call that none of our operators can represent."""


class DescriptionError(ValueError):
    """Raised for a description from which no graph can be made."""


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor's full shape (batch first) and its type, such as float32."""

    shape: Shape
    dtype: str


@dataclass(frozen=True)
class Call:
    """One call of an overload. `arguments` are by name; a tensor stands as {"node": name}."""

    name: str
    target: str
    positional: tuple[Any, ...]
    keywords: Mapping[str, Any]
    arguments: Mapping[str, Any]
    writes: bool
    values: tuple[Value | None, ...]
    many: bool
    stack: tuple[tuple[str, str], ...] = ()
    call: str = ""

    @property
    def packet(self) -> str:
        """`relu` of `aten.relu_.default`: no namespace, overload or in-place mark."""
        return packet_of(self.target.partition(".")[2] or self.target)

    def get(self, name: str, default: Any = None) -> Any:
        found = self.arguments.get(name)
        return default if found is None else found

    def sources(self) -> list[str]:
        """Names of all tensors it reads, in order, each as often as it is read."""
        return list(_names([*self.positional, *self.keywords.values()]))


@dataclass
class Recording:
    """The whole description: inputs, tensors (weights) by name, calls in order, outputs."""

    inputs: dict[str, Value] = field(default_factory=dict)
    tensors: dict[str, tuple[str, Value]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    """Names of the tensors that no training changes."""
    calls: list[Call] = field(default_factory=list)
    items: dict[str, tuple[str, int]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    values: dict[str, Value | None] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Recording:
        """Read the tracer's answer. Raises DescriptionError."""
        recording = cls()
        try:
            for entry in answer["nodes"]:
                recording._take(entry)
            recording.outputs = list(_names(answer["outputs"]))
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise DescriptionError(str(error)) from error
        return recording

    def _take(self, entry: Mapping[str, Any]) -> None:
        name, kind = str(entry["name"]), entry["op"]
        if kind == "call":
            call = _call(entry)
            self.calls.append(call)
            self.values[name] = None if call.many else call.values[0]
        else:
            value = _value(entry["val"])
            self.values[name] = value
            if kind == "item":
                self.items[name] = (str(entry["of"]["node"]), int(entry["index"]))
            elif value is None:
                return
            elif kind == "input":
                self.inputs[name] = value
            else:
                self.tensors[name] = (str(entry["target"]), value)
                if not entry.get("trained", True):
                    self.held.add(name)
        self.order.append(name)


def _call(entry: Mapping[str, Any]) -> Call:
    positional, keywords = tuple(entry["args"]), dict(entry["kwargs"])
    names = [str(name) for name in entry["arguments"]]
    many = isinstance(entry["val"], list)
    values = entry["val"] if many else [entry["val"]]
    return Call(
        name=str(entry["name"]),
        target=str(entry["target"]),
        positional=positional,
        keywords=keywords,
        arguments=dict(zip(names, positional, strict=False)) | keywords,
        writes=bool(entry["writes"]),
        values=tuple(map(_value, values)),
        many=many,
        stack=tuple((str(path).partition("@")[0], str(kind)) for path, kind in entry["stack"]),
        call=str(entry["call"]),
    )


def packet_of(overload: str) -> str:
    """`relu` of `relu_.default`: without the overload's name and the in-place mark."""
    name = overload.partition(".")[0]
    return name if name.startswith("_") else name.rstrip("_")


def _value(entry: Any) -> Value | None:
    if entry is None:
        return None
    return Value(tuple(int(n) for n in entry["shape"]), str(entry["dtype"]))


def node_of(argument: Any) -> str | None:
    """The name of the tensor this argument is, None where it is none."""
    if isinstance(argument, dict) and "node" in argument:
        return str(argument["node"])
    return None


def _names(argument: Any) -> Iterator[str]:
    if isinstance(argument, list | tuple):
        for each in argument:
            yield from _names(each)
    elif (name := node_of(argument)) is not None:
        yield name
