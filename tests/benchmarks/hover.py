"""From a move of the pointer to the painted overlay, in the whole window.

`python -m tests.benchmarks.hover`. The pointer goes across the output of a four-level U-Net at
512², one event a place; each time is from the event until canvas, input picture and chart are
painted again, offscreen and raster, on a picture with a map in every block. The aim is 8 ms at the
95th percentile.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.runs import Frame, ImageFit, Thumbnail
from analysis.storage.document import Document
from tests.benchmarks.real_window import RealWindow, open_window
from tests.benchmarks.table import Lap, Row, late_row, median_row, run_alone, timed
from viewer.drawing.network.block_picture import map_area
from viewer.session import Session

LAYERS = ("dec1", "output", "dec2", "bottleneck")
NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


def measure(smallest: bool) -> list[Row]:
    """Median and 95th percentile of each layer."""
    real = open_window("fields", _document(), run=False)
    real.window.resize(1600, 1000)
    real.window.session.show_frame(_frame(real.window.session))
    real.rest(0.1 if smallest else 1.0)
    moves = 5 if smallest else 200
    swept = {layer: sweep(real, layer, moves) for layer in LAYERS}
    real.close()
    rows = [median_row(f"hover to painted field, {layer}", each) for layer, each in swept.items()]
    return rows + [
        late_row(f"hover to painted field, {layer}", each, 8) for layer, each in swept.items()
    ]


def sweep(real: RealWindow, layer: str, moves: int) -> list[Lap]:
    """Laps of moves aslant through a block's map."""
    canvas = real.window.canvas
    node = canvas.scene_of_network.figure.nodes[layer]
    area, port = map_area(node), canvas.viewport()
    found = []
    for step in range(moves):
        along = (step + 0.5) / moves
        place = QPointF(
            area.left() + along * area.width(), area.top() + (0.1 + 0.8 * along) * area.height()
        )
        at = QPointF(canvas.to_viewport(place))
        moved = QMouseEvent(
            QEvent.Type.MouseMove, at, QPointF(port.mapToGlobal(at)), NO_BUTTON, NO_BUTTON, NO_KEY
        )

        def work(moved: QMouseEvent = moved) -> None:
            real.app.sendEvent(port, moved)
            real.app.processEvents()

        found.append(timed(work))
        assert real.window.session.live.hover is not None
    return found


def _document() -> Document:
    settings = BLUEPRINTS["unet"].complete({"depth": 4, "base": 32, "size": 512})
    return Document(graph=BLUEPRINTS["unet"].build(settings), blueprint=("unet", settings))


def _frame(session: Session) -> Frame:
    random = np.random.default_rng(1)
    picture = _noise(random, 512)
    maps = {
        node: Thumbnail(0, shape[0], _noise(random, 192))
        for node, shape in session.shapes.items()
        if len(shape) == 3
    }
    fit = ImageFit((512, 512), (512, 512), 1.0, 0.0, 0.0)
    structure = session.document.graph.structure_hash
    return replace(Frame(1, "", structure, "", fit, picture, picture, picture), thumbnails=maps)


def _noise(random: np.random.Generator, side: int) -> np.ndarray:
    grey = random.integers(0, 255, (side, side), dtype=np.uint32)
    return (0xFF000000 | grey << 16 | grey << 8 | grey).astype(np.uint32)


if __name__ == "__main__":
    run_alone(measure)
