"""The study of one window: asks for its folders, runs it, and says how it went."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from analysis.faults import Fault
from analysis.storage.document import DocumentError
from viewer.session.background_jobs import Job
from viewer.session.notifications import Choice
from viewer.text.escaping import sentence_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.file_faults import not_written
from viewer.text.translation import language, tr
from viewer.workspaces.live.study.child import STOPPED, StudyChild
from viewer.workspaces.live.study.dialog import StudyDialog
from viewer.workspaces.services import Services

NETWORK = "network.fieldglass"
"""The network as it was studied, in the folder of the report."""
MINUTE = 60


class Studying:
    """The study of a window, one at a time, of the network on screen when it starts."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.dialog: StudyDialog | None = None
        self.child: StudyChild | None = None
        self._report: Path | None = None
        self._counts = (0, 0)
        self._writing: Job[Path] | None = None

    def ask(self) -> None:
        """Show the dialog, with what runs if something does."""
        if self.dialog is None:
            parent = self._services.dialog_parent
            self.dialog = StudyDialog(parent)
            self.dialog.started.connect(self.start)
            self.dialog.stopped.connect(self.stop)
            self.dialog.opened.connect(self.open_report)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    # ------------------------------------------------------------------ starting
    def start(self, data: str, folder: str) -> None:
        """Write the network into the folder and study it there."""
        if self.child is not None or self._writing is not None:
            return
        dialog = self._shown()
        dialog.show_running(tr("Writing the network…"))
        document = self._services.session.document
        alone = replace(document, image=None, target=None)
        store, place = self._services.store, Path(folder)

        def write(_: Event) -> Path:
            from analysis.storage.document_file import save

            place.mkdir(parents=True, exist_ok=True)
            save(place / NETWORK, alone, {}, store)
            return place / NETWORK

        def written(path: Path) -> None:
            self._writing = None
            self._run(path, data, folder)

        def failed(error: Exception) -> None:
            self._writing = None
            if isinstance(error, DocumentError):
                dialog.show_idle(fault_sentence(Fault(error.code, error.numbers)))
            elif isinstance(error, OSError):
                dialog.show_idle(not_written(place, error))
            else:
                dialog.show_idle()
                raise error

        self._writing = self._services.background.start(write, written, failed)

    def _run(self, network: Path, data: str, folder: str) -> None:
        dialog = self._shown()
        arguments = [str(network), data, "-o", folder, "--lang", language.row.option]
        if self._services.session.document.weights is None:
            arguments += ["--seed", "0"]
        try:
            child = StudyChild(arguments, dialog)
        except OSError as error:
            dialog.show_idle(str(error.strerror or error))
            return
        self.child, self._counts, self._report = child, (0, 0), None
        dialog.show_running(tr("Starting…"))
        child.progressed.connect(self._progressed)
        child.ended.connect(self._ended)
        # The child is told to finish, and not waited for, where the window goes.
        dialog.destroyed.connect(lambda _: child.stop())

    def stop(self) -> None:
        """Finish the images at hand; what is measured is kept."""
        if self.child is not None:
            self.child.stop()
            self._shown().show_stopping()
        elif self._writing is not None:
            self._writing.cancel()
            self._writing = None
            self._shown().show_idle(tr("Stopped before the first image."))

    # ------------------------------------------------------------------ hearing
    def _progressed(self, done: int, of: int, left: float | None) -> None:
        self._counts = (done, of)
        dialog = self._shown()
        if not dialog.stop.isEnabled():
            return  # it is stopping
        if not done:
            said = tr("{all} images; PyTorch loads before the first.", all=of)
        elif left is None:
            said = tr("{done} of {all} images", done=done, all=of)
        elif left < MINUTE:
            said = tr("{done} of {all} images, less than a minute left", done=done, all=of)
        else:
            minutes = round(left / MINUTE)
            said = tr("{done} of {all} images, about {n} min left", done=done, all=of, n=minutes)
        dialog.show_running(said, done, of if done else 0)  # a bar that moves until one is done

    def _ended(self, why: str) -> None:
        child, self.child = self.child, None
        dialog = self._shown()
        if child is None:
            return
        done, of = self._counts
        self._report = child.report
        if not why:
            said = tr("The study of {count} images is done.", count=done)
            if done == 1:
                said = tr("The study of 1 image is done.")
        elif why.startswith(STOPPED):
            said = tr("Stopped after {done} of {all} images; they are kept.", done=done, all=of)
        else:
            said = sentence_text(why)
        dialog.show_idle(said, report=self._report is not None)
        child.deleteLater()
        if not dialog.isVisible():
            self._tell(said, why)

    def _tell(self, said: str, why: str) -> None:
        """A notice where the dialog was closed meanwhile."""
        post = self._services.session.notifications.post
        choices: tuple[Choice, ...] = ()
        if self._report is not None:
            choices = ((tr("Open the report"), self.open_report),)
        post(said, "ok" if self._report is not None else "error", choices)

    def open_report(self) -> None:
        """Show the page in the program that the system has for it."""
        if self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._report)))

    def _shown(self) -> StudyDialog:
        assert self.dialog is not None
        return self.dialog
