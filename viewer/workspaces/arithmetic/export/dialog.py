"""Exporting the animation: what goes into the film, how it looks, and its progress."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.controls import Field, NumberBox, Segmented, labelled
from viewer.controls.file_dialog import SAVE, pick_file
from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.animation_file import export_animation
from viewer.drawing.arithmetic.formats.contract import Cancelled, CannotExport
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import patterns
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session.background_jobs import Background, Job
from viewer.text.number_format import decimal
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.export.animation_choice import (
    AnimationSettings,
    film_of,
    frame_of,
)
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.model.view_state import ArithmeticView

LEAST_SIDE, MOST_SIDE, STEP = 160, 4096, 40
SIZES = ((640, 480), (960, 540), (1280, 720), (1920, 1080))
PREVIEW = (360, 270)
LABEL = 96
MOST_STEPS = 10_000


class ExportDialog(Guarded, QDialog):
    """Settings at the right, a frame as it will be at the left, progress at the foot.

    The film is of the scene that was shown when the dialog was opened: an answer of the engine may
    bring another meanwhile, of fewer steps.
    """

    def __init__(self, model: SceneModel, background: Background, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("export-animation")
        say(self, self.setWindowTitle, "Export the animation")
        self._scene, self._step, self._name = model.scene, model.step, model.possible.name
        self._background = background
        self._post = model.session.notifications.post
        self._job: Job[list[Path]] | None = None
        self._make(model.view)
        self._assemble()
        self.show_preview()

    # ------------------------------------------------------------------------------- made of

    def _make(self, view: ArithmeticView) -> None:
        count = self._scene.steps
        self.preview = QLabel()
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setFixedSize(*PREVIEW)
        say(self, self.preview.setAccessibleName, "A frame of the animation")
        self.first, self.last = NumberBox(1, count, 1), NumberBox(1, count, count)
        self.width_box = NumberBox(LEAST_SIDE, MOST_SIDE, SIZES[1][0], STEP)
        self.height_box = NumberBox(LEAST_SIDE, MOST_SIDE, SIZES[1][1], STEP)
        self.speed = Segmented(
            [(0.5, mark("½×")), (1.0, mark("1×")), (2.0, mark("2×")), (4.0, mark("4×"))]
        )
        self.speed.set_value(view.speed)
        self.look = Segmented([("flat", mark("flat")), ("plates", mark("slanted"))])
        self.look.set_value(view.look)
        self.matrix = QCheckBox()
        say(self, self.matrix.setText, "With the matrix beside it")
        self.matrix.toggled.connect(lambda _: self.show_preview())
        self.mode = Segmented([("light", mark("light")), ("dark", mark("dark"))])
        self.mode.set_value(theme.mode)
        self.facts = labelled("caption")
        self.facts.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.status = labelled("muted")
        self.status.setWordWrap(True)
        self.cancel, self.export = QPushButton(), QPushButton()
        say(self, self.cancel.setText, "Cancel")
        say(self, self.export.setText, "Export…")
        self.export.setProperty("role", "primary")
        self.export.setDefault(True)
        self.cancel.clicked.connect(self._cancel)
        self.export.clicked.connect(self._ask)
        for box in (self.first, self.last, self.width_box, self.height_box):
            box.valueChanged.connect(self.show_preview)
        for choice in (self.speed, self.look, self.mode):
            choice.valueChanged.connect(lambda _: self.show_preview())

    def _assemble(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(8)
        rows = (
            (mark("Which steps"), _pair(self.first, self.last, "–")),
            (mark("Pixels"), _pair(self.width_box, self.height_box, "×")),
            (mark("Speed"), self.speed),
            (mark("Look"), self.look),
            (mark("Ground"), self.mode),
        )
        self._settings = [Field(text, editor, LABEL) for text, editor in rows]
        for box, name in (
            (self.first, mark("First step")),
            (self.last, mark("Last step")),
            (self.width_box, mark("Width")),
            (self.height_box, mark("Height")),
        ):
            say(self, box.setAccessibleName, name)
        for field in self._settings:
            right.addWidget(field)
        right.addWidget(self.matrix)
        right.addWidget(self.facts)
        right.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.status, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(across)
        column.addWidget(self.progress)
        column.addLayout(foot)
        self.setMinimumWidth(760)

    # ------------------------------------------------------------------------------- the film

    def chosen(self) -> AnimationSettings:
        """What is chosen."""
        first, last = sorted((self.first.value(), self.last.value()))
        speed = self.speed.value()
        return AnimationSettings(
            first,
            last,
            (self.width_box.value(), self.height_box.value()),
            speed if isinstance(speed, float) else 1.0,
            "plates" if self.look.value() == "plates" else "flat",
            "dark" if self.mode.value() == "dark" else "light",
            self.matrix.isChecked(),
        )

    def film(self) -> Animation:
        """The film of what is chosen."""
        return film_of(self._scene, self.chosen())

    def show_preview(self) -> None:
        """The current step as a frame, and what the film amounts to."""
        film = self.film()
        steps = film.steps
        at = min(max(self._step, steps.start), steps.stop - 1)
        self.preview.setPixmap(frame_of(film, at, PREVIEW, self.devicePixelRatioF()))
        seconds = decimal(len(steps) * film.step_ms / 1000, 1)
        self.facts.setText(
            tr("{n} frames, {seconds} s. {kinds}.", n=len(steps), seconds=seconds, kinds=_kinds())
        )
        few = len(steps) <= MOST_STEPS
        self.export.setEnabled(few and self._job is None)
        self._say_status(
            "" if few else tr("{n} steps are too many for one file; {most} work.",
                              n=len(steps), most=MOST_STEPS)
        )  # fmt: skip

    # ------------------------------------------------------------------------------- writing

    def _ask(self) -> None:
        name = self._name or tr("arithmetic")
        kinds = formats.ANIMATIONS
        usual = kinds[0].ending[1:]
        title = tr("Export the animation")
        pick_file(self, title, patterns(kinds), SAVE, self.write, usual, name)

    def write(self, path: str) -> None:
        """Write the film to a file, beside the window's own work."""
        film, place = self.film(), Path(path)
        self._set_busy(True)
        self.progress.setRange(0, len(film.steps))
        self.progress.setValue(0)

        def work(cancelled: Event) -> list[Path]:
            def report(done: int, _count: int) -> bool:
                self._done.emit(done)
                return not cancelled.is_set()

            return export_animation(film, place, report)

        self._job = self._background.start(work, self._written, self._failed)

    _done = Signal(int)

    def _written(self, files: list[Path]) -> None:
        self._set_busy(False)
        if len(files) == 1:
            self._post(tr("It is in {name}.", name=files[0].name), "ok")
        else:
            text = tr("{n} files, from {name} on.", n=len(files), name=files[0].name)
            self._post(text, "ok")
        self.accept()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        if isinstance(error, Cancelled):
            return
        if isinstance(error, CannotExport):
            text = str(error)
        elif isinstance(error, OSError):
            text = tr("It was not written: {error}.", error=error.strerror or str(error))
        elif isinstance(error, ValueError):
            text = tr("{ending} is no kind of file this can be.", ending=str(error))
        else:
            raise error
        self._say_status(text, "error")

    def _say_status(self, text: str, role: str = "muted") -> None:
        self.status.setProperty("role", role)
        self.status.style().unpolish(self.status)
        self.status.style().polish(self.status)
        self.status.setText(text)

    def _set_busy(self, busy: bool) -> None:
        if not busy:
            self._job = None
        for field in (*self._settings, self.matrix):
            field.setEnabled(not busy)
        self.export.setEnabled(not busy)
        self.progress.setVisible(busy)
        self._say_status(tr("Exporting…") if busy else "")
        if busy:
            self._done.connect(self.progress.setValue, Qt.ConnectionType.UniqueConnection)

    def _cancel(self) -> None:
        if self._job is None:
            self.reject()
            return
        self._job.cancel()
        self._set_busy(False)
        self._say_status(tr("Cancelled; nothing was written."))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None:
            self._job.cancel()
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc and Cancel leave nothing half written."""
        if self._job is not None:
            self._job.cancel()
        super().reject()


def _kinds() -> str:
    """The formats, with what they hold: "GIF, SVG (one file a step)"."""
    said = (
        tr("{name} ({note})", name=each.title, note=tr(each.note)) if each.note else each.title
        for each in formats.ANIMATIONS
    )
    return language.row.comma.join(said)


def _pair(left: NumberBox, right: NumberBox, between: str) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(left, 1)
    row.addWidget(labelled("muted", between))
    row.addWidget(right, 1)
    return made
