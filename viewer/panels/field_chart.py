"""The bottom dock of Receptive fields: the field of every layer, as bars or as a table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from analysis.receptive_field import Field
from analysis.scopes import Block
from viewer.controls import PanelTitle, TitleTabs, labelled
from viewer.controls.numbers import times
from viewer.drawing.names import block_name
from viewer.messages import language, mark, tr
from viewer.panels.field_chart_bars import Bar, FieldBars
from viewer.panels.field_table import FieldTable
from viewer.panels.inspector_words import extent_text
from viewer.session import Session


class FieldChart(QWidget):
    """Bars of the blocks and a table of all operators; a click on either selects the layer."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self.tabs = TitleTabs([mark("Field of every layer"), mark("Table")])
        self.note = labelled("small")
        self.bars = FieldBars()
        self.table = FieldTable()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.bars)
        self.pages.addWidget(self.table)
        self.tabs.currentChanged.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(self.tabs, self.note))
        column.addWidget(self.pages, 1)
        self.bars.chosen.connect(lambda block: session.set_view(selection=block))
        self.table.chosen.connect(lambda node: session.set_view(selection=node))
        session.factsChanged.connect(lambda _: self._show())
        session.viewChanged.connect(lambda *_: self._show_selection())
        session.fieldChanged.connect(lambda _: self._show_selection())
        language.changed.connect(self._show)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while another workspace was shown."""
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        session = self._session
        size = self._input_size()
        image = None
        if size:
            words = tr("the image, {n} px", n=max(size))
            image = (max(size), words)
        self.bars.show_bars(self._bars(), image)
        self.table.show_facts(session.facts)
        said = tr("Pixels per axis, not cut at the border. Dashed: depends on the position.")
        if size:
            said += " " + tr("The image is {size}.", size=times(size))
        self.note.setText(said)
        self._show_selection()

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self._show_selection()

    def _input_size(self) -> tuple[int, ...]:
        shapes = [self._session.shapes.get(node.id) for node in self._session.document.graph.inputs]
        return next((shape[1:] for shape in shapes if shape and len(shape) > 1), ())

    def _bars(self) -> tuple[Bar, ...]:
        fields = self._session.facts.fields
        return tuple(
            _bar(block, field)
            for block in self._session.blocks
            if (field := fields.get(block.output)) is not None and self._is_told(block, field)
        )

    def _is_told(self, block: Block, field: Field) -> bool:
        """Groups and the output; of single operators those that see other than what they read."""
        graph = self._session.document.graph
        if block.kind == "group" or graph[block.output].operator.key == "output":
            return True
        if not block.inputs or field.extent_max is None:
            return False
        fields = self._session.facts.fields
        before = [fields.get(source) for node in block.nodes for source in graph[node].inputs]
        return all(_extents(field) != _extents(each) for each in before)

    def _show_selection(self) -> None:
        """The chosen layer, else the one whose unit is pointed at."""
        if not self.isVisible():
            return
        session = self._session
        selected = session.view.selection
        if selected is None and session.pointed is not None:
            selected = session.pointed.layer
        block = session.block_of.get(selected or "")
        self.bars.select(block.id if block is not None else selected)
        own = next((block for block in session.blocks if block.id == selected), None)
        node = own.output if own is not None else selected
        self.table.select(self._listed(node) if node is not None else None)

    def _listed(self, node: str) -> str:
        """The node itself, or what it is an alias of."""
        graph = self._session.document.graph
        while node in graph and graph[node].operator.pointwise and graph[node].inputs:
            node = graph[node].inputs[0]
        return node


def _extents(field: Field | None) -> tuple[object, object] | None:
    return (field.extent_min, field.extent_max) if field is not None else None


def _bar(block: Block, field: Field) -> Bar:
    low = max(field.extent_min) if field.extent_min else None
    high = max(field.extent_max) if field.extent_max else 0
    return Bar(block.id, block_name(block.id), low, high, extent_text(field))
