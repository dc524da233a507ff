"""Slides as one SVG that shows them one after the other by itself, for the web."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QImage

from viewer.drawing.arithmetic.formats.contract import Progress, one_file, report_progress
from viewer.drawing.files.figure_file import png_of
from viewer.drawing.files.svg import number
from viewer.drawing.presentation.slides import Slides
from viewer.text.escaping import xml_text


def write(slides: Slides, path: Path, progress: Progress) -> list[Path]:
    """Write the slides as one animated SVG: pictures in it, SMIL to change them, no script."""
    return one_file(path, _parts(slides, progress))


def _parts(slides: Slides, progress: Progress) -> Iterator[bytes]:
    width, height = slides.size
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">\n<title>{xml_text(slides.title)}</title>\n'
    ).encode()
    count = len(slides.images)
    for at, (image, name) in enumerate(zip(slides.images, slides.names, strict=True)):
        report_progress(progress, at, count)
        yield _slide(slides, at, image, name).encode()
    report_progress(progress, count, count)
    yield b"</svg>\n"


def _slide(slides: Slides, at: int, image: QImage, name: str) -> str:
    """One slide, seen in its share of the time; without animation the first is seen."""
    width, height = slides.size
    picture = base64.b64encode(png_of(image)).decode()
    return (
        f'<g visibility="{"visible" if at == 0 else "hidden"}"><title>{xml_text(name)}</title>'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{picture}"/>'
        f"{_times(at, len(slides.images), slides.seconds)}</g>\n"
    )


def _times(at: int, count: int, seconds: float) -> str:
    if count == 1:
        return ""
    begin, end = at / count, (at + 1) / count
    places = [(0.0, "visible" if at == 0 else "hidden")]
    if at:
        places.append((begin, "visible"))
    if at + 1 < count:
        places.append((end, "hidden"))
    times = ";".join(f"{place:.6f}" for place, _ in places)
    values = ";".join(value for _, value in places)
    return (
        f'<animate attributeName="visibility" calcMode="discrete" dur="{number(count * seconds)}s" '
        f'repeatCount="indefinite" keyTimes="{times}" values="{values}"/>'
    )
