"""Builds a figure of the network in either style and writes it. Needs no screen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from analysis.facts import Facts, analyse
from analysis.inference.protocol.runs import Frame
from analysis.layout.geometry import Point
from analysis.layout.picture import picture
from analysis.storage import atomic_file
from analysis.storage.document import Document
from viewer.drawing.files import figure_file, formats
from viewer.drawing.files.file_format import endings, format_of
from viewer.drawing.network.blocks_diagram import BlocksDiagram
from viewer.drawing.network.diagram import Diagram, DrawnNetwork
from viewer.drawing.network.diagram_svg import svg
from viewer.drawing.network.figure import figure
from viewer.drawing.network.figure_options import FigureOptions
from viewer.drawing.network.paper.diagram import PaperDiagram
from viewer.look.fonts import load_fonts, provide
from viewer.look.typefaces import typeface


def diagram(network: DrawnNetwork, options: FigureOptions) -> Diagram:
    """The figure of a network: the only place where one is made."""
    provide(typeface(options.font))
    if options.style == "paper":
        return PaperDiagram(network.closed or network, options)
    return BlocksDiagram(network, options)


def drawn_document(
    document: Document,
    frame: Frame | None = None,
    expanded: frozenset[str] = frozenset(),
    collapsed: frozenset[str] = frozenset(),
) -> DrawnNetwork:
    """A document's network with every block plain, as a new window would show it.

    Groups in `expanded` are opened, those in `collapsed` are one block each. It needs no running
    application.
    """
    _ensure_application()
    facts = analyse(document.graph)
    return drawn_picture(facts, document.positions, frame, expanded, collapsed)


def drawn_picture(
    facts: Facts,
    positions: Mapping[str, Point],
    frame: Frame | None,
    expanded: frozenset[str],
    collapsed: frozenset[str],
) -> DrawnNetwork:
    """A network with every block plain."""
    drawn = picture(facts, positions, expanded, collapsed)
    blocks, placement = drawn.blocks, drawn.placement
    network = DrawnNetwork(
        figure(blocks, facts, placement),
        blocks,
        facts,
        placement,
        frame,
        expanded=expanded,
        moved=frozenset(positions),
    )
    if not drawn.frames:
        return network
    closed = drawn_picture(facts, positions, frame, expanded - drawn.frames.keys(), collapsed)
    return replace(network, closed=closed)


def write_diagram(drawing: Diagram, path: Path) -> None:
    """Write a diagram to `path`; its ending chooses the format.

    The file appears whole or not at all. Raises ValueError for another ending, OSError when the
    folder cannot be written.
    """
    chosen = format_of(formats.DIAGRAMS, path)
    if chosen is None:
        known = ", ".join(endings(formats.DIAGRAMS))
        raise ValueError(f"{path.suffix or path.name}: not one of {known}")
    atomic_file.write(path, [chosen.writer()(drawing)])


def diagram_image(drawing: Diagram, scale: float | None = None) -> QImage:
    """A diagram as an image, at its own scale or another; smaller where that would be too large."""
    chosen = drawing.options.scale if scale is None else scale
    return figure_file.image(drawing.size, drawing.paint_finished, chosen)


def clipboard_data(drawing: Diagram) -> QMimeData:
    """A diagram for the clipboard: as an image, and as SVG for programs that take it."""
    data = QMimeData()
    data.setImageData(diagram_image(drawing))
    data.setData("image/svg+xml", svg(drawing).encode())
    return data


def to_png(drawing: Diagram) -> bytes:
    """A diagram as PNG at its scale."""
    return figure_file.png_of(diagram_image(drawing))


def to_pdf(drawing: Diagram) -> bytes:
    """A diagram as one page of PDF of just its size, fonts embedded."""
    return figure_file.pdf(drawing.size, drawing.paint_finished)


def to_tikz(drawing: Diagram) -> bytes:
    """A diagram as a TikZ document."""
    return drawing.tikz().encode()


def _ensure_application() -> None:
    """Fonts need an application object; without one, make one that needs no display."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication([]))
        load_fonts()


_kept: list[QGuiApplication] = []
