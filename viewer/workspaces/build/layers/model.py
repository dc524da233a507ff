"""The layers as a tree: blocks that open to their operators, every cell from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from analysis.facts import Facts
from analysis.graph import Node
from analysis.graph.scopes import Block
from viewer.drawing.painting.text import text_width
from viewer.look.fonts import SMALL
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.block_names import block_name, node_name
from viewer.text.translation import tr
from viewer.text.weight_sharing import sharing_tip
from viewer.workspaces.build.layers.columns import (
    FIELD,
    HEADINGS,
    HINTS,
    JUMP,
    NAME,
    OPERATOR,
    PARAMETERS,
    SHAPE,
    column_text,
)

Index = QModelIndex | QPersistentModelIndex
Row = tuple[str, tuple[str, ...]]
"""A block's id and the ids of its operators."""
Key = tuple[int, int]
"""A row: (0, its block), or (that + 1, the operator in it)."""

RowText = tuple[list[Node], str, tuple[str, str]]
"""A row's nodes, its name, and its icon with the token of its colour."""
ANSWERED = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.ToolTipRole,
    }
)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ROOT = QModelIndex()
MANY = 40
"""With more blocks only what is in view is measured, and told of its field: rows in view are
painted anew with every edit as it is."""


class Cell(NamedTuple):
    """What is painted of a cell; no colour where it is the table's own."""

    text: str
    icon: QIcon | None
    alignment: Qt.AlignmentFlag
    colour: QColor | None


