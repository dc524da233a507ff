"""Exports the whole canvas as it is drawn, as a file or an image."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from viewer.canvas.scene import CanvasScene
from viewer.drawing.network.diagram import Diagram
from viewer.drawing.network.diagram_file import diagram_image, paper_inks, write_diagram
from viewer.look.palette import Inks
from viewer.look.theme import theme


def export(scene: CanvasScene, path: Path) -> None:
    """Write what the canvas shows to a .svg, .pdf, .png or .tex file.

    Raises OSError when it cannot be written, ValueError for another kind of file.
    """
    write_diagram(_diagram(scene, paper_inks(theme.mode)), path)


def picture(scene: CanvasScene) -> QImage:
    """The whole canvas as an image at twice its size."""
    return diagram_image(_diagram(scene, Inks(theme.mode)))


def _diagram(scene: CanvasScene, inks: Inks) -> Diagram:
    session = scene.session
    return Diagram(
        scene.figure,
        session.document.graph,
        session.frame,
        inks,
        states={name: item.state for name, item in scene.items_by_id.items()},
        edge_states=scene.edges.states,
        bottleneck=scene.bottleneck(),
    )
