"""Holds cuts whose numbers are the model's own to the size that they were read at.

`x[:, :, :5]` leaves five rows of every map, and `x[:, :, 1:-1]` all but two. As rows that are taken
off both ends they are alike at one size alone.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.exchange.recorded import Call, Recording, node_of
from analysis.operators import Crop
from analysis.operators.contract import Operator, Shape

NEGATIVE_PADS = ("pad", "constant_pad_nd")
"""Packets that cut off as many rows as they say, whatever the size."""


def held_cut(operator: Operator, call: Call, recording: Recording, size: Shape) -> Operator:
    """The operator of a call; a cut of a map of that spatial size is held to it, if it must be.

    It need not where its ends are counted from those of the map, or where it was seen to take as
    many rows off at other sizes.
    """
    if not isinstance(operator, Crop) or operator.read_at:
        return operator
    if _is_from_the_ends(call, recording) or _was_seen(call, recording):
        return operator
    return replace(operator, read_at=size)


def _is_from_the_ends(call: Call, recording: Recording) -> bool:
    """Whether the first row is counted from the start, and the last one from the end."""
    before = recording.values.get(node_of(call.get("self")) or "")
    if call.packet in NEGATIVE_PADS:
        return True
    if call.packet != "slice" or before is None or not before.shape:
        return False
    length = before.shape[call.get("dim", 0) % len(before.shape)]
    start, end = call.get("start"), call.get("end")
    return (start is None or start >= 0) and (end is None or end < 0 or end >= length)


def _was_seen(call: Call, recording: Recording) -> bool:
    """Whether the shapes of what is cut and of what is left are known at other sizes too."""
    source = node_of(call.positional[0]) if call.positional else None
    known = [recording.shapes_elsewhere(name or "") for name in (source, call.name)]
    return all(shapes and None not in shapes for shapes in known)
