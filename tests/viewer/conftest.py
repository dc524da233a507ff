"""The real window on a real engine process, and what a person does with it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from shiboken6 import isValid

from analysis.blueprints import BLUEPRINTS
from analysis.exchange import tracer_process
from analysis.inference.measures import table
from analysis.inference.protocol import questions
from analysis.inference.protocol.runs import Frame
from analysis.processes import isolated
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from viewer.engine.process import EngineProcess
from viewer.look.theme import theme
from viewer.session.view_state import ViewState
from viewer.session.workspace import Workspaces
from viewer.shell.settings import Settings
from viewer.shell.window import Window
from viewer.text.translation import language
from viewer.workspaces.arithmetic.model.parts import ArithmeticParts
from viewer.workspaces.arithmetic.workspace import ArithmeticContents
from viewer.workspaces.registry import WORKSPACES

TOYS = Path(__file__).parents[1] / "toys"
WAIT = 60_000
SIZE = 64
RED, BLUE = (220, 30, 40), (20, 60, 200)


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """A whole QApplication before anything makes do with less.

    A sub-command run in this process would make a QGuiApplication, and widgets of later tests
    could then not be.
    """
    return qapp


@pytest.fixture(scope="session")
def engine(qapp: QApplication) -> Iterator[EngineProcess]:
    process = EngineProcess("cpu")
    process.start()
    yield process
    process.close()


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of the toys in this process's tables: a measure and a question."""
    monkeypatch.syspath_prepend(TOYS)
    measure, question = map(importlib.import_module, ("toy_measure", "toy_question"))
    monkeypatch.setattr(table, "MEASURES", (*table.MEASURES, measure.ROW))
    monkeypatch.setattr(questions, "QUESTIONS", (*questions.QUESTIONS, question.KIND))


