"""The stage of Arithmetic: its pictures side by side, the sum of the step, and the transport."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from viewer.controls import Segmented, line
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import language, tr
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.player import Player
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.model.view_state import Stage
from viewer.workspaces.arithmetic.stage.fault_line import FaultLine
from viewer.workspaces.arithmetic.stage.formula_line import FormulaLine
from viewer.workspaces.arithmetic.stage.picture_choice import PictureChoice
from viewer.workspaces.arithmetic.stage.picture_frame import PictureFrame
from viewer.workspaces.arithmetic.stage.transport import Transport

NARROWEST = 220
"""A picture narrower than this is shown alone, with a switch; so is one that could not be read."""
MOVE_MS = 160
"""How long a window is on its way to the next step, at most 0.4 of the step."""
PLACES: tuple[Stage, ...] = ("first", "second", "third")


class StagePanel(Guarded, QWidget):
    """Everything is drawn of the model; keys step and play."""

    exportAsked = Signal()

    def __init__(self, model: SceneModel, player: Player) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._model, self._player = model, player
        self._choice = PictureChoice()
        self.impossible = FaultLine(model)
        self.frames = tuple(PictureFrame(model) for _ in PLACES)
        self.dividers = tuple(_divider() for _ in PLACES[1:])
        self.switch = Segmented([(place, "") for place in PLACES])
        self.switch.valueChanged.connect(lambda value: edits.set_view(model.session, stage=value))
        self.formula = FormulaLine(model)
        self.transport = Transport(model, player)
        self.transport.exportAsked.connect(self.exportAsked)
        self.fold = QToolButton(self)
        self.fold.setAutoRaise(True)
        self.fold.setFixedSize(28, 28)
        self.fold.clicked.connect(self._fold)
        self._shown = 0.0
        self._motion = QVariantAnimation(self)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._motion.valueChanged.connect(self._show_step)
        self._assemble()
        model.changed.connect(self.show_scene)
        model.moved.connect(self._moved)
        language.changed.connect(self.show_scene)
        self.show_scene()

    def _assemble(self) -> None:
        self._row = row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        for at, frame in enumerate(self.frames):
            if at:
                row.addWidget(self.dividers[at - 1])
            row.addWidget(frame, 1)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 0)
        head.addWidget(self.switch)
        head.addStretch(1)
        over = QVBoxLayout()
        over.setContentsMargins(12, 8, 12, 0)
        over.addWidget(self.impossible)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(over)
        column.addLayout(head)
        column.addLayout(row, 1)
        column.addWidget(line())
        column.addWidget(self.formula)
        column.addWidget(line())
        column.addWidget(self.transport)

    # ------------------------------------------------------------------------- what it shows

    def show_scene(self) -> None:
        """Show the model's scene in the pictures that suit it."""
        model = self._model
        self._motion.stop()
        self._shown = float(model.step)
        stage_pictures = self._choice.of(model.scene, model.view.backward)
        for at, frame in enumerate(self.frames):
            if at < len(stage_pictures):
                frame.show_stage_picture(stage_pictures[at])
        for at, stage_picture in enumerate(stage_pictures):
            self.switch.set_text(at, stage_picture.title)
        self._count = len(stage_pictures)
        self.impossible.show_fault()
        self._show_fold()
        self._spread()
        self._show_step(self._shown)

    def _spread(self) -> None:
        """All pictures side by side where they have room, else the chosen one."""
        count = self._count
        alone = not self._fit_side_by_side()
        wanted = self._model.view.stage if alone else None
        chosen = PLACES.index(wanted) if wanted is not None else 0
        chosen = min(chosen, count - 1)
        for at, frame in enumerate(self.frames):
            frame.setVisible(at < count and (not alone or at == chosen))
            frame.show_title(not alone)
        for at, divider in enumerate(self.dividers, 1):
            divider.setVisible(at < count and not alone)
        for at, button in enumerate(self.switch.buttons):
            button.setVisible(at < count)
        self.switch.setVisible(alone and count > 1)
        self.switch.set_value(PLACES[chosen])

    def _fit_side_by_side(self) -> bool:
        """Whether every picture can be read in its share of the width."""
        frames = self.frames[: self._count]
        width = (self.width() - 24.0) / self._count - 24.0
        area = QRectF(0, 0, width, max(120, self.height() - 190))
        return width >= NARROWEST and all(frame.view.reads_in(area) for frame in frames)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold.move(self.width() - self.fold.width() - 8, 4)
        self.fold.raise_()
        self._spread()

    def _fold(self) -> None:
        edits.set_view(self._model.session, canvas=not self._model.view.canvas)

    def _show_fold(self) -> None:
        """The network over the stage can be folded away, and brought back."""
        shown = self._model.view.canvas
        self.fold.setIcon(icon("chevron-up" if shown else "chevron-down"))
        text = tr("Hide the network") if shown else tr("Show the network")
        self.fold.setToolTip(text)
        self.fold.setAccessibleName(text)

    # --------------------------------------------------------------------------- the step

    def _moved(self) -> None:
        """Go on to the next step by way of what lies between; show any other at once."""
        target = float(self._model.step)
        end = self._motion.endValue() if self._motion.state() == _RUNNING else self._shown
        if target == end:
            self._show_step(self._shown)
            return
        self._motion.stop()
        if abs(target - self._shown) > 1 or not self._model.follows_step:
            self._show_step(target)
            return
        self._motion.setDuration(min(MOVE_MS, round(0.4 * self._player.step_ms)))
        self._motion.setStartValue(self._shown)
        self._motion.setEndValue(target)
        self._motion.start()

    def _show_step(self, step: float) -> None:
        self._shown = step
        for frame in self.frames:
            if frame.isVisibleTo(self):
                frame.view.show_step(step)

    # --------------------------------------------------------------------------- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        player, model = self._player, self._model
        match event.key():
            case Qt.Key.Key_Space:
                player.toggle()
            case Qt.Key.Key_Right:
                player.forward()
            case Qt.Key.Key_Left:
                player.back()
            case Qt.Key.Key_Home:
                player.go(0)
            case Qt.Key.Key_End:
                player.go(model.scene.steps - 1)
            case Qt.Key.Key_Escape if model.view.pinned is not None:
                edits.set_view(model.session, pinned=None)
            case _:
                super().keyPressEvent(event)


_RUNNING = QVariantAnimation.State.Running


def _divider() -> QFrame:
    made = QFrame()
    made.setProperty("role", "upright")
    made.setFixedWidth(1)
    return made
