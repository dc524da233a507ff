"""Makes an opaque operator of a recorded call that none of ours stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from analysis.exchange.aten.call import Found
from analysis.exchange.recorded import Call, DescriptionError, Recording, Value, node_of
from analysis.operators import Opaque
from analysis.operators.contract import Shape
from analysis.operators.given import own_shape
from analysis.operators.opaque import overload


def opaque_call(
    call: Call,
    index: int | None,
    value: Value,
    recording: Recording,
    known: Collection[str],
    shape_at: Callable[[str], Shape],
) -> Found:
    """The call itself as an operator, or result `index` of several.

    `known` are the tensors that nodes stand for; `shape_at` gives the shape of one of these
    without its batch. Raises DescriptionError.
    """
    if overload(call.target) is None:
        raise DescriptionError(f"{call.target} is no operator of torch itself")
    inputs: list[str] = []
    weights: dict[str, str] = {}
    tensors = {name for name in recording.tensors if name not in known}
    parts = [_template(each, recording, tensors, inputs, weights) for each in call.positional]
    parts += [
        ("keyword", key, _template(each, recording, tensors, inputs, weights))
        for key, each in call.keywords.items()
        if each is not None
    ]
    shapes = {name: recording.tensors[tensor][1].shape for name, tensor in weights.items()}
    operator = Opaque(
        target=call.target,
        template=tuple(parts),
        output=own_shape(value.shape),
        weights=tuple(shapes.items()),
        ports_count=len(inputs),
        expects=tuple(shape_at(name) for name in inputs),
        result=index,
        held=tuple(own for own, name in weights.items() if name in recording.held),
    )
    return Found(operator, tuple(inputs), weights)


def _template(
    given: Any,
    recording: Recording,
    tensors: Collection[str],
    inputs: list[str],
    weights: dict[str, str],
) -> tuple[Any, ...]:
    """One argument; what it reads is added to `weights` if it is of `tensors`, else `inputs`."""
    name = node_of(given)
    if name is not None and name in tensors:
        stem = recording.tensors[name][0].rpartition(".")[2] or "constant"
        own = next((key for key, tensor in weights.items() if tensor == name), None)
        own = own or (stem if stem not in weights else f"{stem}{len(weights) + 1}")
        weights[own] = name
        return ("weight", own)
    if name is not None:
        if name not in inputs:
            inputs.append(name)
        return ("input", inputs.index(name))
    if isinstance(given, list):
        parts = [_template(each, recording, tensors, inputs, weights) for each in given]
        return ("list", tuple(parts))
    if isinstance(given, dict):
        kind, value = next(iter(given.items()))
        if kind not in ("torch", "device"):
            raise DescriptionError(f"an argument {value}")
        return (kind, value)
    return ("value", given)
