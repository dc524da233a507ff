"""Makes an opaque operator of a recorded call that none of ours stands for."""

from __future__ import annotations

from collections.abc import Callable
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
    shape_at: Callable[[str], Shape],
) -> Found:
    """The call itself as an operator, or result `index` of several.

    `shape_at` gives the shape, without its batch, of a tensor that a node stands for. Raises
    DescriptionError.
    """
    if overload(call.target) is None:
        raise DescriptionError(f"{call.target} is no operator of torch itself")
    inputs: list[str] = []
    weights: dict[str, str] = {}
    parts = [_template(each, recording, inputs, weights) for each in call.positional]
    parts += [
        ("keyword", key, _template(each, recording, inputs, weights))
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
    given: Any, recording: Recording, inputs: list[str], weights: dict[str, str]
) -> tuple[Any, ...]:
    """One argument; tensors that it reads are added to `inputs` and `weights`."""
    name = node_of(given)
    if name in recording.tensors:
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
        return ("list", tuple(_template(each, recording, inputs, weights) for each in given))
    if isinstance(given, dict):
        kind, value = next(iter(given.items()))
        if kind not in ("torch", "device"):
            raise DescriptionError(f"an argument {value}")
        return (kind, value)
    return ("value", given)
