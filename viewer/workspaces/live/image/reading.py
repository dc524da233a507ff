"""How the image file is read: its size, the page, and which values are black and white."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from analysis.inference.protocol.images import ImageFacts
from analysis.operators.contract import Shape
from analysis.storage.image_reading import RangeRule
from viewer.controls import Choice, Field, NumberBox, RealBox, Section, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.number_format import grouped
from viewer.text.translation import language, mark, say, tr
from viewer.text.volume_text import beyond_volume

WIDEST = 1e12
"""Values that can be typed go from minus to plus this."""
DIGITS = 4


RULES = (
    ("auto", mark("Automatic")),
    ("percentile", mark("0.1 to 99.9 %")),
    ("stored", mark("As stored")),
    ("full", mark("All values")),
    ("typed", mark("As typed")),
)


MIXES = (
    ("auto", mark("Automatic")),
    ("repeat", mark("Repeat them")),
    ("average", mark("Their average")),
    ("first", mark("The first ones")),
    ("red", mark("Red")),
    ("green", mark("Green")),
    ("blue", mark("Blue")),
)
"""What a network is given that takes another number of channels."""
COLOURS = 3


AXES = (
    (0, mark("Depth")),
    (1, mark("Height")),
    (2, mark("Width")),
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
        self._make_place(column)
        self._make_values(column)
        language.changed.connect(self._show)
        session.documentChanged.connect(self._show)
        self._show()

    def _make_place(self, column: QVBoxLayout) -> None:
        """Which page, or which slice along which axis, and which channel."""
        self.axis = Choice(AXES)
        self.axis.valueChanged.connect(lambda axis: self._read(axis=axis, page=0))
        say(self, self.axis.setToolTip, "The axis of the volume that its slices lie along")
        self.page, self.channel = NumberBox(1, 1), NumberBox(0, 1)
        self.page.valueChanged.connect(lambda page: self._read(page=page))
        self.channel.valueChanged.connect(lambda channel: self._read(channel=channel))
        say(self, self.channel.setToolTip, "One channel of the file; 0 is all of them")
        self.axis_row = Field(mark("Slices along"), self.axis)
        self.page_row = Field(mark("Page"), self.page)
        self.channel_row = Field(mark("Channel"), self.channel)
        self.mix = Choice(MIXES)
        self.mix.valueChanged.connect(lambda mix: self._read(mix=mix))
        say(self, self.mix.setToolTip, "The image has another number of channels than the network "
            "takes: what the network is given of them")  # fmt: skip
        self.mix_row, self.mix_label = _under_heading(self.mix)
        self.spacing = labelled("small")
        self.spacing.setWordWrap(True)
        for row in (self.spacing, self.axis_row, self.page_row, self.channel_row, self.mix_row):
            column.addWidget(row)

    def _show_mix(self, facts: ImageFacts) -> None:
        """Offered where the network takes another number of channels than the image has."""
        wanted = self._wanted()
        has = COLOURS if facts.axes == 2 else facts.channels
        self.mix_row.setVisible(len(wanted) > 1 and wanted[0] != has)
        said = tr("{n} channels as", n=wanted[0]) if wanted else ""
        self.mix_label.setText(said)
        self.mix.setAccessibleName(said)
        self.mix.set_value(self._session.document.image_reading.mix)

    def _wanted(self) -> Shape:
        """(channels, *spatial) of what the network takes; empty where that is not known."""
        graph, shapes = self._session.document.graph, self._session.shapes
        return shapes.get(graph.inputs[0].id) or () if graph.inputs else ()

    def _show_channel(self, facts: ImageFacts) -> None:
        self.channel_row.setVisible(facts.channels > 1)
        blocked = self.channel.blockSignals(True)
        self.channel.setRange(0, facts.channels)
        self.channel.setValue(self._session.document.image_reading.channel)
        self.channel.setSuffix(tr(" of {n}", n=facts.channels))
        self.channel.blockSignals(blocked)

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
        self.values_row, heading = _under_heading(self.rule, ends)
        say(self, heading.setText, "Values from black to white")
        say(self, self.rule.setAccessibleName, "Values from black to white")
        column.addWidget(self.values_row)

    # ------------------------------------------------------------------ mouse and keys

    def _read(self, **changes: object) -> None:
        document = self._session.document
        reading = replace(document.image_reading, **changes)  # type: ignore[arg-type]
        if reading != document.image_reading:
            after = replace(document, image_reading=reading)
            self._session.edit(lambda: tr("Read the image differently"), after, "image reading")

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

    def _show(self, *_: object) -> None:
        facts, reading = self._facts, self._session.document.image_reading
        self.setVisible(facts is not None and self._session.document.image is not None)
        if facts is None:
            return
        self.title.right.setText(_size(facts))
        is_volume = facts.axes == 3
        self.axis_row.setVisible(is_volume and (facts.pages > 1 or reading.axis > 0))
        self.axis.set_value(reading.axis)
        self._show_channel(facts)
        self._show_mix(facts)
        self.page_row.setVisible(facts.pages > 1)
        self.page_row.label.setText(tr("Slice") if is_volume else tr("Page"))
        self.page.setAccessibleName(self.page_row.label.text())
        blocked = self.page.blockSignals(True)
        self.page.setRange(1, facts.pages)
        self.page.setValue(facts.page)
        self.page.setSuffix(tr(" of {n}", n=facts.pages))
        self.page.blockSignals(blocked)
        said = filter(None, (_spacing(facts), beyond_volume(facts, self._wanted()[1:])))
        self.spacing.setText("\n".join(said))
        self.spacing.setVisible(bool(self.spacing.text()))
        self.values_row.setVisible(facts.span is not None)
        self.rule.set_value(reading.values if isinstance(reading.values, str) else "typed")
        if facts.span is not None:
            for box, value in zip((self.low, self.high), facts.span, strict=True):
                if not box.hasFocus() or isinstance(reading.values, str):
                    box.set_value(value)


def _under_heading(*widgets: QWidget) -> tuple[QWidget, QLabel]:
    """What has no room beside its label below it, and that label."""
    row, heading = QWidget(), labelled("muted")
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for widget in (heading, *widgets):
        column.addWidget(widget)
    return row, heading


def _size(facts: ImageFacts) -> str:
    height, width = facts.size
    return f"{grouped(width)} × {grouped(height)}"


def _spacing(facts: ImageFacts) -> str:
    """The distance of two voxels as the file has it: depth, height, width."""
    if facts.spacing is None:
        return ""
    return tr("Voxels of {size} mm", size=" × ".join(f"{each:.3g}" for each in facts.spacing))
