"""The commands of the menu File: new, open and save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from analysis.blueprints import BLUEPRINTS
from analysis.storage.document import Document
from viewer.controls.file_dialog import SAVE, pick_file, visited
from viewer.files.choosing import choose_and_open, choose_weights
from viewer.files.document_name import file_stem
from viewer.files.file_kinds import DOCUMENT
from viewer.files.first_document import not_kept
from viewer.session.sample_document import (
    sample_document,
    segmenter_document,
    untrained_sample,
)
from viewer.session.view_state import ViewState
from viewer.shell.commands.recent_files import RecentFiles
from viewer.text.translation import tr
from viewer.workspaces.services import Services


class FileCommands:
    """Opens and saves the document of one window."""

    def __init__(
        self, services: Services, recent: RecentFiles, new_window: Callable[[], object]
    ) -> None:
        self._services = services
        self.recent = recent
        self.new_window = new_window
        """Opens a further window."""
        services.opener.fileOpened.connect(visited)

    def new(self) -> None:
        """A fresh U-Net on the image at hand, shown where networks are built."""
        blueprint = BLUEPRINTS["unet"]
        settings = blueprint.complete({"depth": 4, "base": 8})
        image = self._services.session.document.image
        document = Document(
            graph=blueprint.build(settings),
            blueprint=("unet", settings),
            image=image,
            title=tr("Untitled"),
        )
        self._replace(document, "build")

    def open_sample(self) -> None:
        """The shipped denoiser on its photograph."""
        store = self._services.store
        try:
            self._replace(sample_document(store), "live")
        except OSError as error:
            self._replace(untrained_sample(), "live")
            said = not_kept(store.folder, error)
            self._services.session.notifications.post(said, "warn")

    def open_segmenter(self) -> None:
        """The shipped segmenter of cells, without noise, beside the true labels."""
        store, session = self._services.store, self._services.session
        try:
            document = segmenter_document(store)
        except OSError as error:
            session.notifications.post(not_kept(store.folder, error), "warn")
            return
        session.set_live(noise=replace(session.live.noise, kind="none"))
        self._replace(document, "live")

    def _replace(self, document: Document, workspace: str) -> None:
        """Show a document of no file; where the workspace is not there, the first one shows it."""
        self._services.opener.documentOpened.emit(document, ViewState(workspace=workspace), None)

    def open_file(self) -> None:
        """Pick an image, a model or a document."""
        choose_and_open(self._services.dialog_parent, self._services.opener)

    def load_weights(self) -> None:
        """Pick a weights file for the network at hand."""
        choose_weights(self._services.dialog_parent, self._services.opener)

    def save(self, then: Callable[[], object] = lambda: None) -> None:
        """Save where the document came from, or ask for a place."""
        if self._services.saver.path is None:
            self.save_as(then)
        else:
            self._write(self._services.saver.path, then)

    def save_as(self, then: Callable[[], object] = lambda: None) -> None:
        """Ask for a place and save there."""
        pick_file(
            self._services.dialog_parent,
            tr("Save as"),
            (f"Fieldglass (*{DOCUMENT})",),
            SAVE,
            lambda path: self._write(Path(path), then),
            suffix=DOCUMENT[1:],
            name=file_stem(self._services.session.document, self._services.saver.path),
        )

    def _write(self, path: Path, then: Callable[[], object]) -> None:
        def saved() -> None:
            self.recent.remember(str(path))
            then()

        self._services.saver.save(path, saved)
