"""Saves the document, and keeps a copy of unsaved work that outlives a crash."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QStandardPaths, QTimer

from analysis.storage import atomic_file
from analysis.storage import document as files
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document, DocumentError
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.shell.notice_strip import NoticeStrip
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

AUTOSAVE_AFTER = 1500
"""Milliseconds after the last change until the recovery copy is written."""


def data_folder() -> Path:
    """Where blobs and recovery copies live."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place)


class Saver(QObject):
    """Writes the file of one window, and its recovery copy while it holds unsaved work."""

    def __init__(
        self, session: Session, store: BlobStore, notice: NoticeStrip, background: Background
    ) -> None:
        super().__init__(session)
        self._session = session
        self._store = store
        self._notice = notice
        self._background = background
        self.path: Path | None = None
        self._start = session.document
        self._recovery = data_folder() / "recovery" / f"{os.getpid()}.fieldglass"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_AFTER)
        self._timer.timeout.connect(self.keep_recovery)
        session.documentChanged.connect(lambda *_: self._timer.start())

    @property
    def unsaved(self) -> bool:
        """Whether the document differs from its file."""
        return not self._session.history.isClean()

    @property
    def worth_asking(self) -> bool:
        """Whether unsaved work would be missed.

        Other pictures and gates tried on a network that was never saved would not.
        """
        if not self.unsaved or self.path is not None:
            return self.unsaved
        return _work(self._session.document) != _work(self._start)

    def begin(self, path: Path | None) -> None:
        """Another document has been opened, from this file."""
        self.path = path
        self._start = self._session.document

    def save(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Write the document as it is now; `then` follows when it is on the disk."""
        document, view = self._session.document, self._session.view.to_plain()
        index = self._session.history.index()

        def work(_: Event) -> None:
            files.save(path, document, view, self._store)

        def done(_: None) -> None:
            self.path = path
            if self._session.history.index() == index:
                self._session.history.setClean()
                self.drop_recovery()
            else:
                self._timer.start()  # edited while it was being written
            self._notice.settle()
            then()

        self._background.start(work, done, lambda error: self._fail(error, path))

    def _fail(self, error: Exception, path: Path) -> None:
        if isinstance(error, DocumentError):
            self._notice.tell(fault_sentence(error.fault))
        else:
            self._notice.tell(
                tr(
                    "{name} was not saved: {error}. Save it in another folder.",
                    name=path.name,
                    error=error,
                )
            )

    def keep_recovery(self) -> None:
        """Write the recovery copy while there is unsaved work; its weights are in the store."""
        if self.unsaved:
            data = files.to_json(self._session.document, self._session.view.to_plain())
            self._background.start(
                lambda _: self._write_recovery(data), lambda _: None, lambda _: None
            )

    def keep_recovery_now(self) -> None:
        """The same before the program ends."""
        if self.unsaved:
            document, view = self._session.document, self._session.view.to_plain()
            self._write_recovery(files.to_json(document, view))

    def _write_recovery(self, data: bytes) -> None:
        self._recovery.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(self._recovery, (data,))

    def drop_recovery(self) -> None:
        """The work is safe elsewhere, or not wanted."""
        self._timer.stop()
        self._recovery.unlink(missing_ok=True)

    def lost_work(self) -> Path | None:
        """The newest recovery copy whose program is no longer running."""
        copies = [
            copy
            for copy in self._recovery.parent.glob("*.fieldglass")
            if not _is_running(copy.stem)
        ]
        return max(copies, key=lambda copy: copy.stat().st_mtime, default=None)

    def recover(self, copy: Path) -> Document | None:
        """Read a recovery copy; one that cannot be read is said, and is kept under another name."""
        try:
            return files.from_json(copy.read_bytes())[0]
        except (DocumentError, OSError) as error:
            copy.rename(copy.with_suffix(".damaged"))
            self._fail_to_read(error, copy)
            return None

    def _fail_to_read(self, error: DocumentError | OSError, copy: Path) -> None:
        if isinstance(error, DocumentError):
            self._notice.tell(fault_sentence(error.fault))
        else:
            text = tr("{name} cannot be read: {error}", name=copy.name, error=error)
            self._notice.tell(text)


def _is_running(pid: str) -> bool:
    if not pid.isdigit() or int(pid) == os.getpid():
        return pid.isdigit()
    try:
        os.kill(int(pid), 0)
    except OSError:
        return False
    return True


def _work(document: Document) -> object:
    """What someone has built: operators but for the input's size, moved blocks, typed numbers."""
    built = tuple(node for node in document.graph.nodes if node.operator.key != "input")
    example = document.arithmetic
    typed = example if example is not None and example.typed else None
    return built, document.positions, document.weights, typed
