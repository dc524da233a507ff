"""Reads and checks the tracer's description of a model: inputs, calls, values, outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
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
    """One recorded call of an operator; `arguments` by name, a tensor stands as {"node": name}."""

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
    own: tuple[str, str] | None = None
    """(id, scope) of its node, where the file that was read says so."""
    reads: Mapping[str, Any] | None = None
    """Which rows it copies, where that was found (`tracer.reads`)."""

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


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A further input: its name, its numbers (None: a tensor of the input's name has them).

    `assumed` says that nobody named the value: it went through.
    """

    name: str
    values: tuple[bool | int | float, ...] | None
    assumed: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a computed tensor's numbers come from: a parameter, and how many of them differ.

    `places` is the tensor of where each lies in the parameter, where some are there twice.
    """

    of: str
    distinct: int
    places: str | None = None


@dataclass(frozen=True)
class Elsewhere:
    """The same calls at another size of the picture: the shape of each result by its name.

    `numbers` are the rows that a padding adds, in torch's order, the window of a pooling, and the
    first row that a cut leaves.
    """

    shapes: Mapping[str, Shape]
    numbers: Mapping[str, Shape]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Elsewhere:
        shapes, numbers = (
            {str(name): tuple(map(int, found)) for name, found in told[key].items()}
            for key in ("shapes", "numbers")
        )
        return cls(shapes, numbers)


@dataclass(frozen=True)
class TriedSize:
    """What came of another size (channels, *spatial) of the picture.

    `outcome` is `refused`, `same` (the calls and their numbers), `other` (calls), or `calls`,
    which are then recorded. `changed` are the computed tensors with other values there.
    """

    shape: Shape
    outcome: str
    recording: Recording | None = None
    changed: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any], answer: Mapping[str, Any]) -> TriedSize:
        shape, outcome = tuple(map(int, told["shape"])), str(told["outcome"])
        recording = None
        if "nodes" in told:
            of_size = {"tried": (), "multiples": (), **told}
            recording = Recording.of({**answer, **of_size})
        return cls(shape, outcome, recording, tuple(map(str, told.get("changed", ()))))


@dataclass
class Recording:
    """The whole description: inputs, tensors (weights) by name, calls in order, outputs."""

    inputs: dict[str, Value] = field(default_factory=dict)
    given: dict[str, GivenValue] = field(default_factory=dict)
    """What is known of all inputs but the one that the picture goes to."""
    tensors: dict[str, tuple[str, Value]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    """Names of the tensors that no training changes."""
    state_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What `state_dict()` calls a tensor: more than one name where modules share it."""
    computed_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The tensors that a computed one was made of."""
    how: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The call that gave a computed one, where it can be made again of other weights."""
    copied: dict[str, Copied] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    """Of a computed tensor the earlier one that it is again."""
    cuts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Of a tensor that was not learned how its numbers could cut paths (`tracer.cut_paths`)."""
    parameters: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    """Every parameter of the model once: its names in `state_dict()`, and its numbers."""
    calls: list[Call] = field(default_factory=list)
    items: dict[str, tuple[str, int]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    values: dict[str, Value | None] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    elsewhere: tuple[Elsewhere, ...] = ()
    """What it does where the picture has other sizes; empty where nobody tried."""
    multiples: Shape = ()
    """What divides each side that the model takes, where that was tried and found."""
    tried: tuple[TriedSize, ...] = ()
    """What came of other sizes of the picture; empty where nobody tried."""
    step: int = 0
    """By how much the longer ones of those sizes were grown; 0 where they were doubled."""
    output_names: list[str] = field(default_factory=list)
    """The way to each of them in what the model returns: `0`, `mask`, `features.2`."""

    def shapes_elsewhere(self, name: str) -> tuple[Shape | None, ...]:
        """The shape of a result at each other size."""
        return tuple([each.shapes.get(name) for each in self.elsewhere])

    @cached_property
    def call_of(self) -> Mapping[str, Call]:
        """Every call by its name; asked for when all have been read."""
        return {call.name: call for call in self.calls}

    def readers(self, name: str) -> list[Call]:
        """The calls that read a tensor."""
        return [call for call in self.calls if name in call.sources()]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Recording:
        """Read the tracer's answer. Raises DescriptionError."""
        recording = cls()
        try:
            for entry in answer["nodes"]:
                recording._take(entry)
            recording.outputs = list(_names(answer["outputs"]))
            for names, count in answer.get("parameters", ()):
                recording.parameters.append((tuple(map(str, names)), int(count)))
            recording.elsewhere = tuple(map(Elsewhere.of, answer.get("elsewhere") or ()))
            recording.multiples = tuple(map(int, answer.get("multiples") or ()))
            recording.step = int(answer.get("step") or 0)
            recording.tried = tuple(TriedSize.of(each, answer) for each in answer.get("tried", ()))
            recording.output_names = _output_names(answer, len(recording.outputs))
            recording.given = {name: _given(told) for name, told in answer.get("inputs", {}).items()
                               if not told["picture"]}  # fmt: skip
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
                self.state_names[name] = tuple(map(str, entry.get("names", ())))
                self.computed_of[name] = tuple(map(str, entry.get("of", ())))
                self.cuts[name] = dict(entry.get("cuts", {}))
                if (copy := entry.get("copies")) is not None:
                    self.copied[name] = _copied(copy)
                if "how" in entry:
                    self.how[name] = dict(entry["how"])
                if "same" in entry:
                    self.same[name] = str(entry["same"])
                if not entry.get("trained", True):
                    self.held.add(name)
        self.order.append(name)

    def parameters_of(self, tensor: str) -> list[tuple[str, ...]]:
        """The names of each parameter that a computed tensor was made of; none of a copy of one."""
        waiting, seen = [*self.computed_of.get(tensor, ())], {tensor}
        names = set[str]()
        while waiting and tensor not in self.copied:
            name = waiting.pop()
            if name in self.copied:
                return []
            if name not in seen:
                seen.add(name)
                names.update(self.state_names.get(name, ()))
                waiting += self.computed_of.get(name, ())
        return [each for each, _ in self.parameters if not names.isdisjoint(each)]

    def unused_parameters(self, read: Iterable[str]) -> int:
        """The numbers of all parameters but those that these tensors are, or were made of."""
        waiting, seen, partly = list(read), set[str](), Counter[str]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.copied:
                partly[self.copied[name].of] += self.copied[name].distinct
            else:
                waiting += self.computed_of.get(name, ())
        used = {state_name for name in seen for state_name in self.state_names.get(name, ())}
        parts = {each: n for of, n in partly.items() for each in self.state_names.get(of, ())}
        unused = 0
        for names, count in self.parameters:
            if used.isdisjoint(names):
                unused += max(0, count - max((parts.get(each, 0) for each in names), default=0))
        return unused


def _copied(entry: Mapping[str, Any]) -> Copied:
    places = entry.get("places")
    return Copied(str(entry["of"]), int(entry["distinct"]), None if places is None else str(places))


def _given(told: Mapping[str, Any]) -> GivenValue:
    values = told["values"]
    numbers = None if values is None else tuple(each + 0 for each in values)
    return GivenValue(str(told["name"]), numbers, bool(told["assumed"]))


def _output_names(answer: Mapping[str, Any], count: int) -> list[str]:
    names = [".".join(map(str, path)) for path in answer.get("output_paths", ())]
    return names if len(names) == count else ["" if count == 1 else str(i) for i in range(count)]


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
        own=_own(entry.get("own")),
        reads=entry.get("reads"),
    )


def _own(entry: Any) -> tuple[str, str] | None:
    return None if entry is None else (str(entry[0]), str(entry[1]))


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
