"""Finds the sizes that a forward computed: padding, cropping and resizing to another map's size.

A recording holds numbers where the forward computed them from sizes. Where it was made at several
sizes of the picture, a result that follows the size of another map is told from one that does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from analysis.exchange.aten.call import Found, Reading
from analysis.exchange.recorded import Call, Recording, node_of
from analysis.exchange.sizes.held_cuts import held_cut
from analysis.graph import Node
from analysis.operators import Crop, Fit, GlobalPool, Pad, PadToMultiple, ResizeLike, Upsample
from analysis.operators.contract import Operator, Shape
from analysis.operators.fitting import Pairs, Where, shared_out
from analysis.operators.pooling import AdaptivePool, AveragePool, MaxPool

WHERE: tuple[Where, ...] = ("middle", "end", "middle_up")
MULTIPLES = range(2, 257)
JOINS = frozenset({"cat", "concat", "add", "sub", "mul", "div"})


def fitted(found: Found, call: Call, recording: Recording, known: Collection[str]) -> Found:
    """What was found, with its size taken from the map that it follows, where it follows one.

    What follows none, and nothing else that is known, holds for the size that it was read at; not
    where it meets another map, which takes no wrong size.
    `known` are the tensors that nodes stand for.
    """
    sizes, operator = _sizes(call, recording), found.operator
    if sizes is None:
        before = recording.values[found.inputs[0]] if found.inputs else None
        size = before.shape[2:] if before is not None else ()
        return replace(found, operator=held_cut(operator, call, recording, size))
    if isinstance(operator, AdaptivePool | AveragePool | MaxPool):
        return _pooled(found, sizes)
    if not isinstance(operator, Pad | Crop | Upsample):
        return found
    if isinstance(operator, Upsample):
        if call.get("output_size") is None:
            return found
        if (scaled := _by_factor(operator, sizes)) is not None:
            return replace(found, operator=scaled)
    if isinstance(operator, Crop) and not sizes.differ:
        return found
    if isinstance(operator, Pad) and not sizes.differ and any(sizes.more[0]):
        return found
    if (new := _like(operator, sizes)) is not None:
        # the picture is 1 smaller or larger elsewhere: half of it may grow by as much as all of it
        alike = len({*sizes.after}) == 1 if isinstance(operator, Upsample) else not sizes.differ
        like = next(_followed(call, recording, known, sizes, by_join=alike), None)
        if like is not None:
            return replace(found, operator=new, inputs=(*found.inputs, like))
    if isinstance(operator, Pad):
        new = _to_multiple(operator, sizes) or _to_windows(operator, sizes, call, recording)
        if new is not None:
            return replace(found, operator=new)
    if isinstance(operator, Pad | Crop) and sizes.differ and not _meets(call.name, recording):
        return replace(found, operator=replace(operator, read_at=sizes.before[0]))
    return found


def joined_crops(before: Crop, after: Crop) -> Crop:
    """The crop that two are, one after the other."""
    ends = zip(before.before, before.after, strict=True)
    own = zip(after.read_at, ends, strict=False)
    return Crop(
        tuple(map(sum, zip(before.before, after.before, strict=True))),
        tuple(map(sum, zip(before.after, after.after, strict=True))),
        before.read_at or tuple([n + sum(pair) for n, pair in own]),
    )


def before_cut(node: Node, lone: bool) -> str:
    """What a node that cuts rows off at the end is given, where what reads it fits sizes anew."""
    at_end = isinstance(node.operator, Crop) and not any(node.operator.before)
    return node.inputs[0] if lone and at_end else node.id


def no_cut_here(call: Call, recording: Recording) -> Found | None:
    """The crop that an `alias` is which has another size than its source at another size."""
    source = node_of(call.positional[0]) if call.positional else None
    value = call.values[0]
    if call.packet != "alias" or source is None or value is None or len(value.shape) < 3:
        return None
    if recording.shapes_elsewhere(source) == recording.shapes_elsewhere(call.name):
        return None
    none = (0,) * (len(value.shape) - 2)
    return Found(Crop(none, none), (source,))


@dataclass(frozen=True)
class _Sizes:
    """Spatial sizes of what a call is given and gives, at the recorded and at each other size."""

    before: tuple[Shape, ...]
    after: tuple[Shape, ...]
    numbers: tuple[Shape | None, ...]
    """The call's numbers at each other size."""

    @property
    def more(self) -> tuple[tuple[int, ...], ...]:
        """The rows that the call adds to each axis."""
        pairs = zip(self.before, self.after, strict=True)
        return tuple(tuple(b - a for a, b in zip(*pair, strict=True)) for pair in pairs)

    @property
    def differ(self) -> bool:
        """Whether other numbers of rows are added at other sizes."""
        return len({*self.more}) > 1


def _sizes(call: Call, recording: Recording) -> _Sizes | None:
    source = node_of(call.positional[0]) if call.positional else None
    here = recording.values.get(source or ""), recording.values.get(call.name)
    before = [here[0] and here[0].shape, *recording.shapes_elsewhere(source or "")]
    after = [here[1] and here[1].shape, *recording.shapes_elsewhere(call.name)]
    shapes = [each for each in (*before, *after) if each]
    ranks = {len(each) for each in shapes}
    if not recording.elsewhere or len(shapes) < 2 * len(before) or len(ranks) > 1 or min(ranks) < 3:
        return None
    numbers = tuple([each.numbers.get(call.name) for each in recording.elsewhere])
    of = [tuple([each[2:] for each in side if each]) for side in (before, after)]
    return _Sizes(of[0], of[1], numbers)


