"""Watches a model's file and tells, once for each content, that it was saved again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from analysis.storage.blobs import hash_file
from viewer.override_guard import Guarded
from viewer.session.background_jobs import Background

QUIET = 300
"""Milliseconds without a further change: an editor writes in pieces, or puts a new file there."""


class SavedAgain(Guarded, QObject):
    """Watches one file at a time, with its folder: many editors replace the file.

    It goes with the background of its window, in which files are hashed.
    """

    changed = Signal(str, str)
    """Path, and the SHA-256 of what is there now."""

    def __init__(self, background: Background) -> None:
        super().__init__(background)
        self._background = background
        self._path = ""
        self._told = ""
        """The content that was opened, or told of last."""
        self._watcher = QFileSystemWatcher(self)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET)
        self._quiet.timeout.connect(self._look)
        self._watcher.fileChanged.connect(lambda _: self._quiet.start())
        self._watcher.directoryChanged.connect(lambda _: self._quiet.start())

    def watch(self, path: str, content: str) -> None:
        """Watch this file from now on; `content` is the SHA-256 of what was opened."""
        self._told = content
        if path != self._path:
            watched = [*self._watcher.files(), *self._watcher.directories()]
            if watched:
                self._watcher.removePaths(watched)
            self._path = path
        self._add()
        self._quiet.start()  # what was saved while it was being read

    def _add(self) -> None:
        """A file that was replaced is watched no more, its successor not yet."""
        self._watcher.addPaths([self._path, str(Path(self._path).absolute().parent)])

    def _look(self) -> None:
        path = self._path

        def found(content: str) -> None:
            if path != self._path:
                return
            self._add()
            if content != self._told:
                self._told = content
                self.changed.emit(path, content)

        self._background.start(lambda _: hash_file(Path(path)), found, lambda _: None)
