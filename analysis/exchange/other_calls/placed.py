"""Makes an operator of a call of which is known which rows of its input it reads."""

from __future__ import annotations

from dataclasses import replace

from analysis.exchange.aten.call import Found
from analysis.exchange.recorded import Call, Recording, Value
from analysis.operators import Opaque, PlacedCall
from analysis.operators.contract import Shape
from analysis.operators.given import own_shape
from analysis.operators.placed import Rows

ALONG = frozenset(("gather", "take_along_dim", "index_select", "scatter", "scatter_add"))
"""Packets that look along one axis for what their indices say."""
BY_VALUES = ALONG | frozenset((
    *("index", "index_put", "grid_sampler", "grid_sampler_2d", "grid_sampler_3d", "take"),
    *("scatter_reduce", "masked_scatter", "index_add", "index_copy", "affine_grid_generator"),
))  # fmt: skip
"""Packets of which computed numbers say where each value is read: of all, any may be."""
OWN: Rows = "own"
WHOLE: Rows = "whole"


def placed(found: Found, call: Call, value: Value, recording: Recording) -> Found | None:
    """The opaque operator of a call as one of which its rows are known; None where they are not."""
    opaque = found.operator
    source = recording.values.get(found.inputs[0]) if found.inputs else None
    if not isinstance(opaque, Opaque) or source is None or value.shape[:1] != (1,):
        return None
    before, after = own_shape(source.shape), own_shape(value.shape)
    told = call.reads
    if len(after) < 2:
        return None
    if told is not None and len(before) == len(after):
        reads = tuple(map(_rows, told["axes"]))
        operator = _of(opaque, reads, not told["exact"], bool(told["channels"]))
    elif call.packet in BY_VALUES:
        operator = _of(opaque, _any_of(call, before, after), True, False)
    else:
        return None
    shapes = [recording.values[name] for name in found.inputs]
    given = [own_shape(each.shape) for each in shapes if each is not None]
    return replace(found, operator=operator) if operator.shape(given) == after else None


def _of(opaque: Opaque, reads: tuple[Rows, ...], bounded: bool, channels: bool) -> PlacedCall:
    names = ("target", "template", "output", "weights", "ports_count", "expects", "result", "held")
    alike = {name: getattr(opaque, name) for name in names}
    return PlacedCall(**alike, reads=reads, bounded=bounded, every_channel=channels)


def _rows(told: object) -> Rows:
    if isinstance(told, list):
        return tuple(tuple(map(int, row)) for row in told)
    return OWN if told is None else WHOLE


def _any_of(call: Call, before: Shape, after: Shape) -> tuple[Rows, ...]:
    """All rows of the axes that computed numbers look along, the own ones of the others."""
    axes = range(1, len(after))
    if call.packet not in ALONG or len(before) != len(after):
        return tuple(WHOLE for _ in axes)
    along = call.get("dim") % (len(before) + 1) - 1
    return tuple(OWN if at != along and before[at] == after[at] else WHOLE for at in axes)
