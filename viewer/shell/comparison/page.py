"""The page of a comparison: both networks as one picture or side by side, a table, the outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from analysis.comparison import Comparison, Difference
from viewer.controls import ElidedLabel, PanelTitle, Segmented, labelled
from viewer.override_guard import Guarded
from viewer.session.view_state import ViewState
from viewer.shell.comparison.compared import Compared
from viewer.shell.comparison.outputs import LARGE, SMALL, Outputs
from viewer.shell.comparison.rows import ARROW, DifferenceRow, rows_of
from viewer.shell.comparison.side import Side, both_heading, own_heading
from viewer.shell.comparison.table import DifferenceTable
from viewer.shell.notice_strip import NoticeStrip
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.translation import language, mark, say, tr

TOP, FOOT, LOW_FOOT, LOW, NARROW = 44, 252, 208, 800, 1440
COUNTED: Mapping[Difference, str] = {
    "added": mark("{n} added"),
    "removed": mark("{n} removed"),
    "changed": mark("{n} changed"),
}
VIEWS = (("one", mark("One picture")), ("two", mark("Side by side")))


class ComparisonPage(Guarded, QWidget):
    """Shows a comparison; a selection in one place is one in all of them."""

    left = Signal()
    """The person wants back to the canvas."""

    def __init__(self, shown: Compared, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.shown = shown
        self._rows = rows_of(shown)
        self._selecting = False
        self.both, self.first, self.second = (
            Side(shown_there, self, heading)
            for shown_there, heading in (
                (shown.both, both_heading),
                (shown.first, own_heading),
                (shown.second, own_heading),
            )
        )
        self.table = DifferenceTable()
        self.outputs = Outputs()
        self.view = Segmented(VIEWS)
        self.view.set_value("one")
        self.follows = QCheckBox()
        self.leave_button = QPushButton()
        self.notice = NoticeStrip(self)
        self._build()
        self._connect()
        self._say()

    # ---------------------------------------------------------------- putting together

    def _build(self) -> None:
        self.pages = QStackedWidget()
        self.pages.addWidget(self.both.canvas)
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.first.canvas, 1)
        row.addWidget(_upright())
        row.addWidget(self.second.canvas, 1)
        self.pages.addWidget(beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top())
        column.addWidget(self.pages, 1)
        column.addWidget(self._foot())

    def _top(self) -> QWidget:
        strip = QFrame()
        strip.setProperty("role", "strip")
        strip.setFixedHeight(TOP)
        self.names = ElidedLabel(role="strong")
        self.counts = labelled("muted")
        say(self, self.leave_button.setText, mark("Leave the comparison"))
        say(self, self.leave_button.setToolTip, mark("Back to the canvas (Esc)"))
        row = QHBoxLayout(strip)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(16)
        row.addWidget(self.names, 1)
        row.addWidget(self.counts)
        row.addWidget(self.view)
        row.addWidget(self.leave_button)
        return strip

    def _foot(self) -> QWidget:
        self.foot = QWidget()
        self.totals = labelled("small")
        say(self, self.follows.setText, mark("Also what only follows"))
        say(
            self,
            self.follows.setToolTip,
            mark("Layers whose sizes and costs differ because of the layers before them."),
        )
        table = QVBoxLayout()
        table.setSpacing(0)
        table.addWidget(PanelTitle(mark("Differences"), self.follows))
        table.addWidget(self.table, 1)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(PanelTitle(mark("Outputs on the same image")))
        beside.addWidget(self.outputs, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(table, 1)
        row.addWidget(_upright())
        row.addLayout(beside)
        column = QVBoxLayout(self.foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QFrame()
        line.setProperty("role", "line")
        column.addWidget(line)
        column.addLayout(row, 1)
        totals = QHBoxLayout()
        totals.setContentsMargins(12, 4, 12, 6)
        totals.addWidget(self.totals)
        totals.addStretch(1)
        table.addLayout(totals)
        return self.foot

    def _connect(self) -> None:
        self.view.valueChanged.connect(self.show_view)
        self.leave_button.clicked.connect(self.left)
        self.table.chosen.connect(self._row_chosen)
        self.follows.toggled.connect(lambda _: self._show_rows())
        for side in (self.both, self.first, self.second):
            side.session.viewChanged.connect(
                lambda before, after, side=side: self._selected(side, before, after)
            )
        language.changed.connect(self._say)

    # ---------------------------------------------------------------- words

    def _say(self) -> None:
        found, first, second = self.shown.found, *self._titles()
        self.names.set_text(f"{first}{ARROW}{second}")
        self._rows = rows_of(self.shown)
        self.counts.setText(_counted(self._rows, found))
        self.totals.setText(self._totals())
        self.outputs.show_names(first, second, self.first.session.document.image is not None)
        only_follow = all(row.difference == "follows" for row in self._rows)
        if only_follow and self._rows:
            self.follows.setChecked(True)
        count = sum(row.difference == "follows" for row in self._rows)
        self.follows.setVisible(0 < count < len(self._rows))
        self._show_rows()

    def _titles(self) -> tuple[str, str]:
        sides = (self.shown.first, self.shown.second)
        titles = (each.arrangement.document.title for each in sides)
        one, other = (name_text(title) if title else tr("Network") for title in titles)
        return (one, other) if one != other else (tr("{name}, first", name=one), other)

    def _totals(self) -> str:
        totals = self.shown.found.totals
        parameters = ARROW.join(map(number_format.grouped, totals["parameters"]))
        macs = ARROW.join(map(number_format.scaled, totals["macs"]))
        extents = [
            tr("unknown") if e is None else number_format.times(e) for e in totals["extent_max"]
        ]
        said = [
            tr("Parameters {values}", values=parameters),
            tr("MACs {values}", values=macs),
            tr("Field {values}", values=ARROW.join(extents)),
        ]
        return "   ·   ".join(said)

    def _show_rows(self) -> None:
        every = self.follows.isChecked()
        rows = tuple(row for row in self._rows if every or row.difference != "follows")
        if rows != self.table.differences.rows:
            self.table.differences.show_rows(rows)

    # ---------------------------------------------------------------- selecting

    def show_view(self, view: object) -> None:
        """`one` picture of both, or `two` side by side."""
        self.view.set_value(view)
        self.pages.setCurrentIndex(0 if view == "one" else 1)

    @property
    def canvases(self) -> tuple[Side, ...]:
        """What is on show."""
        return (self.both,) if self.view.value() == "one" else (self.first, self.second)

    def fit(self) -> None:
        """Fit what is shown to its room."""
        for side in self.canvases:
            side.canvas.fit()

    def _row_chosen(self, row: DifferenceRow) -> None:
        self._select(row.id, row.first, row.second)

    def _select(self, both: str | None, first: str | None, second: str | None) -> None:
        self._selecting = True
        self.both.select(both)
        self.first.select(first)
        self.second.select(second)
        self._selecting = False

    def _selected(self, side: Side, before: ViewState, after: ViewState) -> None:
        """A block was selected on a canvas: the same on the others, and in the table."""
        if self._selecting or before.selection == after.selection:
            return
        nodes = side.selected_nodes()
        pictured = self._in_picture(side, nodes)
        self.table.select(frozenset(pictured))
        known = {row.id: row for row in self._rows}
        at = next((known[name] for name in pictured if name in known), None)
        both = at.id if at is not None else next(iter(pictured), None)
        wanted: dict[Literal["both", "first", "second"], str | None] = {
            "both": both,
            "first": self._of_first(both),
            "second": both if both in self.second.session.document.graph else None,
        }
        self._selecting = True
        for name, each in (("both", self.both), ("first", self.first), ("second", self.second)):
            if each is not side:
                each.select(wanted[name])  # type: ignore[index]
        self._selecting = False

    def _in_picture(self, side: Side, nodes: frozenset[str]) -> list[str]:
        """Ids in the picture of both, in its order."""
        names = self.shown.union.names
        wanted = {names.get(node, node) for node in nodes} if side is self.first else nodes
        return [node.id for node in self.shown.union.facts.graph.nodes if node.id in wanted]

    def _of_first(self, both: str | None) -> str | None:
        names = self.shown.union.names
        return next((old for old, new in names.items() if new == both), None)

    # ---------------------------------------------------------------- pictures

    def show_age(self) -> None:
        """Outputs, and how far they are apart, are pale while one is of an earlier state."""
        ages = self.first.session.age.is_old, self.second.session.age.is_old
        self.outputs.show_ages(*ages)

    def show_frames(self) -> None:
        """Take the newest pictures of both runs, also for the picture of both."""
        one, other = self.first.session.frame_now, self.second.session.frame_now
        self.outputs.first.show_picture(one.output_image if one else None)
        self.outputs.second.show_picture(other.output_image if other else None)
        if one is None and other is None:
            return
        names = self.shown.union.names
        base = other or one
        assert base is not None
        gone = one.thumbnails if one is not None else {}
        removed = set(self.shown.found.removed)
        maps = {names[node]: map_ for node, map_ in gone.items() if node in removed}
        fresh = other.thumbnails if other is not None else {}
        structure = self.both.session.document.graph.structure_hash
        self.both.session.show_frame(
            replace(base, thumbnails={**maps, **fresh}, structure=structure)
        )

    # ---------------------------------------------------------------- keys and size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, where nothing is selected any more, leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.foot.setFixedHeight(LOW_FOOT if self.height() < LOW else FOOT)
        small = self.width() < NARROW or self.height() < LOW
        self.outputs.set_side(SMALL if small else LARGE)
        width = min(640, self.width() - 64)
        layout = self.notice.layout()
        tall = max(44, layout.totalHeightForWidth(width) if layout else 44)
        self.notice.setGeometry((self.width() - width) // 2, TOP + 16, width, tall)
        self.notice.raise_()

    def end(self) -> None:
        """Ask the engine for nothing more."""
        for side in (self.both, self.first, self.second):
            side.end()


def _upright() -> QFrame:
    made = QFrame()
    made.setProperty("role", "column-line")
    made.setFixedWidth(1)
    return made


def _counted(rows: tuple[DifferenceRow, ...], found: Comparison) -> str:
    """`15 added, 3 removed, 2 changed`."""
    count = Counter(row.difference for row in rows)
    kept = [tr(COUNTED[kind], n=count[kind]) for kind in COUNTED if count[kind]]
    if kept:
        return language.row.comma.join(kept)
    if count["follows"]:
        return tr("{n} follow", n=count["follows"])
    if found.renamed:
        return tr("The same, but for {n} names.", n=len(found.renamed))
    return tr("The two networks are the same.")
