"""The whole network painted at fit, against a plain QGraphicsScene with an item for everything.

`python -m tests.benchmarks.repaint`: 500, 5,000 and 20,000 blocks in one window of 1000 × 700,
offscreen and raster. The peer has a rectangle and a text for each block and a line for each wire,
as one would write it first. Aims: 10, 15 and 20 times as fast, in the same run. Then a pan and a
step of the wheel near by, each with its frame: 60 of them a second.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView

from analysis.storage.document import Document
from tests.benchmarks.canvas import chain
from tests.benchmarks.table import Lap, Row, laps, median_row, run_alone, timed
from viewer.canvas import CanvasView
from viewer.look.fonts import load_fonts
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES

SIZES = ((500, 10), (5000, 15), (20000, 20))
"""Operators, and how many times as fast as the peer."""
WINDOW = (1000, 700)
FRAME = 1000 / 60


def measure(smallest: bool) -> list[Row]:
    """Ours, the peer's, and how many times as fast."""
    app = QApplication([])
    load_fonts()
    rows: list[Row] = []
    for count, aim in ((50, 1),) if smallest else SIZES:
        rounds = 2 if smallest else 7
        session = Session(Document(graph=chain(count)), ViewState(workspace="build"), WORKSPACES)
        view = CanvasView(session)
        view.resize(*WINDOW)
        view.show()
        view.fit()
        app.processEvents()
        ours = laps(rounds, view.viewport().grab)
        plain = peer(session)
        app.processEvents()
        theirs = laps(rounds, plain.viewport().grab)
        what = f"{count} operators at fit"
        rows.append(median_row(f"{what}: a repaint", ours))
        rows.append(median_row(f"{what}: a repaint of a plain scene", theirs))
        ratio = median(lap.busy for lap in theirs) / median(lap.busy for lap in ours)
        rows.append(Row(f"{what}: against the plain scene", ratio, "×", at_least=aim))
        for zoom in (0.5, 1.0):
            what = f"{count} operators at {zoom:.0%}"
            rows.append(median_row(f"{what}: a pan", moves(view, zoom, rounds, _pan), FRAME))
            rows.append(
                median_row(f"{what}: a wheel step", moves(view, zoom, rounds, _turn), FRAME)
            )
        view.close()
        plain.close()
    return rows


def moves(
    view: CanvasView, zoom: float, rounds: int, move: Callable[[CanvasView, int], None]
) -> list[Lap]:
    """A gesture in the middle of the network, each step with the frame that it is painted in."""
    boxes = list(view.session.placement.boxes.values())
    middle = boxes[len(boxes) // 2]
    view.look_at(QPointF(middle.x, middle.y), zoom)
    QApplication.processEvents()

    def work(step: int) -> None:
        move(view, step)
        QApplication.processEvents()

    return [timed(lambda step=step: work(step)) for step in range(3 * rounds)]


def _pan(view: CanvasView, step: int) -> None:
    view.pan(QPointF(-11 - step % 3, -7))


def _turn(view: CanvasView, step: int) -> None:
    at, turn = QPointF(500, 350), 30 if step % 8 < 4 else -30
    wheel = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), wheel)


def peer(session: Session) -> QGraphicsView:
    """An item for each operator's card, its name and its wire, as many as there are operators."""
    view = QGraphicsView()
    scene = QGraphicsScene(view)
    graph, places = session.document.graph, {}
    for i, node in enumerate(graph.nodes):
        x, y = 140.0 * (i % 40), 90.0 * (i // 40)
        places[node.id] = (x, y)
        scene.addRect(x, y, 100, 60)
        scene.addText(node.id).setPos(x, y)
        for source in node.inputs:
            scene.addLine(places[source][0] + 100, places[source][1] + 30, x, y + 30)
    view.setScene(scene)
    view.resize(*WINDOW)
    view.show()
    view.fitInView(scene.itemsBoundingRect(), Qt.AspectRatioMode.KeepAspectRatio)
    return view


if __name__ == "__main__":
    run_alone(measure)
