"""Answers on their way to another process: pictures in shared memory, the rest pickled.

Pickle protocol 5 hands out every array once, as a buffer; the buffers are written side by side
into a frame of the ring, and the reader copies them out in one piece. What is larger than a frame
travels through the pipe.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import shared_memory
from typing import Any

FRAMES = 3
FRAME_BYTES = 12 << 20
_ALIGN = 64


@dataclass(frozen=True, slots=True)
class Parcel:
    """A pickled answer: its arrays are at `spans` (offset, length) of ring frame `frame`.

    Where `frame` is None the arrays follow in `loose`.
    """

    body: bytes
    frame: int | None
    spans: tuple[tuple[int, int], ...]
    loose: bytes = b""


class Ring:
    """Frames of shared memory. The one who creates it must `unlink`; the other only attaches."""

    def __init__(self, name: str | None = None) -> None:
        created = name is None
        size = FRAMES * FRAME_BYTES if created else 0
        self._memory = shared_memory.SharedMemory(name, create=created, size=size)
        self.name = self._memory.name

    @classmethod
    def if_room(cls) -> Ring | None:
        """A new ring, or None where shared memory is absent or smaller than it (containers).

        Memory that is promised but not there ends a process with a bus error, so it is asked for.
        """
        try:
            if os.path.isdir("/dev/shm"):  # noqa: PTH112
                room = os.statvfs("/dev/shm")
                if room.f_bavail * room.f_frsize < 2 * FRAMES * FRAME_BYTES:
                    return None
            return cls()
        except OSError:
            return None

    def view(self, frame: int) -> memoryview:
        """The bytes of one frame."""
        whole = self._memory.buf
        assert whole is not None, "the ring is closed"
        return whole[frame * FRAME_BYTES : (frame + 1) * FRAME_BYTES]

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()

    def unlink(self) -> None:
        """Let go and remove it, for the one who created it."""
        self._memory.close()
        self._memory.unlink()


def pack(answer: Any) -> tuple[bytes, list[memoryview], tuple[tuple[int, int], ...]]:
    """The pickled body, its arrays' bytes, and where each lies when they are laid side by side."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(answer, protocol=5, buffer_callback=buffers.append)
    parts = [buffer.raw() for buffer in buffers]
    spans: list[tuple[int, int]] = []
    offset = 0
    for part in parts:
        spans.append((offset, part.nbytes))
        offset += -(-part.nbytes // _ALIGN) * _ALIGN
    return body, parts, tuple(spans)


def fits(spans: Sequence[tuple[int, int]]) -> bool:
    """Whether these arrays lie in one frame of the ring."""
    return not spans or spans[-1][0] + spans[-1][1] <= FRAME_BYTES


def lay(parts: Sequence[memoryview], spans: Sequence[tuple[int, int]], into: memoryview) -> None:
    """Write the arrays at their places."""
    for part, (offset, length) in zip(parts, spans, strict=True):
        into[offset : offset + length] = part


def loose(parts: Sequence[memoryview], spans: Sequence[tuple[int, int]]) -> bytes:
    """The arrays at their places, as bytes for the pipe."""
    whole = bytearray(spans[-1][0] + spans[-1][1] if spans else 0)
    lay(parts, spans, memoryview(whole))
    return bytes(whole)


def unpack(parcel: Parcel, ring: Ring | None) -> Any:
    """The answer, its arrays copied out of the ring in one piece, so that the frame is free again.

    Only for parcels of our own child process: unpickling runs what a stranger would put there.
    """
    end = parcel.spans[-1][0] + parcel.spans[-1][1] if parcel.spans else 0
    if parcel.frame is None or ring is None:
        whole = bytearray(parcel.loose)
    else:
        with ring.view(parcel.frame) as view:
            whole = bytearray(view[:end])
    held = memoryview(whole)
    buffers = [held[offset : offset + length] for offset, length in parcel.spans]
    return pickle.loads(parcel.body, buffers=buffers)  # noqa: S301
