"""Plays the steps of the arithmetic: play, pause, one step either way, loop."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from viewer.drawing.arithmetic.animation import STEP_MS
from viewer.override_guard import Guarded
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel


class Player(Guarded, QObject):
    """Moves the session's step on while it plays; the stage draws the way from step to step."""

    def __init__(self, model: SceneModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.tick)
        session = model.session
        session.liveChanged.connect(lambda *_: self._follow())
        session.viewChanged.connect(lambda *_: self._follow())
        self._follow()

    @property
    def step_ms(self) -> int:
        """How long a step is shown."""
        return round(STEP_MS / self._model.view.speed)

    def toggle(self) -> None:
        """Play or pause; at the end playing begins anew."""
        model = self._model
        if model.live.playing:
            self.pause()
            return
        last = model.step >= model.scene.steps - 1
        edits.set_live(model.session, playing=True, step=0 if last else model.step, hover=None)
        edits.set_view(model.session, pinned=None)

    def pause(self) -> None:
        """Stay at this step."""
        edits.set_live(self._model.session, playing=False)

    def go(self, step: int) -> None:
        """Show a step: before the first is the first, past the last the last; it pauses."""
        model = self._model
        inside = min(max(step, 0), model.scene.steps - 1)
        edits.set_live(model.session, step=inside, playing=False, hover=None)

    def forward(self) -> None:
        """One step on."""
        self.go(self._model.step + 1)

    def back(self) -> None:
        """One step back."""
        self.go(self._model.step - 1)

    def tick(self) -> None:
        """The time of a step is over."""
        model = self._model
        after = model.step + 1
        if after < model.scene.steps:
            edits.set_live(model.session, step=after)
        elif model.view.loop:
            edits.set_live(model.session, step=0)
        else:
            self.pause()

    def _follow(self) -> None:
        model = self._model
        plays = model.live.playing and model.is_shown
        if plays:
            if not self.timer.isActive() or self.timer.interval() != self.step_ms:
                self.timer.start(self.step_ms)
        else:
            self.timer.stop()
