"""A small U-Net on a real canvas of 1000 × 700."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.measures import Contribution, Measured
from analysis.inference.protocol.runs import Frame, ImageFit, Thumbnail
from analysis.storage.document import Document
from viewer.canvas import CanvasView
from viewer.drawing.network.block_picture import unit_place
from viewer.look.fonts import load_fonts
from viewer.look.theme import theme
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.text.translation import language
from viewer.workspaces.registry import WORKSPACES

SIZE = 64


def make_session(workspace: str = "build", **settings: object) -> Session:
    chosen = {"depth": 2, "base": 8, "size": SIZE} | settings
    graph = BLUEPRINTS["unet"].build(chosen)
    document = Document(graph=graph, blueprint=("unet", chosen))
    return Session(document, ViewState(workspace=workspace), WORKSPACES)


def make_frame(session: Session, revision: int = 1, seed: int = 0) -> Frame:
    """A frame whose maps are one grey each, told apart by `seed`."""
    shapes = {key: shape for key, shape in session.shapes.items() if len(shape) == 3}
    maps = {
        key: Thumbnail(0, shape[0], grey((shape[1], shape[2]), 40 + (7 * i + seed) % 180))
        for i, (key, shape) in enumerate(shapes.items())
    }
    picture = np.full((SIZE, SIZE), 0xFFCC2200, np.uint32)
    return Frame(
        revision=revision,
        slot="window",
        structure=session.document.graph.structure_hash,
        image_hash="image",
        fit=ImageFit((SIZE, SIZE), (SIZE, SIZE), 1.0, 0.0, 0.0),
        clean=picture,
        input_image=picture,
        output_image=picture,
        thumbnails=maps,
    )


def grey(size: tuple[int, int], level: int) -> np.ndarray:
    return np.full(size, 0xFF000000 | level << 16 | level << 8 | level, np.uint32)


def make_shares(session: Session, *values: float, bottleneck: float = 0.4) -> Measured:
    def part(share: float) -> Contribution:
        return Contribution(share, (share,), 1.0)

    return Measured(
        revision=1,
        slot="window",
        structure=session.document.graph.structure_hash,
        measure="share",
        skips={f"skip{i}": part(value) for i, value in enumerate(values, 1)},
        bottleneck=part(bottleneck),
        bias=part(1 - bottleneck - sum(values)),
        band_edges=(0.0, 0.5),
        split_error=1e-7,
        exact=True,
        why=None,
        of="output",
    )


class Canvas:
    """A view and what a person does with it."""

    def __init__(self, qtbot, session: Session) -> None:
        self.session = session
        self.view = CanvasView(session)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.view.fit()
        self.qtbot = qtbot

    @property
    def scene(self):
        return self.view.scene_of_network

    def node(self, name: str):
        return self.scene.figure.nodes[name]

    def edge(self, skip: str):
        return next(edge for edge in self.scene.figure.edges if edge.skip == skip)

    def place(self, point: QPointF) -> QPoint:
        return self.view.to_viewport(point).toPoint()

    def unit(self, name: str, unit: tuple[int, int]) -> QPoint:
        return self.place(unit_place(self.node(name), unit))

    def gate(self, skip: str) -> QPoint:
        return self.place(self.edge(skip).gate(1.0 / min(self.view.zoom, 1.6)))

    def click(self, at: QPoint, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, modifiers, at)

    def double_click(self, at: QPoint) -> None:
        self.qtbot.mouseDClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def drag(self, start: QPoint, by: QPoint, button=Qt.MouseButton.LeftButton) -> None:
        port = self.view.viewport()
        self.qtbot.mousePress(port, button, pos=start)
        for step in range(1, 5):
            self.qtbot.mouseMove(port, start + by * step / 4)
        self.qtbot.mouseRelease(port, button, pos=start + by)

    def wheel(self, at: QPoint, turn: int) -> None:
        where = QPointF(at)
        event = QWheelEvent(
            where,
            QPointF(self.view.viewport().mapToGlobal(at)),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.view.viewport(), event)

    def key(self, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.view, key, modifiers)

    def picture(self) -> QImage:
        return self.view.viewport().grab().toImage()

    def colour(self, point: QPointF) -> str:
        """The colour on the screen at a point of the canvas."""
        at = self.place(point)
        return self.picture().pixelColor(at).name()


@pytest.fixture(autouse=True)
def plain_look(qapp) -> Iterator[None]:
    load_fonts()
    theme.use("light")
    language.use("en")
    yield
    theme.use("light")
    language.use("en")


@pytest.fixture
def make_canvas(qtbot):
    def make(workspace: str = "build", framed: bool = True, **settings: object) -> Canvas:
        session = make_session(workspace, **settings)
        if framed:
            session.show_frame(make_frame(session))
        return Canvas(qtbot, session)

    return make


@pytest.fixture
def frame_of():
    return make_frame


@pytest.fixture
def shares_of():
    return make_shares


@pytest.fixture
def session_of():
    return make_session


@pytest.fixture
def canvas_of(qtbot):
    """A canvas for a session that a test has made itself."""
    return lambda session: Canvas(qtbot, session)
