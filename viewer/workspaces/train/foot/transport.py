"""Start, pause, one step, stop; how far it is; what can be taken of it."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from analysis.training.process.messages import MOST_SHOWN
from viewer.controls import labelled, mark_answered_later
from viewer.drawing.charts.marks import letter_of
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.number_format import decimal, grouped
from viewer.text.translation import language, mark, say, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.export.taking import Results
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.lab.waiting_words import waiting_words

HEIGHT = 52
BIG = 36


class Transport(Guarded, QWidget):
    """The buttons that steer the training of a lab."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.results = Results(lab)
        self.setFixedHeight(HEIGHT)
        self.play = self._tool("play", mark("Start, pause or go on"), lab.toggle)
        self.play.setObjectName("train.play")
        self.play.setProperty("role", "play")
        self.play.setFixedSize(BIG, BIG)
        self.play.setIconSize(QSize(18, 18))
        self.step = self._tool("step", mark("One step of every network"), lab.step)
        self.step.setObjectName("train.step")
        mark_answered_later(self.play, self.step)
        self.stop = self._tool("stop", mark("End the training"), lab.stop)
        self.stop.setObjectName("train.stop")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setMinimumWidth(24)  # in a narrow window the words beside it need the room
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.place = labelled("plain")
        self.canvas = self._menu("train.canvas", mark("To the canvas"))
        self.export = self._menu("train.export", mark("Export"))
        self._fill_export()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        for button in (self.play, self.step, self.stop):
            row.addWidget(button)
        row.addWidget(self.bar, 1)
        for last in (self.place, self.canvas, self.export):
            row.addWidget(last)
        lab.changed.connect(self.show_state)
        lab.stateChanged.connect(self.show_state)
        language.changed.connect(self.show_state)
        self.show_state()

    def _tool(self, name: str, text: str, run: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, "text"))
        button.setFixedSize(28, 28)
        say(button, button.setToolTip, text)
        say(button, button.setAccessibleName, text)
        if callable(run):
            button.clicked.connect(lambda *_: run())
        return button

    def _menu(self, name: str, text: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "menu")
        button.setObjectName(name)
        say(button, button.setText, text)
        button.setMenu(QMenu(button))
        return button

    def _fill_export(self) -> None:
        menu = self.export.menu()
        for text, run in (
            (mark("Weights of every network…"), self.results.ask_weights_folder),
            (mark("Curves as a picture…"), self.results.ask_curves),
            (mark("Report (HTML)…"), self.results.ask_page),
            (mark("Report (JSON)…"), self.results.ask_report),
            (mark("Numbers (CSV)…"), self.results.ask_numbers),
            (mark("Numbers for TensorBoard…"), self.results.ask_events_folder),
        ):
            action = menu.addAction("")
            say(menu, action.setText, text)
            action.triggered.connect(lambda _=False, run=run: run())
        self.weights = menu.actions()[0]

    def _fill_canvas(self) -> None:
        """An entry for each network of the training."""
        menu = self.canvas.menu()
        menu.clear()
        for at, twin in enumerate(self._lab.log.twins):
            called = twin_name(twin.name)
            name = f"{letter_of(at)} {called}" if at < MOST_SHOWN else called
            action = menu.addAction(tr("Weights of “{name}”", name=name))
            action.triggered.connect(
                lambda _=False, name=twin.name: self.results.put_on_canvas(name)
            )

    def show_state(self) -> None:
        """Buttons and words as the training stands now."""
        log = self._lab.log
        shows = "pause" if log.state == "running" else "play"
        if self.play.property("shows") != shows:
            self.play.setProperty("shows", shows)
            self.play.setIcon(icon(shows, "onaccent"))
        self._allow(self.play, log.state != "preparing")
        self._allow(self.step, log.state in (None, "paused", "running", "done", "stopped"))
        self._allow(self.stop, log.is_busy and not self._lab.stopping.is_awaited)
        self._show_place(max(1, log.recipe.steps), log.step)
        self.place.setText(self._words())
        have = bool(log.record.measured)
        has_networks = bool(log.twins) and log.state != "preparing" and not log.is_gone
        self.canvas.setEnabled(has_networks)
        self.weights.setEnabled(has_networks)
        self.export.setEnabled(have)
        if len(self.canvas.menu().actions()) != len(log.twins) or self._named != self._names():
            self._named = self._names()
            self._fill_canvas()

    def _allow(self, button: QToolButton, on: bool) -> None:
        """Let a button be pressed or not; the keyboard waits here for it, and does not go on."""
        if button.hasFocus() and not on:
            self._awaited = button
            self.setFocus()
        button.setEnabled(on)
        if on and self.hasFocus() and button is self._awaited:
            button.setFocus()

    def _show_place(self, steps: int, step: int) -> None:
        """Move the bar, which would paint itself at once, and the window with it, in its turn."""
        if (self.bar.maximum(), self.bar.value()) != (steps, step):
            self.bar.setUpdatesEnabled(False)
            self.bar.setRange(0, steps)
            self.bar.setValue(step)
            self.bar.setUpdatesEnabled(True)

    _named: tuple[str, ...] = ()
    _awaited: QToolButton | None = None
    """The button that had the keyboard when it could no longer be pressed."""

    def _names(self) -> tuple[str, ...]:
        return tuple(twin.name for twin in self._lab.log.twins)

    def _words(self) -> str:
        log = self._lab.log
        if log.state is None:
            return tr("not started") if log.fault is None else ""
        if log.state == "stopped" and log.prepared is None:
            return tr("not started")
        if log.state == "preparing":
            return waiting_words(self._lab)
        if self._lab.stopping.is_awaited:
            return tr("stopping…")
        said = tr(
            "{seconds} s · step {n} of {steps}",
            seconds=decimal(log.seconds), n=grouped(log.step), steps=grouped(log.recipe.steps),
        )  # fmt: skip
        words = {"paused": tr("paused"), "done": tr("done"), "stopped": tr("stopped")}
        state = words.get(log.state, "")
        return f"{state} · {said}" if state else said