class LayersModel(Guarded, QAbstractItemModel):
    """Reads the session's blocks and facts; the internal id of an operator is its block's row + 1.

    A block's shape, memory and field are those of its output, its parameters and MACs the sums
    over its operators.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._take()

    def _take(self) -> None:
        self._facts: Facts = self._session.facts
        self._blocks: tuple[Block, ...] = self._session.blocks
        self._block_of = self._session.block_of  # of the same moment as the rows
        self._rows = _rows(self._blocks)
        self._places: dict[str, Key] | None = None
        self._row_texts: dict[Key, RowText] = {}
        self._texts: dict[tuple[Key, int], str] = {}
        self._cells: dict[tuple[Key, int], Cell] = {}
        self._widths: dict[Key, tuple[float, ...]] = {}

    def refresh(self) -> bool:
        """Follow the session. True when rows came or went, so that the view was reset."""
        facts_before = self._facts
        if self.has_other_rows:
            self.beginResetModel()
            self._take()
            self.endResetModel()
            return True
        row_texts, texts, widths = self._row_texts, self._texts, self._widths
        self._take()
        self._row_texts, self._texts, self._widths = row_texts, texts, widths
        if self._facts is facts_before:
            return False
        others = self._others(facts_before)
        if len(self._rows) <= MANY:
            others |= self._seeing_otherwise(facts_before)
        differ = [i for i, (_, nodes) in enumerate(self._rows) if not others.isdisjoint(nodes)]
        for row in differ:
            self._forget(row)
        if len(self._rows) > MANY:  # to find out whose field is another would take all of them
            self._widths.clear()
            kept = {at: said for at, said in self._texts.items() if at[1] not in (FIELD, JUMP)}
            self._texts = kept
        if differ:
            # One signal from the first to the last block that differs: the view paints what it
            # shows, operators too; a signal for each would take longer than the analysis.
            self.dataChanged.emit(self.index(differ[0], 0), self.index(differ[-1], JUMP))
        return False

    @property
    def has_other_rows(self) -> bool:
        """Whether the session shows other blocks than those listed."""
        return _rows(self._session.blocks) != self._rows

    def _others(self, before: Facts) -> set[str]:
        """The operators of which there is something else to say than before, but of their field."""
        layers, old_layers, old_nodes = self._facts.layers, before.layers, before.graph
        return {
            node.id
            for node in self._facts.graph.nodes
            if (node is not old_nodes[node.id] and node != old_nodes[node.id])
            or (
                layers[node.id] is not old_layers[node.id]
                and layers[node.id] != old_layers[node.id]
            )
        }

    def _seeing_otherwise(self, before: Facts) -> set[str]:
        fields, old = self._facts.fields, before.fields
        return {
            node.id
            for node in self._facts.graph.nodes
            if fields.get(node.id) is not old.get(node.id)
            and fields.get(node.id) != old.get(node.id)
        }

    def _forget(self, row: int) -> None:
        """What is said of a block and of its operators is found again."""
        inside = range(len(self._rows[row][1]))
        keys: list[Key] = [(0, row), *((row + 1, each) for each in inside)]
        for key in keys:
            self._row_texts.pop(key, None)
            self._widths.pop(key, None)
            for column in range(len(HEADINGS)):
                self._texts.pop((key, column), None)

    def say_again(self) -> None:
        """Another language or theme: every cell is asked for again."""
        self._row_texts.clear()
        self._texts.clear()
        self._widths.clear()
        self._cells.clear()
        last = self.rowCount() - 1
        if last >= 0:
            self.dataChanged.emit(self.index(0, 0), self.index(last, JUMP))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, JUMP)

    # ------------------------------------------------------------- rows and ids

    def id_at(self, index: Index) -> str | None:
        """The id of the block or operator in that row."""
        if not index.isValid():
            return None
        if index.internalId() == 0:
            return self._rows[index.row()][0]
        return self._rows[index.internalId() - 1][1][index.row()]

    def blocks(self) -> list[QModelIndex]:
        """The row of every block."""
        return [self.createIndex(row, NAME, 0) for row in range(len(self._rows))]

    def find(self, wanted: str | None) -> QModelIndex:
        """The row of a block or operator; invalid where there is none."""
        if self._places is None:
            self._places = _places(self._blocks)
        inside, row = self._places.get(wanted or "", (0, -1))
        if row < 0:
            return QModelIndex()
        return self.index(row, 0, self.index(inside - 1, 0) if inside else ROOT)

    # ------------------------------------------------------------- what Qt asks of a model

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        # `hasIndex` says the same and asks back for both counts through Qt.
        if not (0 <= row < self.rowCount(parent) and 0 <= column < len(HEADINGS)):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, child: Index = ROOT) -> QModelIndex:  # type: ignore[override]
        if not child.isValid() or child.internalId() == 0:
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = ROOT) -> int:
        if not parent.isValid():
            return len(self._rows)
        if parent.internalId() or parent.column() > 0:
            return 0
        return (
            0 if self._blocks[parent.row()].kind == "operator" else len(self._rows[parent.row()][1])
        )

    def columnCount(self, parent: Index = ROOT) -> int:
        return len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(HEADINGS[section])
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(HINTS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section >= SHAPE else LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in ANSWERED:
            return None
        key = (index.internalId(), index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(key, index.column())
        cell = self.cell(key, index.column())
        match role:
            case Qt.ItemDataRole.DecorationRole:
                return cell.icon
            case Qt.ItemDataRole.TextAlignmentRole:
                return cell.alignment
            case Qt.ItemDataRole.ForegroundRole:
                return cell.colour
            case Qt.ItemDataRole.ToolTipRole if index.column() <= OPERATOR:
                return cell.text
            case Qt.ItemDataRole.ToolTipRole if index.column() == PARAMETERS:
                nodes = self._row(key)[0]
                return sharing_tip(self._facts, nodes[0].id) if len(nodes) == 1 else None
        return None

    def cell(self, key: Key, column: int) -> Cell:
        """All that is painted of a cell, by its row: (0, block) or (block + 1, operator in it)."""
        cell = self._cells.get((key, column))
        if cell is None:
            nodes, _, icon_name = self._row(key)
            cell = self._cells[key, column] = Cell(
                self.text(key, column),
                icon(*icon_name) if column == NAME else None,
                RIGHT if column >= SHAPE else LEFT,
                self._colour(column, nodes),
            )
        return cell

    def text(self, key: Key, column: int) -> str:
        """What a cell says, by its row: (0, block) or (block + 1, operator in it)."""
        cell = (key, column)
        if cell not in self._texts:
            nodes, name, _ = self._row(key)
            self._texts[cell] = (
                name
                if column == NAME
                else column_text(column, nodes, self._facts, self._output(nodes))
            )
        return self._texts[cell]

    def widths(self, key: Key) -> tuple[float, ...]:
        """The advance of each text of a row in the font of the table, px."""
        found = self._widths.get(key)
        if found is None:
            texts = (self.text(key, column) for column in range(len(HEADINGS)))
            found = self._widths[key] = tuple(text_width(text, SMALL) for text in texts)
        return found

    def _row(self, key: Key) -> RowText:
        """Its nodes, its name, and its icon with the token of its colour."""
        found = self._row_texts.get(key)
        if found is None:
            found = self._row_texts[key] = self._find_row(*key)
        return found

    def _find_row(self, above: int, row: int) -> RowText:
        graph = self._facts.graph
        if above:
            node = graph[self._rows[above - 1][1][row]]
            return [node], node_name(node.id), _icon(self._facts, [node], node.operator.family)
        block = self._blocks[row]
        nodes = [graph[each] for each in block.nodes]
        return nodes, block_name(block.id), _icon(self._facts, nodes, block.family)

    def _output(self, nodes: Sequence[Node]) -> str:
        if len(nodes) == 1:
            return nodes[0].id
        return self._block_of[nodes[0].id].output

    def _colour(self, column: int, nodes: Sequence[Node]) -> QColor | None:
        if any(self._facts.layers[node.id].fault for node in nodes) and column <= SHAPE:
            return theme.color("error")
        return theme.color("muted") if column == OPERATOR else None


def _rows(blocks: Sequence[Block]) -> tuple[Row, ...]:
    return tuple((block.id, block.nodes) for block in blocks)


def _places(blocks: Sequence[Block]) -> dict[str, Key]:
    """The row of each block and operator; an operator that is a block has that one's."""
    inside = {
        node: (row + 1, place)
        for row, block in enumerate(blocks)
        if block.kind != "operator"
        for place, node in enumerate(block.nodes)
    }
    alone = {node: (0, row) for row, block in enumerate(blocks) for node in block.nodes}
    return alone | inside | {block.id: (0, row) for row, block in enumerate(blocks)}


def _icon(facts: Facts, nodes: Sequence[Node], family: str) -> tuple[str, str]:
    if any(facts.layers[node.id].fault for node in nodes):
        return "error", "error"
    stands = next((node for node in nodes if node.operator.family == family), nodes[0])
    return stands.operator.icon, "join" if family == "opaque" else family
