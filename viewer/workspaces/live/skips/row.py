"""One skip: its measure as a number, a bar, a map and bands, and its gate."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from analysis.inference.protocol.measures import Contribution
from viewer.controls import NumberSlider, labelled
from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.controls.elided_label import ElidedLabel
from viewer.override_guard import Guarded
from viewer.session.edits.gates import HIGHEST, OPEN
from viewer.text.block_names import block_name
from viewer.text.measure_format import MeasureFormat
from viewer.text.translation import mark, say, tr
from viewer.workspaces.live.skips.bars import BandBars, ContributionMap, ShareBar

Ends = tuple[float, float]


class PartRow(Guarded, QFrame):
    """Map, name, value, bar and bands of one part; `controls` holds what can be done to it."""

    largeAsked = Signal(str)
    """The person clicks the map, to see it large."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self.part = name
        self._is_measured = True
        self._way = ""
        self.setProperty("role", "part")
        self.map = ContributionMap()
        offer_menu(self.map, lambda _: self.map_entries())
        self.name = labelled("strong", block_name(name))
        self.value = labelled("strong")
        self.bar = ShareBar(token)
        self.bands = BandBars(token)
        self.head = QHBoxLayout()
        self.head.setSpacing(6)
        self.way = ElidedLabel("", "small")
        self.way.hide()
        self.head.addWidget(self.name)
        self.head.addWidget(self.way, 1)
        self.head.addStretch()
        self.head.addWidget(self.value)
        bars = QHBoxLayout()
        bars.setSpacing(12)
        bars.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        bars.addWidget(self.bands, 0, Qt.AlignmentFlag.AlignBottom)
        self.controls = QHBoxLayout()
        self.controls.setSpacing(8)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(self.head)
        column.addLayout(bars)
        column.addLayout(self.controls)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self.map, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def map_entries(self) -> tuple[Entry, ...]:
        """What can be done with the map."""
        return (
            Entry(mark("Show this picture large"), lambda: self.largeAsked.emit(self.part)),
            copy_entry(mark("Copy picture"), self.map.grab().toImage()),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # else the release would not come here

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        on_map = self.map.isVisible() and self.map.geometry().contains(event.position().toPoint())
        if on_map and event.button() == Qt.MouseButton.LeftButton:
            self.largeAsked.emit(self.part)

    def show_measures(self, measured: bool) -> None:
        """Whether measures are of this part at all; a residual connection has its gate alone."""
        self._is_measured = measured
        for widget in (self.value, self.bar):
            widget.setVisible(measured)

    def show_way(self, target: str, both: str) -> None:
        """Where a connection that is not measured leads; from where too in the tip."""
        self._way = both
        self.way.set_text(target)
        self.way.setVisible(bool(target))

    def show_columns(self, maps: bool, bands: bool) -> None:
        """Whether the measure has maps and bands."""
        self.map.setVisible(maps and self._is_measured)
        self.bands.setVisible(bands and self._is_measured)

    def show_part(
        self,
        part: Contribution | None,
        written: MeasureFormat | None,
        scales: tuple[Ends, Ends],
        pale: bool,
        off: bool = False,
    ) -> None:
        """What is measured, on the scales of all rows; None while that is not known.

        Nothing of a part that is `off` is said to be so.
        """
        self.map.show_picture(part.picture if part is not None else None)
        length = written.fraction(part.value) if part and written else None
        self.bar.show_share(length, scales[0])
        self.bands.show_bands(part.bands if part is not None else (), scales[1])
        for painted in (self.map, self.bar, self.bands):
            painted.set_pale(pale)
        shows = part is not None and written is not None and not written.is_zero(part.value)
        nothing = tr("off") if off and part is not None and not shows else "–"
        known = part is not None and written is not None and (shows or not off)
        self.value.setText(written.with_interval(part) if known and part and written else nothing)
        self._colour_value(part.value if part is not None else 0.0, pale or not shows)
        said = written.sentence(self.part, part.value) if known and part and written else ""
        more = written.details(part) if part and written else ""
        self.setToolTip("\n".join(filter(None, (said, more, self._way))))
        self.map.setToolTip(tr("Click to see it large"))
        self.setAccessibleName(said or self.name.text())
        self.name.setText(block_name(self.part))

    def _colour_value(self, value: float, muted: bool) -> None:
        role = "strong" if self.part == "bottleneck" else "adds"
        if muted:
            role = "muted"
        elif value < 0:
            role = "subtracts"
        if self.value.property("role") != role:
            self.value.setProperty("role", role)
            self.value.style().unpolish(self.value)
            self.value.style().polish(self.value)


class SkipRow(PartRow):
    """A skip's part with its gate α from 0 to 2, Off and Solo."""

    gateMoved = Signal(str, float)
    gateReleased = Signal()
    offAsked = Signal(str)
    soloAsked = Signal(str)
    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__(name, "skip")
        self.off = self._button(mark("Off"), lambda: self.offAsked.emit(name))
        self.solo = self._button(mark("Solo"), lambda: self.soloAsked.emit(name))
        self.off.setObjectName(f"live.skip-off.{name}")
        self.solo.setObjectName(f"live.solo.{name}")
        say(self, self.off.setToolTip, "Close this skip, or open it again")
        say(self, self.solo.setToolTip, "Close all other skips, or bring them back")
        letter = labelled("small", "α")
        self.gate = NumberSlider(0, HIGHEST, 0.05, OPEN, decimals=2)
        say(self, self.gate.slider.setAccessibleName, "Gate")
        say(self, self.gate.box.setAccessibleName, "Gate")
        self.gate.valueChanged.connect(lambda value: self.gateMoved.emit(name, value))
        self.gate.released.connect(self.gateReleased)
        letter.setBuddy(self.gate)
        self.controls.addWidget(letter)
        self.controls.addWidget(self.gate, 1)

    def _button(self, text: str, then: object) -> QPushButton:
        button = QPushButton()
        button.setCheckable(True)
        button.setProperty("role", "small")
        say(self, button.setText, text)
        button.clicked.connect(then)
        self.head.addWidget(button)
        return button

    def show_gate(self, value: float, off: bool, solo: bool, selected: bool) -> None:
        """The gate and the buttons as the document has them."""
        self.gate.set_value(value)
        self.off.setChecked(off)
        self.solo.setChecked(solo)
        if self.property("selected") != selected:
            self.setProperty("selected", selected)
            self.style().unpolish(self)
            self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.part)


class BottleneckRow(PartRow):
    """The part that comes up from the bottleneck: no skip, so no gate."""

    def __init__(self) -> None:
        super().__init__("bottleneck", "edge")
        self.note = labelled("caption")
        say(self, self.note.setText, "not a skip: no gate")
        self.controls.addWidget(self.note)
        self.controls.addStretch(1)


def scales(parts: list[Contribution], full: float = 1.0) -> tuple[Ends, Ends]:
    """Ends that all rows share: of the bars 0 to at least the full length, of the bands theirs."""
    fractions = [part.value / full for part in parts]
    bands = [band for part in parts for band in part.bands]
    return (
        (min([0.0, *fractions]), max([1.0, *fractions])),
        (min([0.0, *bands]), max([1e-9, *bands])),
    )
