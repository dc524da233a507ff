"""Opens the windows of the program, which share the store, the engine process and the settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from analysis.inference.protocol.runs import Noise
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document
from viewer.engine.process import EngineProcess
from viewer.session.view_state import ViewState
from viewer.shell.settings import Settings
from viewer.shell.window import Window

SIZE = (1440, 900)
BESIDE = QPoint(32, 32)
"""How far a further window stands from the one it was opened from, in logical pixels."""


class Windows(QObject):
    """The open windows, each with a document of its own. lastClosed() when none is left."""

    lastClosed = Signal()

    def __init__(self, store: BlobStore, process: EngineProcess, settings: Settings) -> None:
        super().__init__()
        self._store, self._process, self._settings = store, process, settings
        self._open: list[Window] = []

    @property
    def store(self) -> BlobStore:
        """Where all windows keep weights and images."""
        return self._store

    @property
    def opened(self) -> tuple[Window, ...]:
        """The windows that are open, in the order in which they were opened."""
        return tuple(self._open)

    @property
    def active(self) -> Window | None:
        """The window that has the keyboard, else the one opened last."""
        active = QApplication.activeWindow()
        return next((each for each in self._open if each is active), None) or next(
            reversed(self._open), None
        )

    def open(
        self, document: Document, noise: Noise | None = None, *, welcome: bool = False
    ) -> Window:
        """Show a document in a window of its own, beside the active one if there is one."""
        beside = self.active
        window = Window(
            document,
            ViewState(),
            self._store,
            self._process,
            self._settings,
            noise=noise,
            welcome=welcome,
        )
        window.stored.held_elsewhere = self._held
        self._open.append(window)
        window.closed.connect(lambda: self._closed(window))
        window.windowAsked.connect(self.open_another)
        window.quitAsked.connect(self.close_all)
        self._place(window, beside)
        window.show()
        window.start()
        return window

    def open_another(self) -> None:
        """Open a further window on the shipped sample, as at the first launch."""
        from viewer.files.first_document import first_document
        from viewer.session.sample_document import first_noise

        first = first_document(self._store)
        window = self.open(first.document, first_noise())
        if first.notice:
            window.session.notifications.post(first.notice, "warn")

    def tell_exception(self, line: str) -> None:
        """Say in the active window that something went wrong."""
        window = self.active
        if window is not None:
            window.failures.tell_exception(line)

    def close_all(self) -> None:
        """Close one window after another, asking about unsaved work; one that is kept ends it."""
        if self._open:
            self._open[0].unsaved.close_then(self.close_all)

    def end_at_once(self) -> None:
        """Close all without asking; unsaved work is kept in the recovery copies."""
        for window in [*self._open]:
            window.end_at_once()

    def _place(self, window: Window, beside: Window | None) -> None:
        if beside is not None:
            window.resize(beside.size())
            screen = beside.screen().availableGeometry()
            place = beside.pos() + BESIDE
            window.move(place if screen.contains(place) else screen.topLeft())
            return
        window.resize(QSize(*SIZE).boundedTo(QGuiApplication.primaryScreen().availableSize()))
        geometry = self._settings.bytes("geometry")
        if geometry is not None:
            window.restoreGeometry(geometry)

    def _held(self) -> set[str]:
        """Hashes of the stored files that any window needs."""
        return set().union(*(window.stored.held() for window in self._open))

    def _closed(self, window: Window) -> None:
        self._open.remove(window)
        if not self._open:
            self.lastClosed.emit()
