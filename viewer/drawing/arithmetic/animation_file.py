"""An animation in a file: GIF, MP4, SVG frames, a PNG sheet, the matrix as LaTeX, JSON.

A file appears whole or not at all, also when the export is cancelled.
"""

from __future__ import annotations

import importlib
import io
import json
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from analysis.arithmetic import written_out
from analysis.arithmetic.example.answer import answer
from analysis.arithmetic.example.case_file import Exercise
from analysis.storage import atomic_file
from viewer.drawing.arithmetic.animation import Animation, Pixels
from viewer.drawing.arithmetic.gif import Palette, gif
from viewer.drawing.arithmetic.latex import latex
from viewer.drawing.files.figure_file import png_of
from viewer.drawing.files.svg import picture_svg
from viewer.look.theme import tokens
from viewer.text.translation import tr

ENDINGS = (".gif", ".mp4", ".svg", ".png", ".tex", ".json")
HOLD = 3
"""The last step of a GIF or film is shown this many times as long."""
SAMPLES = 8
"""Frames from which a GIF's palette is taken."""
MOST_SHEET = 16384
"""Pixels of a sheet's side."""
RATE = 25
"""Frames a second of a film."""
TOKENS = ("surface", "a_in", "a_out", "a_inbg", "a_outbg", "a_win", "text", "muted", "edge")

Progress = Callable[[int, int], bool]
"""Told (frames done, frames in all); False cancels."""


class Cancelled(Exception):  # noqa: N818 - the person's wish, not an error
    """The export was cancelled; nothing is left of it."""


class CannotExport(Exception):  # noqa: N818 - said to the person as it is
    """Why this cannot be exported, and what would do: a sentence for the screen."""


def export_animation(film: Animation, path: Path, progress: Progress | None = None) -> list[Path]:
    """Write the animation in the format of the path's ending; the files that were written.

    SVG is one file a step, `name-01.svg` and on. Any thread may call this while a QGuiApplication
    exists.

    Raises:
        ValueError: another ending. CannotExport: said in its text. Cancelled. OSError.
    """
    writers: dict[str, Callable[[Animation, Progress], Iterator[bytes]]] = {
        ".gif": _gif,
        ".mp4": _mp4,
        ".png": _sheet,
        ".tex": _latex,
        ".json": _json,
    }
    told = progress or _go_on
    ending = path.suffix.lower()
    if ending == ".svg":
        return _svg(film, path, told)
    if ending not in writers:
        raise ValueError(f"{path.suffix or path.name}: not one of {' '.join(ENDINGS)}")
    atomic_file.write(path, writers[ending](film, told))
    return [path]


def _go_on(_done: int, _all: int) -> bool:
    return True


def _tell(progress: Progress, done: int, count: int) -> None:
    if not progress(done, count):
        raise Cancelled


def _counted(film: Animation, progress: Progress) -> Iterator[Pixels]:
    """The frames; before each the progress is told."""
    count = len(film.steps)
    for done, frame in enumerate(film.frames()):
        _tell(progress, done, count)
        yield frame
    _tell(progress, count, count)


def _gif(film: Animation, progress: Progress) -> Iterator[bytes]:
    known = tokens()[film.scene.mode]
    flats = [int(known[name].removeprefix("#"), 16) for name in TOKENS]
    palette = Palette.of(_samples(film), flats)
    count = len(film.steps)
    delays = [film.step_ms] * (count - 1) + [HOLD * film.step_ms]
    return gif(_counted(film, progress), palette, delays, film.loop)


def _samples(film: Animation) -> Iterator[Pixels]:
    """Frames all along, the last among them."""
    steps = film.steps
    for at in dict.fromkeys(np.linspace(0, len(steps) - 1, SAMPLES).round().astype(int).tolist()):
        yield from film.frames(range(steps[at], steps[at] + 1))


