"""Saves the document, and keeps a recovery copy of unsaved work."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from analysis.faults import Fault
from analysis.storage.blobs import BlobStore
from analysis.storage.document import Document, DocumentError, to_json
from analysis.storage.document_file import save
from viewer.files.recovery import Claim, RecoveryCopy, recovery_folder
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

ORIGIN = "recovered_from"
"""Key in the view of a recovery copy: path and SHA-256 of the file that its work changes."""
AUTOSAVE_AFTER = 1500
"""Milliseconds after the last change until the recovery copy is written."""
ASKED = ("changed-meanwhile", "weights-not-stored", "image-not-stored")
"""Faults of saving that are a question: the person may want it all the same."""


class Saver(Guarded, QObject):
    """Writes the file of one window, and its recovery copy while it holds unsaved work."""

    placeAsked = Signal(object)
    """The person wants to save elsewhere; the value is what follows when that is done."""
    otherShown = Signal()
    """Another document is shown, or comes at once, or the one there is has another file."""

    def __init__(self, session: Session, store: BlobStore, background: Background) -> None:
        super().__init__(session)
        self._session = session
        self._store = store
        self._notifications = session.notifications
        self._background = background
        self.path: Path | None = None
        self._hashes: dict[Path, str] = {}
        """SHA-256 of every file as it was last read or written here."""
        self._writing = Lock()
        self._start = session.document
        self._shown = 0
        """How many documents the window has shown before this one."""
        self._restored = False
        """Whether the document was restored, and not saved since."""
        self._told = False
        """Whether it was said that no recovery copy can be written."""
        self.recovery = RecoveryCopy(recovery_folder())
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

        Other pictures and gates tried on a network that was never saved would not, but for those
        that were restored: somebody has asked for them.
        """
        if not self.unsaved or self._restored or self.path is not None:
            return self.unsaved
        return _work(self._session.document) != _work(self._start)

    def begin(self, path: Path | None, file_hash: str = "") -> None:
        """Another document has been opened, from this file with that SHA-256."""
        self.path = path
        self._shown += 1
        self._start = self._session.document
        if path is not None and file_hash:
            self._hashes[path] = file_hash
        self.otherShown.emit()

    def begin_here(self) -> None:
        """The document as it is now is nobody's work: only what is done from here on is.

        Nothing happens to one that has a file or was restored: that is somebody's. So are steps
        of a presentation, which nothing but a person saves.
        """
        if self.path is not None or self._restored:
            return
        steps, document = self._start.steps, self._session.document
        self._start = replace(document, steps=steps)
        if document.steps == steps:
            self._session.history.setClean()
            # Once more where an edit is just being made: the history has not counted it yet.
            QTimer.singleShot(0, self, partial(self._clean, self._shown, document))

    def _clean(self, shown: int, document: Document) -> None:
        if self._shown == shown and self._session.document is document:
            self._session.history.setClean()

    def bring_back(self) -> None:
        """The document that was opened last holds work that was never saved: it is asked about."""
        self._restored = True
        self._session.history.setUnclean()
        self._timer.start()

    # ---------------------------------------------------------------------- the file

    def save(
        self,
        path: Path,
        then: Callable[[], object] = lambda: None,
        *,
        overwrite: bool = False,
        without_blobs: bool = False,
    ) -> None:
        """Write the document as it is now; `then` follows when it is on the disk.

        What stands in the way is asked about: a file that another program has changed (unless
        `overwrite`), weights or an image that are nowhere to be had (unless `without_blobs`).
        """
        document, view = self._session.document, self._session.view.to_plain()
        shown = self._shown

        def work(_: Event) -> None:
            with self._writing:  # of two saves the second starts from what the first wrote
                expected = None if overwrite else self._hashes.get(path)
                self._hashes[path] = save(
                    path,
                    document,
                    view,
                    self._store,
                    expected=expected,
                    without_blobs=without_blobs,
                )

        def done(_: None) -> None:
            if self._shown == shown:  # else the file is not that of the document there is now
                self._saved(path, document)
            self._notifications.settle()
            then()

        def failed(error: Exception) -> None:
            def again(**how: bool) -> None:
                if self._shown == shown:
                    kept = {"overwrite": overwrite, "without_blobs": without_blobs}
                    self.save(path, then, **(kept | how))

            self._fail(error, path, then, again)

        self._background.start(work, done, failed)

    def _saved(self, path: Path, document: Document) -> None:
        """`document`, or what is edited of it since, is in that file."""
        before, self.path = self.path, path
        if self._session.document is document:
            self._restored = False
            self._session.history.setClean()
            self.drop_recovery()
        else:
            self._timer.start()  # edited while it was being written
        if path != before:
            self.otherShown.emit()

    def _fail(
        self,
        error: Exception,
        path: Path,
        then: Callable[[], object],
        again: Callable[..., None],
    ) -> None:
        if not isinstance(error, DocumentError):
            self._notifications.post(
                tr(
                    "{name} was not saved: {error}. Save it in another folder.",
                    name=path.name,
                    error=error,
                )
            )
            return
        elsewhere = (tr("Save as…"), lambda: self.placeAsked.emit(then))
        cancel = (tr("Cancel"), lambda: None)
        choices: tuple[tuple[str, Callable[[], object]], ...] = ()
        if error.code == "changed-meanwhile":
            choices = ((tr("Overwrite it"), lambda: again(overwrite=True)), elsewhere, cancel)
        elif error.code in ("weights-not-stored", "image-not-stored"):
            choices = ((tr("Save without"), lambda: again(without_blobs=True)), cancel)
        elif error.code in ("read-only-file", "read-only-folder", "no-folder"):
            choices = (elsewhere, cancel)
        said = fault_sentence(Fault(error.code, _short(error.numbers, path)))
        self._notifications.post(said, "question" if error.code in ASKED else "error", choices)

    # ------------------------------------------------------------- the recovery copy

    def keep_recovery(self) -> None:
        """Write the recovery copy while there is unsaved work; its weights are in the store."""
        if not self.unsaved:
            return
        document, view = self._session.document, self._copied_view()
        turn = self.recovery.next_turn()
        self._background.start(
            lambda _: self.recovery.write(to_json(document, view), turn),
            lambda _: self._copy_kept(),
            self._copy_failed,
        )

    def keep_recovery_now(self) -> None:
        """The same before the program ends; the copy is left for the next start."""
        self._timer.stop()
        if self.unsaved:
            document, view = self._session.document, self._copied_view()
            with contextlib.suppress(OSError):
                self.recovery.write(to_json(document, view), self.recovery.next_turn())
        self.recovery.leave()

    def _copied_view(self) -> dict[str, Any]:
        """The view, and in it which file the work belongs to."""
        view: dict[str, Any] = dict(self._session.view.to_plain())
        if self.path is not None:
            view[ORIGIN] = {"path": str(self.path), "hash": self._hashes.get(self.path, "")}
        return view

    def _copy_kept(self) -> None:
        self._told = False

    def _copy_failed(self, error: Exception) -> None:
        """Said once, not after every change."""
        if not self._told:
            self._told = True
            self._notifications.post(
                tr("No copy of unsaved work can be kept ({error}). Save often.", error=error),
                "warn",
            )

    def drop_recovery(self) -> None:
        """The work is safe elsewhere, or not wanted. Restored work that was undone stays."""
        self._timer.stop()
        if self._restored and not self.unsaved:
            self.recovery.leave()
        else:
            self.recovery.remove()
        self._restored = False

    def take_restored(self, copy: Claim, view: Mapping[str, Any]) -> bool:
        """The document becomes what this copy holds, as unsaved work of the file in its `view`.

        False where no file is known: then it is work of none, and the one at hand is not written
        over with it. A file that was changed since is asked about when it is saved, as always.
        """
        self.recovery.adopt(copy)
        origin = origin_of(view)
        self.path = None
        if origin is not None:
            self.path, self._hashes[origin[0]] = origin
        self._shown += 1
        self._restored = True
        self.otherShown.emit()
        return self.path is not None


def origin_of(view: Mapping[str, Any]) -> tuple[Path, str] | None:
    """The file that the work of a recovery copy changes, and its SHA-256 as it was last read."""
    origin = view.get(ORIGIN)
    if not isinstance(origin, dict) or not isinstance(origin.get("path"), str):
        return None
    return Path(origin["path"]), str(origin.get("hash", ""))


def _short(numbers: tuple[Any, ...], path: Path) -> tuple[Any, ...]:
    """The numbers of a fault with the file's name where its whole path was."""
    whole = (str(path), os.path.realpath(path))
    return tuple(path.name if number in whole else number for number in numbers)


def _work(document: Document) -> object:
    """What someone has made: operators but for the input's size, moved blocks, typed numbers,
    steps of a presentation."""
    built = tuple(node for node in document.graph.nodes if node.operator.key != "input")
    example = document.arithmetic
    typed = example if example is not None and example.typed else None
    return built, document.positions, document.weights, typed, document.steps
