"""Reads the network: its sizes, channels, parameters, fields and skips, as the facts have them."""

from __future__ import annotations

import math

from analysis.facts.size_rule import size_rule
from analysis.lessons.readings.contract import LessonState, ReadingRow, Value
from analysis.operators.contract import Shape


def _shape(state: LessonState, layer: str) -> Shape | None:
    """Of a layer, or of the last layer of a group such as `enc1`."""
    shapes = state.facts.shapes
    if layer in shapes:
        return shapes[layer]
    inside = [node.id for node in state.facts.graph.nodes if node.id.startswith(f"{layer}.")]
    return shapes.get(inside[-1]) if inside else None


def _layer(state: LessonState, layer: str) -> str:
    inside = [node.id for node in state.facts.graph.nodes if node.id.startswith(f"{layer}.")]
    return inside[-1] if layer not in state.facts.shapes and inside else layer


def _parameters(state: LessonState) -> Value:
    return float(state.facts.parameters)


def _parameters_of(state: LessonState, start: str) -> Value:
    """Those of all layers whose names begin so: `dec` is the whole decoder."""
    layers = state.facts.layers.items()
    return float(sum(layer.parameters for name, layer in layers if name.startswith(start)))


def _blueprint(state: LessonState) -> Value:
    """The blueprint that describes the network; `none` after an edit by hand."""
    return state.document.blueprint[0] if state.document.blueprint else "none"


def _macs(state: LessonState) -> Value:
    return float(state.facts.macs)


def _size(state: LessonState, layer: str) -> Value:
    shape = _shape(state, layer)
    return float(shape[-1]) if shape is not None and len(shape) > 1 else None


def _channels(state: LessonState, layer: str) -> Value:
    shape = _shape(state, layer)
    return None if shape is None else float(shape[0])


def _numbers(state: LessonState, layer: str) -> Value:
    """How many numbers a feature map holds."""
    shape = _shape(state, layer)
    return None if shape is None else float(math.prod(shape))


def _field(state: LessonState, layer: str) -> Value:
    found = state.facts.fields.get(_layer(state, layer))
    extents = None if found is None else found.extent_max
    return float(max(extents)) if extents else None


def _skips(state: LessonState) -> Value:
    return float(len(state.facts.skips))


def _long_skips(state: LessonState) -> Value:
    return float(sum(skip.kind == "long" for skip in state.facts.skips))


def _setting(state: LessonState, name: str) -> Value:
    """A setting of the blueprint, while one describes the network."""
    blueprint = state.document.blueprint
    value = blueprint[1].get(name) if blueprint is not None else None
    return float(value) if isinstance(value, int) else value


def _joins(state: LessonState, how: str) -> Value:
    """How many skips join by `concat` or by `add`."""
    return float(sum(skip.how == how for skip in state.facts.skips))


def _gate(state: LessonState, skip: str) -> Value:
    return float(state.document.gates.get(skip, 1.0))


def _closed(state: LessonState) -> Value:
    """How many skips pass nothing on."""
    gates = state.document.gates
    return float(sum(gates.get(skip.name, 1.0) == 0 for skip in state.facts.skips))


def _size_multiple(state: LessonState) -> Value:
    """What the sides of the input are multiples of, where the network takes any such size."""
    rule = size_rule(state.facts)
    return None if rule is None else float(max(rule.multiple_of))


def _problems(state: LessonState) -> Value:
    return float(len(state.facts.problems))


ROWS = (
    ReadingRow("parameters", 0, _parameters),
    ReadingRow("parameters-of", 1, _parameters_of),
    ReadingRow("blueprint", 0, _blueprint),
    ReadingRow("macs", 0, _macs),
    ReadingRow("size", 1, _size),
    ReadingRow("channels", 1, _channels),
    ReadingRow("numbers", 1, _numbers),
    ReadingRow("field", 1, _field),
    ReadingRow("skips", 0, _skips),
    ReadingRow("long-skips", 0, _long_skips),
    ReadingRow("setting", 1, _setting),
    ReadingRow("joins", 1, _joins),
    ReadingRow("gate", 1, _gate),
    ReadingRow("closed-skips", 0, _closed),
    ReadingRow("size-multiple", 0, _size_multiple),
    ReadingRow("problems", 0, _problems),
)
