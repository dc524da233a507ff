"""The matrix of an animation's case as a LaTeX document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.formats.contract import (
    CannotExport,
    Progress,
    one_file,
    report_progress,
)
from viewer.drawing.arithmetic.latex import latex
from viewer.text.translation import tr


def write(film: Animation, path: Path, progress: Progress) -> list[Path]:
    """Write y = C x with the whole C."""
    return one_file(path, _parts(film, progress))


def _parts(film: Animation, progress: Progress) -> Iterator[bytes]:
    report_progress(progress, 0, 1)
    try:
        yield latex(film.scene).encode()
    except ValueError as error:
        raise CannotExport(
            tr("A matrix of {size} is too large for LaTeX. JSON works.", size=error)
        ) from error
    report_progress(progress, 1, 1)
