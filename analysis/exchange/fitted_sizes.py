"""Finds the sizes that a forward computed: padding, cropping and resizing to another map's size.

A recording holds numbers where the forward computed them from sizes. Where it was made at two
sizes of the picture, a result that follows the size of another map is told from one that does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from analysis.exchange.aten.call import Found
from analysis.exchange.recorded import Call, Recording, node_of
from analysis.graph import Node
from analysis.operators import Crop, Fit, GlobalPool, Pad, PadToMultiple, ResizeLike, Upsample
from analysis.operators.contract import Operator, Shape
from analysis.operators.fitting import Where, shared_out
from analysis.operators.pooling import AveragePool, MaxPool

WHERE: tuple[Where, ...] = ("middle", "end", "middle_up")
MULTIPLES = range(2, 257)
JOINS = frozenset({"cat", "concat", "add", "sub", "mul", "div"})


def fitted(found: Found, call: Call, recording: Recording, known: Collection[str]) -> Found:
    """What was found, with its size taken from the map that it follows, where it follows one.

    `known` are the tensors that nodes stand for.
    """
    sizes = _sizes(call, recording)
    if sizes is None:
        return found
    operator = found.operator
    if isinstance(operator, AveragePool | MaxPool):
        return _pooled(found, sizes)
    if not isinstance(operator, Pad | Crop | Upsample):
        return found
    if isinstance(operator, Upsample) and call.get("output_size") is None:
        return found
    if isinstance(operator, Crop) and not sizes.differ:
        return found
    if isinstance(operator, Pad) and not sizes.differ and any(map(any, sizes.more[:1])):
        return found
    for like in _followed(call, recording, known, sizes, by_join=not sizes.differ):
        if (new := _like(operator, sizes)) is not None:
            return replace(found, operator=new, inputs=(*found.inputs, like))
    if isinstance(operator, Pad) and (new := _to_multiple(operator, sizes)) is not None:
        return replace(found, operator=new)
    return found


def before_cut(node: Node, lone: bool) -> str:
    """What a node that cuts rows off at the end is given, where what reads it fits sizes anew."""
    at_end = isinstance(node.operator, Crop) and not any(node.operator.before)
    return node.inputs[0] if lone and at_end else node.id


class _Sizes:
    """Spatial sizes (before, after) of a call at the recorded and at the other size."""

    def __init__(self, here: tuple[Shape, Shape], there: tuple[Shape, Shape]) -> None:
        self.pairs = (here, there)
        self.after = (here[1], there[1])
        """Those of what the call gives."""
        self.more = tuple(
            tuple(b - a for a, b in zip(*pair, strict=True)) for pair in (here, there)
        )
        """The rows that the call adds to each axis."""
        self.differ = self.more[0] != self.more[1]
        """Whether other numbers of rows are added at the two sizes."""


def _sizes(call: Call, recording: Recording) -> _Sizes | None:
    source = node_of(call.positional[0]) if call.positional else None
    before, after = recording.values.get(source or ""), recording.values.get(call.name)
    first, second = recording.elsewhere.get(source or ""), recording.elsewhere.get(call.name)
    if before is None or after is None or first is None or second is None:
        return None
    ranks = {len(before.shape), len(after.shape), len(first), len(second)}
    if len(ranks) != 1 or len(first) < 3:
        return None
    return _Sizes((before.shape[2:], after.shape[2:]), (first[2:], second[2:]))


def _like(operator: Operator, sizes: _Sizes) -> Operator | None:
    if isinstance(operator, Upsample):
        return ResizeLike(operator.mode, operator.align_corners)
    if isinstance(operator, Crop):
        return Fit("end") if not any(operator.before) else None
    assert isinstance(operator, Pad)
    where = _where(operator, sizes)
    return None if where is None else Fit(where, operator.border, operator.value)


def _where(operator: Pad, sizes: _Sizes) -> Where | None:
    """Where the rows were put, as far as the recorded size tells."""
    pairs = list(zip(operator.before, operator.after, strict=True))
    for where in WHERE:
        if pairs == [shared_out(more, where) for more in sizes.more[0]]:
            return where
    return None


def _to_multiple(operator: Pad, sizes: _Sizes) -> PadToMultiple | None:
    where = _where(operator, sizes)
    if where is None or not sizes.differ:
        return None
    if where == "middle" and not any(sizes.more[0]):
        where = "end"
    found = [axis for pair in sizes.pairs for axis in zip(*pair, strict=True)]
    fits = [m for m in MULTIPLES if all(after == -(-size // m) * m for size, after in found)]
    return PadToMultiple(fits[-1], where, operator.border, operator.value) if fits else None


def _pooled(found: Found, sizes: _Sizes) -> Found:
    """A window as large as the map at both sizes is a pooling of all of it."""
    operator = found.operator
    assert isinstance(operator, AveragePool | MaxPool)
    (before, after), (other, other_after) = sizes.pairs
    whole = set(after) == set(other_after) == {1} and before != other
    if whole and tuple(operator.kernel) == tuple(before) and not any(operator.padding):
        averages = isinstance(operator, AveragePool)
        return replace(found, operator=GlobalPool("average" if averages else "max", keep=True))
    return found


def _followed(
    call: Call, recording: Recording, known: Collection[str], sizes: _Sizes, by_join: bool
) -> Iterator[str]:
    """Maps recorded before the call that have the size of its result at both sizes.

    The one that it is joined with comes first, then (unless `by_join`) the picture, then the
    latest.
    """
    source = node_of(call.positional[0])
    earlier = recording.order[: recording.order.index(call.name)]
    fits = [
        name
        for name in reversed(earlier)
        if name in known and name != source and _has(recording, name, sizes)
    ]
    joined = set(_joined_with(call.name, recording))
    picture = [name for name in fits if name in recording.inputs and name not in recording.given]
    partners = [name for name in fits if name in joined]
    yield from dict.fromkeys(partners if by_join else [*partners, *picture, *fits])


def _has(recording: Recording, name: str, sizes: _Sizes) -> bool:
    value, other = recording.values.get(name), recording.elsewhere.get(name)
    if value is None or other is None or value.dtype != "float32" or value.shape[0] != 1:
        return False
    return (value.shape[2:], other[2:]) == sizes.after


def _joined_with(name: str, recording: Recording) -> Iterator[str]:
    """The other tensors of the first join that reads a tensor, or what was made of it alone."""
    reached = {name}
    for call in recording.calls:
        sources = call.sources()
        if reached.isdisjoint(sources):
            continue
        others = [each for each in sources if each not in reached]
        if call.packet in JOINS and others:
            yield from others
            return
        reached.add(call.name)