def _mp4(film: Animation, progress: Progress) -> Iterator[bytes]:
    try:
        av = importlib.import_module("av")
    except ImportError as error:
        raise CannotExport(
            tr("MP4 needs PyAV: pip install 'fieldglass[video]' or pip install av. GIF works.")
        ) from error
    written = io.BytesIO()
    width, height = (side + side % 2 for side in film.size)  # H.264 has no odd sizes
    with av.open(written, "w", format="mp4") as container:
        stream: Any = container.add_stream("h264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "16", "preset": "medium"}
        at = 0
        every = max(1, round(RATE * film.step_ms / 1000))
        count = len(film.steps)
        for done, frame in enumerate(_counted(film, progress), 1):
            picture = np.zeros((height, width), np.uint32)
            picture[:] = frame[0, 0]
            picture[: frame.shape[0], : frame.shape[1]] = frame
            rgb = np.stack([picture >> 16, picture >> 8, picture], axis=2).astype(np.uint8)
            for _ in range(every * (HOLD if done == count else 1)):
                image = av.VideoFrame.from_ndarray(rgb, format="rgb24")
                image.pts, image.time_base = at, Fraction(1, RATE)
                at += 1
                container.mux(stream.encode(image))
        container.mux(stream.encode())
    yield written.getvalue()


def _svg(film: Animation, path: Path, progress: Progress) -> list[Path]:
    steps, count = film.steps, len(film.steps)
    digits = max(2, len(str(count)))
    names = [path.with_name(f"{path.stem}-{n:0{digits}}.svg") for n in range(1, count + 1)]
    folder = Path(tempfile.mkdtemp(prefix=f".{path.stem[:40]}.", dir=path.parent))
    try:
        for done, (step, name) in enumerate(zip(steps, names, strict=True)):
            _tell(progress, done, count)
            title = tr("Step {n} of {count}", n=step + 1, count=film.scene.steps)
            text = picture_svg(partial(film.paint, step=step), film.bounds, title)
            (folder / name.name).write_text(text, encoding="utf-8")
        _tell(progress, count, count)
        for name in names:
            (folder / name.name).replace(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return names


def sheet_size(film: Animation) -> tuple[int, int]:
    """(columns, rows) of a sheet: about as wide as high."""
    count = len(film.steps)
    columns = max(1, min(count, round(math.sqrt(count * film.size[1] / film.size[0]))))
    return columns, math.ceil(count / columns)


def _sheet(film: Animation, progress: Progress) -> Iterator[bytes]:
    columns, rows = sheet_size(film)
    width, height = columns * film.size[0], rows * film.size[1]
    if max(width, height) > MOST_SHEET:
        raise CannotExport(
            tr(
                "A sheet of {count} steps would be {width} × {height} pixels. "
                "A smaller range or size works, up to {most} either way.",
                count=len(film.steps),
                width=width,
                height=height,
                most=MOST_SHEET,
            )
        )
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(film.scene.inks.color("surface"))
    painter = QPainter(image)
    try:
        for done, step in enumerate(film.steps):
            _tell(progress, done, len(film.steps))
            row, column = divmod(done, columns)
            painter.save()
            painter.translate(column * film.size[0], row * film.size[1])
            painter.setClipRect(QRectF(0, 0, *film.size))
            film.paint(painter, step)
            painter.restore()
    finally:
        painter.end()
    _tell(progress, len(film.steps), len(film.steps))
    yield png_of(image)


def _latex(film: Animation, progress: Progress) -> Iterator[bytes]:
    _tell(progress, 0, 1)
    try:
        yield latex(film.scene).encode()
    except ValueError as error:
        raise CannotExport(
            tr("A matrix of {size} is too large for LaTeX. JSON works.", size=error)
        ) from error
    _tell(progress, 1, 1)


def _json(film: Animation, progress: Progress) -> Iterator[bytes]:
    """Everything that `fieldglass arithmetic` answers, and under "animation" every step."""
    scene, case = film.scene, film.scene.case
    given = scene.grad_output
    grad = np.ones(case.output_shape, np.int64) if given is None else given
    exercise = Exercise(case, scene.x, scene.w, scene.b, grad, case.channels != (1, 1))
    steps = []
    for done, index in enumerate(film.steps):
        _tell(progress, done, len(film.steps))
        steps.append(_step(film, index))
    whole = answer(exercise) | {"animation": steps}
    try:
        yield json.dumps(whole, indent=1, allow_nan=False).encode()
    except ValueError as error:  # values of a network that overflowed
        raise CannotExport(tr("JSON has no infinite numbers. GIF works.")) from error
    _tell(progress, len(film.steps), len(film.steps))


def _step(film: Animation, index: int) -> dict[str, Any]:
    scene = film.scene
    cell = scene.cell_of(index)
    if scene.by == "input":
        taps = scene.plan.stamp_at(cell, scene.in_channel).taps
        return {
            "input": list(cell),
            "taps": [_tap(tap.input, tap.kernel, tap.output) for tap in taps],
        }
    step = scene.plan.step_at(cell, scene.out_channel)
    found = written_out(scene.plan, step, scene.x, scene.w, scene.b)
    terms = [
        _tap(t.tap.input, t.tap.kernel, t.tap.output) | {"weight": t.weight, "value": t.value,
         "product": t.product}
        for t in found.terms
    ]  # fmt: skip
    result = found.result if math.isfinite(found.result) else None
    return {"output": list(cell), "result": result, "taps": terms}


def _tap(inside: tuple[int, ...], kernel: tuple[int, ...], out: tuple[int, ...]) -> dict[str, Any]:
    return {"input": list(inside), "kernel": list(kernel), "output": list(out)}
