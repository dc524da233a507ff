"""The main window: puts bar, canvas, docks and status together and takes what is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QMessageBox, QVBoxLayout, QWidget

from analysis.inference.protocol.runs import Noise
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document
from viewer.canvas import CanvasView
from viewer.engine.process import EngineProcess
from viewer.engine.run_requests import RunRequests
from viewer.files.opening import Opener, SavedFile, kind_of
from viewer.files.recovery_offer import RecoveryOffer
from viewer.files.saving import Saver
from viewer.override_guard import Guarded
from viewer.session import Live, Session
from viewer.session.background_jobs import Background
from viewer.session.decoded_images import DecodedImages
from viewer.session.view_state import ViewState
from viewer.shell import fallback_keys
from viewer.shell.after_first_paint import AfterFirstPaint
from viewer.shell.commands import Commands
from viewer.shell.docks import LARGEST, LOW, LOW_STRIP, STRIP, Docks
from viewer.shell.floating_widgets import FloatingWidgets, promise
from viewer.shell.notice_strip import NoticeStrip
from viewer.shell.settings import Settings
from viewer.shell.status_bar import StatusBar
from viewer.shell.top_bar import TopBar
from viewer.shell.welcome_card import WelcomeCard
from viewer.text.escaping import name_text, title_text
from viewer.text.translation import language, tr
from viewer.workspaces.arithmetic.model.parts import ArithmeticParts
from viewer.workspaces.registry import WORKSPACES, plan_panels

SMALLEST_CANVAS = (560, 320)


class Window(Guarded, QMainWindow):
    """One document in one window."""

    closed = Signal()

    def __init__(
        self,
        document: Document,
        view: ViewState,
        store: BlobStore,
        process: EngineProcess,
        settings: Settings,
        noise: Noise | None = None,
        welcome: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self.settings = settings
        self._left = self._unwanted = False
        self._later: AfterFirstPaint | None = None
        self._process = process
        self.store = store
        self.session = Session(document, view, WORKSPACES)
        if noise is not None:
            self.session.set_live(noise=noise)
        self.background = Background(self)
        self.notice = NoticeStrip()
        self.notice.show_from(self.session.notifications)
        self.decoded = DecodedImages()
        self.opener = Opener(self.session, store, self.background, self.decoded)
        self.saver = Saver(self.session, store, self.background)
        self.recovery = RecoveryOffer(
            self.session, store, self.saver, self.background, self.seen_to
        )
        self.loop = RunRequests(
            self.session, process, self._blob_path, self.decoded, slot=str(id(self))
        )
        self._build(welcome)
        self._connect()
        self._retitle()

    # ---------------------------------------------------------------- putting together

    def _build(self, welcome: bool) -> None:
        self.canvas = CanvasView(self.session, self)
        self.canvas.setMinimumSize(*SMALLEST_CANVAS)
        self.canvas.setAcceptDrops(False)  # the window takes drops wherever they land
        self.notice.setParent(self.canvas)
        self.notice.hide()
        self.overlays = FloatingWidgets(self.canvas, self.notice)
        self.top = TopBar(self.session, self)
        self.setMenuWidget(self.top)
        self.status = StatusBar(self.session, self)
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
        self.arithmetic = ArithmeticParts(self)
        self.docks = Docks(self)
        plan_panels(self.docks, self)
        self.commands = Commands(self)

    def _connect(self) -> None:
        session = self.session
        session.viewChanged.connect(self._workspace_changed)
        self.canvas.zoomSettled.connect(lambda _: self.loop.set_zoom(self.canvas.zoom))
        session.history.cleanChanged.connect(lambda _: self._retitle())
        session.liveChanged.connect(self._engine_changed)
        session.documentChanged.connect(lambda *_: self._retitle())
        language.changed.connect(self._retitle)
        self.top.imageAsked.connect(self.commands.open_file)
        self.canvas.layerAsked.connect(self.arithmetic.take_apart)
        self.top.commandsAsked.connect(self.commands.show_box)
        self.opener.documentOpened.connect(self.take_document)
        self.saver.placeAsked.connect(self.commands.save_as)
        self.opener.fileOpened.connect(self.settings.remember)
        self.opener.working.connect(self._show_work)
        if self.card is not None:
            self.card.ended.connect(self._welcomed)

    def _blob_path(self, blob: BlobRef) -> Path | None:
        return self.store.path(blob.hash) if self.store.has(blob.hash) else None

    # ---------------------------------------------------------------- what is shown

    def take_document(self, document: Document, view: ViewState, file: SavedFile | None) -> None:
        """Put another document in this one's place, once its unsaved changes are seen to."""
        self.seen_to(lambda: self.show_document(document, view, file))

    def seen_to(self, then: Callable[[], object]) -> None:
        """Ask about unsaved changes, if they are worth it; `then` follows unless cancelled."""
        if not self.saver.worth_asking:
            then()
            return
        self.session.notifications.post(
            tr("Save the changes to {name}?", name=self._name()),
            "question",
            (
                (tr("Save"), lambda: self.commands.save(then=then)),
                (tr("Don't save"), then),
                (tr("Cancel"), lambda: None),
            ),
        )

    def show_document(self, document: Document, view: ViewState, file: SavedFile | None) -> None:
        """Put another document in this one's place."""
        self.loop.forget_numbers()
        self.session.open(document, view)
        if file is None:
            self.saver.begin(None)
        else:
            self.saver.begin(file.path, file.hash)
        self.saver.drop_recovery()
        self._retitle()
        self.canvas.fit()

    def _retitle(self) -> None:
        mark = " •" if self.saver.unsaved else ""
        self.setWindowTitle(f"{title_text(self._name())}{mark} — Fieldglass")

    def _name(self) -> str:
        path = self.saver.path
        return path.name if path else (self.session.document.title or tr("Untitled"))

    def _workspace_changed(self, before: ViewState, after: ViewState) -> None:
        if before.workspace != after.workspace:
            self._fold_canvas()
            self.docks.show(after.workspace)
        elif before.arithmetic.canvas != after.arithmetic.canvas:
            self._fold_canvas()

    def _fold_canvas(self) -> None:
        """Over the arithmetic the canvas is a strip, or nothing; everywhere else the hero."""
        centre = self.canvas.parentWidget()
        assert centre is not None
        mode = self.session.workspace.canvas
        strip = mode.strip and not self.docks.hidden
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

    def _engine_changed(self, before: Live, after: Live) -> None:
        news = (after.engine, after.failure) != (before.engine, before.failure)
        if news and after.engine == "failed" and after.failure is not None:
            self.commands.tell_failure(after.failure)

    def _show_work(self, sentence: str | None) -> None:
        if sentence is None:
            self.session.notifications.dismiss()
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
        """The engine, which loads beside us, then the panels of the other workspaces."""
        self._process.start()
        yield None
        yield from self.arithmetic.load()
        yield from self.docks.make_all()

    # ---------------------------------------------------------------- drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what dropping would do."""
        data = event.mimeData()
        if data.hasUrls() or data.hasImage():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.overlays.drop.announce(promise(self._kind(data)))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing will happen after all."""
        self.overlays.drop.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.overlays.drop.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take(event.mimeData())

    def _kind(self, data: QMimeData) -> str:
        urls = [url.toLocalFile() for url in data.urls()]
        return kind_of(urls[0]) if urls and urls[0] else "image" if data.hasImage() else "other"

    def take(self, data: QMimeData) -> None:
        """Open files or a picture from a drop or the clipboard."""
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if paths:
            for path in paths:
                self.opener.open(path)
        elif data.hasImage():
            picture = data.imageData()
            if isinstance(picture, QImage) and not picture.isNull():
                self.opener.paste(picture)
        else:
            self.session.notifications.post(
                tr("That is not a file. Drop or paste an image or a model file.")
            )

    def paste(self) -> None:
        """Take an image or files from the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData())

    # ---------------------------------------------------------------- size and end

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no panel, field or canvas made use of."""
        if not fallback_keys.press(self.session, event.key()):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Docks take the sizes that suit another class of window; dragged ones stay else."""
        super().resizeEvent(event)
        if self.isVisible() and self.docks.size_class() != self._size_class:
            self._size_class = self.docks.size_class()
            self._fold_canvas()
            self.docks.show(self.session.view.workspace)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work; then nothing of it is left running."""
        if self._left:
            super().closeEvent(event)
            return
        if self.saver.worth_asking and not self._unwanted:
            event.ignore()
            self._ask_to_save()
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
        if self._later is not None:
            self._later.stop()
        self.settings.keep_bytes("geometry", self.saveGeometry())
        self.loop.end()
        self.background.close()
        self.recovery.end()
        # Panels go one by one; a last change of focus must not reach those that are gone.
        self.session.blockSignals(True)
        self.session.history.blockSignals(True)

    def _ask_to_save(self) -> None:
        if self.findChild(QMessageBox, "save?") is not None:
            return
        box = QMessageBox(self)
        box.setObjectName("save?")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Save the changes to {name}?", name=name_text(self._name())))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.button(buttons.Save).setText(tr("Save"))
        box.button(buttons.Discard).setText(tr("Don't save"))
        box.button(buttons.Cancel).setText(tr("Cancel"))
        box.finished.connect(self._close_as_told)
        box.open()

    def _close_as_told(self, answer: int) -> None:
        if answer == QMessageBox.StandardButton.Save:
            self.commands.save(then=self.close)
        elif answer == QMessageBox.StandardButton.Discard:
            self._unwanted = True
            self.close()
