"""The effective field: how it is shown, its squares, and what it is against the theoretical one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from analysis.inference.protocol.effective_field import Effective
from viewer.controls import NumberSlider, Section, labelled
from viewer.drawing.receptive_fields.heat_map import heat_image
from viewer.drawing.receptive_fields.input_overlay import Heat
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.pointed_field import effective_units
from viewer.session.view_state import FieldView
from viewer.text.number_format import hundredths, percent, times
from viewer.text.translation import mark, say, tr
from viewer.workspaces.receptive_fields.shared.rows import FactRow, sentence, show_sentence

DECADES = 6.0
"""Of the logarithmic view: a trained network's field falls by as much within a few pixels."""


class EffectivePart(Guarded, QWidget):
    """Hidden while only the theoretical field is shown."""

    changed = Signal()
    """The heat map is to be drawn in another way."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._image: tuple[object, QImage] | None = None
        self.title = Section(mark("Effective field"), mark("gradient, for this image"))
        self.squares = FactRow()
        self.area = FactRow(mark("Area against the theoretical box"))
        self.outside = FactRow(mark("From outside the theoretical field"))
        self.note = sentence()
        self.opacity = NumberSlider(0, 100, 5, 80, decimals=0)
        self.opacity.valueChanged.connect(lambda _: self.changed.emit())
        say(self, self.opacity.slider.setAccessibleName, "Opacity")
        caption = labelled("small")
        say(self, caption.setText, "Opacity")
        self.log = QCheckBox()
        say(self, self.log.setText, "Logarithmic")
        self.log.setChecked(session.view.field_log)
        self.log.toggled.connect(lambda on: session.set_view(field_log=on))
        for fact in (self.squares, self.area, self.outside):
            fact.label.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(caption)
        row.addWidget(self.opacity, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.title, self.squares, self.area, self.outside, self.note):
            column.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self.log)

    # ------------------------------------------------------------------- what is known

    def found(self) -> Effective | None:
        """The last answer while it is about the layer that is pointed at."""
        pin, effective = self._session.pointed, self._session.effective
        wanted = self._session.view.field_view != "theoretical"
        if not wanted or pin is None or effective is None or effective.layer != pin.layer:
            return None
        same = effective.structure == self._session.document.graph.structure_hash
        return effective if same and effective.magnitude.ndim == 2 else None

    def is_stale(self) -> bool:
        """Whether the answer is about another unit or an earlier picture."""
        pin, effective = self._session.pointed, self._session.effective
        if pin is None or effective is None:
            return False
        other = effective.units != effective_units(pin)
        return other or self._session.effective_of != self._session.picture_key

    def heat(self) -> Heat | None:
        """The heat map as it is to be drawn now."""
        effective = self.found()
        if effective is None:
            return None
        log = self._session.view.field_log
        key = (id(effective), log)
        if self._image is None or self._image[0] != key:
            self._image = (key, heat_image(effective.magnitude, DECADES if log else None))
        squares = tuple(
            ((each.box[0], each.box[1], each.box[2], each.box[3]), percent(each.fraction))
            for each in effective.squares
        )
        return Heat(self._image[1], self.opacity.value() / 100, squares, self.is_stale())

    # -------------------------------------------------------------------- what is said

    def show_answer(self) -> None:
        """Say the numbers of the answer, or why there are none."""
        view: FieldView = self._session.view.field_view
        self.setVisible(view != "theoretical" and self._session.projective is None)
        blocked = self.log.blockSignals(True)
        self.log.setChecked(self._session.view.field_log)
        self.log.blockSignals(blocked)
        effective = self.found()
        known = effective is not None and bool(effective.squares)
        for row in (self.squares, self.area, self.outside):
            row.setVisible(known)
        show_sentence(self.note, self._note(effective))
        if effective is None or not known:
            return
        parts = " / ".join(hundredths(each.fraction) for each in effective.squares)
        self.squares.label.setText(tr("Centred square with {parts} %", parts=parts))
        sides = " / ".join(str(each.side) for each in effective.squares)
        self.squares.value.setText(tr("{sizes} px", sizes=sides))
        share = effective.share
        self.area.value.setText(percent(share, 1) if share is not None else "–")
        self.outside.setVisible(effective.outside > 0.0005)
        self.outside.value.setText(percent(effective.outside, 1))
        self.squares.value.setToolTip(times([each.side for each in effective.squares]))

    def _note(self, effective: Effective | None) -> str:
        session = self._session
        if session.document.image is None:
            return tr("Open an image: the effective field is the gradient for weights and image.")
        if effective is None:
            return tr("It is computed when the pointer rests.")
        if not effective.squares:
            return tr("The gradient is 0 everywhere: no pixel moves this unit now.")
        return tr("Of an earlier unit or picture; the new one is being computed.") * self.is_stale()
