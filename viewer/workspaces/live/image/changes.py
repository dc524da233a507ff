"""Sliders that change the image before the network: turn, shift, blur, brightness, a patch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from analysis.faults import Fault
from analysis.inference.protocol.equivariance import Equivariance
from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.runs import Frame
from viewer.controls import NumberSlider, labelled
from viewer.drawing.painting.array_image import image_of
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import percent
from viewer.text.translation import language, mark, say, tr

SIDE = 100
ROWS = (
    ("blur", mark("Blur"), (0.0, 10.0, 0.1, 0.0, 1)),
    ("brightness", mark("Brightness"), (-0.5, 0.5, 0.01, 0.0, 2)),
    ("rotation", mark("Rotation"), (-180.0, 180.0, 1.0, 0.0, 0)),
    ("right", mark("Shift right"), (-64.0, 64.0, 1.0, 0.0, 0)),
    ("down", mark("Shift down"), (-64.0, 64.0, 1.0, 0.0, 0)),
    ("patch", mark("Patch"), (0.0, 60.0, 1.0, 0.0, 0)),
)


class PatchPad(Guarded, QWidget):
    """The input, small; the patch goes where it is pressed and dragged."""

    moved = Signal(float, float)
    """(down, across) as parts of the picture."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setFixedSize(SIDE, SIDE)
        self.setCursor(Qt.CursorShape.CrossCursor)
        say(self, self.setToolTip, "Drag to move the patch")
        say(self, self.setAccessibleName, "Input with the patch")
        theme.changed.connect(self.update)

    def show_image(self, image: QImage | None) -> None:
        """The picture that the network is given."""
        self._image = image
        self.update()

    def area(self) -> QRectF:
        """Where the picture lies."""
        if self._image is None:
            return QRectF(self.rect())
        scale = SIDE / max(self._image.width(), self._image.height(), 1)
        return QRectF(0, 0, self._image.width() * scale, self._image.height() * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is not None:
            painter.drawImage(self.area(), self._image)
        else:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.drawRect(self.area().adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _move(self, at: QPointF) -> None:
        area = self.area()
        down, across = at.y() / max(area.height(), 1), at.x() / max(area.width(), 1)
        self.moved.emit(min(max(down, 0.0), 1.0), min(max(across, 0.0), 1.0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._move(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position())


class InputChangeControls(Guarded, QWidget):
    """One group of sliders behind a title that opens it; a button sets all back."""

    asked = Signal()
    """The person wants to know whether the output follows a shift."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._found: Equivariance | Fault | None = None
        self._found_of: object = None
        """The `Session.picture_key` that `_found` belongs to."""
        self._at = (0.5, 0.5)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._head())
        self.body = QWidget()
        column.addWidget(self.body)
        self._make_body()
        self.body.hide()
        session.liveChanged.connect(self._show)
        for changed in (session.documentChanged, session.liveChanged):
            changed.connect(self._forget)
        session.equivarianceReady.connect(self._answered)
        language.changed.connect(self._say)
        theme.changed.connect(self._say)
        self._show()
        self._say()

    def _head(self) -> QHBoxLayout:
        self.title = QToolButton()
        self.title.setAutoRaise(True)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.clicked.connect(self._fold)
        self.reset = QToolButton()
        self.reset.setAutoRaise(True)
        say(self, self.reset.setToolTip, "Set all changes of the input back")
        say(self, self.reset.setAccessibleName, "Set all changes of the input back")
        self.reset.clicked.connect(lambda: self._set(InputChange()))
        row = QHBoxLayout()
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.reset)
        return row

    def _make_body(self) -> None:
        grid = QGridLayout(self.body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        self.sliders: dict[str, NumberSlider] = {}
        for index, (key, name, (low, high, step, default, decimals)) in enumerate(ROWS):
            label = labelled("small")
            say(label, label.setText, name)
            slider = self.sliders[key] = NumberSlider(low, high, step, default, decimals)
            slider.box.setFixedWidth(60)
            say(slider, slider.slider.setAccessibleName, name)
            slider.valueChanged.connect(lambda _=0.0: self._slid())
            grid.addWidget(label, index, 0)
            grid.addWidget(slider, index, 1)
        self.pad = PatchPad()
        self.pad.moved.connect(self._move_patch)
        self.follow = QPushButton()
        say(self, self.follow.setText, "Does it follow?")
        say(
            self,
            self.follow.setToolTip,
            "Shift the input and see by how much the output fails to follow",
        )
        self.follow.clicked.connect(self.asked)
        self.answer = labelled("small")
        self.answer.setWordWrap(True)
        self.follow.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.answer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.pad, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.answer, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.follow, len(ROWS), 0, 1, 2)
        grid.addLayout(below, len(ROWS) + 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    # ---------------------------------------------------------------- mouse and keys

    def _fold(self) -> None:
        self.body.setVisible(self.body.isHidden())
        self._say()

    def _change(self) -> InputChange:
        return self._session.live.part(InputChange)

    def _set(self, change: InputChange) -> None:
        self._session.set_live(parts=self._session.live.parts.having(change))

    def _slid(self) -> None:
        value = {key: slider.value() for key, slider in self.sliders.items()}
        side = value["patch"] / 100
        self._set(
            InputChange(
                rotation=value["rotation"],
                shift=(round(value["down"]), round(value["right"])),
                blur=value["blur"],
                brightness=value["brightness"],
                patch=(*self._at, side) if side else None,
            )
        )

    def _move_patch(self, down: float, across: float) -> None:
        patch = self._change().patch
        self._at = (down, across)
        self._set(replace(self._change(), patch=(down, across, patch[2] if patch else 0.2)))

    # ---------------------------------------------------------------- what it shows

    def show_frame(self, frame: Frame | None) -> None:
        """The picture that the network was given."""
        self.pad.show_image(image_of(frame.input_image) if frame is not None else None)

    def _show(self, *_: object) -> None:
        change = self._change()
        values = {
            "rotation": change.rotation,
            "down": float(change.shift[0]),
            "right": float(change.shift[1]),
            "blur": change.blur,
            "brightness": change.brightness,
            "patch": 100 * change.patch[2] if change.patch else 0.0,
        }
        if change.patch is not None:
            self._at = change.patch[:2]
        for key, slider in self.sliders.items():
            if slider.value() != values[key]:
                slider.set_value(values[key])
        self.reset.setEnabled(change != InputChange())

    def _answered(self, found: Any) -> None:
        self._found, self._found_of = found, self._session.picture_key
        self._say()

    def _forget(self, *_: object) -> None:
        """Numbers of another picture or network do not stand beside this one."""
        if self._found is not None and self._found_of != self._session.picture_key:
            self._found = None
            self._say()

    def _say(self) -> None:
        self.title.setText(tr("Change the input"))
        self.title.setIcon(icon("chevron-right" if self.body.isHidden() else "chevron-down"))
        self.reset.setIcon(icon("undo"))
        found = self._found
        if isinstance(found, Fault):
            self.answer.setText(fault_sentence(found))
        elif found is not None:
            lines = [
                tr("{n} px: {part}", n=shift, part=percent(error, 2))
                for shift, error in found.errors
            ]
            self.answer.setText("\n".join(lines))
        else:
            self.answer.clear()
