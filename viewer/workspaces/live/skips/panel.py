"""The right dock of Live: what each skip adds to the output, and its gate."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from analysis.graph.off_mode import OffMode
from analysis.inference.protocol.measures import Contribution, Measured
from analysis.storage.document import Document
from viewer.canvas.wire_menu import skip_entries
from viewer.controls import PanelTitle, Segmented, labelled, lay_out_panel, line
from viewer.controls.context_menu import offer_menu
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.session import Live, Session
from viewer.session.edits import gates
from viewer.session.edits.blocks import fresh_key
from viewer.session.edits.gates import gate, is_off, is_solo, long_skips
from viewer.text.block_names import block_name
from viewer.text.fault_sentences import fault_sentence
from viewer.text.measure_format import share_digits, written
from viewer.text.number_format import percent, power_of_ten
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.live.skips.bars import MAP, Part, ShareStack
from viewer.workspaces.live.skips.engine_state import EngineState
from viewer.workspaces.live.skips.row import BottleneckRow, PartRow, SkipRow, scales, share_sentence


class SkipsPanel(Guarded, QWidget):
    """Measured of the newest split, pale once a gate, the weights, image or noise have moved on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.rows: dict[str, SkipRow] = {}
        self._stale = False
        self._drag = fresh_key("gate")
        self._make()
        session.documentChanged.connect(self._document_changed)
        session.factsChanged.connect(lambda _: self._make_rows())
        session.liveChanged.connect(self._live_changed)
        session.viewChanged.connect(lambda *_: self._show_gates())
        session.measuredReady.connect(lambda _: self._shares_came())
        language.changed.connect(self._show_all)
        self._make_rows()

    # ---------------------------------------------------------------- what it is made of

    def _make(self) -> None:
        self.certainty = labelled("small")
        self.stack = ShareStack()
        self.stack.chosen.connect(self._choose)
        self.sentence = labelled("")
        self.sentence.setWordWrap(True)
        self.rerouted = labelled("caption")
        self.rerouted.setWordWrap(True)
        say(
            self,
            self.rerouted.setText,
            "A skip is off: shares are of the output as it is now, and other paths take over.",
        )
        self.none = labelled("muted")
        self.none.setWordWrap(True)
        say(self, self.none.setText, "This network has no skip connections.")
        self.head = QWidget()
        top = QVBoxLayout(self.head)
        top.setContentsMargins(12, 12, 12, 8)
        top.setSpacing(6)
        for widget in (self.stack, self.sentence, self.rerouted):
            top.addWidget(widget)
        for late in (self.stack, self.sentence):  # the rows below do not move when these come
            policy = late.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            late.setSizePolicy(policy)
        top.addLayout(self._make_captions())
        self.bottleneck = BottleneckRow()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        self.state = EngineState(self._session, self)
        column.addWidget(self.state)
        column.addWidget(self.none)
        column.addWidget(self.head)
        column.addLayout(self._rows)
        self.above = line()
        column.addWidget(self.above)
        column.addWidget(self.bottleneck)
        column.addWidget(line())
        column.addWidget(self._make_sum())
        column.addStretch(1)
        self.none.setContentsMargins(12, 12, 12, 12)
        lay_out_panel(
            self, PanelTitle(mark("Skips"), self.certainty), content, line(), self._make_foot()
        )

    def _make_captions(self) -> QHBoxLayout:
        captions = QHBoxLayout()
        captions.setSpacing(12)
        of_map, of_bar, of_bands = (labelled("caption") for _ in range(3))
        say(self, of_map.setText, "adds to output")
        say(self, of_bar.setText, "share of the output")
        say(self, of_bands.setText, "low → high freq.")
        of_map.setFixedWidth(MAP)
        captions.addWidget(of_map)
        captions.addWidget(of_bar, 1)
        captions.addWidget(of_bands)
        return captions

    def _make_sum(self) -> QWidget:
        self.bias, self.sum = labelled("small"), labelled("strong")
        self.check_icon = QLabel()
        self.check = labelled("ok")
        self.check.setWordWrap(True)
        self.kept = labelled("caption")
        self.kept.setWordWrap(True)
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(12, 8, 12, 0)
        column.setSpacing(4)
        for text, value in ((mark("biases"), self.bias), (mark("sum"), self.sum)):
            row = QHBoxLayout()
            name = labelled("small" if value is self.bias else "strong")
            say(self, name.setText, text)
            row.addWidget(name)
            row.addStretch(1)
            row.addWidget(value)
            column.addLayout(row)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.check_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.check, 1)
        column.addLayout(row)
        column.addWidget(self.kept)
        self.foot_of_rows = widget
        return widget

    def _make_foot(self) -> QWidget:
        self.all_off, self.reset = QPushButton(), QPushButton()
        say(self, self.all_off.setText, "All off")
        say(self, self.reset.setText, "Reset gates")
        self.all_off.clicked.connect(lambda: gates.close_all(self._session))
        self.reset.clicked.connect(lambda: gates.reset(self._session))
        self.off_is = Segmented(
            [("zero", mark("zero")), ("mean", mark("mean")), ("noise", mark("noise"))]
        )
        self.off_is.valueChanged.connect(self._choose_off)
        say(
            self,
            self.off_is.setToolTip,
            "What a closed skip carries: nothing, its channels' means, or noise like itself. "
            "Zero can be far from anything the network has seen.",
        )
        name = labelled("small")
        say(self, name.setText, "off is")
        left, right = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((left, (self.all_off, self.reset)), (right, (name, self.off_is))):
            row.setSpacing(8)
            for widget in widgets:
                row.addWidget(widget)
        left.addStretch(1)
        foot = QWidget()
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight, foot)
        self._foot.setContentsMargins(12, 8, 12, 8)
        self._foot.setSpacing(8)
        self._foot.addLayout(left, 1)
        self._foot.addLayout(right)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow dock the foot takes two rows."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        parts = [item for i in range(self._foot.count()) if (item := self._foot.itemAt(i))]
        needed = sum(item.minimumSize().width() for item in parts) + 32
        self._foot.setDirection(across if needed <= self.width() else down)

    def _make_rows(self) -> None:
        """One row a long skip; rows of skips that stay are kept, so that a drag goes on."""
        names = long_skips(self._session)
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
        offer_menu(row, lambda _: skip_entries(self._session, name))
        self._rows.addWidget(line())
        self._rows.addWidget(row)
        return row

    # ---------------------------------------------------------------- hands

    def _choose(self, part: str) -> None:
        if part in self.rows:
            self._session.set_view(skip=part)

    def _move_gate(self, skip: str, value: float) -> None:
        gates.set_gate(self._session, skip, value, f"{self._drag} {skip}")

    def _end_drag(self) -> None:
        """The next move is a step of its own."""
        self._drag = fresh_key("gate")

    def _choose_off(self, mode: object) -> None:
        document = replace(self._session.document, off=cast(OffMode, mode))
        self._session.edit(tr("Change what off is"), document)

    # ---------------------------------------------------------------- what it shows

    def _document_changed(self, before: Document, after: Document) -> None:
        kept = ("graph", "gates", "off", "weights", "image")
        if any(getattr(before, name) != getattr(after, name) for name in kept):
            self._grow_stale()
        self._show_gates()

    def _live_changed(self, before: Live, after: Live) -> None:
        if before.noise != after.noise:
            self._grow_stale()

    def _grow_stale(self) -> None:
        if not self._stale:
            self._stale = True
            self._show_measured()

    def _shares_came(self) -> None:
        self._stale = False
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
        self.off_is.set_value(document.off)
        self.rerouted.setVisible(any(is_off(self._session, name) for name in self.rows))
        self._show_sentence()

    def shares(self) -> Measured | None:
        """The newest split, if it is of this network."""
        shares = self._session.measured
        if self._session.facts.stopped_by:
            return None
        if shares is None or shares.structure != self._session.document.graph.structure_hash:
            return None
        return shares

    def _show_measured(self) -> None:
        shares = self.shares()
        known = [*shares.skips.values(), shares.bottleneck] if shares is not None else []
        of_shares, of_bands = scales(known)
        runs = not self._session.facts.stopped_by
        has_skips = bool(self.rows) and runs
        self.none.setVisible(not has_skips and runs)
        for widget in (self.head, self.above, self.bottleneck, self.foot_of_rows):
            widget.setVisible(has_skips)
        parts: list[tuple[PartRow, Contribution | None]] = [
            (row, shares.skips.get(name) if shares is not None else None)
            for name, row in self.rows.items()
        ]
        parts.append((self.bottleneck, shares.bottleneck if shares is not None else None))
        digits = share_digits(written(shares)) if shares is not None else 0
        for row, part in parts:
            row.show_part(part, of_shares, of_bands, self._stale, digits)
        self.stack.show_parts(self._stacked(shares) if shares is not None else ())
        self.stack.setVisible(shares is not None)
        self.stack.set_pale(self._stale)
        self._show_sentence()
        self._show_sum(shares)

    @staticmethod
    def _stacked(shares: Measured) -> list[Part]:
        parts = [
            Part(name, block_name(name), name.removeprefix("skip"), part.share, "skip")
            for name, part in shares.skips.items()
        ]
        parts.append(
            Part("bottleneck", block_name("bottleneck"), "", shares.bottleneck.share, "edge")
        )
        parts.append(Part("biases", tr("biases"), "", shares.bias.share, "border"))
        return parts

    def _show_sentence(self) -> None:
        """Of the selected skip, else of the one whose share is the largest."""
        shares = self.shares()
        known = shares.skips if shares is not None else {}
        self.sentence.setVisible(bool(known))
        if known:
            name = self._session.view.skip
            if name is None or name not in known:
                name = max(known, key=lambda each: abs(known[each].share))
            self.sentence.setText(share_sentence(name, known[name].share))

    def _show_sum(self, shares: Measured | None) -> None:
        known = shares is not None
        parts = written(shares) if shares is not None else ()
        digits = share_digits(parts)
        self.bias.setText(percent(shares.bias.share, digits) if shares else "–")
        self.sum.setText(percent(sum(parts), digits) if known else "–")
        for widget in (self.check, self.check_icon):
            widget.setVisible(known)
        self.kept.hide()
        self.certainty.setText("")
        if shares is not None:
            self._show_check(shares)

    def _show_check(self, shares: Measured) -> None:
        size, exact = QSize(18, 18), shares.exact
        token, role = ("ok", "ok") if exact else ("warn", "warning")
        self.check_icon.setPixmap(icon("check" if exact else "warning", token).pixmap(size))
        self.check.setProperty("role", role)
        self.check.style().unpolish(self.check)
        self.check.style().polish(self.check)
        why = fault_sentence(shares.why) if shares.why is not None else ""
        if exact:
            error = power_of_ten(shares.split_error)
            self.check.setText(tr("The parts rebuild the output to {error}.", error=error))
            self.kept.setText(why)
        else:
            self.check.setText(why or tr("Approximate for this network."))
        self.kept.setVisible(exact and bool(why))
        moved = tr("out of date") if self._stale else ""
        said = tr("exact for this network") if exact else tr("approximate")
        self.certainty.setText(moved or said)
