"""Packs answers for another process: arrays in shared memory, the rest pickled.

Pickle protocol 5 hands out every array once, as a buffer; the buffers are written side by side
into a frame of the ring, and the reader copies them out in one piece. What is larger than a frame
travels through the pipe.
"""

from __future__ import annotations

import mmap
import os
import pickle
import secrets
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
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
    """Frames of memory that this process shares with a child.

    The memory has no name that could outlive the two: on POSIX it is a file without a folder
    entry whose descriptor the child inherits, on Windows a mapping that ends with its last
    holder. However either ends, the system takes it back.
    """

    def __init__(self, memory: mmap.mmap, handle: str) -> None:
        self._memory = memory
        self.handle = handle
        """What `attach` in the child is given: a file descriptor, or the mapping's name."""

    @classmethod
    def create(cls) -> Ring | None:
        """A new ring, or None where there is not enough memory to share.

        Memory that is promised but not there ends a process with a bus error, so it is taken.
        """
        size = FRAMES * FRAME_BYTES
        if sys.platform == "win32":
            name = f"fieldglass-{secrets.token_hex(8)}"
            return cls(mmap.mmap(-1, size, tagname=name), name)
        descriptor = None
        try:
            descriptor = _nameless_file()
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(descriptor, 0, size)
            else:
                os.ftruncate(descriptor, size)
            return cls(mmap.mmap(descriptor, size), str(descriptor))
        except OSError:
            if descriptor is not None:
                os.close(descriptor)
            return None

    @classmethod
    def attach(cls, handle: str) -> Ring:
        """The ring that the parent process has made."""
        size = FRAMES * FRAME_BYTES
        if sys.platform == "win32":
            return cls(mmap.mmap(-1, size, tagname=handle), handle)
        return cls(mmap.mmap(int(handle), size), handle)

    def descriptors(self) -> tuple[int, ...]:
        """The file descriptors that a child must inherit to attach."""
        return () if sys.platform == "win32" else (int(self.handle),)

    def view(self, frame: int) -> memoryview:
        """The bytes of one frame."""
        return memoryview(self._memory)[frame * FRAME_BYTES : (frame + 1) * FRAME_BYTES]

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()
        for descriptor in self.descriptors():
            os.close(descriptor)


def _nameless_file() -> int:
    """A descriptor of a file in memory, or on disk, that no folder lists."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("fieldglass")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


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
