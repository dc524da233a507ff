"""An animation as an H.264 film, where PyAV is installed."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from viewer.drawing.arithmetic.animation import Animation, Pixels
from viewer.drawing.arithmetic.formats.contract import (
    HOLD,
    CannotExport,
    Progress,
    counted_frames,
    one_file,
)
from viewer.text.translation import tr

RATE = 25
"""Frames a second."""


def write(film: Animation, path: Path, progress: Progress) -> list[Path]:
    """Write the film as one MP4."""
    return one_file(path, _parts(film, progress))


def _parts(film: Animation, progress: Progress) -> Iterator[bytes]:
    every = max(1, round(RATE * film.step_ms / 1000))
    count = len(film.steps)
    yield encoded(
        film.size,
        (
            (frame, every * (HOLD if done == count else 1))
            for done, frame in enumerate(counted_frames(film, progress), 1)
        ),
    )


def encoded(size: tuple[int, int], frames: Iterable[tuple[Pixels, int]]) -> bytes:
    """An MP4 of (width, height) in which each picture is shown for so many frames.

    Raises CannotExport where PyAV is missing.
    """
    try:
        av = importlib.import_module("av")
    except ImportError as error:
        raise CannotExport(
            tr("MP4 needs PyAV: pip install 'fieldglass[video]' or pip install av. GIF works.")
        ) from error
    written = io.BytesIO()
    width, height = (side + side % 2 for side in size)  # H.264 has no odd sizes
    with av.open(written, "w", format="mp4") as container:
        stream: Any = container.add_stream("h264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "16", "preset": "medium"}
        at = 0
        for frame, times in frames:
            picture = np.zeros((height, width), np.uint32)
            picture[:] = frame[0, 0]
            picture[: frame.shape[0], : frame.shape[1]] = frame
            rgb = np.stack([picture >> 16, picture >> 8, picture], axis=2).astype(np.uint8)
            for _ in range(times):
                image = av.VideoFrame.from_ndarray(rgb, format="rgb24")
                image.pts, image.time_base = at, Fraction(1, RATE)
                at += 1
                container.mux(stream.encode(image))
        container.mux(stream.encode())
    return written.getvalue()
