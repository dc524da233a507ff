"""Copies tensors from a GPU to pinned host memory while it goes on computing.

Each shape and number format has a ring of pinned buffers. A copy runs on a stream of its own, after
an event that follows what wrote the tensor; whoever reads it waits for the copy's event and no
longer. Of other devices the copies are made at once; on the processor a tensor is read as it lies.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

import torch
from torch import Tensor

BUFFERS = 3
"""Copies of one shape that may be under way."""
RINGS = 8
"""Shapes whose buffers are kept: those used last."""
MOST_BYTES = 256 << 20
"""Pinned memory, which is kept from all other programs; what does not fit into it is not pinned."""


class HostCopy:
    """A copy that may still be under way; `read` waits for it."""

    def __init__(self, values: Tensor, done: Any = None) -> None:
        self._values = values
        self._done = done
        """The event after the copy; None once the values are here, and no buffer's any more."""

    def read(self) -> Tensor:
        """The values on the host, which no later copy overwrites."""
        if self._done is not None:
            self._done.synchronize()
            self._done = None
            self._values = self._values.clone()
        return self._values


def at_once(source: Tensor) -> HostCopy:
    """A copy that is made at once, from any device; of a tensor on the host, that tensor."""
    return HostCopy(source.cpu())


class _Ring:
    """Pinned buffers of one shape, and the copies in them from the oldest on.

    `size` is the bytes of one; `bytes` is what all of them take, or may take yet.
    """

    def __init__(self, size: int) -> None:
        self._most = min(BUFFERS, MOST_BYTES // size)
        self.bytes = self._most * size
        self._used: deque[tuple[Tensor, HostCopy]] = deque()

    def free(self, like: Tensor) -> Tensor:
        """A buffer into which nothing is written; what the oldest held is read out of it first."""
        if len(self._used) < self._most:
            return torch.empty(like.shape, dtype=like.dtype, pin_memory=True)
        buffer, copy = self._used.popleft()
        copy.read()
        return buffer

    def hold(self, buffer: Tensor, copy: HostCopy) -> None:
        """Keep the buffer for as long as the copy may write into it, and for the next."""
        self._used.append((buffer, copy))

    def wait(self) -> None:
        """Until nothing is written into the buffers any more."""
        for _, copy in self._used:
            copy.read()


class HostCopies:
    """Starts the copies of one device."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._rings: OrderedDict[tuple[torch.Size, torch.dtype], _Ring] = OrderedDict()
        self._side: Any = None

    def start(self, source: Tensor) -> HostCopy:
        """Begin to copy `source`, in which nothing may be written in place until it is read."""
        if source.device.type != "cuda" or not 0 < _size(source) <= MOST_BYTES:
            return at_once(source)
        with torch.cuda.device(self._device), torch.inference_mode():
            return self._started(source)

    def _started(self, source: Tensor) -> HostCopy:
        if self._side is None:
            self._side = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
        ring = self._ring(source)
        buffer = ring.free(source)
        written, done = torch.cuda.Event(), torch.cuda.Event()  # type: ignore[no-untyped-call]
        written.record(torch.cuda.current_stream(self._device))
        self._side.wait_event(written)
        with torch.cuda.stream(self._side):
            buffer.copy_(source, non_blocking=True)
        done.record(self._side)
        # Else the memory of `source` could be given to the next layer while it is still read.
        source.record_stream(self._side)
        copy = HostCopy(buffer, done)
        ring.hold(buffer, copy)
        return copy

    def _ring(self, source: Tensor) -> _Ring:
        key = (source.shape, source.dtype)
        ring = self._rings.pop(key, None) or _Ring(_size(source))
        self._rings[key] = ring
        while len(self._rings) > RINGS or sum(e.bytes for e in self._rings.values()) > MOST_BYTES:
            _, oldest = self._rings.popitem(last=False)
            oldest.wait()
        return ring


def _size(source: Tensor) -> int:
    return source.shape.numel() * source.dtype.itemsize
