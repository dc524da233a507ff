"""The whole window on the shipped denoiser with a real engine, offscreen, in its own folder."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document
from viewer.app import make_application
from viewer.engine.process import EngineProcess
from viewer.session.sample_document import first_noise, sample_document
from viewer.session.view_state import ViewState
from viewer.shell.settings import Settings
from viewer.shell.window import Window

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="fieldglass-benchmark-")
for _name in ("CONFIG", "DATA", "STATE", "CACHE"):
    os.environ[f"XDG_{_name}_HOME"] = str(Path(_home.name) / _name.lower())


@dataclass
class RealWindow:
    """Window, engine and application."""

    app: QApplication
    window: Window
    engine: EngineProcess

    def until(self, happened: Callable[[], object]) -> None:
        """Run the event loop, sleeping in it, until something holds."""
        give_up = time.monotonic() + 120
        while not happened():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.monotonic() > give_up:
                sys.exit("the engine did not answer in 120 s")

    @property
    def is_current(self) -> bool:
        """Whether the frame shown is that of the newest request."""
        frame, loop = self.window.session.frame, self.window.loop
        return frame is not None and frame.revision == loop._revision

    def settle(self, seconds: float = 1.0) -> None:
        """Let the first picture, the shares and what else is late come to rest."""
        self.until(lambda: self.is_current)
        self.rest(seconds)

    def rest(self, seconds: float) -> None:
        """Run the event loop for so long, whether or not a frame comes."""
        calm = time.monotonic() + seconds
        while time.monotonic() < calm:
            self.app.processEvents()
            time.sleep(0.002)

    def pointer(self, kind: QMouseEvent.Type, at: QPoint) -> None:
        """Send the canvas one event of the pointer, the left button held."""
        port = self.window.canvas.viewport()
        left = Qt.MouseButton.LeftButton
        held = Qt.MouseButton.NoButton if kind == QMouseEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(
            kind,
            QPointF(at),
            QPointF(port.mapToGlobal(at)),
            Qt.MouseButton.NoButton if kind == QMouseEvent.Type.MouseMove else left,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(port, event)

    def gate(self, skip: str) -> QPoint:
        """Where the handle of a skip's gate is on the canvas."""
        canvas = self.window.canvas
        edge = next(e for e in canvas.scene_of_network.figure.edges if e.skip == skip)
        return canvas.to_viewport(edge.gate(1.0 / min(canvas.zoom, 1.6))).toPoint()

    def close(self) -> None:
        """End the engine and the window."""
        self.window.session.history.setClean()
        self.window.close()
        self.engine.close()


def open_window(
    workspace: str = "live", document: Document | None = None, run: bool = True
) -> RealWindow:
    """A window of 1440 × 900 with the sample or `document`; its engine runs where `run` says so."""
    app = make_application(["benchmark"])
    store = BlobStore(Path(_home.name) / "blobs")
    sample = sample_document(store)
    engine = EngineProcess("cpu")
    shown = sample if document is None else document
    window = Window(shown, ViewState(workspace=workspace), store, engine, Settings(), first_noise())
    window.resize(1440, 900)
    window.show()
    window.start()
    if run:
        engine.start()
    return RealWindow(app, window, engine)
