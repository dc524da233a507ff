"""Time in the arithmetic: play, pause, one step either way, the loop."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from viewer.drawing.arithmetic.animation import STEP_MS
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import Bench


class Player(QObject):
    """Moves the session's step on while it plays; the stage draws the way from step to step."""

    def __init__(self, bench: Bench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.tick)
        session = bench.session
        session.liveChanged.connect(lambda *_: self._follow())
        session.viewChanged.connect(lambda *_: self._follow())
        self._follow()

    @property
    def step_ms(self) -> int:
        """How long a step is shown."""
        return round(STEP_MS / self._bench.view.speed)

    def toggle(self) -> None:
        """Play or pause; at the end playing begins anew."""
        bench = self._bench
        if bench.live.playing:
            self.pause()
            return
        last = bench.step >= bench.scene.steps - 1
        edits.set_live(bench.session, playing=True, step=0 if last else bench.step, hover=None)
        edits.set_view(bench.session, pinned=None)

    def pause(self) -> None:
        """Stay at this step."""
        edits.set_live(self._bench.session, playing=False)

    def go(self, step: int) -> None:
        """Show a step: before the first is the first, past the last the last; it pauses."""
        bench = self._bench
        inside = min(max(step, 0), bench.scene.steps - 1)
        edits.set_live(bench.session, step=inside, playing=False, hover=None)

    def forward(self) -> None:
        """One step on."""
        self.go(self._bench.step + 1)

    def back(self) -> None:
        """One step back."""
        self.go(self._bench.step - 1)

    def tick(self) -> None:
        """The time of a step is over."""
        bench = self._bench
        after = bench.step + 1
        if after < bench.scene.steps:
            edits.set_live(bench.session, step=after)
        elif bench.view.loop:
            edits.set_live(bench.session, step=0)
        else:
            self.pause()

    def _follow(self) -> None:
        bench = self._bench
        plays = bench.live.playing and bench.session.view.workspace == "arithmetic"
        if plays:
            if not self.timer.isActive() or self.timer.interval() != self.step_ms:
                self.timer.start(self.step_ms)
        else:
            self.timer.stop()