@pytest.fixture
def engine_with_toys(
    qapp: QApplication, toys: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EngineProcess]:
    """A real engine process whose tables have the rows of the toys as well."""
    plain = isolated.command

    def command(script: Path, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
        return plain(TOYS / "engine_with_toys.py", str(script), *arguments, options=options)

    monkeypatch.setattr(isolated, "command", command)
    process = EngineProcess("cpu")
    process.start()
    yield process
    process.close()


def halves(
    height: int = SIZE, width: int = SIZE, left: tuple[int, int, int] = RED, right=BLUE
) -> Image.Image:
    """A picture of two colours, side by side, so that a turn or a swap shows."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = left
    pixels[:, width // 2 :] = right
    return Image.fromarray(pixels)


def small_unet(**settings: object) -> Document:
    chosen = BLUEPRINTS["unet"].complete({"depth": 2, "base": 4, "size": SIZE, **settings})
    graph = BLUEPRINTS["unet"].build(chosen)
    return Document(graph=graph, blueprint=("unet", chosen), title="Small")


class Desk:
    """A window and what a person does with it."""

    def __init__(self, qtbot, window: Window, store: BlobStore, engine: EngineProcess) -> None:
        self.qtbot, self.window, self.store, self.engine = qtbot, window, store, engine
        self.session = window.session
        self._shown: list[str] = []
        """Sentences that the notice has shown; another may stand there when a test looks."""
        self.session.notifications.posted.connect(self._note)

    def _note(self) -> None:
        self._shown.append(self.said)

    # ------------------------------------------------------------------ hands

    def edit(self, **changes: object) -> None:
        self.session.edit("edit", replace(self.session.document, **changes))

    def drag_over(self, data: QMimeData) -> bool:
        """Bring `data` over the canvas; whether it may be dropped there."""
        target, at = self._under()
        event = QDragEnterEvent(
            at,
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(target, event)
        return event.isAccepted()

    def drag_away(self) -> None:
        QApplication.sendEvent(self._under()[0], QDragLeaveEvent())

    def release(self, data: QMimeData) -> None:
        target, at = self._under()
        event = QDropEvent(
            QPointF(at),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(target, event)

    def _under(self) -> tuple[QWidget, QPoint]:
        port = self.window.canvas.viewport()
        return port, port.rect().center()

    def drop(self, *paths: Path) -> None:
        """Drag files from outside over the canvas and let go."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        assert self.drag_over(data)
        self.release(data)

    def do(self, command: str) -> None:
        self.window.commands.actions[command].trigger()

    def press(self, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def answer(self, title: str) -> None:
        """Click a button of the notice."""
        self.qtbot.mouseClick(self.button(title), Qt.MouseButton.LeftButton)

    # ------------------------------------------------------------------ eyes

    @property
    def arithmetic(self) -> ArithmeticParts:
        """What the panels of Arithmetic share in this window."""
        contents = self.window.contents["arithmetic"]
        assert isinstance(contents, ArithmeticContents)
        return contents.parts

    def button(self, title: str) -> QPushButton:
        shown = [b for b in self.window.notice.findChildren(QPushButton) if b.isVisible()]
        found = [b for b in shown if b.text() == title]
        assert len(found) == 1, [b.text() for b in shown]
        return found[0]

    @property
    def said(self) -> str:
        """The sentence of the notice, empty where there is none."""
        notice = self.window.notice
        return notice.text.text() if notice.isVisible() else ""

    def wait(self, happened: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(happened()), timeout=WAIT)

    def wait_said(self) -> str:
        self.wait(lambda: self.said)
        return self.said

    def wait_told(self, part: str) -> str:
        """The whole sentence with `part` in it, once the notice has shown one or shows it now.

        What was shown before it is forgotten: the next one waited for came later.
        """

        def told() -> str:
            return next((each for each in (*self._shown, self.said) if part in each), "")

        self.wait(told)
        sentence = told()
        after = self._shown.index(sentence) + 1 if sentence in self._shown else 0
        del self._shown[:after]
        return sentence

    def wait_frame(self) -> Frame:
        """The frame of the document as it is now."""

        def is_current() -> bool:
            frame, document = self.session.frame, self.session.document
            return (
                frame is not None
                and document.image is not None
                and frame.image_hash == document.image.hash
                and frame.structure == document.graph.structure_hash
                and frame.revision == self.window.loop._revision
                and not self.window.loop._is_due
            )

        self.wait(is_current)
        assert self.session.frame is not None
        return self.session.frame

    def wait_image(self, before: BlobRef | None) -> Frame:
        self.wait(lambda: self.session.document.image != before)
        return self.wait_frame()

    def picture(self) -> QImage:
        return self.window.grab().toImage()

    def painted(self, node: str, places: tuple[tuple[float, float], ...]) -> list[np.ndarray]:
        """Colours (red, green, blue) on the canvas at (x, y) in 0…1 of a node's map."""
        canvas = self.window.canvas
        map_: QRectF = canvas.scene_of_network.figure.nodes[node].map
        image = canvas.viewport().grab().toImage()
        colours = []
        for x, y in places:
            point = QPointF(map_.left() + x * map_.width(), map_.top() + y * map_.height())
            colour = image.pixelColor(canvas.to_viewport(point).toPoint())
            colours.append(np.array([colour.red(), colour.green(), colour.blue()]))
        return colours


class FreshSettings(Settings):
    """Nothing of another test is remembered."""

    def __init__(self, folder: Path) -> None:
        self._store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture(autouse=True)
def plain_look(qapp: QApplication) -> Iterator[None]:
    theme.use("light")
    language.use("en")
    yield
    theme.use("light")
    language.use("en")


@pytest.fixture
def shown(qtbot) -> Callable[..., QWidget]:
    """Shows a widget, or a panel, in a size of its own and hands it back."""

    def show(widget: QWidget, width: int, height: int) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        return widget

    return show


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "store")


@pytest.fixture
def open_desk(qtbot, tmp_path: Path, store: BlobStore, engine: EngineProcess) -> Iterator:
    desks: list[Desk] = []

    def make(
        document: Document | None = None,
        view: ViewState | None = None,
        pictured: bool = True,
        process: EngineProcess = engine,
        welcome: bool = False,
        workspaces: Workspaces = WORKSPACES,
    ) -> Desk:
        shown = document or small_unet()
        if pictured and shown.image is None:
            source = tmp_path / "first.png"
            halves(left=(90, 90, 90), right=(150, 150, 150)).save(source)
            shown = replace(shown, image=BlobRef(store.put(source), source.name))
        settings = FreshSettings(tmp_path)
        window = Window(
            shown,
            view or ViewState(),
            store,
            process,
            settings,
            welcome=welcome,
            workspaces=workspaces,
        )
        window.resize(1440, 900)
        window.show()
        window.start()
        qtbot.waitExposed(window)
        desks.append(Desk(qtbot, window, store, process))
        if pictured:
            desks[-1].wait_frame()
        return desks[-1]

    yield make
    for desk in desks:
        if isValid(desk.window):
            desk.session.history.setClean()
            desk.window.close()
    tracer_process.dismiss()


@pytest.fixture
def desk(open_desk) -> Desk:
    return open_desk()


@pytest.fixture
def two_colours() -> Callable[..., Image.Image]:
    return halves


@pytest.fixture
def unet() -> Callable[..., Document]:
    return small_unet
