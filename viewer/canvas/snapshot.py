"""Exports the whole canvas as it is drawn, as a file or an image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from viewer.canvas.scene import CanvasScene
from viewer.drawing.network.block_picture import NodeState
from viewer.drawing.network.diagram import DrawnNetwork
from viewer.drawing.network.diagram_file import diagram, diagram_image, write_diagram
from viewer.drawing.network.figure import figure
from viewer.drawing.network.figure_options import FigureOptions
from viewer.look.theme import theme
from viewer.session import Session


def drawn_network(scene: CanvasScene) -> DrawnNetwork:
    """What the canvas shows, as figures are made of it."""
    session = scene.session
    session.settle()
    drawn = scene.figure  # before the states: it brings the scene up to the document
    states = {name: item.state for name, item in scene.items_by_id.items()}
    return DrawnNetwork(
        figure=drawn,
        blocks=session.blocks,
        facts=session.facts,
        placement=session.placement,
        frame=session.frame_now,
        states=states,
        edge_states=dict(scene.edges.states),
        bottleneck=scene.bottleneck(),
        expanded=session.view.expanded,
        moved=frozenset(session.document.positions),
        closed=_closed(session, states) if session.frames else None,
    )


def _closed(session: Session, states: Mapping[str, NodeState]) -> DrawnNetwork:
    """The network as it is with the groups closed that stand in frames."""
    now = session.without_frames()
    return DrawnNetwork(
        figure(now.blocks, now.facts, now.placement),
        now.blocks,
        now.facts,
        now.placement,
        session.frame_now,
        states,
        expanded=now.expanded,
        moved=frozenset(session.document.positions),
    )


def export(scene: CanvasScene, path: Path, options: FigureOptions | None = None) -> None:
    """Write what the canvas shows to a .svg, .pdf, .png or .tex file.

    Raises OSError when it cannot be written, ValueError for another kind of file.
    """
    write_diagram(diagram(drawn_network(scene), options or as_shown()), path)


def picture(scene: CanvasScene) -> QImage:
    """The whole canvas as an image at twice its size."""
    return diagram_image(diagram(drawn_network(scene), as_shown()))


def small_picture(scene: CanvasScene, size: QSize) -> QImage:
    """The whole canvas in `size` logical pixels, at twice as many device pixels."""
    image = QImage(size * 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(theme.color("canvas"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scene.render(painter, QRectF(image.rect()), scene.content(1.0))
    painter.end()
    return image


def as_shown() -> FigureOptions:
    """The figure in the style and the colours of the window."""
    return replace(FigureOptions(), theme=theme.mode)
