"""The parts of panels: headings, dividing lines, labels with their editors."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from viewer.controls.number_box import NumberBox, RealBox
from viewer.controls.range_hint import NOTED
from viewer.controls.size_box import SizeBox
from viewer.override_guard import Guarded
from viewer.text.translation import language, say

LABEL_WIDTH = 108


def labelled(role: str, text: str = "") -> QLabel:
    """A label of one of the style sheet's roles, holding `text` as it is."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def keep_shown(widget: QWidget, shown: bool) -> None:
    """Hide a part of a panel, or show it again.

    A part that was never hidden appears with its panel: to show it by itself would style it at
    once, which takes longer than to make it.
    """
    hidden = widget.isHidden() and widget.testAttribute(
        Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    )
    if hidden is shown:
        widget.setVisible(shown)


def line() -> QFrame:
    """A dividing line of one pixel."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


class Section(Guarded, QWidget):
    """A heading in 11/600, with an optional small word at the right."""

    def __init__(self, text: str, right: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.heading = labelled("section")
        say(self, self.heading.setText, text)
        row.addWidget(self.heading)
        row.addStretch(1)
        self.right = labelled("section")
        if right:
            say(self, self.right.setText, right)
        row.addWidget(self.right)

    def set_text(self, text: str, **values: object) -> None:
        """Another heading; `text` is English and is translated with its `values`."""
        say(self, self.heading.setText, text, **values)


class Field(Guarded, QWidget):
    """A muted label, an editor, and under them a sentence when something is wrong."""

    def __init__(self, label: str, editor: QWidget, width: int = LABEL_WIDTH) -> None:
        super().__init__()
        self.editor = editor
        self.label = labelled("muted")
        self.label.setFixedWidth(width)
        self.label.setWordWrap(True)
        self.label.setBuddy(editor)
        say(self, self.label.setText, label)
        say(self, editor.setAccessibleName, label)
        self.note = labelled("error")
        self.note.setWordWrap(True)
        self.note.hide()
        self._noted = ("", True)
        self._help: Callable[[], str] = str
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.label)
        self._row.addWidget(editor, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._row)
        column.addWidget(self.note)
        self._refusal: tuple[str, object] = ("", None)
        self.beside = 0
        """Px of what stands between the label and the editor, its gap included."""
        self._follow(editor)

    def _follow(self, editor: QWidget) -> None:
        """Say under a box what it refuses, until something else is typed or shown there."""
        box = getattr(editor, "box", editor)
        if isinstance(box, NumberBox | RealBox | SizeBox):
            box.setProperty(NOTED, True)
            box.refused.connect(lambda sentence: self._refused(sentence, box.value()))
            box.lineEdit().textEdited.connect(lambda _: self._forget_refusal())
            box.valueChanged.connect(lambda _: self._changed(box.value()))

    def _refused(self, sentence: str, value: object) -> None:
        self._refusal = (sentence, value)
        self.set_note(sentence)

    def _changed(self, value: object) -> None:
        """A box tells its old value again when Enter is pressed; that is nothing new."""
        if value != self._refusal[1]:
            self._forget_refusal()

    def _forget_refusal(self) -> None:
        sentence, self._refusal = self._refusal[0], ("", None)
        if sentence and self._noted[0] == sentence:
            self.set_note("")

    def set_help(self, said: Callable[[], str]) -> None:
        """What the row says on hover and to a screen reader, now and in every other language."""
        self._help = said
        language.changed.connect(self._say_help)
        self._say_help()

    def _say_help(self) -> None:
        said = self._help()
        self.setToolTip(said)
        self.setWhatsThis(said)
        self.editor.setAccessibleDescription(said)

    def put_beside_label(self, widget: QWidget) -> None:
        """Put a small widget of a fixed width between the label and the editor."""
        self.beside = widget.maximumWidth() + self._row.spacing()
        self._row.insertWidget(1, widget)

    def set_note(self, sentence: str, wrong: bool = True) -> None:
        """Show a translated sentence under the editor, as an error or as a remark; "" hides it."""
        if (sentence, wrong) == self._noted:
            return  # to dress widgets again takes longer than all the rest
        self._noted = (sentence, wrong)
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.note.setProperty("role", "error" if wrong else "caption")
        self.editor.setProperty("wrong", bool(sentence) and wrong)
        for widget in (self.note, self.editor):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


def align_labels(fields: Collection[Field], most: int = LABEL_WIDTH) -> None:
    """Make all labels as wide as the widest needs, at most `most` pixels; editors get the rest.

    What stands beside a label takes its room from it afterwards, and so is counted.
    """
    wanted = (
        field.label.fontMetrics().horizontalAdvance(field.label.text()) + field.beside
        for field in fields
    )
    widest = max(wanted, default=0)
    for field in fields:
        field.label.setFixedWidth(min(most, widest + 1))
