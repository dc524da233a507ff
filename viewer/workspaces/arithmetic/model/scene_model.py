"""The model of the Arithmetic workspace: the scene of the document's example, and highlights.

All of it follows from the session; the panels of the Arithmetic workspace share one model.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from analysis.arithmetic import Comparison, check, compared, plan
from analysis.arithmetic.example import Example, affordable, too_large
from analysis.faults import Fault
from analysis.storage.document import Document
from viewer.drawing.arithmetic.highlight import Highlight, connected, step_highlight
from viewer.drawing.arithmetic.scene import Scene
from viewer.look.theme import theme
from viewer.look.tokens import Mode
from viewer.override_guard import Guarded
from viewer.session import Live, Session
from viewer.session.lesson_scene import LessonScene
from viewer.workspaces.arithmetic.model.view_state import ArithmeticLive, ArithmeticView

ALL_STEPS = 1 << 30
"""A step behind the last of every scene, which is then the last."""


class SceneModel(Guarded, QObject):
    """The scene and the lit cells.

    `changed`: another scene, another fault, or the same drawn otherwise. `moved`: the step, or the
    cells that are lit. While `fault` says why the example is impossible, `scene` is the last one
    that was possible, and is drawn as such.
    """

    changed = Signal()
    moved = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._first = self._possible = Example.first()
        self._wanted: tuple[Example, ArithmeticView, Mode] | None = None
        self._compared: tuple[Scene, Comparison | None] | None = None
        self._outward: tuple[Scene, Scene] | None = None
        self._lit: tuple[Scene, object, Highlight] | None = None
        self.fault: Fault | None = None
        self.scene: Scene
        """The forward pass; its steps are input cells where the backward pass is shown."""
        self._follow()
        session.documentChanged.connect(self._document_changed)
        session.viewChanged.connect(lambda *_: self._follow())
        session.liveChanged.connect(self._live_changed)
        theme.changed.connect(self._follow)
        self._begin_at_end()

    # --------------------------------------------------------------------- what is current

    @property
    def example(self) -> Example:
        """The document's, or the one that everybody starts with."""
        return self.session.document.arithmetic or self._first

    @property
    def possible(self) -> Example:
        """The newest example that was possible: the one that the scene is of."""
        return self._possible

    @property
    def view(self) -> ArithmeticView:
        """The choices of display."""
        return self.session.view.part(ArithmeticView)

    @property
    def live(self) -> ArithmeticLive:
        """Step, playing, pointer."""
        return self.session.live.part(ArithmeticLive)

    @property
    def is_shown(self) -> bool:
        """Whether the workspace that is shown is the one that keeps an ArithmeticView."""
        return ArithmeticView in self.session.workspace.view_parts

    @property
    def step(self) -> int:
        """The current step, inside the scene."""
        return min(self.live.step, self.scene.steps - 1)

    def highlight(self) -> Highlight:
        """What is lit: by the pointer, else by the pinned cell, else by the step."""
        key = (self.live.hover, self.view.pinned, self.step)
        if self._lit is None or self._lit[0] is not self.scene or self._lit[1] != key:
            self._lit = (self.scene, key, self._find_lit())
        return self._lit[2]

    def _find_lit(self) -> Highlight:
        for spot in (self.live.hover, self.view.pinned):
            if spot is not None:
                try:
                    return connected(self.scene, spot)
                except IndexError:
                    continue
        return step_highlight(self.scene, self.step)

    @property
    def follows_step(self) -> bool:
        """Whether the step, and no cell pointed at or pinned, says what is lit."""
        return self.live.hover is None and self.view.pinned is None

    def comparison(self) -> Comparison | None:
        """The forms of the output compared, with their numbers; None of a pooling."""
        scene = self.scene
        if self._compared is None or self._compared[0] is not scene:
            self._compared = (scene, compared(scene.matrix, scene.x, scene.w))
        return self._compared[1]

    def by_output(self) -> Scene:
        """The scene with an output cell a step, whatever the steps of the stage are."""
        scene = self.scene
        if scene.by == "output":
            return scene
        if self._outward is None or self._outward[0] is not scene:
            self._outward = (scene, replace(scene, by="output"))
        return self._outward[1]

    # ------------------------------------------------------------------------- following

    def _document_changed(self, before: Document, after: Document) -> None:
        if before.arithmetic is not after.arithmetic:
            self._follow()

    def _follow(self) -> None:
        wanted = (self.example, _drawn(self.view), theme.mode)
        if (
            self._wanted is None
            or self._wanted[0] is not wanted[0]
            or self._wanted[1:] != wanted[1:]
        ):
            self._wanted = wanted
            self._show()
            self.changed.emit()
        self.moved.emit()

    def _show(self) -> None:
        example = self.example
        self.fault = check(example.case)
        if self.fault is None and not affordable(example.case):
            self.fault = too_large(example.case)
        if self.fault is None:
            self._possible = example
        elif example.last is not None:
            self._possible = example.last
        self.scene = _scene(self._possible, self.view)

    def _begin_at_end(self) -> None:
        """Show all steps done where the state that a lesson has set asks for it."""
        if self.session.live.part(LessonScene).at_end:
            live = replace(self.live, step=ALL_STEPS)
            self.session.set_live(parts=self.session.live.parts.having(live))

    def _live_changed(self, before: Live, after: Live) -> None:
        if before.part(LessonScene) != after.part(LessonScene):
            QTimer.singleShot(0, self, self._begin_at_end)  # every panel hears of this first
        if before.part(ArithmeticLive) != after.part(ArithmeticLive):
            self.moved.emit()


def _drawn(view: ArithmeticView) -> ArithmeticView:
    """The choices without those that change no picture."""
    return replace(view, pinned=None, speed=1.0, loop=True)


def _scene(example: Example, view: ArithmeticView) -> Scene:
    case = example.case
    inside = min(view.in_channel, case.channels[0] - 1)
    outside = min(view.out_channel, case.channels[1] - 1)
    by = view.by if case.kind == "transposed" else "output"
    if view.backward:
        by = "input"  # the backward pass makes ∂x, a cell of the input a step
    return Scene(
        plan(case),
        example.x,
        example.w,
        example.b,
        look=view.look,
        mode=theme.mode,
        shown=view.shown,
        by=by,
        in_channel=inside,
        out_channel=outside,
        grad_output=example.grad_output if view.backward else None,
    )
