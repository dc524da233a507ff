"""Opens the target of an image: a mask or a picture that the output is held against."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtWidgets import QWidget

from analysis.faults import Fault
from analysis.storage.blobs import BlobRef, BlobStore
from viewer.controls.file_dialog import OPEN, pick_file
from viewer.files.file_kinds import IMAGES, VOLUMES
from viewer.session import Session
from viewer.session.background_jobs import Background, Job
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr


class TargetOpener:
    """Reads a target off the GUI thread and makes it the document's."""

    def __init__(self, session: Session, store: BlobStore, background: Background) -> None:
        self._session = session
        self._store = store
        self._background = background
        self._job: Job[Any] | None = None

    def ask(self, parent: QWidget) -> None:
        """Ask for a file."""
        patterns = " ".join(f"*{ending}" for ending in (*IMAGES, *VOLUMES))
        filters = (f"{tr('Masks and pictures')} ({patterns})", f"{tr('All files')} (*)")
        pick_file(parent, tr("Open a target"), filters, OPEN, self.open)

    def open(self, path: str) -> None:
        """Hold the output against this file; what cannot be read is said."""
        name = Path(path).name

        def read(_: Event) -> BlobRef:
            from analysis.inference.source_file import image_size, one_file

            image_size(path)
            return BlobRef(self._store.put(one_file(path)), name)

        def use(target: BlobRef) -> None:
            self._session.notifications.settle()
            after = replace(self._session.document, target=target, target_as=None)
            self._session.edit(lambda: tr("Hold the output against {name}", name=name), after)

        def fail(error: Exception) -> None:
            fault = getattr(error, "fault", None)
            if isinstance(fault, Fault):
                named = tuple(name if each == path else each for each in fault.numbers)
                said = fault_sentence(Fault(fault.code, named))
            else:
                said = tr("{name} cannot be read: {error}", name=name, error=error)
            self._session.notifications.post(said)

        if self._job is not None:
            self._job.cancel()
        self._job = self._background.start(read, use, fail)

    def remove(self) -> None:
        """Hold the output against nothing."""
        if self._session.document.target is not None:
            after = replace(self._session.document, target=None, target_as=None)
            self._session.edit(lambda: tr("Remove the target"), after)
