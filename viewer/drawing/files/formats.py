"""The tables of export formats. A new one is a file with its writer and a row here.

Dialogs, the command line's help and what is said of a wrong ending read the rows; the first is
the one proposed. Nothing here loads Qt: the command line reads the endings before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from viewer.drawing.files.file_format import FileFormat
from viewer.text.marking import mark

DIAGRAMS: tuple[FileFormat, ...] = (
    FileFormat(".svg", "SVG", "viewer.drawing.network.diagram_svg:to_svg"),
    FileFormat(".pdf", "PDF", "viewer.drawing.network.diagram_file:to_pdf"),
    FileFormat(".png", "PNG", "viewer.drawing.network.diagram_file:to_png"),
    FileFormat(".tex", "TikZ", "viewer.drawing.network.diagram_file:to_tikz"),
)
"""Of the network. The writer is called as f(Diagram) and returns the bytes of the file."""


@dataclass(frozen=True, slots=True)
class AnimationFormat(FileFormat):
    """One kind of file of an animation."""

    holds_steps: bool = True
    """Whether it grows with the steps, so that there may be too many for it."""


ANIMATIONS: tuple[AnimationFormat, ...] = (
    AnimationFormat(".gif", "GIF", "viewer.drawing.arithmetic.formats.gif:write"),
    AnimationFormat(".mp4", "MP4", "viewer.drawing.arithmetic.formats.mp4:write"),
    AnimationFormat(
        ".svg",
        "SVG",
        "viewer.drawing.arithmetic.formats.svg_frames:write",
        mark("one file a step"),
    ),
    AnimationFormat(
        ".png", "PNG", "viewer.drawing.arithmetic.formats.png_sheet:write", mark("a sheet")
    ),
    AnimationFormat(
        ".tex",
        "LaTeX",
        "viewer.drawing.arithmetic.formats.latex_matrix:write",
        mark("the matrix"),
        holds_steps=False,
    ),
    AnimationFormat(".json", "JSON", "viewer.drawing.arithmetic.formats.json_steps:write"),
)
"""Of one convolution. The writer is called as f(Animation, path, progress), with the `Progress`
of `viewer.drawing.arithmetic.formats.contract`, and returns the files that it wrote. It raises
`Cancelled`, `CannotExport` and OSError."""

FIGURES: tuple[FileFormat, ...] = (
    FileFormat(".svg", "SVG", "viewer.drawing.files.figure_file:svg"),
    FileFormat(".pdf", "PDF", "viewer.drawing.files.figure_file:pdf"),
    FileFormat(".png", "PNG", "viewer.drawing.files.figure_file:png"),
)
"""Of anything that paints. The writer is called as f(size, paint, title) and returns the bytes."""

PRESENTATIONS: tuple[FileFormat, ...] = (
    FileFormat(".pdf", "PDF", "viewer.drawing.presentation.pdf:write", mark("a page a step")),
    FileFormat(".gif", "GIF", "viewer.drawing.presentation.gif:write"),
    FileFormat(".mp4", "MP4", "viewer.drawing.presentation.mp4:write"),
    FileFormat(".svg", "SVG", "viewer.drawing.presentation.svg:write", mark("animated")),
)
"""Of the steps of a presentation. The writer is called as f(Slides, path, progress), as those of
animations are, and raises the same."""
