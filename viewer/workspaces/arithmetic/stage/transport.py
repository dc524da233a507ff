"""Play, step, scrub, speed, loop, export: the foot of the stage of Arithmetic."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QToolButton, QWidget

from viewer.controls import Segmented, labelled
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.player import Player
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.model.view_state import SPEEDS

HEIGHT = 52
BIG = 36
NAMES = {0.5: mark("½×"), 1.0: mark("1×"), 2.0: mark("2×"), 4.0: mark("4×")}


class Transport(Guarded, QWidget):
    """The current step as a slider with its buttons."""

    exportAsked = Signal()

    def __init__(self, model: SceneModel, player: Player) -> None:
        super().__init__()
        self._model, self._player = model, player
        self._widest = ""
        self.setFixedHeight(HEIGHT)
        self.back = self._tool("step-back", mark("One step back (Left or ,)"), player.back)
        self.play = self._tool("play", mark("Play or pause (Space or P)"), player.toggle)
        self.play.setObjectName("play")
        self.play.setFixedSize(BIG, BIG)
        self.play.setIconSize(QSize(18, 18))
        self.forward = self._tool("step", mark("One step on (Right or .)"), player.forward)
        self.back.setObjectName("arithmetic.step-back")
        self.forward.setObjectName("arithmetic.step-on")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        say(self, self.slider.setAccessibleName, "Step")
        self.slider.valueChanged.connect(player.go)
        self.place = labelled("plain")
        self.speed = Segmented([(value, NAMES[value]) for value in SPEEDS])
        self.speed.valueChanged.connect(lambda value: edits.set_view(model.session, speed=value))
        self.loop = self._tool("loop", mark("Begin again at the end"), self._loop)
        self.loop.setCheckable(True)
        self.export = QPushButton()
        self.export.setIcon(icon("export", "text"))
        say(self, self.export.setText, "Export")
        self.export.clicked.connect(self.exportAsked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        for button in (self.back, self.play, self.forward):
            row.addWidget(button)
        row.addWidget(self.slider, 1)
        for widget in (self.place, self.speed, self.loop, self.export):
            row.addWidget(widget)
        model.moved.connect(self.show_state)
        model.changed.connect(self.show_state)
        model.session.liveChanged.connect(lambda *_: self._show_playing())
        language.changed.connect(self.show_state)
        self.show_state()

    def _tool(self, name: str, text: str, run: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, "text"))
        button.setAutoRaise(True)
        button.setFixedSize(28, 28)
        say(button, button.setToolTip, text)
        say(button, button.setAccessibleName, text)
        if callable(run):
            button.clicked.connect(lambda *_: run())
        return button

    def _loop(self) -> None:
        edits.set_view(self._model.session, loop=not self._model.view.loop)

    def show_state(self) -> None:
        """The slider and the words of the current step."""
        model = self._model
        count, at = model.scene.steps, model.step
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(0, count - 1)
        self.slider.setPageStep(max(1, count // 10))
        self.slider.setValue(at)
        self.slider.blockSignals(blocked)
        words = (
            tr("input cell {n} of {count}", n=at + 1, count=count)
            if model.scene.by == "input"
            else tr("cell {n} of {count}", n=at + 1, count=count)
        )
        self._make_room(words.replace(str(at + 1), str(count), 1))
        self.place.setText(words)
        self.speed.set_value(model.view.speed)
        self.loop.setChecked(model.view.loop)
        self._show_playing()

    def _make_room(self, widest: str) -> None:
        """Room for the longest words, so that nothing moves from step to step."""
        if widest != self._widest:
            self._widest = widest
            self.place.setMinimumWidth(self.place.fontMetrics().horizontalAdvance(widest) + 2)

    def _show_playing(self) -> None:
        name = "pause" if self._model.live.playing else "play"
        if self.play.property("shows") != name:
            self.play.setProperty("shows", name)
            self.play.setIcon(icon(name, "onaccent"))
