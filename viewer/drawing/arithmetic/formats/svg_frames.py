"""An animation as one SVG a step, with real text."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.formats.contract import Progress, report_progress
from viewer.drawing.files.svg import picture_svg
from viewer.text.translation import tr


def write(film: Animation, path: Path, progress: Progress) -> list[Path]:
    """Write `name-01.svg` and on: all of them, or none where it is cancelled."""
    steps, count = film.steps, len(film.steps)
    digits = max(2, len(str(count)))
    names = [path.with_name(f"{path.stem}-{n:0{digits}}.svg") for n in range(1, count + 1)]
    folder = Path(tempfile.mkdtemp(prefix=f".{path.stem[:40]}.", dir=path.parent))
    try:
        for done, (step, name) in enumerate(zip(steps, names, strict=True)):
            report_progress(progress, done, count)
            title = tr("Step {n} of {count}", n=step + 1, count=film.scene.steps)
            text = picture_svg(partial(film.paint, step=step), film.bounds, title)
            (folder / name.name).write_text(text, encoding="utf-8")
        report_progress(progress, count, count)
        for name in names:
            (folder / name.name).replace(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return names
