"""The receptive field of every layer as a table that sorts and copies."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.graph import Node
from analysis.receptive_field import Field, tables
from analysis.receptive_field.coverage import Coverage, coverage
from viewer.controls.context_menu import offer_menu, table_entries
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.block_names import full_name
from viewer.text.escaping import csv_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import decimal, percent, shape
from viewer.text.operator_names import detail, extent_text, jump_text, short_name
from viewer.text.translation import language, say, tr
from viewer.workspaces.receptive_fields.shared.field_text import exactness_text

Index = QModelIndex | QPersistentModelIndex
EXTENT, CERTAINTY = 4, 7
"""The columns of the field's size and of how sure it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One layer: what each column shows and what it is sorted by."""

    id: str
    shown: tuple[str, ...]
    keys: tuple[Any, ...]
    past: bool = False
    """Whether its field is larger than the image."""
    note: Fault | None = None
    """Why its field is not exact."""


def headings() -> tuple[str, ...]:
    """Titles of the columns."""
    return (
        tr("Layer"),
        tr("Operator"),
        tr("Size"),
        tr("Jump"),
        tr("Field (px)"),
        tr("Centre offset"),
        tr("Of the image"),
        tr("Certainty"),
    )


def rows_of(facts: Facts) -> tuple[Row, ...]:
    """Every operator that is no alias of its input: those have the field of what they read."""
    covered = coverages(facts)
    return tuple(
        _row(position, node, facts, covered.get(node.id))
        for position, node in enumerate(facts.graph.nodes)
        if is_listed(node, facts)
    )


def is_listed(node: Node, facts: Facts) -> bool:
    """Whether a layer has a field of its own: not what passes on that of an input, unit for unit.

    A join has one where it is the same as that of none of its inputs, or is not exact.
    """
    if not node.operator.pointwise:
        return True
    own = facts.fields.get(node.id)
    joins = len(node.inputs) > 1 and own is not None
    return joins and own not in [facts.fields.get(source) for source in node.inputs]


def image_size(facts: Facts) -> tuple[int, ...]:
    """Spatial size of the first input that has one; () without."""
    shapes = [facts.shapes.get(node.id) for node in facts.graph.inputs]
    return next((shape[1:] for shape in shapes if shape and len(shape) > 1), ())


def coverages(facts: Facts) -> dict[str, Coverage]:
    """How the field of every layer compares with the image."""
    size = image_size(facts)
    strict = any(field.statistics == "included" for field in facts.fields.values())
    known = tables(facts.graph, facts.shapes, strict).layers
    found = {name: coverage(field, size, known.get(name)) for name, field in facts.fields.items()}
    return {name: each for name, each in found.items() if each is not None}


def _share(covered: Coverage | None) -> str:
    if covered is None:
        return "–"
    least, most = covered.least_share, covered.share
    if least is None or _percent(least) == _percent(most):
        return _percent(most)
    return tr("{low} to {high}", low=_percent(least), high=_percent(most))


def _percent(share: float) -> str:
    return percent(share, 1 if share < 0.095 else 0)


def _row(position: int, node: Node, facts: Facts, covered: Coverage | None) -> Row:
    layer, field = facts.layers[node.id], facts.fields.get(node.id)
    operator = f"{short_name(node.operator)} {detail(node.operator, layer.inputs, layer.shape)}"
    low, high = (field.extent_min or (), field.extent_max or ()) if field else ((), ())
    exactness = field.exactness if field is not None else "unknown"
    shown = (
        full_name(node.id),
        operator.strip(),
        shape(layer.shape) if layer.shape is not None else "–",
        jump_text(field),
        extent_text(field),
        _offsets(field),
        _share(covered),
        exactness_text(exactness),
    )
    jump = field.jump if field is not None and field.jump else ()
    offset = max((high for _, high in _known_offsets(field)), default=0.0)
    units = prod((layer.shape or ())[1:])
    share = covered.share if covered is not None else -1.0
    size = (units, layer.shape or ())
    keys = (position, operator, size, jump, (high, low), offset, share, exactness)
    past = covered is not None and any(covered.past)
    return Row(node.id, shown, keys, past, field.note if field is not None else None)


