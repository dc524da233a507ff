"""Reads a document for one window, and says so where that takes a while."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from analysis.storage.blobs import BlobStore
from analysis.storage.document_file import Opened
from viewer.files.network_length import load
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.arrangement import Arrangement, arranged
from viewer.session.background_jobs import Background, Job
from viewer.session.view_state import ViewState
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

SLOW = 500
"""Milliseconds after which reading is said, with a way to give it up."""

_Read = tuple[Opened, ViewState, Arrangement]


@dataclass(frozen=True)
class SavedFile:
    """Where a document was read from, and the SHA-256 of the file as it was then."""

    path: Path
    hash: str


class DocumentOpener(Guarded, QObject):
    """Loads, analyses and lays out a document on a worker; the last one asked for is opened."""

    documentOpened = Signal(object, object, object)
    """As of Opener."""
    fileOpened = Signal(str)
    working = Signal(object)
    """The sentence about what is under way, or None when it is over."""
    failed = Signal(object, str)
    """The exception, and the path."""

    def __init__(self, session: Session, store: BlobStore, background: Background) -> None:
        super().__init__(session)
        self._session, self._store, self._background = session, store, background
        self._job: Job[_Read] | None = None
        self._name, self._said = "", False
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW)
        self._slow.timeout.connect(self._say)

    def open(self, path: str) -> None:
        """Open the document of that path."""
        parts = self._session.workspaces.view_parts

        def read(_: Event) -> _Read:
            opened = load(Path(path), self._store)
            view = ViewState.from_plain(opened.view, parts)
            found = arranged(opened.document, view.strict, view.expanded, None, view.collapsed)
            return opened, view, found

        def failed(error: Exception) -> None:
            self._end()
            self.failed.emit(error, path)

        self.cancel()
        self._name = Path(path).name
        self._slow.start()
        self._job = self._background.start(read, lambda found: self._done(found, path), failed)

    def cancel(self) -> None:
        """Give up the document that is being read."""
        if self._job is not None:
            self._job.cancel()
        self._end()

    def _done(self, found: _Read, path: str) -> None:
        self._end()
        opened, view, arrangement = found
        self._session.expect(arrangement)
        self.documentOpened.emit(opened.document, view, SavedFile(Path(path), opened.hash))
        self.fileOpened.emit(path)
        faults = (*opened.missing, *((opened.unknown,) if opened.unknown is not None else ()))
        if faults:
            said = " ".join(map(fault_sentence, faults))
            self._session.notifications.post(said, "warn")

    def _say(self) -> None:
        self._said = True
        self.working.emit(tr("Reading {name}", name=self._name))

    def _end(self) -> None:
        self._job = None
        self._slow.stop()
        if self._said:
            self._said = False
            self.working.emit(None)
