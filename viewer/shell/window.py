"""The main window: assembles top bar, canvas, docks and status bar, and accepts drops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from analysis.inference.protocol.runs import Noise
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from viewer.canvas import CanvasView
from viewer.canvas.snapshot import small_picture
from viewer.engine.process import EngineProcess
from viewer.engine.questions.tensor_lines import TensorLines
from viewer.engine.run_requests import RunRequests
from viewer.files.document_name import document_name
from viewer.files.document_opening import SavedFile
from viewer.files.file_pictures import SIZE as FILE_PICTURE
from viewer.files.model_form import ask_for_model
from viewer.files.opening import Opener
from viewer.files.recovery_offer import RecoveryOffer
from viewer.files.saving import Saver
from viewer.files.stored_files import StoredFiles
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background
from viewer.session.edits.smaller_input import use_smaller_input
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.session.view_state import ViewState
from viewer.session.workspace import Workspaces
from viewer.shell import fallback_keys
from viewer.shell.after_first_paint import AfterFirstPaint
from viewer.shell.commands import Commands
from viewer.shell.commands.files import FileCommands
from viewer.shell.commands.recent_files import RecentFiles
from viewer.shell.comparison.comparing import Comparing
from viewer.shell.docks import LARGEST, LOW, LOW_STRIP, SMALLEST_CANVAS, STRIP, Docks
from viewer.shell.drop_target import DropTarget
from viewer.shell.failures import Failures
from viewer.shell.floating_widgets import FloatingWidgets
from viewer.shell.head import Head
from viewer.shell.notice_strip import NoticeStrip
from viewer.shell.presenting.commands import PresentingCommands
from viewer.shell.presenting.presenter import Presenter
from viewer.shell.settings import Settings
from viewer.shell.status_bar import StatusBar
from viewer.shell.top_bar import TopBar
from viewer.shell.unfinished_work import UnfinishedWork
from viewer.shell.unsaved_changes import UnsavedChanges
from viewer.shell.welcome_card import WelcomeCard
from viewer.text.escaping import title_text
from viewer.text.translation import language, tr
from viewer.workspaces.registry import WORKSPACES
from viewer.workspaces.services import Services

SMALLEST = (960, 560)
"""Of the window, in logical pixels: a 1366 × 768 screen at 125 %, a 1920 × 1080 one at 200 %."""


class Window(Guarded, QMainWindow):
    """The main window: one document with its canvas, panels and workspaces."""

    closed = Signal()
    windowAsked = Signal()
    """The person wants a further window."""
    quitAsked = Signal()
    """The person wants all windows closed."""

    def __init__(
        self,
        document: Document,
        view: ViewState,
        store: BlobStore,
        process: EngineProcess,
        settings: Settings,
        noise: Noise | None = None,
        welcome: bool = False,
        workspaces: Workspaces[Session, Services] = WORKSPACES,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.settings = settings
        self._left = False
        self._size_class: tuple[bool, ...] = ()
        """That the docks were last shown for; empty before `start`."""
        self._later: AfterFirstPaint | None = None
        self._process = process
        self.store = store
        self.session = Session(document, view, workspaces)
        if noise is not None:
            self.session.set_live(noise=noise)
        files = self._serve()
        self.contents = {row.key: row.contents(self.services) for row in workspaces.rows}
        works = [each.work for each in self.contents.values() if each.work is not None]
        self.unfinished = UnfinishedWork(self, works)
        self._build(files, welcome)
        self._connect()
        self.setMinimumSize(*SMALLEST)
        self._retitle()

    # ---------------------------------------------------------------- putting together

    def _serve(self) -> FileCommands:
        """Make what panels and commands may ask for; answers how files are opened and saved."""
        session, store = self.session, self.store
        self.background = Background(self)
        session.background = self.background
        session.repairs.search_on(self.background)
        session.layouts.work_on(self.background)
        decoded = DecodedImages()
        self.opener = Opener(session, store, self.background, decoded)
        self._work = ""
        """What the work under way was last said to be."""
        self.saver = Saver(session, store, self.background)
        self.loop = RunRequests(
            session, self._process, self._blob_path, decoded, slot=str(id(self))
        )
        self.loop.is_focused = self.isActiveWindow
        self.tensor_lines = TensorLines(self._process, f"{id(self)} tensor pad", self)
        self.services = Services(
            session,
            store,
            self.opener,
            self.saver,
            self.loop,
            self.tensor_lines,
            self.background,
            self.settings.text_of,
            self.settings.keep_text,
            self,
        )
        self.comparing = Comparing(self.services, self._process, self._blob_path, decoded)
        self.failures = Failures(
            session.notifications,
            self.loop.again,
            self.loop.stop,
            partial(use_smaller_input, session),
            self.loop.run_full_size,
        )
        self.recent = RecentFiles(self.services, self.settings, self._drawn)
        files = FileCommands(self.services, self.recent, self.windowAsked.emit)
        self.unsaved = UnsavedChanges(self, session, self.saver, files.save)
        self.recovery = RecoveryOffer(
            session, store, self.saver, self.background, self.unsaved.see_to
        )
        self.stored = StoredFiles(session, store, self.background, self.settings.recent)
        return files

    def _build(self, files: FileCommands, welcome: bool) -> None:
        self.canvas = CanvasView(self.session, self)
        self.canvas.setMinimumSize(*SMALLEST_CANVAS)
        self.notice = NoticeStrip(self.canvas)
        self.notice.show_from(self.session.notifications)
        self.overlays = FloatingWidgets(self.canvas, self.canvas.heading, self.notice)
        self.top = TopBar(self.session, self)
        self.head = Head(self.top, self.contents)
        self.setMenuWidget(self.head)
        self.status = StatusBar(self.session, self)
        self._centre(welcome)
        DropTarget(self, self.opener, self.overlays.drop)
        self.docks = Docks(self, self.contents, self.session)
        bars = (self.top, self.status)
        self.presenter = Presenter(self, self.session, self.canvas, bars)
        self.statusBar().addWidget(self.presenter.caption, 1)
        self.presenting = PresentingCommands(self.services, self.presenter, self)
        self.commands = Commands(
            self,
            self.services,
            self.contents,
            files,
            self.canvas,
            self.docks,
            self.top,
            self.stored,
            self._process,
            self.settings,
            self.quitAsked.emit,
            self.comparing,
            self.presenting,
        )
        self.status.device.setMenu(self.commands.devices.menu)

    def _centre(self, welcome: bool) -> None:
        """The canvas between the docks, first steps above it; the status bar at the foot."""
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.card = WelcomeCard(self.session, centre) if welcome else None
        if self.card is not None:
            column.addWidget(self.card)
        column.addWidget(self.canvas, 1)
        self.setCentralWidget(centre)
        foot = self.statusBar()
        foot.setSizeGripEnabled(False)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.status, 1)

    def _connect(self) -> None:
        session = self.session
        session.viewChanged.connect(self._view_changed)
        self.comparing.changed.connect(self._show_comparison)
        self.comparing.second.working.connect(self._show_work)
        self.comparing.second.models.choiceAsked.connect(partial(ask_for_model, self))
        self.canvas.zoomSettled.connect(lambda _: self.loop.set_zoom(self.canvas.zoom))
        session.history.cleanChanged.connect(lambda _: self._retitle())
        session.liveChanged.connect(self.failures.follow)
        session.frameReady.connect(self.failures.follow_numbers)
        session.documentChanged.connect(lambda *_: self._retitle())
        language.changed.connect(self._retitle)
        self.saver.otherShown.connect(self._retitle)
        self.top.imageAsked.connect(self.commands.files.open_file)
        self.canvas.layerAsked.connect(session.layerAsked)
        self.top.commandsAsked.connect(self.commands.show_palette)
        self.opener.documentOpened.connect(self.take_document)
        self.saver.placeAsked.connect(self.commands.files.save_as)
        self.opener.fileOpened.connect(self.recent.remember)
        self.opener.working.connect(self._show_work)
        self.opener.models.choiceAsked.connect(partial(ask_for_model, self))
        self.opener.models.known_call = self.settings.call_of
        self.opener.models.made.connect(self.settings.remember_call)
        if self.card is not None:
            self.card.ended.connect(self._welcomed)

    def _drawn(self) -> QImage:
        """A small picture of the canvas."""
        return small_picture(self.canvas.scene_of_network, FILE_PICTURE)

    def _blob_path(self, blob: BlobRef) -> Path | None:
        return self.store.path(blob.hash) if self.store.has(blob.hash) else None

    # ---------------------------------------------------------------- what is shown

    def take_document(self, document: Document, view: ViewState, file: SavedFile | None) -> None:
        """Put another document in this one's place, once its unsaved changes are seen to."""
        self.unsaved.see_to(lambda: self.show_document(document, view, file))

    def show_document(self, document: Document, view: ViewState, file: SavedFile | None) -> None:
        """Put another document in this one's place."""
        self.loop.forget_numbers()
        if view.bottom_folded is None:  # what is opened does not say: it stays as somebody left it
            view = replace(view, bottom_folded=self.session.view.bottom_folded)
        # The workspace first: panels that are hidden then need not follow the network.
        self.session.set_view(workspace=view.workspace)
        self.session.open(document, view)
        self.session.notifications.leave()
        self.saver.drop_recovery()
        self.saver.begin(*((file.path, file.hash) if file is not None else (None,)))
        self._retitle()
        self.canvas.fit()

    def _retitle(self) -> None:
        mark = " •" if self.saver.unsaved else ""
        name = document_name(self.session.document, self.saver.path)
        self.setWindowTitle(f"{title_text(name)}{mark} — Fieldglass")
        self.setWindowFilePath(str(self.saver.path or ""))

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if _docks_of(before) != _docks_of(after):
            self._fold_canvas()
            self.docks.show(after.workspace)
        elif (
            self.comparing.page is None
            and self.session.workspace.canvas.is_shown(self.session) == self.canvas.isHidden()
        ):
            self._fold_canvas()

    def _show_comparison(self) -> None:
        """Put the page of a comparison in the place of canvas and docks, or those back."""
        page, centre = self.comparing.page, self.canvas.parentWidget()
        self.docks.covered = page is not None
        if page is not None and centre is not None and (column := centre.layout()) is not None:
            column.addWidget(page)
            page.show()
            page.setFocus()
        self._fold_canvas()
        self.docks.show(self.session.view.workspace)
        if page is None:
            self.canvas.setFocus()

    def _fold_canvas(self) -> None:
        """Over the arithmetic the canvas is a strip, or nothing; everywhere else the hero."""
        centre = self.canvas.parentWidget()
        assert centre is not None
        if self.comparing.page is not None:
            self.canvas.hide()
            centre.setMinimumHeight(0)
            centre.setMaximumHeight(LARGEST)
            return
        mode = self.session.workspace.canvas
        strip = mode.strip and not self.session.view.panels_hidden
        shown = mode.is_shown(self.session) or not strip
        self.canvas.setMinimumSize(SMALLEST_CANVAS[0], 0 if strip else SMALLEST_CANVAS[1])
        self.canvas.setVisible(shown)
        if self.card is not None:
            self.card.set_aside(strip)
        if strip:
            low = self.height() < LOW
            centre.setFixedHeight((LOW_STRIP if low else STRIP) if shown else 0)
        else:
            centre.setMinimumHeight(0)
            centre.setMaximumHeight(LARGEST)
        self.overlays.place()

    def _show_work(self, sentence: str | None) -> None:
        before, self._work = self._work, sentence or ""
        if sentence is None:
            self.session.notifications.withdraw(before)
        else:
            self.session.notifications.post(sentence, "busy", ((tr("Cancel"), self.opener.cancel),))

    def _welcomed(self) -> None:
        self.settings.welcomed = True

    def start(self) -> None:
        """Show the docks in their sizes and have the network run; called once shown."""
        self._fold_canvas()
        self.docks.show(self.session.view.workspace)
        self._size_class = self.docks.size_class()
        self.loop.ask()
        self._later = AfterFirstPaint(self.canvas.viewport(), self._what_can_wait())
        QTimer.singleShot(0, self.canvas.fit)
        self.recovery.start()

    def _what_can_wait(self) -> Iterator[object]:
        """The deferred steps of start-up: the engine's process, then panels of other workspaces."""
        self._process.start()
        yield None
        for each in self.contents.values():
            yield from each.load()
        yield from self.head.make_strips()
        yield from self.docks.make_all()
        self.stored.clean_up()

    # ---------------------------------------------------------------- size and end

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle keys that no panel, field or canvas used."""
        if not fallback_keys.press(self.session, event.key(), event.modifiers()):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Docks take the sizes that suit another class of window; dragged ones stay else."""
        super().resizeEvent(event)
        if self._size_class and self.docks.size_class() != self._size_class:
            self._size_class = self.docks.size_class()
            self._fold_canvas()
            self.docks.show(self.session.view.workspace)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work; then nothing of it is left running."""
        if self._left:
            super().closeEvent(event)
            return
        if not (self.unfinished.may_close() and self.unsaved.may_close()):
            event.ignore()
            return
        self.leave()
        self.saver.drop_recovery()
        super().closeEvent(event)
        self.closed.emit()

    def end_at_once(self) -> None:
        """Close without asking; unsaved work is kept in the recovery copy."""
        if not self._left:
            self.leave()
            self.saver.keep_recovery_now()
            self.closed.emit()

    def leave(self) -> None:
        """Stop the work of this window."""
        self._left = True
        self.presenting.export.end()
        self.presenter.end()
        self.comparing.leave()
        if self._later is not None:
            self._later.stop()
        self.settings.keep_bytes("geometry", self.saveGeometry())
        self.unfinished.end()
        self.loop.end()
        self.tensor_lines.end()
        self.background.close()
        self.recovery.end()
        # Panels go one by one; a last change of focus must not reach those that are gone.
        self.session.blockSignals(True)
        self.session.history.blockSignals(True)


def _docks_of(view: ViewState) -> tuple[str, bool, bool | None]:
    """What of a view says which panels stand around the canvas."""
    return view.workspace, view.panels_hidden, view.bottom_folded
