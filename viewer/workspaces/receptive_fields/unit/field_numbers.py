"""The numbers of one field: size, box, offset, position, growth, certainty."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from analysis.receptive_field import Field, UnitField, UnitSet
from analysis.receptive_field.statistics import ignores_some
from viewer.controls import ElidedLabel, Section, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.view_state import Pin
from viewer.text.block_names import block_name
from viewer.text.number_format import box
from viewer.text.translation import mark, say, tr
from viewer.workspaces.receptive_fields.shared import field_text as words
from viewer.workspaces.receptive_fields.shared.rows import (
    FactRow,
    LayerRow,
    Notice,
    sentence,
    show_sentence,
)
from viewer.workspaces.receptive_fields.unit.position_strip import ExtentStrip, strips

InputSize = tuple[int, int]


class Answer(Guarded, QWidget):
    """The sentence about the field of the unit, or of the units, that are pointed at."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._extremes: tuple[object, words.Spans, words.Spans] = (None, (), ())
        self.unit_name = ElidedLabel("", role="small")
        self.extent_size = labelled("big-field")
        self.pixels = labelled("muted")
        self.pixels.setWordWrap(True)
        self.more_units = labelled("caption")
        self.more_units.setWordWrap(True)
        say(
            self,
            self.more_units.setText,
            "Ctrl and click compares units; Shift and drag takes a region.",
        )
        self.box = FactRow(mark("Box, y and x"))
        self.offset = FactRow(mark("Centre against the unit"))
        self.pattern = FactRow()
        self.growth = LayerRow()
        self.certainty = FactRow(mark("Certainty"))
        self.why = sentence()
        self.cut = sentence()
        self.larger = Notice()
        self.extent_title = Section(mark("Extent by position"))
        self.extent = ExtentStrip()
        self.phases = sentence()
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.extent_size, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.pixels, 1, Qt.AlignmentFlag.AlignBaseline)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.unit_name)
        column.addLayout(head)
        column.addSpacing(4)
        rows = (self.box, self.offset, self.pattern, self.growth, self.certainty)
        for widget in (*rows, self.why, self.cut):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self.larger)
        column.addWidget(self.more_units)
        column.addSpacing(8)
        for part in (self.extent_title, self.extent, self.phases):
            column.addWidget(part)

    def show_answer(self, found: UnitField, source: str | None, size: InputSize) -> None:
        """The field `found` on the input `source` of (rows, columns)."""
        field = self._session.facts.fields.get(found.layer)
        seen = found.sets.get(source) if source is not None else None
        self.unit_name.set_text(unit_name(self._session, found))
        if seen is None:
            self._show_unknown()
        else:
            self._show_set(found, field, seen, source or "", size)
        self._show_certainty(found, field)

    def _show_unknown(self) -> None:
        self.extent_size.setText(tr("unknown"))
        self.pixels.setText("")
        hidden: tuple[QWidget, ...] = (self.box, self.offset, self.pattern, self.growth, self.cut)
        more: tuple[QWidget, ...] = (self.larger, self.phases, self.extent_title, self.extent)
        for widget in (*hidden, *more):
            widget.hide()

    def _show_set(
        self, found: UnitField, field: Field | None, seen: UnitSet, source: str, size: InputSize
    ) -> None:
        spans = words.spans_of(seen)
        single = len(found.unit) == 2
        self.extent_size.setText(words.size_text(spans) or "0")
        none = (
            tr("sees nothing but statistics or gates")
            if self._sets_aside(found)
            else tr("sees only the bias")
        )
        said = words.pixels_text(seen, single) if spans else none
        self.pixels.setText(said)
        self.box.value.setText(words.box_text(seen))
        self.box.show()
        known = field is not None and single
        self.offset.setVisible(known)
        self._show_pattern(field if single else None, found.unit)
        if field is not None:
            whole = words.unclipped(field, found.unit) if single else ()
            self.offset.value.setText(words.offset_text(field, found.unit, spans))
            show_sentence(self.cut, words.cut_sentence(spans, whole, size))
            show_sentence(self.larger, self._larger(found.layer, field, source, size))
            show_sentence(self.phases, words.phases_sentence(field) if single else "")
        growth = words.growth_text(self._session.facts, found.layer)
        self.growth.setVisible(growth is not None)
        if growth is not None:
            self.growth.label.set_text(growth[0])
            self.growth.value.setText(growth[1])

    def _show_pattern(self, field: Field | None, unit: tuple[int, ...]) -> None:
        pattern = words.pattern_text(field, unit) if field is not None else None
        self.pattern.setVisible(pattern is not None)
        if pattern is not None:
            self.pattern.label.setText(pattern[0])
            self.pattern.value.setText(pattern[1])
        axes = field.axes if field is not None else None
        drawn = strips(axes, unit) if axes is not None else ()
        self.extent.show_strips(drawn)
        self.extent_title.setVisible(any(strip.drawable for strip in drawn))

    def _larger(self, layer: str, field: Field, source: str, size: InputSize) -> str:
        """The sentence about a field larger than the image, from the middle and corner units."""
        largest = field.extent_max
        if largest is None or all(e <= n for e, n in zip(largest, size, strict=True)):
            return ""
        session = self._session
        key = (session.facts, layer)
        if self._extremes[0] is None or self._extremes[0] != key:
            shape = session.shapes[layer]
            middle = self._spans(Pin(layer, shape[1] // 2, shape[2] // 2), source)
            self._extremes = (key, middle, self._spans(Pin(layer, 0, 0), source))
        return words.larger_sentence(field, size, *self._extremes[1:])

    def _spans(self, pin: Pin, source: str) -> words.Spans:
        found = self._session.field_of(pin)
        seen = found.sets.get(source) if found is not None else None
        return words.spans_of(seen) if seen is not None else ()

    def _show_certainty(self, found: UnitField, field: Field | None) -> None:
        statistics = (
            tr("statistics and gates included")
            if found.statistics == "included"
            else tr("statistics and gates ignored")
        )
        said = words.exactness_text(found.exactness)
        if self._has_statistics(found):
            said = tr("{certainty}, {statistics}", certainty=said, statistics=statistics)
        self.certainty.value.setText(said)
        show_sentence(self.why, words.certainty_sentence(found, field, self._sets_aside(found)))

    def _sets_aside(self, found: UnitField) -> bool:
        """Whether statistics or gates read more than is counted."""
        return found.statistics != "included" and self._has_statistics(found)

    def _has_statistics(self, found: UnitField) -> bool:
        graph, shapes = self._session.document.graph, self._session.shapes
        return ignores_some(graph, shapes, found.layer)


def unit_name(session: Session, found: UnitField) -> str:
    """`dec 1, unit (112, 221)`, or the region of units."""
    block = session.block_of.get(found.layer)
    layer = block.id if block is not None and block.output == found.layer else found.layer
    if len(found.unit) == 4:
        return tr("{layer}, units {box}", layer=block_name(layer), box=box(found.unit))
    place = ", ".join(map(str, found.unit))
    return tr("{layer}, unit ({place})", layer=block_name(layer), place=place)
