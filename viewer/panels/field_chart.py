"""The bottom dock of Receptive fields: the field of every layer, as bars or as a table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from analysis.receptive_field.coverage import first_past
from viewer.controls import PanelTitle, TitleTabs, labelled
from viewer.controls.numbers import times
from viewer.drawing.names import block_name
from viewer.icons import icon
from viewer.messages import language, mark, say, tr
from viewer.panels.field_chart_bars import FieldBars
from viewer.panels.field_chart_data import bars_of, image_line
from viewer.panels.field_files import FieldFiles
from viewer.panels.field_table import FieldTable, coverages, image_size
from viewer.panels.receptive_field_rows import show_sentence
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
        self.files = FieldFiles(session, self)
        self.csv = QPushButton()
        self.csv.setProperty("role", "small")
        self.csv.setIcon(icon("export"))
        say(self, self.csv.setText, "CSV")
        say(self, self.csv.setToolTip, "Write this table to a CSV or JSON file")
        self.csv.clicked.connect(self.files.ask_table)
        self.csv.hide()
        self.past = labelled("warning")
        self.past.setWordWrap(True)
        self.past.setContentsMargins(12, 6, 12, 0)
        self.past.hide()
        self.bars = FieldBars()
        self.table = FieldTable()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.bars)
        self.pages.addWidget(self.table)
        self.tabs.currentChanged.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(self.tabs, self.note, self.csv))
        column.addWidget(self.past)
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
        size = image_size(session.facts)
        self.bars.show_bars(bars_of(session), image_line(session))
        show_sentence(self.past, self._past_sentence())
        self.table.show_facts(session.facts)
        said = tr("Pixels per axis, not cut at the border. Dashed: depends on the position.")
        if size:
            said += " " + tr("The image is {size}.", size=times(size))
        self.note.setText(said)
        self._show_selection()

    def _past_sentence(self) -> str:
        """What it means that layers see further than the image goes; '' where none does."""
        facts = self._session.facts
        first, size = first_past(facts.fields, image_size(facts)), image_size(facts)
        if first is None:
            return ""
        block = self._session.block_of.get(first)
        name = block_name(block.id if block is not None else first)
        last = coverages(facts).get(facts.graph.output.id)
        if last is None or last.corner is None:
            return tr(
                "From {layer} on fields are larger than the image: cut at its border.", layer=name
            )
        corner = times([high - low for low, high in last.corner])
        if all(most == length for most, length in zip(last.most, size, strict=True)):
            return tr(
                "From {layer} on fields are larger than the image (hatched) and are cut at its "
                "border: central units of the output see all of it, the corner unit {corner} px.",
                layer=name,
                corner=corner,
            )
        return tr(
            "From {layer} on fields are larger than the image (hatched) and are cut at its "
            "border: a unit of the output sees at most {most} px, the corner unit {corner} px.",
            layer=name,
            most=times(last.most),
            corner=corner,
        )

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.csv.setVisible(page == 1)
        self._show_selection()

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
