"""The window's commands: their menus and keys, the command palette, the help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QMessageBox

from viewer.canvas import CanvasView
from viewer.engine.process import EngineProcess
from viewer.files.image_sources.clipboard import paste
from viewer.files.stored_files import StoredFiles
from viewer.session.command import Command, Menu, separator
from viewer.session.edits import blocks
from viewer.session.workspace import Contents
from viewer.shell.commands.actions import fill_menus, make_actions
from viewer.shell.commands.code_export import CodeExport
from viewer.shell.commands.device_menu import DeviceMenu
from viewer.shell.commands.edits import EditCommands
from viewer.shell.commands.exports import Exports
from viewer.shell.commands.files import FileCommands
from viewer.shell.commands.images import image_rows
from viewer.shell.commands.network_export import ONNX, TORCH_PROGRAM, NetworkExport
from viewer.shell.commands.report_export import ReportExport
from viewer.shell.commands.table_export import TableExport
from viewer.shell.commands.theme_menu import ThemeMenu
from viewer.shell.commands.views import ViewCommands
from viewer.shell.comparison.comparing import Comparing
from viewer.shell.docks import Docks
from viewer.shell.presenting.commands import PresentingCommands
from viewer.shell.settings import Settings
from viewer.shell.top_bar import TopBar
from viewer.text.escaping import menu_text
from viewer.text.translation import Worded, mark, say, tr
from viewer.workspaces.services import Services

if TYPE_CHECKING:
    from viewer.shell.commands.palette import CommandPalette

GESTURES = (
    (mark("Click"), mark("Pin the unit under the pointer")),
    (mark("Ctrl+click"), mark("Compare one more unit")),
    (mark("Shift+drag"), mark("Take the units of a region")),
    (mark("Arrows"), mark("Go along the edges to the next block")),
    (mark("U"), mark("Pin the middle unit of the block")),
    (mark("Shift+arrows"), mark("Move the pinned unit by one")),
    (mark("Ctrl+arrows"), mark("Move the pinned unit by a period")),
    (mark("Enter"), mark("Open or close the block")),
    (mark("Shift+Enter"), mark("Close the frame that the block stands in")),
    (mark("Esc"), mark("Clear the pinned unit, then the selection")),
)
"""What the pointer and the keys do on the canvas in every workspace; no command of a menu."""


class Commands:
    """All commands of one window: those of the shell and those of its workspaces."""

    def __init__(
        self,
        window: QMainWindow,
        services: Services,
        contents: Mapping[str, Contents],
        files: FileCommands,
        canvas: CanvasView,
        docks: Docks,
        top: TopBar,
        stored: StoredFiles,
        process: EngineProcess,
        settings: Settings,
        quit_all: Callable[[], object],
        comparing: Comparing,
        presenting: PresentingCommands,
    ) -> None:
        self._window = window
        self._services = services
        self._session = services.session
        self._contents = contents
        self._palette: CommandPalette | None = None
        self._canvas = canvas
        self.files = files
        self._stored = stored
        self._quit_all = quit_all
        self._comparing = comparing
        self._presenting = presenting
        self.exports = Exports(services, canvas, settings)
        self.report = ReportExport(services)
        self.table = TableExport(services)
        self.code = CodeExport(services)
        self.onnx = NetworkExport(services, ONNX)
        self.program = NetworkExport(services, TORCH_PROGRAM)
        self.views = ViewCommands(services.session, docks, window, top.tabs, canvas)
        self.rows = (
            *self._file_rows(),
            *self._edit_rows(),
            *self._view_rows(),
            *self._other_rows(),
        )
        self.actions = make_actions(window, self.rows)
        self.menus = fill_menus(window, top.menus, self.rows, self.actions)
        top.offer_images(self.menus["image"])
        for name in ("fit", "actual", "copy-picture", "export"):
            canvas.addAction(self.actions[name])
        recent = files.recent.menu(self.menus["file"])
        self.menus["file"].insertMenu(self.actions["save"], recent)
        self.choices = ThemeMenu(window, self.menus["view"], settings)
        self.devices = DeviceMenu(window, self.menus["model"], process, settings, self._session)
        self._follow_history()

    # ------------------------------------------------------------------ rows

    def _of_workspaces(self, menu: Menu) -> tuple[Command, ...]:
        """What the workspaces add to a menu, in their order."""
        return tuple(
            row for each in self._contents.values() for row in each.commands if row.menu == menu
        )

    def _file_rows(self) -> tuple[Command, ...]:
        files = self.files
        return (
            Command("new", mark("New U-Net"), files.new, "file", ("Ctrl+N",)),
            Command("new-window", mark("New window"), files.new_window, "file", ("Ctrl+Shift+N",)),
            Command("open", mark("Open…"), files.open_file, "file", ("Ctrl+O",)),
            Command("sample", mark("Open the sample denoiser"), files.open_sample, "file"),
            Command("segmenter", mark("Open the sample segmenter"), files.open_segmenter, "file"),
            Command("load-weights", mark("Load weights…"), files.load_weights, "file"),
            Command("compare", mark("Compare with…"), self._comparing.ask, "file"),
            separator("file"),
            Command("save", mark("Save"), files.save, "file", ("Ctrl+S",)),
            Command("save-as", mark("Save as…"), files.save_as, "file", ("Ctrl+Shift+S",)),
            separator("file"),
            Command("export", mark("Export figure…"), self.exports.ask_figure, "file", ("Ctrl+E",)),
            Command("report", mark("Report…"), self.report.ask, "file"),
            Command("export-table", mark("Export table…"), self.table.ask, "file"),
            Command(
                "export-code",
                mark("Export PyTorch code…"),
                self.code.ask,
                "file",
                other="Python .py script",
            ),
            Command("export-onnx", mark("Export ONNX…"), self.onnx.ask, "file"),
            Command("export-program", mark("Export program (.pt2)…"), self.program.ask, "file"),
            *self._of_workspaces("file"),
            separator("file"),
            Command("close", mark("Close"), self._window.close, "file", ("Ctrl+W",)),
            Command("quit", mark("Quit"), self._quit_all, "file", ("Ctrl+Q",)),
        )

    def _edit_rows(self) -> tuple[Command, ...]:
        history, find = self._session.history, mark("Find a layer or command…")
        copy, edits = (
            mark("Copy figure"),
            EditCommands(
                self._session,
                partial(paste, self._services.opener),
                self._canvas.ground_under_pointer,
            ),
        )
        return (
            Command("undo", mark("Undo"), history.undo, "edit", ("Ctrl+Z",)),
            Command("redo", mark("Redo"), history.redo, "edit", ("Ctrl+Shift+Z", "Ctrl+Y")),
            Command("steps", mark("Steps…"), self._canvas.undo_control.show_steps, "edit"),
            separator("edit"),
            *edits.rows(),
            Command("copy-picture", copy, self.exports.copy_picture, "edit"),
            separator("edit"),
            Command("find", find, self.show_palette, "edit", ("Ctrl+K", "Ctrl+F")),
            *self._of_workspaces("edit"),
        )

    def _view_rows(self) -> tuple[Command, ...]:
        canvas, views = self._canvas, self.views
        panels, following = mark("Hide or show the panels"), mark("Next panel")
        return (
            *views.workspace_rows(),
            separator("view"),
            Command("fit", mark("Fit to window"), self._fit, "view", ("F",)),
            Command("actual", mark("Actual size"), canvas.actual_size, "view", ("Ctrl+0",)),
            Command("bigger", mark("Zoom in"), canvas.zoom_in, "view", ("Ctrl++", "Ctrl+=")),
            Command("smaller", mark("Zoom out"), canvas.zoom_out, "view", ("Ctrl+-",)),
            separator("view"),
            Command("panels", panels, views.toggle_panels, "view", ("F9",)),
            Command("next-panel", following, views.next_panel, "view", ("F6",), in_palette=False),
            separator("view"),
            *self._presenting.rows(),
            separator("view"),
            *self._of_workspaces("view"),
        )

    def _other_rows(self) -> tuple[Command, ...]:
        return (
            *self._of_workspaces("model"),
            Command("reset-layout", mark("Reset the layout"), self.reset_layout, "model"),
            *image_rows(self._services),
            *self._of_workspaces("image"),
            Command("keys", mark("Keyboard"), self.show_keys, "help", ("F1",)),
            Command("tidy-up", mark("Tidy up stored files…"), self._stored.ask, "help"),
            *self._of_workspaces("help"),
            Command("about", mark("About Fieldglass"), self.about, "help"),
        )

    # ------------------------------------------------------------------ undo and redo

    def _follow_history(self) -> None:
        history = self._session.history
        undo, redo = self.actions["undo"], self.actions["redo"]
        history.canUndoChanged.connect(undo.setEnabled)
        history.canRedoChanged.connect(redo.setEnabled)
        history.undoTextChanged.connect(lambda _: self._name_steps())
        history.redoTextChanged.connect(lambda _: self._name_steps())
        undo.setEnabled(history.canUndo())
        redo.setEnabled(history.canRedo())

    def _name_steps(self) -> None:
        """Undo and Redo say what they would take back or do again."""
        history, owner = self._session.history, self._window
        undo, redo = self.actions["undo"].setText, self.actions["redo"].setText
        if history.undoText():
            say(owner, undo, "Undo: {step}", step=Worded(lambda: menu_text(history.undoText())))
        else:
            say(owner, undo, "Undo")
        if history.redoText():
            say(owner, redo, "Redo: {step}", step=Worded(lambda: menu_text(history.redoText())))
        else:
            say(owner, redo, "Redo")

    # ------------------------------------------------------------------ what they do

    def show_palette(self) -> None:
        """Open the command palette under the top bar."""
        if self._palette is None:
            from viewer.shell.commands.palette import CommandPalette

            self._palette = CommandPalette(self._session, self._window)
        self._palette.offer(
            [(row, self.actions[row.id]) for row in self.rows if row.id in self.actions],
            self.choices.offers(),
            [offer for each in self._contents.values() for offer in each.offers()],
        )

    def _fit(self) -> None:
        """The whole network, or what is compared, in the room there is."""
        page = self._comparing.page
        (page if page is not None else self._canvas).fit()

    def reset_layout(self) -> None:
        """Forget where blocks were dragged to."""
        blocks.reset_layout(self._session)
        self._canvas.fit()

    def show_keys(self) -> None:
        """The keys of every command."""
        of_workspaces = [each for row in self._session.workspaces.rows for each in row.gestures]
        lines = [
            f"<tr><td>{row.keys[0]}</td><td style='padding-left:16px'>{tr(row.title)}</td></tr>"
            for row in self.rows
            if row.keys
        ]
        lines += [
            f"<tr><td>{tr(keys)}</td><td style='padding-left:16px'>{tr(what)}</td></tr>"
            for keys, what in (*GESTURES, *of_workspaces)
        ]
        self._show_box(tr("Keyboard"), f"<table>{''.join(lines)}</table>")

    def about(self) -> None:
        """What this is."""
        text = tr("Fieldglass shows what every layer of a U-Net computes, sees and passes on.")
        self._show_box(tr("About Fieldglass"), f"{text}<br><br>MIT")

    def _show_box(self, title: str, text: str) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
