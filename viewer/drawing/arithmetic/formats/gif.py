"""An animation as a GIF with one exact palette."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from viewer.drawing.arithmetic.animation import Animation, Pixels
from viewer.drawing.arithmetic.formats.contract import HOLD, Progress, counted_frames, one_file
from viewer.drawing.arithmetic.gif import Palette, gif
from viewer.look.tokens import tokens

SAMPLES = 8
"""Frames from which the palette is taken."""
TOKENS = ("surface", "a_in", "a_out", "a_inbg", "a_outbg", "a_win", "text", "muted", "edge")


def write(film: Animation, path: Path, progress: Progress) -> list[Path]:
    """Write the film as one GIF."""
    return one_file(path, _parts(film, progress))


def _parts(film: Animation, progress: Progress) -> Iterator[bytes]:
    known = tokens()[film.scene.mode]
    flats = [int(known[name].removeprefix("#"), 16) for name in TOKENS]
    palette = Palette.of(_samples(film), flats)
    count = len(film.steps)
    delays = [film.step_ms] * (count - 1) + [HOLD * film.step_ms]
    return gif(counted_frames(film, progress), palette, delays, film.loop)


def _samples(film: Animation) -> Iterator[Pixels]:
    """Frames all along, the last among them."""
    steps = film.steps
    for at in dict.fromkeys(np.linspace(0, len(steps) - 1, SAMPLES).round().astype(int).tolist()):
        yield from film.frames(range(steps[at], steps[at] + 1))
