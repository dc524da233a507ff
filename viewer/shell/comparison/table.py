"""The table of what differs between two networks; a row selects its block on the canvas."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from analysis.comparison import Difference
from viewer.controls.context_menu import offer_menu, table_entries
from viewer.drawing.network.difference_marks import paint_sign
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.shell.comparison.rows import DifferenceRow, headings
from viewer.text.escaping import csv_text
from viewer.text.translation import say

Index = QModelIndex | QPersistentModelIndex
FIRST_NUMBER, WHAT, ROW = 3, 2, 26
SIGN_SIDE = 18
FROM_WIDTH = {3: 860, 5: 760}
"""Below so many px the size and the MACs are left out."""


class DifferenceModel(Guarded, QAbstractTableModel):
    """The rows of one comparison."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[DifferenceRow, ...] = ()

    def show_rows(self, rows: tuple[DifferenceRow, ...]) -> None:
        """Show others."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(headings())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.cells[column]
        if role == Qt.ItemDataRole.ToolTipRole and column <= WHAT:
            return row.cells[column] or None
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return sign_icon(row.difference)
        if role == Qt.ItemDataRole.ForegroundRole and row.difference == "follows":
            return theme.color("muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and column >= FIRST_NUMBER:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return headings()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = section >= FIRST_NUMBER
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class DifferenceTable(Guarded, QTableView):
    """A row an operator; Ctrl+C copies the selected rows with tabs between their cells."""

    chosen = Signal(object)
    """The DifferenceRow that the person chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.differences = DifferenceModel()
        self.setModel(self.differences)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setIconSize(QSize(SIGN_SIDE, SIGN_SIDE))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        header.setMaximumSectionSize(420)
        offer_menu(self, lambda at: table_entries(self, at))
        say(self, self.setAccessibleName, "Differences")
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        theme.changed.connect(self.viewport().update)

    def select(self, node_ids: frozenset[str]) -> None:
        """Mark the first row of any of these operators of the picture, without a signal."""
        rows = self.differences.rows
        at = next((i for i, row in enumerate(rows) if row.id in node_ids), None)
        model = self.selectionModel()
        if at is not None and at == self.currentIndex().row() and model.hasSelection():
            return
        blocked = model.blockSignals(True)
        if at is None:
            model.clear()
        else:
            flags = QItemSelectionModel.SelectionFlag
            index = self.differences.index(at, 0)
            model.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)
        model.blockSignals(blocked)
        self.viewport().update()

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.differences.rows[current.row()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Numbers that have no room are left out, so that what differs can be read."""
        super().resizeEvent(event)
        for column, least in FROM_WIDTH.items():
            self.setColumnHidden(column, self.viewport().width() < least)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)

    def copied(self) -> str:
        """The selected rows (all, if fewer than two are) with a head, tab-separated."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        shown = chosen if len(chosen) > 1 else range(len(self.differences.rows))
        lines = [headings(), *(self.differences.rows[row].cells for row in shown)]
        return "\n".join("\t".join(map(csv_text, line)) for line in lines)


def sign_icon(difference: Difference) -> QIcon:
    """The sign of a difference as a table shows it; empty for what has none."""
    pixmap = QPixmap(2 * SIGN_SIDE, 2 * SIGN_SIDE)
    pixmap.setDevicePixelRatio(2.0)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(SIGN_SIDE / 2, SIGN_SIDE / 2)
    paint_sign(painter, current_inks(), difference, middle, 0.8)
    painter.end()
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Selected)  # else a selected row tints it
    return made
