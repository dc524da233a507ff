"""Readers of the calls that choose, shuffle, repeat or sum up channels, or mirror a map."""

from __future__ import annotations

from typing import Literal

from analysis.exchange.aten.call import Found, Reader, Reading
from analysis.exchange.recorded import Foreign
from analysis.operators import (
    ChannelPool,
    ChannelShuffle,
    ChannelSlice,
    Concatenate,
    Crop,
    FollowedCall,
    Upsample,
)


def cut(reading: Reading, axis: int, start: int, stop: int, step: int = 1) -> Found:
    """Entries `start` to `stop` of an axis: channels of axis 1, pixels of a later one."""
    shape = reading.value().shape
    if axis == 1:
        return Found(ChannelSlice(start, stop, step), (reading.data(),))
    if axis == 0 or step != 1:
        raise Foreign
    axes = range(2, len(shape))
    befores = tuple(start if each == axis else 0 for each in axes)
    afters = tuple(shape[axis] - stop if each == axis else 0 for each in axes)
    return Found(Crop(befores, afters), (reading.data(),))


def read_slice(reading: Reading) -> Found:
    """`x[:, a:b]` takes channels, `x[:, :, a:b]` crops."""
    shape = reading.value().shape
    axis = reading.get("dim", 0) % len(shape)
    start, stop, _ = slice(reading.get("start"), reading.get("end")).indices(shape[axis])
    return cut(reading, axis, start, stop, int(reading.get("step", 1)))


def read_narrow(reading: Reading) -> Found:
    """`narrow`: entries of an axis by a start and a length."""
    shape = reading.value().shape
    axis = reading.get("dim") % len(shape)
    start = reading.get("start") % shape[axis]
    return cut(reading, axis, start, start + reading.get("length"))


def read_part(reading: Reading) -> Found:
    """One of the parts of a chunk or split, which lie one after the other."""
    if reading.index is None:
        raise Foreign
    axis = reading.get("dim", 0) % len(reading.value().shape)
    lengths = [0 if value is None else value.shape[axis] for value in reading.call.values]
    start = sum(lengths[: reading.index])
    return cut(reading, axis, start, start + lengths[reading.index])


PARTS = ("chunk", "split", "split_with_sizes", "tensor_split", "unsafe_chunk", "unsafe_split")
"""Calls of which every result is ours, not the first alone."""


def channel_pool_reader(
    mode: Literal["average", "max", "sum"], otherwise: Reader | None = None
) -> Reader:
    """The reader of a mean, maximum or sum over the channels; `otherwise` reads other axes."""

    def reader(reading: Reading) -> Found:
        length = len(reading.value().shape)
        axes = {axis % length for axis in reading.axes("dim", 0, 1)}
        if axes != {1}:
            if otherwise is None:
                raise Foreign
            return otherwise(reading)
        if not reading.get("keepdim", False) or reading.get("dtype") is not None:
            raise Foreign
        return Found(ChannelPool(mode), (reading.data(),))

    return reader


# ------------------------------------------------------------------------------- shuffling


def read_shuffle(reading: Reading) -> Found:
    """torch's own channel shuffle."""
    return Found(ChannelShuffle(int(reading.get("groups"))), (reading.data(),))


MOST_COPIES = 64


def read_repeat(reading: Reading) -> Found:
    """`repeat` along one axis alone, of channels or pixels: so many copies joined."""
    times = [int(each) for each in reading.get("repeats", reading.get("dims"))]
    rank = len(reading.value().shape)
    along = [at for at, count in enumerate(times) if count != 1]
    if len(times) != rank or len(along) != 1 or not along[0]:
        raise Foreign
    axis, count = along[0], times[along[0]]
    if not 2 <= count <= MOST_COPIES:
        raise Foreign
    operator = Concatenate() if axis == 1 else FollowedCall.join(axis - 1, count)
    return Found(operator, (reading.data(),) * count)


def read_repeat_interleave(reading: Reading) -> Found:
    """Each row so many times, one after the other, as nearest up-sampling has it."""
    shape, count = reading.value().shape, reading.get("repeats")
    if not isinstance(reading.get("dim"), int) or not isinstance(count, int) or len(shape) < 3:
        raise Foreign
    axis = reading.get("dim") % len(shape) - 2
    if axis < 0:
        raise Foreign
    factors = tuple(float(count) if at == axis else 1.0 for at in range(len(shape) - 2))
    return Found(Upsample(factors, "nearest_exact"), (reading.data(),))


def read_half_turn(reading: Reading) -> Found:
    """`rot90` twice, which mirrors both axes as `flip` does."""
    rank = len(reading.value().shape)
    axes = sorted(each % rank for each in reading.get("dims", [0, 1]))
    if reading.get("k", 1) % 4 != 2 or axes[0] < 2:
        raise Foreign
    template = (("input", 0), ("list", tuple(("value", axis) for axis in axes)))
    own = tuple(axis - 1 for axis in axes)
    operator = FollowedCall("aten.flip.default", template, axes=own, order="reversed")
    return Found(operator, (reading.data(),))
