"""Exporting a figure: its options, a preview of just what comes out, Copy and Save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from viewer.controls import labelled, vertical_scroll
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import patterns
from viewer.drawing.network.diagram import Diagram, DrawnNetwork
from viewer.drawing.network.diagram_file import clipboard_data, write_diagram
from viewer.drawing.network.figure_options import CENTIMETRE, FigureOptions
from viewer.override_guard import Guarded
from viewer.session.background_jobs import Background, Job
from viewer.shell.figure_export.form import OptionsForm
from viewer.shell.figure_export.preview import FigurePreview
from viewer.text.number_format import decimal
from viewer.text.translation import say, tr

FORM_WIDTH = 316
SIZE = (1080, 640)


class FigureDialog(Guarded, QDialog):
    """The preview at the left, the options at the right; the figure is of what is on the canvas.

    `remember` takes the options that were used, `told` how writing to a path went: None, or the
    error.
    """

    def __init__(
        self,
        network: DrawnNetwork,
        options: FigureOptions,
        background: Background,
        parent: QWidget,
        name: str,
        remember: Callable[[FigureOptions], None],
        told: Callable[[Path, Exception | None], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("export-figure")
        say(self, self.setWindowTitle, "Export figure")
        self._background, self._name = background, name
        self._remember, self._told = remember, told
        self._job: Job[None] | None = None
        self._asked_for: Path | None = None
        self._left = False
        self.form = OptionsForm(options)
        self.preview = FigurePreview(network, background)
        self._assemble()
        self.form.changed.connect(self._changed)
        self.preview.drawn.connect(self._say_size)
        self.preview.failed.connect(self._failed)
        self.finished.connect(self._ended)
        self._changed()

    def _assemble(self) -> None:
        self.status = labelled("muted")
        self.status.setWordWrap(True)
        self.copy, self.save = QPushButton(), QPushButton()
        say(self, self.copy.setText, "Copy")
        say(self, self.copy.setToolTip, "As an image, and as SVG for programs that take it")
        say(self, self.save.setText, "Save…")
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        self.copy.clicked.connect(self.copy_figure)
        self.save.clicked.connect(self.ask)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 16)
        foot.setSpacing(8)
        foot.addWidget(self.status, 1)
        foot.addWidget(self.copy)
        foot.addWidget(self.save)
        scroll = vertical_scroll(self.form)
        scroll.setFixedWidth(FORM_WIDTH)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.preview, 1)
        across.addWidget(scroll)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(across, 1)
        column.addLayout(foot)
        self.resize(*SIZE)

    # ------------------------------------------------------------------ the figure

    def _changed(self) -> None:
        self.copy.setEnabled(False)
        self.preview.show_options(self.form.options)

    def show_network(self, network: DrawnNetwork) -> None:
        """Draw another state of the network, with the options that are chosen."""
        if not self._left:
            self.preview.network = network
            self._changed()

    def _say_size(self) -> None:
        """How large the figure is on paper, how small its text, and what found no room."""
        drawing = self.preview.drawing
        if drawing is None:
            return
        width, height = drawing.size.width() / CENTIMETRE, drawing.size.height() / CENTIMETRE
        said = tr(
            "{width} × {height} cm, text from {points} pt.",
            width=decimal(width, 1),
            height=decimal(height, 1),
            points=decimal(drawing.text_points, 1),
        )
        if drawing.left_out:
            said += " " + tr(
                "For {n} labels there is no room: choose a larger width.", n=drawing.left_out
            )
        if drawing.not_kept:
            said += " " + tr(
                "This style has a row for each size and reads from left to right: "
                "{n} of the blocks that you moved stand elsewhere in it.",
                n=drawing.not_kept,
            )
        self._say(said)
        self.copy.setEnabled(True)
        if self._asked_for is not None:
            self.write(str(self._asked_for))

    def _say(self, text: str, role: str = "muted") -> None:
        self.status.setProperty("role", role)
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)
        self.status.setText(text)

    def _failed(self, error: Exception) -> None:
        raise error

    # ------------------------------------------------------------------ where it goes

    def copy_figure(self) -> None:
        """Put the figure on the clipboard."""
        if self.preview.drawing is not None:
            QGuiApplication.clipboard().setMimeData(clipboard_data(self.preview.drawing))
            self._remember(self.form.options)
            self._say(tr("The figure is on the clipboard."), "ok")

    def ask(self) -> None:
        """Ask for a place and write the figure there."""
        kinds = formats.DIAGRAMS
        usual = kinds[0].ending[1:]
        pick_file(self, tr("Save figure"), patterns(kinds), SAVE, self.write, usual, self._name)

    def write(self, path: str) -> None:
        """Write the figure of the preview, once it is drawn, beside the window's own work."""
        drawing, place = self.preview.drawing, Path(path)
        if self._job is not None:
            return
        self._asked_for = place if drawing is None else None
        if drawing is None:
            return
        self.save.setEnabled(False)
        self._remember(self.form.options)
        self._job = self._background.start(
            _writing(drawing, place),
            lambda _: self._written(place, None),
            lambda error: self._written(place, error),
        )

    def _written(self, place: Path, error: Exception | None) -> None:
        self._told(place, error)
        if self._left:  # by Esc, while it was written
            return
        self._job = None
        self.save.setEnabled(True)
        if error is None:
            self.accept()

    def _ended(self) -> None:
        """However the dialog ends, nothing more is drawn."""
        self._left = True
        self.preview.stop()


def _writing(drawing: Diagram, place: Path) -> Callable[[Event], None]:
    return lambda _cancelled: write_diagram(drawing, place)
