"""Asks for the size of the object that the network is to recognise."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.controls import labelled
from viewer.controls.number_box import NumberBox
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.review.view import LARGEST_OBJECT, ReviewView, set_object
from viewer.text.translation import mark, say


class ObjectBox(Guarded, QWidget):
    """A label and a number of pixels; 0 stands for a size that nobody said."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.box = NumberBox(0, LARGEST_OBJECT)
        self.box.valueChanged.connect(lambda size: set_object(session, size or None))
        asked = labelled("muted")
        say(self, asked.setText, "Object (px)")
        say(self, self._name_none, "not given")
        meant = mark("The side of what the network is to recognise: its field is held against it.")
        say(self, self.box.setToolTip, meant)
        say(self, self.box.setAccessibleName, "Object (px)")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(asked)
        row.addWidget(self.box)
        session.viewChanged.connect(self._show)
        self._show()

    def _name_none(self, words: str) -> None:
        """What stands for no size, which the box is wide enough for."""
        self.box.setSpecialValueText(words)
        margins = self.box.lineEdit().textMargins()  # Qt's own hint leaves them out
        self.box.setMinimumWidth(self.box.sizeHint().width() + margins.left() + margins.right())

    def _show(self, *_: object) -> None:
        size = self._session.view.part(ReviewView).object_size or 0
        if size != self.box.value():
            self.box.set_value(size)
