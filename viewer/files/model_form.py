"""Asks which model of a file is meant and with which arguments; shows the call before it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from analysis.exchange.model_offers import Offer, Parameter
from analysis.exchange.tracer.literal_call import LiteralCall, NotLiteral, literal, parse
from viewer.controls import Field, align_labels, labelled, line, vertical_scroll
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text, visible
from viewer.text.translation import say, tr

WIDTH, ROW, MOST_ROWS = 520, 26, 6
FIELDS = 280
"""Most pixels that the arguments take in height before they scroll."""
LABEL = 168


class ModelForm(Guarded, QDialog):
    """What a file offers in a list (where it is more than one), and a line for each argument.

    `chosen` is called with the call as text, literals only; nothing is called where it is closed.
    `tried` is the call that was tried before: its arguments stand in the lines.
    """

    def __init__(
        self,
        name: str,
        offers: Sequence[Offer],
        tried: str,
        chosen: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setObjectName("model-form")
        self.setProperty("role", "panel")
        self.setFixedWidth(WIDTH)
        say(self, self.setWindowTitle, "Open {name}", name=name_text(name))
        self._offers, self._chosen = tuple(offers), chosen
        self._tried = _read(tried)
        self.lines: dict[str, Field] = {}
        """The row of each argument, by its name."""
        self._build(name)
        self.list.currentRowChanged.connect(self._show_offer)
        at = [each.name for each in offers]
        self.list.setCurrentRow(at.index(self._tried.name) if self._tried.name in at else 0)

    def _build(self, name: str) -> None:
        self.question = labelled("heading")
        self.question.setWordWrap(True)
        several = len(self._offers) > 1
        asked = tr("{name} holds more than one model. Which one?", name=name_text(name))
        self.question.setText(asked if several else self._asks(self._offers[0]))
        self.list = QListWidget(self)
        self.list.addItems([visible(each.name) for each in self._offers])
        self.list.setFixedHeight(ROW * min(len(self._offers), MOST_ROWS) + 8)
        self.list.setVisible(several)
        say(self, self.list.setAccessibleName, "Models of the file")
        self.hint = labelled("muted")
        self.hint.setWordWrap(True)
        say(
            self,
            self.hint.setText,
            "Values are literals: 3, 0.5, True, None, (1, 2); text stands in quotes. "
            "An empty line takes the default.",
        )
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._rows.setContentsMargins(2, 2, 8, 2)
        self._arguments = QWidget()
        self._arguments.setLayout(self._rows)
        self._scroll = vertical_scroll(self._arguments)
        self.call = labelled("code")
        self.call.setWordWrap(True)
        say(self, self.call.setAccessibleName, "What will be called")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (self.question, self.list, self._scroll, self.hint, line(), self.call):
            column.addWidget(widget)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self.cancel, self.accept_button = QPushButton(), QPushButton()
        say(self, self.cancel.setText, "Cancel")
        say(self, self.accept_button.setText, "Run it and open")
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self._take)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.accept_button)
        return foot

    def _asks(self, offer: Offer) -> str:
        needed = [each.name for each in offer.parameters if each.default is None]
        named = {"name": name_text(offer.name), "names": name_text(", ".join(needed))}
        return (
            tr("{name} needs {names}.", **named) if needed else tr("{name} can be given:", **named)
        )

    # --------------------------------------------------------------- the arguments

    @property
    def offer(self) -> Offer:
        """What is chosen in the list."""
        return self._offers[max(0, self.list.currentRow())]

    def _show_offer(self, _: int) -> None:
        while item := self._rows.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.lines = {}
        given = self._given()
        needed_first = sorted(self.offer.parameters, key=lambda each: each.default is not None)
        for parameter in needed_first:
            field = self._field(parameter, given.get(parameter.name, ""))
            self.lines[parameter.name] = field
            self._rows.addWidget(field)
        align_labels(self.lines.values(), LABEL)
        has = bool(self.lines)
        self._scroll.setVisible(has)
        self.hint.setVisible(has)
        self._changed()

    def _given(self) -> dict[str, str]:
        """The arguments of the call that was tried, by name, as they are typed."""
        if self._tried.name != self.offer.name:
            return {}
        names = [each.name for each in self.offer.parameters]
        by_place = dict(zip(names, self._tried.positional, strict=False))
        return {name: repr(value) for name, value in {**by_place, **self._tried.keywords}.items()}

    def _field(self, parameter: Parameter, text: str) -> Field:
        box = QLineEdit(visible(text))
        box.setPlaceholderText(visible(parameter.default or parameter.annotation))
        box.textChanged.connect(lambda _: self._changed())
        field = Field("", box, LABEL)
        # The name is the program's own word: it is the same in every language.
        field.label.setText(name_text(parameter.name))
        box.setAccessibleName(name_text(parameter.name))
        if parameter.annotation:
            field.set_help(lambda: visible(f"{parameter.name}: {parameter.annotation}"))
        return field

    def _changed(self) -> None:
        """Show the call that the lines make, or under a line why it makes none."""
        values: dict[str, object] = {}
        complete = True
        for parameter in self.offer.parameters:
            field = self.lines[parameter.name]
            text = _line(field).text().strip()
            wrong = ""
            if text:
                try:
                    values[parameter.name] = literal(text)
                except NotLiteral:
                    wrong = tr("This is no literal; text stands in quotes.")
            complete = complete and not wrong and bool(text or parameter.default is not None)
            field.set_note(wrong)
        self._call = str(LiteralCall(self.offer.name, (), values, bool(self.offer.parameters)))
        shown = [
            f"{each.name}={values[each.name]!r}" if each.name in values else f"{each.name}=…"
            for each in self.offer.parameters
            if each.name in values or each.default is None
        ]
        self.call.setText(visible(f"{self.offer.name}({', '.join(shown)})"))
        self.accept_button.setEnabled(complete)
        self._fit()

    def _fit(self) -> None:
        """As high as the lines and what is said under them need."""
        self._rows.activate()
        self._scroll.setFixedHeight(min(FIELDS, self._arguments.sizeHint().height() + 2))
        self.adjustSize()

    def _take(self) -> None:
        self.accept()
        self._chosen(self._call)

    def showEvent(self, event: QShowEvent) -> None:
        """The first line that must be filled in has the keys."""
        super().showEvent(event)
        for name, field in self.lines.items():
            if not _line(field).text() and self._is_needed(name):
                _line(field).setFocus()
                return
        (self.list if len(self._offers) > 1 else self.accept_button).setFocus()

    def _is_needed(self, name: str) -> bool:
        return any(each.name == name and each.default is None for each in self.offer.parameters)


def ask_for_model(
    parent: QWidget,
    path: str,
    offers: Sequence[Offer],
    tried: str,
    chosen: Callable[[str], object],
) -> None:
    """Show the form over a window; it answers by itself."""
    ModelForm(Path(path).name, offers, tried, chosen, parent).open()


def _line(field: Field) -> QLineEdit:
    assert isinstance(field.editor, QLineEdit)
    return field.editor


def _read(tried: str) -> LiteralCall:
    try:
        return parse(tried)
    except NotLiteral:
        return LiteralCall("")
