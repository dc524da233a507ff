"""Writes a diagram of the network to a file or an image. Needs no screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtGui import QGuiApplication, QImage, QPainter

from analysis.facts import Facts
from analysis.graph.scopes import Block
from analysis.inference.protocol.runs import Frame
from analysis.layout.geometry import Placement
from analysis.storage import atomic_file
from analysis.storage.document import Document
from viewer.drawing.files import figure_file, formats
from viewer.drawing.files.file_format import endings, format_of
from viewer.drawing.network.diagram import Diagram
from viewer.drawing.network.figure import figure
from viewer.look.fonts import load_fonts
from viewer.look.palette import Inks, PaletteName

GroundName = Literal["light", "dark", "transparent"]


def export_diagram(
    placement: Placement,
    facts: Facts,
    blocks: Sequence[Block],
    document: Document,
    frame: Frame | None,
    path: Path,
    palette: PaletteName = "classic",
    theme: GroundName = "light",
) -> None:
    """Write the network with every block plain to `path`, as `write_diagram` does.

    It makes the figure itself and needs no running application. Raises as `write_diagram`.
    """
    _ensure_application()
    drawn, graph = figure(blocks, facts, placement), document.graph
    inks = paper_inks(theme, palette)
    write_diagram(Diagram(drawn, graph, frame, inks, grounded=theme != "transparent"), path)


def paper_inks(theme: GroundName, palette: PaletteName = "classic") -> Inks:
    """The colours of a file: on a transparent ground those of the light one."""
    return Inks("dark" if theme == "dark" else "light", palette, paper=True)


def write_diagram(diagram: Diagram, path: Path) -> None:
    """Write a diagram to `path`; its ending chooses the format.

    The file appears whole or not at all. Raises ValueError for another ending, OSError when the
    folder cannot be written.
    """
    chosen = format_of(formats.DIAGRAMS, path)
    if chosen is None:
        known = ", ".join(endings(formats.DIAGRAMS))
        raise ValueError(f"{path.suffix or path.name}: not one of {known}")
    atomic_file.write(path, [chosen.writer()(diagram)])


def diagram_image(diagram: Diagram) -> QImage:
    """A diagram as an image at twice its size."""
    return figure_file.image(diagram.bounds.size(), _painting(diagram))


def to_png(diagram: Diagram) -> bytes:
    """A diagram as PNG at twice its size."""
    return figure_file.png(diagram.bounds.size(), _painting(diagram))


def to_pdf(diagram: Diagram) -> bytes:
    """A diagram as one page of PDF of just its size, fonts embedded."""
    return figure_file.pdf(diagram.bounds.size(), _painting(diagram))


def _painting(diagram: Diagram) -> Callable[[QPainter], None]:
    def paint(painter: QPainter) -> None:
        painter.translate(-diagram.bounds.topLeft())
        diagram.paint(painter)

    return paint


def _ensure_application() -> None:
    """Fonts need an application object; without one, make one that needs no display."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication([]))
        load_fonts()


_kept: list[QGuiApplication] = []
