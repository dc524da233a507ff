"""The right dock of Receptive fields: the input with a unit's field on it, and its numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from analysis.receptive_field import Field, UnitField, UnitSet, tiling, unit_field
from viewer.controls import ElidedLabel, PanelTitle, Section, labelled, line
from viewer.controls.numbers import spatial
from viewer.drawing.names import block_name
from viewer.icons import icon
from viewer.messages import language, mark, say, tr
from viewer.panels import receptive_field_words as words
from viewer.panels.receptive_field_extent import ExtentStrip, strips
from viewer.panels.receptive_field_picture import FieldPicture, Shown
from viewer.panels.receptive_field_pyramid import Pyramid, steps_of
from viewer.panels.receptive_field_rows import FactRow, Notice, sentence, show_sentence
from viewer.session import Session


class FieldPanel(QWidget):
    """Shows `session.unit_field`: the pinned unit's, else that under the pointer."""

    maskAsked = Signal()
    """The person wants the field as a PNG file."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._extremes: tuple[object, words.Spans, words.Spans] = (None, (), ())
        self._make()
        session.fieldChanged.connect(lambda _: self._show())
        session.factsChanged.connect(lambda _: self._show())
        session.frameReady.connect(lambda _: self._show_input())
        session.documentChanged.connect(lambda *_: self._show_input())
        session.viewChanged.connect(lambda *_: self._show_choices())
        language.changed.connect(self._show)
        self._show()

    # ---------------------------------------------------------------- what it is made of

    def _make(self) -> None:
        self.unit_name = ElidedLabel("", role="small")
        self.picture = FieldPicture()
        say(self, self.picture.setAccessibleName, "Input with the receptive field")
        self.hint = labelled("muted")
        self.hint.setWordWrap(True)
        say(self, self.hint.setText, "Click anywhere in a map to see what it sees.")
        self.strict = QCheckBox()
        say(self, self.strict.setText, "Include statistics and gates")
        say(
            self,
            self.strict.setToolTip,
            "Normalisation over the whole map and attention let every pixel count a little.",
        )
        self.strict.toggled.connect(lambda on: self._session.set_view(strict=on))
        self.answer, self.more = self._make_answer(), self._make_more()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        for widget in (self.picture, self.hint, self.answer, self.strict, self.more):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(PanelTitle(mark("Input"), self.unit_name))
        whole.addWidget(scroll, 1)

    def _make_answer(self) -> QWidget:
        self.extent_size = labelled("big-field")
        self.pixels = labelled("muted")
        self.pixels.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.extent_size, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.pixels, 1, Qt.AlignmentFlag.AlignBaseline)
        self.box = FactRow(mark("Box, y and x"))
        self.offset = FactRow(mark("Centre against the unit"))
        self.pattern = FactRow()
        self.growth = FactRow()
        self.certainty = FactRow(mark("Certainty"))
        self.why = sentence()
        self.cut = sentence()
        self.larger = Notice()
        answer = QWidget()
        column = QVBoxLayout(answer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        rows = (self.box, self.offset, self.pattern, self.growth, self.certainty)
        column.addSpacing(4)
        for widget in (*rows, self.why, self.cut):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self.larger)
        return answer

    def _make_more(self) -> QWidget:
        self.extent_title = Section(mark("Extent by position"))
        self.extent = ExtentStrip()
        self.phases = sentence()
        self.pyramid_title = Section(mark("Seen at every layer on the way"), mark("units along x"))
        self.pyramid = Pyramid()
        self.way = (self.pyramid_title, self.pyramid)
        self.tiles = self._make_tiles()
        more = QWidget()
        column = QVBoxLayout(more)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.extent_title, self.extent, self.phases):
            column.addWidget(widget)
        column.addWidget(self.tiles)
        column.addSpacing(8)
        column.addWidget(self.pyramid_title)
        column.addWidget(self.pyramid)
        return more

    def _make_tiles(self) -> QWidget:
        self.tiling = sentence()
        self.multiple = sentence()
        self.export = QPushButton()
        self.export.setIcon(icon("export"))
        say(self, self.export.setText, "Export mask")
        say(self, self.export.setToolTip, "The field as a black and white PNG of the input's size")
        self.export.clicked.connect(self.maskAsked)
        self.tiling_title = Section(mark("Tiled prediction"))
        tiles = QWidget()
        column = QVBoxLayout(tiles)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(line())
        column.addSpacing(8)
        for widget in (self.tiling_title, self.tiling, self.multiple):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addWidget(self.export, 0, Qt.AlignmentFlag.AlignLeft)
        return tiles

    # ---------------------------------------------------------------- what it shows

    def _input(self) -> tuple[str, tuple[int, int]] | None:
        """Id and (height, width) of the input picture that the field is drawn on."""
        session = self._session
        known = session.unit_field.sets if session.unit_field else {}
        flat = [
            (node.id, (shape[1], shape[2]))
            for node in session.document.graph.inputs
            if (shape := session.shapes.get(node.id)) is not None and len(shape) == 3
        ]
        return next((each for each in flat if each[0] in known), flat[0] if flat else None)

    def seen(self) -> UnitSet | None:
        """The set of input pixels that is shown, or None."""
        found, shown = self._session.unit_field, self._input()
        return found.sets.get(shown[0]) if found is not None and shown is not None else None

    def _show_input(self) -> None:
        shown, frame = self._input(), self._session.frame
        size = shown[1] if shown else (1, 1)
        pixels = frame.input_image if frame is not None else None
        fits = pixels is not None and pixels.shape == size
        self.picture.show_input(size, pixels if fits else None)

    def _show_choices(self) -> None:
        blocked = self.strict.blockSignals(True)
        self.strict.setChecked(self._session.view.strict)
        self.strict.blockSignals(blocked)

    def _show(self) -> None:
        session = self._session
        found, seen, shown = session.unit_field, self.seen(), self._input()
        self._show_choices()
        self._show_input()
        self.hint.setVisible(found is None)
        self.answer.setVisible(found is not None)
        self.more.setVisible(found is not None)
        self.unit_name.set_text("" if found is None else self._name(found))
        if found is None or shown is None:
            self.picture.show_field(None)
            return
        field = session.facts.fields.get(found.layer)
        if seen is None:
            self._show_unknown(found, field)
        else:
            self._show_set(found, field, seen, shown[1])
        self._show_certainty(found, field)
        self._show_tiling(field)

    def _name(self, found: UnitField) -> str:
        block = self._session.block_of.get(found.layer)
        layer = block.id if block is not None and block.output == found.layer else found.layer
        place = ", ".join(map(str, found.unit))
        return tr("{layer}, unit ({place})", layer=block_name(layer), place=place)

    def _show_unknown(self, found: UnitField, field: Field | None) -> None:
        self.picture.show_field(None)
        self.extent_size.setText(tr("unknown"))
        self.pixels.setText("")
        for row in (
            self.box,
            self.offset,
            self.pattern,
            self.growth,
            self.cut,
            self.larger,
            self.phases,
        ):
            row.hide()
        self.extent_title.hide()
        self.extent.hide()
        self.export.setEnabled(False)

    def _show_set(
        self, found: UnitField, field: Field | None, seen: UnitSet, size: tuple[int, int]
    ) -> None:
        spans = words.spans_of(seen)
        own = words.own_position(field, found.unit) if field is not None else None
        at = (own[0], own[1]) if own is not None and len(own) == 2 else None
        label = words.size_text(spans)
        self.picture.show_field(Shown(seen, at, label))
        self.extent_size.setText(label or "0")
        self.pixels.setText(words.pixels_text(seen) if spans else tr("sees only the bias"))
        self.box.value.setText(words.box_text(seen))
        self.box.show()
        self.export.setEnabled(bool(spans))
        self.offset.setVisible(field is not None)
        if field is not None:
            self.offset.value.setText(words.offset_text(field, found.unit, spans))
            whole = words.unclipped(field, found.unit)
            show_sentence(self.cut, words.cut_sentence(spans, whole, size))
            show_sentence(self.larger, self._larger(found.layer, field, size))
            show_sentence(self.phases, words.phases_sentence(field))
            self._show_pattern(field, found.unit)
        steps = steps_of(self._session.blocks, self._session.facts, found, axis=1)
        self.pyramid.show_steps(steps)
        self.pyramid_title.setVisible(len(steps) > 1)
        growth = words.growth_text(self._session.facts, found.layer)
        self.growth.setVisible(growth is not None)
        if growth is not None:
            self.growth.label.setText(growth[0])
            self.growth.value.setText(growth[1])

    def _show_pattern(self, field: Field, unit: tuple[int, ...]) -> None:
        pattern = words.pattern_text(field, unit)
        self.pattern.setVisible(pattern is not None)
        if pattern is not None:
            self.pattern.label.setText(pattern[0])
            self.pattern.value.setText(pattern[1])
        drawn = strips(field.axes, unit) if field.axes is not None else ()
        self.extent.show_strips(drawn)
        self.extent_title.setVisible(any(strip.drawable for strip in drawn))

    def _larger(self, layer: str, field: Field, size: tuple[int, int]) -> str:
        """The sentence about a field larger than the image, from the middle and corner units."""
        largest = field.extent_max
        if largest is None or all(e <= n for e, n in zip(largest, size, strict=True)):
            return ""
        session = self._session
        key = (session.facts, layer)
        if self._extremes[0] is None or self._extremes[0] != key:
            shape = session.shapes[layer]
            middle = self._spans(layer, (shape[1] // 2, shape[2] // 2))
            self._extremes = (key, middle, self._spans(layer, (0, 0)))
        return words.larger_sentence(field, size, *self._extremes[1:])

    def _spans(self, layer: str, unit: tuple[int, int]) -> words.Spans:
        session, shown = self._session, self._input()
        graph, strict = session.document.graph, session.view.strict
        found = unit_field(graph, session.shapes, layer, unit, strict)
        seen = found.sets.get(shown[0]) if shown is not None else None
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
        show_sentence(self.why, words.certainty_sentence(found, field))

    def _has_statistics(self, found: UnitField) -> bool:
        """Whether an operator on the way reads the whole map for a statistic or a gate."""
        graph = self._session.document.graph
        return any(graph[node].operator.global_statistics for node in graph.ancestors(found.layer))

    def _show_tiling(self, field: Field | None) -> None:
        advice = tiling(field) if field is not None else None
        self.tiling_title.setVisible(advice is not None)
        self.tiling.setVisible(advice is not None)
        self.multiple.setVisible(advice is not None)
        if advice is None:
            return
        self.tiling.setText(
            tr(
                "Discard {margin} px at each tile edge; neighbours overlap by {overlap} px.",
                margin=_by_axis(advice.margin),
                overlap=_by_axis(advice.overlap),
            )
        )
        self.multiple.setText(
            tr(
                "Tiles start at, and measure, multiples of {multiple} px.",
                multiple=_by_axis(advice.multiple),
            )
        )


def _by_axis(sizes: tuple[int, ...]) -> str:
    return str(sizes[0]) if len(set(sizes)) == 1 else spatial(sizes)
