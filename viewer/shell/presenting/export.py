"""Exports the saved steps: shows each, takes its picture once it is there, then writes the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from math import sqrt
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QImage, QPicture
from PySide6.QtWidgets import QWidget

from analysis.storage.document import Document
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.arithmetic.formats.contract import Cancelled, CannotExport
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings, format_of, patterns
from viewer.drawing.presentation.slides import Slides, write_slides
from viewer.files.document_name import document_name, file_stem
from viewer.override_guard import Guarded
from viewer.session.background_jobs import Job
from viewer.session.edits.presentation_steps import MERGE_SHOWN, Region
from viewer.session.notifications import Choice, Kind
from viewer.session.view_state import ViewState
from viewer.shell.presenting.presenter import Presenter
from viewer.shell.presenting.slide_picture import SlidePicture, Taken
from viewer.text.file_faults import not_written
from viewer.text.translation import language, tr
from viewer.workspaces.services import Services

LOOK_EVERY, QUIET, PATIENCE = 60, 360, 8000
"""Milliseconds: between two looks whether a step is there, for which nothing may be under way
before its picture is taken, and after which it is taken anyway."""
SCALE, MOST_PIXELS = 2.0, 100_000_000
"""Pixels of a slide for one px of the window, fewer where all slides together have too many."""


class StepsExport(Guarded, QObject):
    """Writes the saved steps to a file, one at a time; Esc or Cancel in the notice ends it."""

    def __init__(self, services: Services, presenter: Presenter, window: QWidget) -> None:
        super().__init__(window)
        self._services, self._presenter, self._window = services, presenter, window
        self._session = services.session
        self._path = Path()
        self._picture = SlidePicture(window, presenter.scene)
        self._taken: list[Taken] = []
        self._size = QSize()
        self._before: tuple[ViewState, Document, Region | None] | None = None
        self._quiet = self._waited = 0
        self._job: Job[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    @property
    def runs(self) -> bool:
        """Whether steps are being shown or written."""
        return self._before is not None or self._job is not None

    def ask(self) -> None:
        """Ask for a file, and write the steps to it."""
        if not self._session.document.steps:
            self._post(tr("There are no steps yet. Ctrl+F5 saves what is shown as one."), "warn")
            return
        kinds = formats.PRESENTATIONS
        pick_file(
            self._services.dialog_parent,
            tr("Export the steps"),
            patterns(kinds),
            SAVE,
            self.write,
            suffix=kinds[0].ending[1:],
            name=file_stem(self._session.document, self._services.saver.path),
        )

    def write(self, path: str) -> None:
        """Show every step and write what is seen, in the format of the path's ending."""
        steps = self._session.document.steps
        if self.runs or self._presenter.now.active or not steps:
            return
        if format_of(formats.PRESENTATIONS, Path(path)) is None:
            known = language.row.comma.join(endings(formats.PRESENTATIONS))
            self._post(tr("The steps are written as one of {known}.", known=known), "error")
            return
        self._path, self._taken = Path(path), []
        self._before = (
            self._session.view,
            self._session.document,
            self._presenter.region,
        )
        self._session.notifications.dismiss()
        self._presenter.rehearse(self.cancel)
        self._show_soon(0)

    # ------------------------------------------------------------------ taking pictures

    def _show_soon(self, at: int) -> None:
        """Show a step, each part of it at a turn of its own."""
        self._show_next(self._presenter.go_in_parts(at))

    def _show_next(self, parts: Iterator[None]) -> None:
        QTimer.singleShot(0, self, partial(self._show, parts))

    def _show(self, parts: Iterator[None]) -> None:
        if self._before is None:  # given up meanwhile
            return
        for _ in parts:
            self._show_next(parts)
            return
        self._quiet = self._waited = 0
        self._timer.start()

    def _look(self) -> None:
        """Take the picture once nothing is under way any more."""
        self._waited += LOOK_EVERY
        self._quiet = 0 if self._under_way() else self._quiet + LOOK_EVERY
        if self._quiet < QUIET and self._waited < PATIENCE:
            return
        self._timer.stop()
        self._size = self._size if self._taken else self._presenter.area().size()
        self._take_picture()

    def _keep(self, picture: Taken) -> None:
        """The picture of a step is there: on to the next one, or to the file."""
        self._taken.append(picture)
        if len(self._taken) < len(self._session.document.steps):
            self._show_soon(len(self._taken))
        else:
            QTimer.singleShot(0, self, self._finish)

    def _finish(self) -> None:
        if self._before is not None:
            self._end_showing()
            self._write_all()

    def _under_way(self) -> bool:
        """Whether the engine still owes something of what the step shows."""
        session, services = self._session, self._services
        runs = session.frame is not None and not session.facts.stopped_by
        measured = session.workspace.canvas.draws_measure and session.measure_is_stale
        return services.requests.is_waiting or services.tensor_lines.waits or (runs and measured)

    def _take_picture(self) -> None:
        """Take the window as it is seen, without its bars; as vectors for a file of pages."""
        if self._path.suffix.lower() == ".pdf":
            self._picture.take_vectors(self._keep)
            return
        size, count = self._presenter.area().size(), len(self._session.document.steps)
        pixels = count * size.width() * size.height()
        scale = min(SCALE, sqrt(MOST_PIXELS / max(1, pixels)))
        self._picture.take_pixels(size, scale, self._keep)

    def _end_showing(self) -> None:
        """Everything as it was before."""
        self._timer.stop()
        self._picture.stop()
        if self._before is None:
            return
        view, before, region = self._before
        self._before = None
        session = self._session
        now = session.document
        back = replace(now, gates=before.gates, arithmetic=before.arithmetic)
        if (now.gates, now.arithmetic) != (before.gates, before.arithmetic):
            session.edit(lambda: tr("Show a step"), back, MERGE_SHOWN)
        self._presenter.end_rehearsal()
        session.view_from(view)
        self._presenter.show_region(region)

    # ------------------------------------------------------------------ writing

    def _write_all(self) -> None:
        document, path = self._session.document, self._path
        taken, self._taken = self._taken, []
        slides = Slides(
            tuple(each for each in taken if isinstance(each, QImage)),
            tuple(step.name for step in document.steps),
            (self._size.width(), self._size.height()),
            document_name(document, self._services.saver.path),
            records=tuple(each for each in taken if isinstance(each, QPicture)),
        )

        def work(cancelled: Event) -> None:
            write_slides(slides, path, lambda *_: not cancelled.is_set())

        self._post(tr("Writing the steps…"), "busy", ((tr("Cancel"), self.cancel),))
        self._job = self._services.background.start(work, self._written, self._failed)

    def _written(self, _: None) -> None:
        self._job = None
        self._post(tr("The steps are in {name}.", name=self._path.name), "ok")

    def _failed(self, error: Exception) -> None:
        self._job = None
        if isinstance(error, CannotExport):
            self._post(str(error), "error")
        elif isinstance(error, OSError):
            self._post(not_written(self._path, error), "error")
        elif not isinstance(error, Cancelled):
            raise error

    def cancel(self) -> None:
        """Give up; nothing is written."""
        if not self.runs:
            return
        self._end_showing()
        self._taken = []
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._post(tr("Cancelled; nothing was written."), "warn")

    def end(self) -> None:
        """The window closes."""
        self._timer.stop()
        self._picture.stop()
        self._before = None
        if self._job is not None:
            self._job.cancel()

    def _post(
        self,
        text: str,
        kind: Kind,
        choices: tuple[Choice, ...] = (),
    ) -> None:
        self._session.notifications.post(text, kind, choices)
