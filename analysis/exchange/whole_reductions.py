"""Reads one number of all values as a map of one pixel and one channel.

`x.mean()` and `x.max()` have no axes, and what is computed with them is stretched to them. A
recording in which such a number keeps its axes, with length 1, says the same by maps alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis.exchange.other_calls.followed import OF_EACH
from analysis.exchange.recorded import Call, Recording, Value

OF_ONE = OF_EACH | frozenset((
    *("abs", "neg", "sqrt", "rsqrt", "square", "exp", "expm1", "log", "log1p", "reciprocal"),
    *("sigmoid", "tanh", "relu", "sin", "cos", "erf", "clamp_min", "clamp_max", "detach"),
    *("alias", "clone", "contiguous"),
))  # fmt: skip
"""Packets that compute value by value, and stretch what is of length 1."""


def with_kept_axes(recording: Recording) -> Recording:
    """The recording in which numbers of all values keep the axes, where all readers allow."""
    ranks: dict[str, int] = {}
    made: dict[str, Call] = {}
    for call in recording.calls:
        kept = _kept(call, recording)
        if kept is not None:
            made[call.name] = kept
            ranks[call.name] = len(kept.values[0].shape) if kept.values[0] else 0
        elif call.packet in OF_ONE and not call.many and _shape(call.values[0]) == ():
            sources = {ranks.get(name, 0) for name in call.sources()}
            if len(sources) == 1 and (rank := sources.pop()) and not call.writes:
                made[call.name] = _of_rank(call, rank)
                ranks[call.name] = rank
    _leave_out(recording, ranks)
    if not ranks:
        return recording
    calls = [made[call.name] if call.name in ranks else call for call in recording.calls]
    values = {name: _ones(ranks[name], value) if name in ranks else value
              for name, value in recording.values.items()}  # fmt: skip
    return replace(recording, calls=calls, values=values)


def _leave_out(recording: Recording, ranks: dict[str, int]) -> None:
    """Take away the numbers that something reads as what they are, and all computed with those."""
    changed = True
    while changed:
        wrong = {name for name in recording.outputs if name in ranks}
        for call in recording.calls:
            own = [name for name in call.sources() if name in ranks]
            if own and not _is_alike(call, own, ranks, recording):
                wrong.update(own)
            if call.name in ranks and any(
                name in recording.call_of and name not in ranks and call.packet not in _KEEPING
                for name in call.sources()
                if _shape(recording.values.get(name)) == ()
            ):
                wrong.add(call.name)
        changed = bool(wrong)
        for name in wrong:
            ranks.pop(name, None)


def _is_alike(call: Call, own: list[str], ranks: Mapping[str, int], recording: Recording) -> bool:
    """Whether a call that reads such numbers stretches them, or is one of them itself."""
    if call.packet not in OF_ONE or call.many:
        return False
    if call.name in ranks:
        return True
    rank = len(_shape(call.values[0]) or ())
    return all(ranks[name] == rank for name in own) and recording.values[call.name] is not None


def _shape(value: Value | None) -> tuple[int, ...] | None:
    return None if value is None else value.shape


def _ones(rank: int, value: Value | None) -> Value | None:
    return None if value is None else replace(value, shape=(1,) * rank)


def _of_rank(call: Call, rank: int) -> Call:
    return replace(call, values=tuple(_ones(rank, value) for value in call.values))


_KEEPING: Mapping[str, str] = {
    "mean": "aten.mean.dim",
    "sum": "aten.sum.dim_IntList",
    **dict.fromkeys(("max", "amax"), "aten.amax.default"),
    **dict.fromkeys(("min", "amin"), "aten.amin.default"),
    "std": "aten.std.correction",
    "var": "aten.var.correction",
    **dict.fromkeys(("linalg_vector_norm", "norm"), "aten.linalg_vector_norm.default"),
}
"""For each packet the overload that reduces axes and keeps them."""


def _kept(call: Call, recording: Recording) -> Call | None:
    """A call that makes one number of a picture's map as one that keeps the axes; else None."""
    sources = call.sources()
    before = recording.values.get(sources[0]) if len(sources) == 1 else None
    target = _KEEPING.get(call.packet)
    if before is None or target is None or call.many or _shape(call.values[0]) != ():
        return None
    rank = len(before.shape)
    said = call.get("dim", call.get("dims"))
    typed = call.get("dtype") is not None or before.dtype != "float32"
    if said not in (None, []) or typed or rank < 3 or before.shape[0] != 1:
        return None
    given: dict[str, Any] = {"self": call.get("self", call.get("input"))}
    if call.packet in ("linalg_vector_norm", "norm"):
        given["ord"] = call.get("ord", call.get("p", 2))
    given["dim"] = list(range(rank))  # of all pictures together, as the model does
    keywords: dict[str, Any] = {}
    if call.packet in ("std", "var"):
        biased = call.get("unbiased") is False
        keywords = {"correction": 0 if biased else call.get("correction", 1), "keepdim": True}
    else:
        given["keepdim"] = True
    return replace(
        _of_rank(call, rank),
        target=target,
        positional=tuple(given.values()),
        keywords=keywords,
        arguments=given | keywords,
    )
