"""Slides as a GIF with one palette."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from viewer.drawing.arithmetic.formats.contract import Progress, one_file
from viewer.drawing.arithmetic.gif import Palette, gif
from viewer.drawing.presentation.slides import Slides

SAMPLES = 8
"""Slides from which the palette is taken."""


def write(slides: Slides, path: Path, progress: Progress) -> list[Path]:
    """Write the slides as one GIF that begins again at its end."""
    return one_file(path, _parts(slides, progress))


def _parts(slides: Slides, progress: Progress) -> Iterator[bytes]:
    count = len(slides.images)
    known = min(SAMPLES, count)
    places = [at * (count - 1) // max(1, known - 1) for at in range(known)]
    chosen = tuple(slides.images[at] for at in places)
    sampled = Slides(chosen, slides.names[:known], slides.size)
    palette = Palette.of(sampled.frames(lambda *_: progress(0, count)))
    return gif(slides.frames(progress), palette, [1000 * slides.seconds] * count)
