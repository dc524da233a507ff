"""The layers as a tree: blocks that open to their operators, every cell from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from analysis.facts import Facts
from analysis.graph import Node
from analysis.graph.scopes import Block
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text import number_format
from viewer.text.block_names import block_name
from viewer.text.operator_names import extent_text, jump_text, node_name, summary
from viewer.text.translation import mark, tr

NAME, OPERATOR, SHAPE, PARAMETERS, MACS, MEMORY, FIELD, JUMP = range(8)
HEADINGS = (
    mark("Name"),
    mark("Operator"),
    mark("Shape"),
    mark("Parameters"),
    mark("MACs"),
    mark("Memory, MiB"),
    mark("Field, px"),
    mark("Jump, px"),
)
HINTS = (
    mark("The block or operator; blocks open to their operators."),
    mark("What it computes."),
    mark("Channels × height × width of what it gives out."),
    mark("Trainable numbers."),
    mark("Multiply-accumulates of one pass of one image."),
    mark("Memory of its feature map in 32-bit numbers."),
    mark("Side of the receptive field in input pixels; a range where it depends on the place."),
    mark("Input pixels from one unit to the next."),
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
        self._rows = _rows(self._blocks)
        self._row_texts: dict[Key, RowText] = {}
        self._texts: dict[tuple[Key, int], str] = {}
        self._cells: dict[tuple[Key, int], Cell] = {}

    def refresh(self) -> bool:
        """Follow the session. True when rows came or went, so that the view was reset."""
        before, facts_before = self._rows, self._facts
        if _rows(self._session.blocks) != before:
            self.beginResetModel()
            self._take()
            self.endResetModel()
            return True
        row_texts, texts = self._row_texts, self._texts
        self._take()
        if self._facts is facts_before:
            self._row_texts, self._texts = row_texts, texts
            return False
        differ = [
            row
            for row, (_, nodes) in enumerate(self._rows)
            if any(self._differs(node, facts_before) for node in nodes)
        ]
        same = set(range(len(self._rows))).difference(differ)
        self._row_texts = {key: each for key, each in row_texts.items() if _block_row(key) in same}
        self._texts = {cell: text for cell, text in texts.items() if _block_row(cell[0]) in same}
        if differ:
            # One signal from the first to the last block that differs: the view paints what it
            # shows, operators too; a signal for each would take longer than the analysis.
            self.dataChanged.emit(self.index(differ[0], 0), self.index(differ[-1], JUMP))
        return False

    def _differs(self, node: str, before: Facts) -> bool:
        now = self._facts
        return (
            now.layers[node] != before.layers.get(node)
            or now.fields.get(node) != before.fields.get(node)
            or now.graph[node] != before.graph[node]
        )

    def say_again(self) -> None:
        """Another language or theme: every cell is asked for again."""
        self._row_texts.clear()
        self._texts.clear()
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

    def find(self, wanted: str | None) -> QModelIndex:
        """The row of a block or operator; invalid where there is none."""
        for row, (block, nodes) in enumerate(self._rows):
            if wanted == block:
                return self.index(row, 0)
            if wanted in nodes:
                above = self.index(row, 0)
                if self._blocks[row].kind == "operator":
                    return above
                return self.index(nodes.index(str(wanted)), 0, above)
        return QModelIndex()

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
            self._texts[cell] = name if column == NAME else self._cell(column, nodes)
        return self._texts[cell]

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

    def _cell(self, column: int, nodes: Sequence[Node]) -> str:
        facts = self._facts
        layers = [facts.layers[node.id] for node in nodes]
        last = self._output(nodes)
        if column in (PARAMETERS, MACS, MEMORY) and facts.layers[last].shape is None:
            return "–"
        match column:
            case 1:
                return summary(nodes, facts)
            case 2:
                shape = facts.layers[last].shape
                return "–" if shape is None else number_format.times(shape)
            case 3:
                return number_format.grouped(sum(layer.parameters for layer in layers))
            case 4:
                return number_format.scaled(sum(layer.macs for layer in layers))
            case 5:
                return number_format.mebibytes(facts.layers[last].activation_bytes)
            case 6:
                return extent_text(facts.fields.get(last))
        return jump_text(facts.fields.get(last))

    def _output(self, nodes: Sequence[Node]) -> str:
        if len(nodes) == 1:
            return nodes[0].id
        return self._session.block_of[nodes[0].id].output

    def _colour(self, column: int, nodes: Sequence[Node]) -> QColor | None:
        if any(self._facts.layers[node.id].fault for node in nodes) and column <= SHAPE:
            return theme.color("error")
        return theme.color("muted") if column == OPERATOR else None


def _block_row(key: Key) -> int:
    """The row of the block that a row belongs to, or is."""
    above, row = key
    return above - 1 if above else row


def _rows(blocks: Sequence[Block]) -> tuple[Row, ...]:
    return tuple((block.id, block.nodes) for block in blocks)


def _icon(facts: Facts, nodes: Sequence[Node], family: str) -> tuple[str, str]:
    if any(facts.layers[node.id].fault for node in nodes):
        return "error", "error"
    stands = next((node for node in nodes if node.operator.family == family), nodes[0])
    return stands.operator.icon, "join" if family == "opaque" else family
