"""Asks for a folder of images, shows how far its study is, stops it, and opens the report."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from viewer.controls import ElidedLabel, Field, labelled
from viewer.controls.file_dialog import pick_folder
from viewer.override_guard import Guarded
from viewer.text.translation import mark, say, tr

WIDTH = 520
LABEL = 72


class StudyDialog(Guarded, QDialog):
    """The dialog that starts a study and shows its progress; closed, the study goes on.

    started(data, folder): both are paths. stopped(): finish. opened(): show the report.
    """

    started = Signal(str, str)
    stopped = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("study-dialog")
        self.setProperty("role", "panel")
        self.data, self.folder = "", ""
        self._own_folder = False
        say(self, self.setWindowTitle, mark("Study over a folder of images"))
        self._make()
        self._assemble()
        self.show_idle()

    def _make(self) -> None:
        self.about = labelled("muted")
        self.about.setWordWrap(True)
        say(
            self,
            self.about.setText,
            "On every image: what each skip is worth by every measure, the effective field of "
            "each layer, dead channels and ranges; as means with their intervals.",
        )
        self.data_name, self.folder_name = ElidedLabel(), ElidedLabel()
        self.choose_data, self.choose_folder = QPushButton(), QPushButton()
        for button, name in (
            (self.choose_data, mark("Choose the folder of images")),
            (self.choose_folder, mark("Choose the folder of the report")),
        ):
            say(self, button.setText, "Choose…")
            say(self, button.setAccessibleName, name)
        self.choose_data.clicked.connect(
            lambda: pick_folder(self, tr("Choose the folder of images"), self.set_data)
        )
        self.choose_folder.clicked.connect(
            lambda: pick_folder(self, tr("Choose the folder of the report"), self.set_folder)
        )
        self.hint = labelled("small")
        self.hint.setWordWrap(True)
        say(
            self,
            self.hint.setText,
            "Where the folder holds images/ and targets/ with equal names, outputs are held "
            "against the targets.",
        )
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.status = labelled("muted")
        self.status.setWordWrap(True)
        self.status.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.open_report, self.stop, self.start = QPushButton(), QPushButton(), QPushButton()
        say(self, self.open_report.setText, "Open the report")
        say(self, self.stop.setText, "Stop")
        say(self, self.stop.setToolTip, "What is measured is kept; Start goes on from there")
        say(self, self.start.setText, "Start")
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(lambda: self.started.emit(self.data, self.folder))
        self.stop.clicked.connect(self.stopped)
        self.open_report.clicked.connect(self.opened)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.about)
        for text, name, button in (
            (mark("Images"), self.data_name, self.choose_data),
            (mark("Report"), self.folder_name, self.choose_folder),
        ):
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            row.addWidget(name, 1)
            row.addWidget(button)
            column.addWidget(Field(text, line, LABEL))
        column.addWidget(self.hint)
        column.addWidget(self.progress)
        column.addWidget(self.status)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.open_report, self.stop, self.start):
            foot.addWidget(button)
        column.addLayout(foot)
        self.setMinimumWidth(WIDTH)
        self.resize(WIDTH, 0)

    # ------------------------------------------------------------------ what was chosen
    def set_data(self, path: str) -> None:
        """Take this folder of images; the report goes beside it unless a place was chosen."""
        self.data = path
        self.data_name.set_text(path)
        if not self._own_folder:
            place = Path(path)
            self._take_folder(str(place.with_name(f"{place.name}-study")))
        self.start.setEnabled(bool(self.data and self.folder))

    def set_folder(self, path: str) -> None:
        """Put the report into this folder."""
        self._own_folder = True
        self._take_folder(path)
        self.start.setEnabled(bool(self.data and self.folder))

    def _take_folder(self, path: str) -> None:
        self.folder = path
        self.folder_name.set_text(path)

    # ------------------------------------------------------------------ how it goes
    def show_idle(self, said: str = "", report: bool = False) -> None:
        """Nothing runs; `said` is how the last run ended, `report` whether there is one."""
        self.progress.setVisible(report)
        self._show(said, running=False)
        self.open_report.setVisible(report)

    def show_running(self, said: str, done: int = 0, of: int = 0) -> None:
        """So many images of so many are measured; of 0 it is not known yet."""
        self.progress.setVisible(True)
        self.progress.setRange(0, of)
        self.progress.setValue(done)
        self._show(said, running=True)
        self.open_report.hide()

    def show_stopping(self) -> None:
        """It was told to stop."""
        self._show(tr("Finishing the images at hand…"), running=True)
        self.stop.setEnabled(False)

    def _show(self, said: str, running: bool) -> None:
        self.status.setText(said)
        self.status.setVisible(bool(said))
        self.stop.setVisible(running)
        self.stop.setEnabled(running)
        self.start.setVisible(not running)
        self.start.setEnabled(bool(self.data and self.folder))
        for button in (self.choose_data, self.choose_folder):
            button.setEnabled(not running)
        self._grow()

    def _grow(self) -> None:
        """Have room for what is said: sentences that are wrapped need more in a narrow window."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        width = max(self.width(), WIDTH)
        self.resize(width, max(self.height(), layout.totalHeightForWidth(width)))