def _known_offsets(field: Field | None) -> tuple[tuple[float, float], ...]:
    offsets = field.centre_offset if field is not None else None
    return tuple(offset for offset in offsets or () if offset is not None)


def _offsets(field: Field | None) -> str:
    pairs = dict.fromkeys(_known_offsets(field))
    return " × ".join(_offset(low, high) for low, high in pairs) or "–"


def _offset(low: float, high: float) -> str:
    if low == high:
        return decimal(low)
    return tr("{low} to {high}", low=decimal(low), high=decimal(high))


class FieldModel(Guarded, QAbstractTableModel):
    """Rows of `rows_of`, in the words of the language in use."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()

    def show_facts(self, facts: Facts) -> None:
        """Take the rows of these facts."""
        self.beginResetModel()
        self.rows = rows_of(facts)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(headings())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.shown[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and 2 <= index.column() <= 6:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if row.past and index.column() == EXTENT:
            if role == Qt.ItemDataRole.ForegroundRole:
                return theme.color("warn")
            if role == Qt.ItemDataRole.ToolTipRole:
                return tr("Larger than the image: cut at its border.")
        note = row.note if index.column() == CERTAINTY else None
        if note is not None and role == Qt.ItemDataRole.ToolTipRole:
            return fault_sentence(note)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return headings()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if 2 <= section <= 6 else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class _ByKey(Guarded, QSortFilterProxyModel):
    """Sorts by the rows' keys: numbers as numbers."""

    def lessThan(self, left: Index, right: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, FieldModel)
        one = model.rows[left.row()].keys[left.column()]
        other = model.rows[right.row()].keys[right.column()]
        return bool(one < other)


class FieldTable(Guarded, QTableView):
    """A row a layer; a click on a head sorts, Ctrl+C copies rows with tabs between."""

    chosen = Signal(str)
    """Id of the layer that the person chose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: Facts | None = None
        self._shown: Facts | None = None
        self.facts_model = FieldModel()
        self._sorted = _ByKey(self)
        self._sorted.setSourceModel(self.facts_model)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        offer_menu(self, lambda at: table_entries(self, at))
        say(self, self.setAccessibleName, "Layers")
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        language.changed.connect(self._say)

    def show_facts(self, facts: Facts) -> None:
        """Show the layers of these facts, once the table is seen."""
        self._facts = facts
        if self.isVisible() and facts is not self._shown:
            self._shown = facts
            self.facts_model.show_facts(facts)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while the chart was shown."""
        super().showEvent(event)
        if self._facts is not None:
            self.show_facts(self._facts)

    def _say(self) -> None:
        self._shown = None
        if self._facts is not None:
            self.show_facts(self._facts)

    def select(self, layer: str | None) -> None:
        """Mark a layer's row, without a signal."""
        if not self.isVisible():
            return
        ids = [row.id for row in self.facts_model.rows]
        model = self.selectionModel()
        blocked = model.blockSignals(True)
        if layer in ids:
            index = self._sorted.mapFromSource(self.facts_model.index(ids.index(layer), 0))
            flags = QItemSelectionModel.SelectionFlag
            model.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)
        else:
            model.clear()
        model.blockSignals(blocked)
        self.viewport().update()

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.facts_model.rows[self._sorted.mapToSource(current).row()].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)

    def copied(self) -> str:
        """The selected rows (all, if fewer than two are) with a head, tab-separated."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        shown = chosen if len(chosen) > 1 else range(self._sorted.rowCount())
        lines = [headings()]
        for row in shown:
            source = self._sorted.mapToSource(self._sorted.index(row, 0)).row()
            lines.append(self.facts_model.rows[source].shown)
        return "\n".join("\t".join(map(csv_text, line)) for line in lines)
