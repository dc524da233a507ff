"""Begins and ends the comparison of a window's network with another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.inference.colors.ramps import ink_ramp
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.output_difference import OutputDifference, OutputDifferenceRequest
from analysis.inference.protocol.question import Reply
from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from viewer.engine.process import EngineProcess
from viewer.override_guard import Guarded
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.session.view_state import ViewState
from viewer.shell.comparison.second_network import SecondNetwork
from viewer.text.translation import tr
from viewer.workspaces.services import Services

if TYPE_CHECKING:
    from viewer.shell.comparison.compared import Compared
    from viewer.shell.comparison.page import ComparisonPage


class Comparing(Guarded, QObject):
    """The comparison that a window shows; it ends when the network or the workspace is another."""

    changed = Signal()
    """`page` is another one, or gone."""

    def __init__(
        self,
        services: Services,
        process: EngineProcess,
        blob_path: Callable[[BlobRef], Path | None],
        decoded: DecodedImages,
    ) -> None:
        super().__init__(services.session)
        self._services, self._session = services, services.session
        self._process, self._blob_path, self._decoded = process, blob_path, decoded
        self.second = SecondNetwork(services)
        self.second.found.connect(self.compare_with)
        self.page: ComparisonPage | None = None
        self._asked: tuple[int, int] | None = None
        """The revisions of both runs that the engine was asked about."""
        self._session.documentChanged.connect(self._document_changed)
        self._session.viewChanged.connect(self._view_changed)

    # ---------------------------------------------------------------- beginning

    def ask(self) -> None:
        """Ask what to compare with."""
        from viewer.shell.comparison.dialog import CompareDialog, ask_for_file

        session, parent = self._session, self._services.dialog_parent
        edited = session.document.graph != session.opened
        dialog = CompareDialog(session.document.title, edited, parent)
        dialog.fileAsked.connect(lambda: ask_for_file(parent, self.second.open_file))
        dialog.firstStateAsked.connect(self.second.open_first_state)
        dialog.blueprintChosen.connect(self.second.open_blueprint)
        dialog.presetChosen.connect(self.second.open_preset)
        dialog.open()

    def compare_with(self, other: Document) -> None:
        """Work out what differs and show it; the document stays as it is."""
        first = self._session.document

        def work(_: Event) -> Compared:
            from viewer.shell.comparison.compared import compared

            return compared(first, other)

        def done(found: Compared) -> None:
            if self._session.document.graph is first.graph:
                self._show(found)

        def failed(error: Exception) -> None:
            said = tr("The networks cannot be compared: {error}", error=error)
            self._session.notifications.post(said)

        self._services.background.start(work, done, failed)

    def _show(self, found: Compared) -> None:
        from viewer.shell.comparison.page import ComparisonPage

        self.leave()
        page = self.page = ComparisonPage(found, self._services.dialog_parent)
        page.left.connect(self.leave)
        page.notice.show_from(self._session.notifications)
        self._asked = None
        self._process.replied.connect(self._replied)
        self._process.failed.connect(self._failed)
        for side, name in ((page.first, "first"), (page.second, "second")):
            side.session.set_live(noise=self._session.live.noise)
            slot = f"{id(self._session)} {name}"
            side.run(self._process, self._blob_path, self._decoded, slot)
            side.session.pictureChanged.connect(self._pictured)
            side.session.age.changed.connect(self._aged)
        self.changed.emit()

    # ---------------------------------------------------------------- ending

    def leave(self) -> None:
        """Back to the canvas, as it was left."""
        page, self.page = self.page, None
        if page is None:
            return
        self._process.replied.disconnect(self._replied)
        self._process.failed.disconnect(self._failed)
        page.end()
        self.changed.emit()
        page.hide()
        page.deleteLater()
        # A measure of the skips gives way to runs of any slot, as those of the comparison were.
        self._services.requests.again()

    def _document_changed(self, before: Document, after: Document) -> None:
        if (before.graph, before.weights, before.image) != (
            after.graph,
            after.weights,
            after.image,
        ):
            self.leave()

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if before.workspace != after.workspace:
            self.leave()

    # ---------------------------------------------------------------- the outputs

    def _pictured(self, *_: object) -> None:
        """A network has run: show it, and once both have, ask how far their outputs are apart."""
        page = self.page
        if page is None:
            return
        page.show_frames()
        one, other = page.first.session.frame_now, page.second.session.frame_now
        if one is None or other is None or self._asked == (one.revision, other.revision):
            return
        self._asked = (one.revision, other.revision)
        self._process.submit(
            OutputDifferenceRequest(
                other.revision, page.second.slot, other.structure, page.first.slot, ink_ramp()
            )
        )

    def _aged(self, _: bool) -> None:
        if self.page is not None:
            self.page.show_age()

    def _replied(self, reply: Reply) -> None:
        if (
            self.page is not None
            and isinstance(reply, OutputDifference)
            and reply.slot == self.page.second.slot
        ):
            self.page.outputs.show_difference(reply)

    def _failed(self, failure: EngineFailure) -> None:
        page = self.page
        if page is None or failure.slot not in (page.first.slot, page.second.slot):
            return
        fault = failure.fault
        if fault.code == "graph-cannot-run" and failure.slot == page.second.slot:
            fault = Fault("outputs-missing")
        page.outputs.show_difference(fault)
