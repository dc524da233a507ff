"""Reads a Fourier transform that the next call undoes as what was given to it.

Each value of a spectrum reads all of a map, but an inverse straight behind it gives the map again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis.exchange.other_calls.followed import axes_of_transform
from analysis.exchange.recorded import Call, Recording, Value, node_of

INVERSES: Mapping[str, str] = {
    f"fft_i{kind}{axes}": f"fft_{kind}{axes}" for kind in ("fft", "rfft") for axes in ("", "2", "n")
}


def without_undone(recording: Recording) -> tuple[Recording, bool]:
    """The recording in which such an inverse is a view of the tensor, or a cast of it.

    And whether that is so at the recorded size alone: of an odd number of columns half a spectrum
    gives one less, where nobody says how many.
    """
    found = {call.name: new for call in recording.calls if (new := _plain(call, recording))}
    if not found:
        return recording, False
    halves = [call for call in recording.calls
              if call.name in found and call.packet.startswith("fft_ir")]  # fmt: skip
    of_one_size = any(call.get("s", call.get("n")) is None for call in halves)
    calls = [found.get(call.name, call) for call in recording.calls]
    return replace(recording, calls=calls), of_one_size


def _plain(call: Call, recording: Recording) -> Call | None:
    """The call that gives the same without a transform; None where there is none."""
    before = recording.call_of.get(_source(call))
    if before is None or INVERSES.get(call.packet) != before.packet:
        return None
    value = recording.values.get(_source(before))
    result = call.values[0]
    if value is None or result is None or value.shape != result.shape or not _match(before, call):
        return None
    if not before.packet.startswith("fft_r") and before.values[0] != _complex(value):
        return None  # it was cut, or filled up
    if value.dtype == result.dtype:
        return _changed(call, "aten.alias.default", {"self": {"node": _source(before)}})
    dtype = {"torch": result.dtype}
    given = {"self": {"node": _source(before)}, "dtype": dtype}
    return _changed(call, "aten.to.dtype", given)


def _source(call: Call) -> str:
    return node_of(call.positional[0]) or "" if call.positional else ""


def _match(first: Call, second: Call) -> bool:
    """Whether both are along the same axes, in the same order, and of one norm."""
    value = first.values[0]
    if value is None or first.get("norm") != second.get("norm"):
        return False
    rank = len(value.shape)
    return axes_of_transform(first, rank) == axes_of_transform(second, rank)


def _complex(value: Value) -> Value:
    return replace(value, dtype={"float64": "complex128"}.get(value.dtype, "complex64"))


def _changed(call: Call, target: str, given: Mapping[str, Any]) -> Call:
    return replace(
        call, target=target, positional=tuple(given.values()), keywords={}, arguments=given
    )