def _by_factor(operator: Upsample, sizes: _Sizes) -> Upsample | None:
    """The same by a whole factor, where one gives the size at every size; it follows no map."""
    pairs = [*zip(sizes.before, sizes.after, strict=True)]
    before, after = pairs[0]
    factors = tuple([b // a for a, b in zip(before, after, strict=True)])
    for size, larger in pairs:
        if larger != tuple([n * factor for n, factor in zip(size, factors, strict=True)]):
            return None
    return replace(operator, scale=tuple(map(float, factors)), size=None)


def _like(operator: Operator, sizes: _Sizes) -> Operator | None:
    if isinstance(operator, Upsample):
        return ResizeLike(operator.mode, operator.align_corners)
    if isinstance(operator, Crop):
        return Fit("end") if not any(operator.before) and _from_start(sizes) else None
    assert isinstance(operator, Pad)
    where = _where(operator, sizes)
    return None if where is None else Fit(where, operator.border, operator.value)


def _from_start(sizes: _Sizes) -> bool:
    """Whether a cut leaves the first row at every other size."""
    return all(first == (0,) for first in sizes.numbers)


def _where(operator: Pad, sizes: _Sizes) -> Where | None:
    """Where the rows were put at every size."""
    put: list[Pairs] = [tuple(zip(operator.before, operator.after, strict=True))]
    put += [_pairs(flat, len(operator.before)) for flat in sizes.numbers if flat is not None]
    if len(put) < len(sizes.more):
        return None
    for where in WHERE:
        if put == [tuple([shared_out(n, where) for n in more]) for more in sizes.more]:
            return where
    return None


def _pairs(flat: Shape, axes: int) -> Pairs:
    """(before, after) of every axis; torch says them from the last axis on."""
    found = [*zip(flat[::2], flat[1::2], strict=True)]
    return ((0, 0),) * (axes - len(found)) + tuple(reversed(found))


def _to_multiple(operator: Pad, sizes: _Sizes) -> PadToMultiple | None:
    """Where one multiple alone explains what is added at every size."""
    where = _where(operator, sizes)
    if where is None or not sizes.differ:
        return None
    pairs = zip(sizes.before, sizes.after, strict=True)
    found = [axis for pair in pairs for axis in zip(*pair, strict=True)]
    fits = [m for m in MULTIPLES if all(after == -(-size // m) * m for size, after in found)]
    if len(fits) != 1:
        return None
    return PadToMultiple(fits[0], where, operator.border, operator.value)


def _to_windows(
    operator: Pad, sizes: _Sizes, call: Call, recording: Recording
) -> PadToMultiple | None:
    """Where the windows of the layer behind explain it, as "same" of TensorFlow has them."""
    where, readers = _where(operator, sizes), recording.readers(call.name)
    if where is None or len(readers) != 1:
        return None
    window = _window(readers[0], recording, len(operator.before))
    if window is None:
        return None
    extent, stride = window
    made = PadToMultiple(stride, where, operator.border, operator.value, extent)
    pairs = [*zip(sizes.before, sizes.more, strict=True)]
    fits = all(more == tuple(map(made.rows, before)) for before, more in pairs)
    return made if fits else None


def _window(call: Call, recording: Recording, axes: int) -> tuple[int, int] | None:
    """(extent, stride) of a convolution or pooling that has the same ones along every axis."""
    reading = Reading(call, recording)
    weight = recording.tensors.get(node_of(call.get("weight")) or "")
    if call.packet.startswith("conv") and weight is not None:
        kernel = weight[1].shape[2:]
    elif call.packet.startswith(("max_pool", "avg_pool")):
        kernel = reading.axes("kernel_size", 1, axes)
    else:
        return None
    stride, dilation = (reading.axes(name, 1, axes) for name in ("stride", "dilation"))
    extents = {d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=False)}
    steps = {*(stride or kernel)}
    return (extents.pop(), steps.pop()) if len(extents) == len(steps) == 1 else None


def _pooled(found: Found, sizes: _Sizes) -> Found:
    """A window as large as the map at every size is a pooling of all of it."""
    operator = found.operator
    if isinstance(operator, AdaptivePool):
        return replace(found, operator=_kept_axes(operator, sizes))
    assert isinstance(operator, AveragePool | MaxPool)
    windows = [tuple(operator.kernel), *sizes.numbers]
    whole = len({*sizes.before}) > 1 and {*sizes.after} == {(1,) * len(operator.kernel)}
    same = all(
        window is not None and size == (window * len(size) if len(window) == 1 else window)
        for window, size in zip(windows, sizes.before, strict=True)
    )
    if whole and same and not any(operator.padding):
        averages = isinstance(operator, AveragePool)
        return replace(found, operator=GlobalPool("average" if averages else "max", keep=True))
    return found


def _kept_axes(operator: AdaptivePool, sizes: _Sizes) -> AdaptivePool:
    """With 0 for the axes that are as long as they were at every size."""
    before, after = (list(zip(*each, strict=True)) for each in (sizes.before, sizes.after))
    lengths = zip(operator.size, before, after, strict=True)
    kept = (0 if old == new and len({*old}) > 1 else own for own, old, new in lengths)
    return replace(operator, size=tuple(kept))


def _followed(
    call: Call, recording: Recording, known: Collection[str], sizes: _Sizes, by_join: bool
) -> Iterator[str]:
    """Maps recorded before the call that have the size of its result at every size.

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
    value, others = recording.values.get(name), recording.shapes_elsewhere(name)
    if value is None or None in others or value.dtype != "float32" or value.shape[0] != 1:
        return False
    return tuple([each[2:] for each in (value.shape, *others) if each]) == sizes.after


def _meets(name: str, recording: Recording) -> bool:
    """Whether a tensor, or what was made of it alone, is joined with a map of its size."""
    values = [recording.values.get(other) for other in _joined_with(name, recording)]
    return any(value is not None and max(value.shape[2:], default=1) > 1 for value in values)


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
