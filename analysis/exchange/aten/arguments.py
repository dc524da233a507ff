"""Reads the calls whose arguments are the settings of an operator, as the operator itself says."""

from __future__ import annotations

from typing import Any

from analysis.exchange.aten.call import Found, Reader, Reading
from analysis.exchange.recorded import Call, Foreign, node_of, packet_of
from analysis.faults import Fault
from analysis.operators.contract import REGISTRY, Operator, SettingKind
from analysis.operators.settings import from_settings


def reader_by_arguments(call: Call) -> Reader | None:
    """The reader of a call that a registered operator names in `aten`, None where none does."""
    for family in REGISTRY.values():
        if any(packet_of(name) == call.packet for name in family.aten):
            return lambda reading: _read(family, reading)
    return None


def _read(family: type[Operator], reading: Reading) -> Found:
    """The operator with the call's arguments as settings. Raises Foreign for any other argument."""
    kinds = {family.aten_arguments.get(kind.name, kind.name): kind for kind in family.settings}
    tensors = reading.recording.tensors
    inputs: list[str] = []
    weights: dict[str, str] = {}
    settings: dict[str, Any] = {}
    for name, given in reading.call.arguments.items():
        node = node_of(given)
        if node is not None and node in tensors:
            weights[name] = node
        elif node is not None:
            inputs.append(node)
        elif name in kinds:
            settings[kinds[name].name] = _setting(kinds[name], reading, name)
        elif given is not None:
            raise Foreign
    operator = from_settings(family.key, settings)
    if isinstance(operator, Fault) or not inputs:
        raise Foreign
    shapes = [_shape(reading, each) for each in inputs]
    if weights.keys() != {**operator.parameters(shapes), **operator.buffers(shapes)}.keys():
        raise Foreign
    return Found(operator, tuple(inputs), weights)


def _setting(kind: SettingKind, reading: Reading, name: str) -> Any:
    """The argument as a plain value; one number stands for all axes."""
    if kind.kind in ("axes", "scales"):
        return reading.axes(name, 1, reading.rank)
    return reading.get(name)


def _shape(reading: Reading, name: str) -> tuple[int, ...]:
    value = reading.recording.values[name]
    if value is None:
        raise Foreign
    return value.shape[1:]
