"""The right dock of Live: what a measure says of each skip, and the skip's gate."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.graph.off_mode import OffMode
from analysis.inference.measures import table
from analysis.inference.protocol.measures import Measured
from viewer.canvas.wire_menu import skip_entries
from viewer.controls import PanelTitle, Segmented, labelled, lay_out_panel, line
from viewer.controls.context_menu import offer_menu
from viewer.look.pale import set_pale
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits import gates
from viewer.session.edits.blocks import fresh_key
from viewer.session.edits.gates import gate, gated_skips, is_off, is_solo, long_skips
from viewer.session.view_state import ViewState
from viewer.text.measure_checks import certainty
from viewer.text.measure_format import MeasureFormat
from viewer.text.split_words import split_words_of
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.skips.bars import ShareStack
from viewer.workspaces.live.skips.captions import Captions
from viewer.workspaces.live.skips.engine_state import EngineState
from viewer.workspaces.live.skips.gate_buttons import GateButtons
from viewer.workspaces.live.skips.part_view import PartView
from viewer.workspaces.live.skips.picture_pair import PicturePair
from viewer.workspaces.live.skips.row import BottleneckRow, PartRow, SkipRow, scales
from viewer.workspaces.live.skips.sentences import said_of_skips, way_of
from viewer.workspaces.live.skips.split_check import SplitCheck
from viewer.workspaces.live.skips.stacked_parts import stacked_parts

NONE = mark("This network has no skip connections.")
RESIDUAL = mark(
    "No skip of this network bypasses a lower resolution. These are its residual connections: "
    "each has a gate, and the output shows what closing it does. Shares are measured of long skips "
    "only."
)
REROUTED: dict[OffMode, str] = {
    "zero": mark(
        "A skip is off: shares are of {whole} with these gates, and other paths take over."
    ),
    "mean": mark("A skip is off: its share is that of its channels' means, which it carries now."),
    "noise": mark("A skip is off: its share is that of the noise that it carries now."),
}
"""What is said while a skip is off, by what it carries then."""
NARROW = 13
"""Room beside the words of the measures, so that five of them fit the narrowest dock."""


class SkipsPanel(Guarded, QWidget):
    """Values of the chosen measure, pale once a gate, the weights, image or noise have moved on."""

    _shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.rows: dict[str, SkipRow] = {}
        self._stale = False
        self.large: PartView | None = None
        """One part in a window of its own, while that is open."""
        self._behind = False
        """Whether the skips changed while this was hidden: rows are made once it shows."""
        self._drag = fresh_key("gate")
        self._make()
        session.documentChanged.connect(self._document_changed)
        # After what else the same turn changes, and before this is painted.
        self._shown.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)
        session.factsChanged.connect(self._facts_changed)
        session.liveChanged.connect(self._show_age)
        session.viewChanged.connect(self._view_changed)
        session.measuredReady.connect(self._show_measured)
        session.frameReady.connect(self._show_newest_certainty)
        theme.changed.connect(self._show_pair)
        language.changed.connect(self._show_all)
        self._make_rows()

    # ---------------------------------------------------------------- what it is made of

    def _make(self) -> None:
        self.certainty = labelled("small")
        self.none = labelled("muted")
        self.none.setWordWrap(True)
        self.none.setContentsMargins(12, 12, 12, 12)
        self.bottleneck = BottleneckRow()
        self.bottleneck.largeAsked.connect(self._show_large)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.state = EngineState(self._session, self)
        self.above, self.split = line(), SplitCheck()
        self.gates = GateButtons(self._session)
        self._make_head()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        column.addWidget(self.state)
        column.addWidget(self.none)
        column.addWidget(self.head)
        column.addLayout(self._rows)
        for widget in (self.above, self.bottleneck, line(), self.split):
            column.addWidget(widget)
        column.addStretch(1)
        # At the foot: over the rows it would move the button that was just pressed.
        foot = (line(), self.rerouted, self.gates)
        lay_out_panel(self, PanelTitle(mark("Skips"), self.certainty), content, *foot)

    def _make_head(self) -> None:
        """The choice of measures, all parts in one bar, a sentence, and the captions."""
        rows = table.MEASURES
        self.measures = Segmented([(row.key, row.title) for row in rows], NARROW)
        self.measures.valueChanged.connect(lambda key: self._session.set_view(measure=key))
        self.pair = PicturePair()
        self.stack = ShareStack()
        self.stack.chosen.connect(self._choose)
        self.sentence = labelled("")
        self.sentence.setWordWrap(True)
        self.rerouted = labelled("caption")
        self.rerouted.setWordWrap(True)
        self.rerouted.setContentsMargins(12, 8, 12, 0)
        self.captions = Captions()
        self.head = QWidget()
        column = QVBoxLayout(self.head)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.measures, 0, Qt.AlignmentFlag.AlignLeft)
        self.measures.setVisible(len(rows) > 1)  # not before it has a parent: it is no window
        for widget in (self.stack, self.pair, self.sentence, self.captions):
            column.addWidget(widget)

    def _make_rows(self) -> None:
        """One row a gated skip; rows of skips that stay are kept, so that a drag goes on."""
        names = gated_skips(self._session)
        if tuple(self.rows) != names:
            while self._rows.count():
                item = self._rows.takeAt(0)
                widget = item.widget() if item is not None else None
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
            self.rows = {name: self._make_row(name) for name in names}
        self._show_all()

    def _make_row(self, name: str) -> SkipRow:
        row = SkipRow(name)
        row.gateMoved.connect(self._move_gate)
        row.gateReleased.connect(self._end_drag)
        row.offAsked.connect(lambda skip: gates.toggle_off(self._session, skip))
        row.soloAsked.connect(lambda skip: gates.toggle_solo(self._session, skip))
        row.chosen.connect(self._choose)
        row.largeAsked.connect(self._show_large)
        offer_menu(row, lambda _: skip_entries(self._session, name))
        self._rows.addWidget(line())
        self._rows.addWidget(row)
        return row

    # ---------------------------------------------------------------- mouse and keys

    def _choose(self, part: str) -> None:
        if part in self.rows:
            self._session.set_view(skip=part)
            if self.large is not None:
                self.large.choose(part)

    def _show_large(self, part: str) -> None:
        """What a part adds, in a window of its own that follows the picture."""
        if self.large is None:
            self.large = PartView(self._session, self.window())
            self.large.destroyed.connect(self._large_closed)
        self.large.choose(part)
        self.large.show()
        self.large.raise_()
        self.large.activateWindow()

    def _large_closed(self) -> None:
        self.large = None

    def _move_gate(self, skip: str, value: float) -> None:
        gates.set_gate(self._session, skip, value, f"{self._drag} {skip}")

    def _end_drag(self) -> None:
        """The next move is a step of its own."""
        self._drag = fresh_key("gate")

    # ---------------------------------------------------------------- what it shows

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._behind:
            self._shown.emit()

    def _catch_up(self) -> None:
        if self._behind:
            self._facts_changed()

    def _facts_changed(self, *_: object) -> None:
        self._behind = not self.isVisible()
        if not self._behind:
            self._make_rows()

    def _document_changed(self, *_: object) -> None:
        self._show_age()
        self._show_gates()

    def _show_age(self, *_: object) -> None:
        """Values are pale while they are of an earlier picture."""
        if self._session.measure_is_stale != self._stale:
            self._show_measured()

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        self._show_gates()
        if before.measure != after.measure:
            self._show_measured()

    def _show_all(self) -> None:
        self._show_gates()
        self._show_measured()

    def _show_gates(self) -> None:
        document = self._session.document
        for name, row in self.rows.items():
            row.show_gate(
                gate(document, name),
                is_off(self._session, name),
                is_solo(self._session, name),
                self._session.view.skip == name,
            )
        self.gates.off_is.set_value(document.off)
        self._show_rerouted()
        self._show_sentence()
        self._show_pair()

    def _show_rerouted(self) -> None:
        splits = self._session.measure.splits
        measured = long_skips(self._session)
        words = split_words_of(self._session.facts.graph)
        say(self, self.rerouted.setText, REROUTED[self._session.document.off], **words)
        self.rerouted.setVisible(splits and any(is_off(self._session, name) for name in measured))

    def measured(self) -> Measured | None:
        """The newest values of the chosen measure of this network."""
        return self._session.measured_now

    def _show_measured(self, *_: object) -> None:
        measured, measure = self.measured(), self._session.measure
        self._stale = self._session.measure_is_stale
        runs = not self._session.facts.stopped_by
        has_skips = bool(long_skips(self._session)) and runs
        self.none.setVisible(not has_skips and runs)
        say(self, self.none.setText, RESIDUAL if self.rows and not has_skips else NONE)
        for widget in (self.head, self.split):
            widget.setVisible(has_skips)
        for widget in (self.above, self.bottleneck):
            widget.setVisible(has_skips and measure.splits)
        self.measures.set_value(measure.key)
        words = split_words_of(self._session.facts.graph)
        for row, button in zip(table.MEASURES, self.measures.buttons, strict=True):
            say(self, button.setToolTip, row.heading, **words)
        self.captions.show_measure(measure, words)
        self._show_rows(measured)
        written = MeasureFormat(measured) if measured is not None else None
        self.stack.show_parts(stacked_parts(measured, written) if measured and written else ())
        policy = self.stack.sizePolicy()
        policy.setRetainSizeWhenHidden(measure.splits)
        self.stack.setSizePolicy(policy)
        self.stack.setVisible(measured is not None and measure.splits)
        self.stack.set_pale(self._stale)
        set_pale(self._stale, self.sentence, *self.split.words)
        self._show_rerouted()
        self._show_sentence()
        self._show_pair()
        fault = None if measured is not None else self._session.measure_fault
        self.split.show_measured(measured, measure.splits, fault)
        self._show_certainty(measured)

    def _show_rows(self, measured: Measured | None) -> None:
        """Values on scales that all rows share."""
        measure, measurable = self._session.measure, long_skips(self._session)
        skips = measured.skips if measured is not None else {}
        bottleneck = measured.bottleneck if measured is not None else None
        written = MeasureFormat(measured) if measured is not None else None
        known = [*skips.values(), *([bottleneck] if bottleneck is not None else [])]
        ends = scales(known, written.full if written is not None else 1.0)
        rows: list[PartRow] = [*self.rows.values(), self.bottleneck]
        for row in rows:
            part = bottleneck if row is self.bottleneck else skips.get(row.part)
            row.show_measures(row is self.bottleneck or row.part in measurable)
            row.show_columns(bool(measure.picture_caption), bool(measure.bands_caption))
            off = row is not self.bottleneck and is_off(self._session, row.part)
            row.show_way(*way_of(self._session, "" if row.part in measurable else row.part))
            row.show_part(part, written, ends, self._stale, off)

    def _show_pair(self) -> None:
        """Input and output of the chosen skip, for measures that show where or what is left."""
        shown = self._session.measure.shows_output and bool(long_skips(self._session))
        self.pair.setVisible(shown)
        if shown:
            self.pair.show_measured(
                self.measured(), self._session.frame_now, self._session.view.skip, self._stale
            )

    def _show_sentence(self) -> None:
        """Of the selected skip, else of the one whose value is the largest."""
        measured = self.measured()
        known = measured.skips if measured is not None else {}
        said_under_pictures = measured is not None and measured.whole is not None
        self.sentence.setVisible(bool(known) and not said_under_pictures)
        policy = self.sentence.sizePolicy()
        policy.setRetainSizeWhenHidden(not said_under_pictures)  # else the rows below would move
        self.sentence.setSizePolicy(policy)
        if measured is not None and known:
            self.sentence.setText(said_of_skips(self._session, measured))

    def _show_newest_certainty(self, *_: object) -> None:
        self._show_certainty(self.measured())

    def _show_certainty(self, measured: Measured | None) -> None:
        if measured is None:
            session = self._session
            waits = session.frame_now is not None and session.measure_fault is None
            # nothing runs that could be measured
            waits = waits and session.live.engine != "failed" and not session.facts.stopped_by
            waits = waits and bool(long_skips(session))
            self.certainty.setText(tr("measuring …") if waits else "")
        elif self._stale:
            self.certainty.setText(tr("out of date"))
        else:
            self.certainty.setText(certainty(measured))
