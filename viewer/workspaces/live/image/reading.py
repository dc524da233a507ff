"""How the image file is read: its size, the page, and which values are black and white."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from analysis.inference.protocol.images import ImageFacts
from analysis.storage.image_reading import RangeRule
from viewer.controls import Choice, Field, NumberBox, RealBox, Section, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.number_format import grouped
from viewer.text.translation import language, mark, say, tr

WIDEST = 1e12
"""Values that can be typed go from minus to plus this."""
DIGITS = 4


RULES = (
    ("auto", mark("Automatic")),
    ("percentile", mark("0.1 to 99.9 %")),
    ("full", mark("All values")),
    ("typed", mark("As typed")),
)


class _ValueBox(RealBox):
    """One end of the range, told once it is typed to its end."""

    def __init__(self) -> None:
        super().__init__(-WIDEST, WIDEST, 1, DIGITS)
        self.setKeyboardTracking(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def textFromValue(self, value: float) -> str:
        """No more digits than the number has."""
        return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")


class ImageReadingControls(Guarded, QWidget):
    """Shows what is known of the image file; pages and values only where there is a choice."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._facts: ImageFacts | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.title = Section(mark("File"))
        column.addWidget(self.title)
        self.page = NumberBox(1, 1)
        self.page.valueChanged.connect(lambda page: self._read(page=page))
        self.page_row = Field(mark("Page"), self.page)
        column.addWidget(self.page_row)
        self._make_values(column)
        language.changed.connect(self._show)
        session.documentChanged.connect(lambda *_: self._show())
        self._show()

    def _make_values(self, column: QVBoxLayout) -> None:
        self.rule = Choice(RULES)
        self.rule.valueChanged.connect(self._choose)
        self.low, self.high = _ValueBox(), _ValueBox()
        ends = QWidget()
        row = QHBoxLayout(ends)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for box, name in (
            (self.low, mark("Value shown black")),
            (self.high, mark("Value shown white")),
        ):
            say(self, box.setAccessibleName, name)
            say(self, box.setToolTip, name)
            box.valueChanged.connect(lambda _: self._type())
            row.addWidget(box, 1)
        self.values_row = QWidget()
        inner = QVBoxLayout(self.values_row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        heading = labelled("muted")
        say(self, heading.setText, "Values from black to white")
        say(self, self.rule.setAccessibleName, "Values from black to white")
        for widget in (heading, self.rule, ends):
            inner.addWidget(widget)
        column.addWidget(self.values_row)

    # ------------------------------------------------------------------ hands

    def _read(self, **changes: object) -> None:
        document = self._session.document
        reading = replace(document.image_reading, **changes)  # type: ignore[arg-type]
        if reading != document.image_reading:
            after = replace(document, image_reading=reading)
            self._session.edit(tr("Read the image differently"), after, "image reading")

    def _choose(self, rule: object) -> None:
        if rule == "typed":
            self._type()
        else:
            self._read(values=cast(RangeRule, rule))

    def _type(self) -> None:
        low, high = self.low.value(), self.high.value()
        if low < high:
            self._read(values=(low, high))

    # ------------------------------------------------------------------ what it shows

    def show_facts(self, facts: ImageFacts | None) -> None:
        """What the engine found of the file; None where there is none."""
        if facts != self._facts:
            self._facts = facts
            self._show()

    def _show(self) -> None:
        facts, reading = self._facts, self._session.document.image_reading
        self.setVisible(facts is not None and self._session.document.image is not None)
        if facts is None:
            return
        self.title.right.setText(_size(facts))
        self.page_row.setVisible(facts.pages > 1)
        blocked = self.page.blockSignals(True)
        self.page.setRange(1, facts.pages)
        self.page.setValue(reading.page)
        self.page.setSuffix(tr(" of {n}", n=facts.pages))
        self.page.blockSignals(blocked)
        self.values_row.setVisible(facts.span is not None)
        self.rule.set_value(reading.values if isinstance(reading.values, str) else "typed")
        if facts.span is not None:
            for box, value in zip((self.low, self.high), facts.span, strict=True):
                if not box.hasFocus() or isinstance(reading.values, str):
                    box.set_value(value)


def _size(facts: ImageFacts) -> str:
    height, width = facts.size
    return f"{grouped(width)} × {grouped(height)}"
