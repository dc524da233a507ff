"""Tells the recorded calls that change nothing, and those whose result shares memory."""

from __future__ import annotations

from analysis.exchange.recorded import Call, Recording, node_of

SAME_VALUES = frozenset(
    (
        *("alias", "contiguous", "clone", "detach", "lift_fresh_copy", "lift_fresh"),
        *("to", "_to_copy", "type_as", "expand", "expand_as", "positive"),
    )
)
"""Calls that are no layer as long as neither shape nor type changes."""
VIEWS = SAME_VALUES | frozenset(
    (
        *("view", "view_as", "reshape", "slice", "select", "narrow", "transpose", "t", "permute"),
        *("unsqueeze", "squeeze", "flatten", "unflatten", "chunk", "split", "split_with_sizes"),
        *("unbind", "movedim", "swapaxes", "expand_as", "diagonal", "dropout"),
    )
)
"""Calls whose result may share memory with their input, so that writing to it writes to both."""


def is_same(call: Call, recording: Recording) -> bool:
    """Whether a call gives what it was given, of one shape and type."""
    source = node_of(call.positional[0]) if call.positional else None
    before = recording.values.get(source or "")
    whole = call.packet in ("slice", "view", "reshape", "flatten") and not call.writes
    same = call.packet in SAME_VALUES or whole
    if recording.shapes_elsewhere(source or "") != recording.shapes_elsewhere(call.name):
        return _is_first_cut(call, recording)
    return same and before is not None and before == call.values[0]


def _is_first_cut(call: Call, recording: Recording) -> bool:
    """Whether it cuts off nothing here, and another cut alone reads it: `x[..., :h, :w]`."""
    before = recording.values.get(node_of(call.positional[0]) or "") if call.positional else None
    if call.packet != "slice" or before is None or before != call.values[0]:
        return False
    readers = [each for each in recording.calls if call.name in each.sources()]
    return [each.packet for each in readers] == ["slice"] and call.name not in recording.outputs


def only_full(call: Call, recording: Recording) -> str:
    """The one tensor of a concatenation that has elements and is its result; empty for none."""
    if call.packet not in ("cat", "concat"):
        return ""
    values = [(name, recording.values[name]) for name in call.sources()]
    full = [name for name, value in values if value is not None and 0 not in value.shape]
    return full[0] if len(full) == 1 and recording.values[full[0]] == call.values[0] else ""
