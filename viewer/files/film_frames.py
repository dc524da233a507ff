"""Reads the frames of films and cameras with PyAV, where that is installed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FrameOf = tuple[float, NDArray[np.uint8]]
"""(seconds since the film's start, (height, width, 3) uint8)."""
KEEPS_LENGTH = "mov"
"""Of FFmpeg's name for MP4, whose files say how long they are also where they are cut off."""


@dataclass(frozen=True)
class FilmSource:
    """What is read: a file, or a device in the format of the system's cameras."""

    path: str
    name: str
    device_format: str | None = None


class NoReaderError(Exception):
    """PyAV is not installed."""


class BrokenOffError(Exception):
    """A film ends before its last frame: `count` of the `of` that it says it has could be read."""

    def __init__(self, count: int, of: int) -> None:
        super().__init__(f"{count} of {of} frames")
        self.count, self.of = count, of


def camera() -> FilmSource:
    """The first camera of this system."""
    if sys.platform == "darwin":
        return FilmSource("0", "camera", "avfoundation")
    if sys.platform == "win32":
        return FilmSource("video=0", "camera", "dshow")
    return FilmSource("/dev/video0", "camera", "v4l2")


def frames(source: FilmSource) -> Iterator[FrameOf]:
    """The frames in their order. Raises NoReaderError, OSError and what PyAV makes of damage.

    FFmpeg takes the end of a file that was cut off for the film's: BrokenOffError says so of one
    that counts its frames. It may count one more than there is, and one that was trimmed counts
    what it does not show.
    Nothing of a file is run, and an address is not fetched: FFmpeg may read files alone.
    """
    try:
        av = importlib.import_module("av")
    except ImportError as error:
        raise NoReaderError from error
    options = {} if source.device_format else {"protocol_whitelist": "file"}
    with av.open(source.path, format=source.device_format, options=options) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        start: float | None = None
        count, shown = 0, 0.0
        for frame in container.decode(stream):
            count += 1
            at = float(frame.time or 0.0)
            start = at if start is None else start
            shown = at - start
            yield shown, frame.to_ndarray(format="rgb24")
        cut = source.device_format is None and count + 1 < stream.frames
        if cut and not (KEEPS_LENGTH in container.format.name and _is_whole(stream, shown)):
            raise BrokenOffError(count, stream.frames)


def _is_whole(stream: Any, last: float) -> bool:
    """Whether a film lasts no longer than to the frame after `last`, in seconds."""
    length = float((stream.duration or 0) * stream.time_base)
    return last + 2 / float(stream.average_rate or 25) >= length
