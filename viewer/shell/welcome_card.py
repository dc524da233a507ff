"""The strip of the first launch: three things to try, each ticked when it has been done.

It stands above the canvas, not over it: the network is drawn below and none of it is covered.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from analysis.graph import Graph
from viewer.controls import FlowLayout
from viewer.look.fonts import BODY, font
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Live, Session
from viewer.session.lesson_scene import LessonScene
from viewer.session.presentation import Presentation
from viewer.session.sample_document import SAMPLE_WEIGHTS, photograph, untrained_sample
from viewer.text.translation import mark, say

STEPS: tuple[tuple[str, str], ...] = (
    ("live", mark("In Live, move Noise.")),
    ("fields", mark("In Receptive fields, click the face.")),
    ("live", mark("In Live, turn a skip off.")),
)
FACE = 1
"""The step that names what the first picture shows."""
ANYWHERE = mark("In Receptive fields, click the picture.")
"""What it says of another picture."""
SKIP = 2
"""The step that needs a skip."""

SEEN = 2500
"""Milliseconds that the last tick is shown before the card leaves."""


ROW = 28
"""Height of a row, in pixels."""


class WelcomeCard(Guarded, QFrame):
    """Shown once; Esc or the cross ends it for good."""

    ended = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "strip")
        self._session = session
        # What cannot be tried counts as done: a workspace may have been left out.
        self._done = [workspace not in session.workspaces.keys for workspace, _ in STEPS]
        self._left_out = tuple(self._done)
        self._marks = [QLabel(self) for _ in STEPS]
        self._lines = [QToolButton(self) for _ in STEPS]
        self._steps: list[QWidget] = []
        self._over = self._aside = False
        self._trained_in: Graph | None = None
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(SEEN)
        self._leaving.timeout.connect(self.end)
        self._build()
        session.liveChanged.connect(self._noise_moved)
        session.liveChanged.connect(self._place)
        session.viewChanged.connect(self._unit_pinned)
        session.documentChanged.connect(self._gate_moved)
        session.documentChanged.connect(self._entitle)
        session.documentChanged.connect(self._mark)
        theme.changed.connect(self._mark)
        self._mark()

    def set_aside(self, aside: bool) -> None:
        """Not over a canvas that is only a strip; back where there is room, until it is ended."""
        self._aside = aside
        self._place()

    def _place(self, *_: object) -> None:
        """Who listens to a lecture has nothing to try, and a lesson says itself what to do."""
        if not self._over:
            live = self._session.live
            taught = live.part(Presentation).active or live.part(LessonScene).number > 0
            self.setVisible(not (self._aside or taught))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(8)
        steps = FlowLayout(gap=4)
        self.title = title = QLabel(self)
        title.setFont(font(BODY, bold=True))
        title.setMinimumHeight(ROW)
        title.setContentsMargins(0, 0, 4, 0)
        steps.addWidget(title)
        for number, (workspace, text) in enumerate(STEPS):
            self._steps.append(self._step(number, workspace, text))
            steps.addWidget(self._steps[-1])
        self._entitle()
        row.addLayout(steps, 1)
        close = QToolButton(self)
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.clicked.connect(self.end)
        say(self, close.setToolTip, "Close (Esc)")
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _entitle(self, *_: object) -> None:
        """Only the sample as it came removes noise, and only what has skips can turn one off."""
        session = self._session
        weights = session.document.weights
        learned = weights is not None and weights.name == SAMPLE_WEIGHTS
        learned = learned and session.document.graph == self._sample()
        text = mark("This network removes noise.") if learned else mark("To try here:")
        say(self, self.title.setText, text)
        say(self, self._lines[FACE].setText, STEPS[FACE][1] if self._faced() else ANYWHERE)
        for number, step in enumerate(self._steps):
            nothing = number == SKIP and not session.facts.skips
            step.setHidden(self._left_out[number] or nothing)

    def _sample(self) -> Graph:
        """The network that the shipped weights were trained in."""
        if self._trained_in is None:
            self._trained_in = untrained_sample().graph
        return self._trained_in

    def _faced(self) -> bool:
        """Whether the picture is the portrait of the first launch."""
        portrait, image = photograph(), self._session.document.image
        return image is None or portrait is None or image.name == portrait.name

    def _step(self, number: int, workspace: str, text: str) -> QWidget:
        step, line = QWidget(self), self._lines[number]
        step.setMinimumHeight(ROW)
        line.setAutoRaise(True)
        line.setFont(font(BODY))
        line.setObjectName("step")
        line.setCursor(Qt.CursorShape.PointingHandCursor)
        say(self, line.setText, text)
        line.clicked.connect(lambda: self._session.set_view(workspace=workspace))
        self._marks[number].setFixedSize(20, 20)
        self._marks[number].setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(step)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(0)
        row.addWidget(self._marks[number])
        row.addWidget(line)
        return step

    def _mark(self, *_: object) -> None:
        """Tick what was done and number the rest, without a gap where a step is not offered."""
        number = 0
        for label, step, done in zip(self._marks, self._steps, self._done, strict=True):
            number += not step.isHidden()
            if done:
                label.setPixmap(icon("check", "ok").pixmap(QSize(18, 18)))
            else:
                label.setText(str(number))

    def _finish(self, step: int) -> None:
        if not self._done[step]:
            self._done[step] = True
            self._mark()
            left = zip(self._done, self._steps, strict=True)
            if all(done or step.isHidden() for done, step in left):
                self._leaving.start()

    def _noise_moved(self, before: Live, after: Live) -> None:
        if before.noise != after.noise:
            self._finish(0)

    def _unit_pinned(self, *_: object) -> None:
        view = self._session.view
        if view.pin is not None and view.workspace == STEPS[1][0]:
            self._finish(1)

    def _gate_moved(self, *_: object) -> None:
        if any(value == 0 for value in self._session.document.gates.values()):
            self._finish(2)

    def end(self) -> None:
        """Put the card away for good."""
        self._over = True
        self.hide()
        self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc ends it."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)
