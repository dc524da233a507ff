"""What the menus, keys and the command box of a window do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from analysis.blueprints import BLUEPRINTS
from analysis.inference.protocol.engine import EngineFailure
from analysis.storage.document import Document
from viewer.controls.file_dialog import OPEN, SAVE, pick_file
from viewer.files.opening import IMAGES
from viewer.session.sample_document import sample_document
from viewer.session.view_state import ViewState
from viewer.shell.actions import Row, fill_menus, make_actions, separator
from viewer.shell.edit_commands import EditCommands
from viewer.shell.export_commands import Exports
from viewer.shell.theme_menu import ThemeMenu
from viewer.text.escaping import file_text, menu_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import mark, say, tr

if TYPE_CHECKING:
    from viewer.shell.command_palette import CommandPalette
    from viewer.shell.window import Window

SUFFIX = ".fieldglass"
HANDS = (
    (mark("Click"), mark("Pin the unit under the pointer")),
    (mark("Ctrl+click"), mark("Compare one more unit")),
    (mark("Shift+drag"), mark("Take the units of a region")),
    (mark("Arrows"), mark("Go along the edges to the next block")),
    (mark("Shift+arrows"), mark("Move the pinned unit by one")),
    (mark("Ctrl+arrows"), mark("Move the pinned unit by a period")),
    (mark("Enter"), mark("Open or close the block")),
    (mark("Esc"), mark("Clear the pinned unit, then the selection")),
    (mark("Delete"), mark("Build: remove the operator. Live: turn the selected skip off")),
    (mark("Drag a gate"), mark("Set how much of a skip is passed on")),
    (mark("Space"), mark("Arithmetic: play or pause")),
    (mark("Left and Right"), mark("Arithmetic: one step back or on; Home and End: first and last")),
    (mark("Wheel"), mark("Arithmetic: zoom a picture; a drag moves it")),
    (mark("Click a cell, then type"), mark("Arithmetic: change its number")),
)
"""What the pointer and the keys do on the canvas; no command of a menu."""


class Commands:
    """The window's commands, their menus and keys."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._box: CommandPalette | None = None
        self.exports = Exports(window)
        self.rows = self._rows()
        self.actions = make_actions(window, self.rows)
        self.menus = fill_menus(window, window.top.menus, self.rows, self.actions)
        self.menus["image"].addAction(self.actions["paste"])
        for name in ("fit", "actual", "copy-picture", "export"):
            window.canvas.addAction(self.actions[name])
        self._add_recent()
        self.choices = ThemeMenu(window, self.menus["view"])
        history = window.session.history
        history.canUndoChanged.connect(self.actions["undo"].setEnabled)
        history.canRedoChanged.connect(self.actions["redo"].setEnabled)
        history.undoTextChanged.connect(lambda _: self._name_steps())
        history.redoTextChanged.connect(lambda _: self._name_steps())
        self.actions["undo"].setEnabled(history.canUndo())
        self.actions["redo"].setEnabled(history.canRedo())

    def _rows(self) -> tuple[Row, ...]:
        window = self._window
        history, canvas, play = window.session.history, window.canvas, window.arithmetic
        return (
            Row("new", mark("New U-Net"), self.new, "file", ("Ctrl+N",)),
            Row("open", mark("Open…"), self.open_file, "file", ("Ctrl+O",)),
            Row("sample", mark("Open the sample denoiser"), self.open_sample, "file"),
            separator("file"),
            Row("save", mark("Save"), self.save, "file", ("Ctrl+S",)),
            Row("save-as", mark("Save as…"), self.save_as, "file", ("Ctrl+Shift+S",)),
            separator("file"),
            Row("export", mark("Export diagram…"), self.exports.ask_diagram, "file", ("Ctrl+E",)),
            Row("export-mask", mark("Export field mask…"), self.exports.ask_mask, "file"),
            separator("file"),
            Row("close", mark("Close"), window.close, "file", ("Ctrl+Q", "Ctrl+W")),
            Row("undo", mark("Undo"), history.undo, "edit", ("Ctrl+Z",)),
            Row("redo", mark("Redo"), history.redo, "edit", ("Ctrl+Shift+Z", "Ctrl+Y")),
            separator("edit"),
            *EditCommands(window.session, window.paste).rows(),
            Row("copy-picture", mark("Copy diagram as picture"), self.exports.copy_picture, "edit"),
            separator("edit"),
            Row(
                "find",
                mark("Find a layer or command…"),
                self.show_box,
                "edit",
                ("Ctrl+K", "Ctrl+F"),
            ),
            Row("build", mark("Build"), self._go("build"), "view", ("Ctrl+1",)),
            Row("fields", mark("Receptive fields"), self._go("fields"), "view", ("Ctrl+2",)),
            Row("arithmetic", mark("Arithmetic"), self._go("arithmetic"), "view", ("Ctrl+3",)),
            Row("live", mark("Live"), self._go("live"), "view", ("Ctrl+4",)),
            separator("view"),
            Row("fit", mark("Fit to window"), canvas.fit, "view", ("F",)),
            Row("actual", mark("Actual size"), canvas.actual_size, "view", ("Ctrl+0",)),
            Row("bigger", mark("Zoom in"), canvas.zoom_in, "view", ("Ctrl++", "Ctrl+=")),
            Row("smaller", mark("Zoom out"), canvas.zoom_out, "view", ("Ctrl+-",)),
            separator("view"),
            Row("panels", mark("Hide or show the panels"), self.toggle_panels, "view", ("F9",)),
            Row("next-panel", mark("Next panel"), self.next_panel, "view", ("F6",), in_box=False),
            separator("view"),
            Row(
                "take-apart",
                mark("Show the arithmetic of the selected layer"),
                window.arithmetic.take_selected_apart,
                "model",
                ("Ctrl+Shift+A",),
            ),
            Row("play", mark("Play or pause the arithmetic"), play.toggle, "model", ("P",)),
            Row("step-back", mark("One step back"), play.back, "model", (",",)),
            Row("step-on", mark("One step on"), play.forward, "model", (".",)),
            Row("reset-gates", mark("Reset all gates to 1"), self.reset_gates, "model"),
            Row("reset-layout", mark("Reset the layout"), self.reset_layout, "model"),
            Row("open-image", mark("Open image…"), self.open_file, "image"),
            Row("keys", mark("Keyboard"), self.show_keys, "help", ("F1",)),
            Row("about", mark("About Fieldglass"), self.about, "help"),
        )

    def _go(self, workspace: str) -> Callable[[], None]:
        return lambda: self._window.session.set_view(workspace=workspace)

    # ------------------------------------------------------------------ menus that live

    def _name_steps(self) -> None:
        """Undo and Redo say what they would take back or do again."""
        history, owner = self._window.session.history, self._window
        undo, redo = self.actions["undo"].setText, self.actions["redo"].setText
        if history.undoText():
            say(owner, undo, "Undo: {step}", step=menu_text(history.undoText()))
        else:
            say(owner, undo, "Undo")
        if history.redoText():
            say(owner, redo, "Redo: {step}", step=menu_text(history.redoText()))
        else:
            say(owner, redo, "Redo")

    def _add_recent(self) -> None:
        menu = QMenu(self._window)
        say(self._window, menu.setTitle, "Open recent")
        self.menus["file"].insertMenu(self.actions["save"], menu)
        menu.aboutToShow.connect(lambda: self._fill_recent(menu))

    def _fill_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path in self._window.settings.recent():
            action = menu.addAction(menu_text(Path(path).name))
            action.setToolTip(path)
            action.triggered.connect(lambda _=False, path=path: self._window.opener.open(path))
        if menu.isEmpty():
            menu.addAction(tr("Nothing opened yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(tr("Forget these")).triggered.connect(
                self._window.settings.forget_recent
            )

    # ------------------------------------------------------------------ files

    def new(self) -> None:
        """A fresh U-Net on the image at hand."""
        blueprint = BLUEPRINTS["unet"]
        settings = blueprint.complete({"depth": 4, "base": 8})
        image = self._window.session.document.image
        document = Document(
            graph=blueprint.build(settings),
            blueprint=("unet", settings),
            image=image,
            title=tr("Untitled"),
        )
        self._replace(document, "build")

    def open_sample(self) -> None:
        """The shipped denoiser on its photograph."""
        self._replace(sample_document(self._window.store), "live")

    def _replace(self, document: Document, workspace: str) -> None:
        self._window.take_document(document, ViewState(workspace=workspace), None)

    def open_file(self) -> None:
        """Pick an image, a model or a document."""
        patterns = " ".join(f"*{ending}" for ending in (*IMAGES, ".py", ".fieldglass"))
        pick_file(
            self._window,
            tr("Open"),
            (f"{tr('Images, models and documents')} ({patterns})", f"{tr('All files')} (*)"),
            OPEN,
            self._window.opener.open,
        )

    def save(self, then: Callable[[], object] = lambda: None) -> None:
        """Save where the document came from, or ask for a place."""
        if self._window.saver.path is None:
            self.save_as(then)
        else:
            self._write(self._window.saver.path, then)

    def save_as(self, then: Callable[[], object] = lambda: None) -> None:
        """Ask for a place and save there."""
        pick_file(
            self._window,
            tr("Save as"),
            (f"Fieldglass (*{SUFFIX})",),
            SAVE,
            lambda path: self._write(Path(path), then),
            suffix=SUFFIX[1:],
            name=file_text(self._window.session.document.title) or tr("Untitled"),
        )

    def _write(self, path: Path, then: Callable[[], object]) -> None:
        self._window.settings.remember(str(path))
        self._window.saver.save(path, then)

    # ------------------------------------------------------------------ view

    def toggle_panels(self) -> None:
        """Give the canvas the whole window, or bring the panels back."""
        self._window.docks.toggle(self._window.session.view.workspace)

    def next_panel(self) -> None:
        """Go round top bar, panels and canvas."""
        window = self._window
        stops: list[QWidget] = [window.top.tabs]
        panels = window.docks.panels(window.session.view.workspace)
        left = [p for p in panels if p.parentWidget() is window.docks.left.widget()]
        stops += [*left, window.canvas, *(p for p in panels if p not in left)]
        focus = window.focusWidget()
        here = next(
            (
                i
                for i, stop in enumerate(stops)
                if focus and (focus is stop or stop.isAncestorOf(focus))
            ),
            -1,
        )
        target = stops[(here + 1) % len(stops)]
        if target.focusPolicy() == Qt.FocusPolicy.NoFocus:
            inner = [
                w
                for w in target.findChildren(QWidget)
                if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
            ]
            target = inner[0] if inner else target
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def show_box(self) -> None:
        """Open the command box under the top bar."""
        if self._box is None:
            from viewer.shell.command_palette import CommandPalette

            self._box = CommandPalette(self._window.session, self._window)
        self._box.offer(
            [(row, self.actions[row.id]) for row in self.rows if row.id in self.actions],
            self.choices.offers(),
        )

    # ------------------------------------------------------------------ model

    def reset_gates(self) -> None:
        """All skips as they were trained."""
        session = self._window.session
        session.edit(tr("Reset gates"), replace(session.document, gates={}))

    def reset_layout(self) -> None:
        """Forget where blocks were dragged to."""
        session = self._window.session
        session.edit(tr("Reset the layout"), replace(session.document, positions={}))
        self._window.canvas.fit()

    # ------------------------------------------------------------------ help and failures

    def show_keys(self) -> None:
        """The keys of every command."""
        lines = [
            f"<tr><td>{row.keys[0]}</td><td style='padding-left:16px'>{tr(row.title)}</td></tr>"
            for row in self.rows
            if row.keys
        ]
        lines += [
            f"<tr><td>{tr(keys)}</td><td style='padding-left:16px'>{tr(what)}</td></tr>"
            for keys, what in HANDS
        ]
        self._tell(tr("Keyboard"), f"<table>{''.join(lines)}</table>")

    def about(self) -> None:
        """What this is."""
        text = tr("Fieldglass shows what every layer of a U-Net computes, sees and passes on.")
        self._tell(tr("About Fieldglass"), f"{text}<br><br>MIT")

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def tell_fault(self, text: str) -> None:
        """Something failed that should not have; the window goes on."""
        self._window.notice.tell(tr("That did not work: {error}", error=text), "error")

    def tell_failure(self, failure: EngineFailure) -> None:
        """Why there is no new picture, over the canvas."""
        choices: list[tuple[str, Callable[[], object]]] = [
            (tr("Try again"), self._window.loop.again)
        ]
        if failure.details:
            details = failure.details
            choices.append(
                (tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details))
            )
        self._window.notice.tell(fault_sentence(failure.fault), "error", tuple(choices))
