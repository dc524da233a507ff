"""The bottom dock of Receptive fields: the field of every layer, as bars or as a table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout

from analysis.facts import Facts, analyse
from analysis.receptive_field.coverage import first_past
from analysis.storage.document import Document
from viewer.controls import PanelTitle, TitleTabs, labelled
from viewer.controls.opaque_surface import OpaqueSurface
from viewer.look.icons import icon
from viewer.session import Session
from viewer.text.block_names import block_name
from viewer.text.number_format import times
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.receptive_fields.layers.bar_data import bars_of, image_line
from viewer.workspaces.receptive_fields.layers.bars import FieldBars
from viewer.workspaces.receptive_fields.layers.exports import FieldFiles
from viewer.workspaces.receptive_fields.layers.table import (
    FieldTable,
    coverages,
    image_size,
    is_listed,
)
from viewer.workspaces.receptive_fields.layers.what_if import WhatIf
from viewer.workspaces.receptive_fields.shared.rows import show_sentence


class FieldChart(OpaqueSurface):
    """Bars of the blocks and a table of all operators; a click on either selects the layer."""

    roomAsked = Signal()
    """Something was opened that a folded dock does not show."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._before: Facts | None = None
        self._make_what_if()
        self._make_export()
        self._make_pages()
        self.bars.chosen.connect(lambda block: session.set_view(selection=block))
        self.table.chosen.connect(lambda node: session.set_view(selection=node))
        session.documentChanged.connect(self._document_changed)
        session.factsChanged.connect(lambda _: self._show())
        session.viewChanged.connect(lambda *_: self._show_selection())
        session.fieldChanged.connect(lambda _: self._show_selection())
        language.changed.connect(self._show)

    # ---------------------------------------------------------------- what it is made of

    def _make_what_if(self) -> None:
        self.what_if = WhatIf(self._session)
        self.what_if.hide()
        self.what_if.changed.connect(self._show_bars)
        self.ask_what_if = QPushButton()
        self.ask_what_if.setCheckable(True)
        self.ask_what_if.setProperty("role", "small")
        say(self, self.ask_what_if.setText, "What if")
        say(
            self,
            self.ask_what_if.setToolTip,
            "Try another kernel, dilation or depth on the chart before changing the network",
        )
        self.ask_what_if.toggled.connect(self._show_what_if)

    def _make_export(self) -> None:
        self.files = FieldFiles(self._session, self)
        self.csv = QPushButton()
        self.csv.setProperty("role", "small")
        self.csv.setIcon(icon("export"))
        say(self, self.csv.setText, "CSV")
        say(self, self.csv.setToolTip, "Write this table to a CSV or JSON file")
        self.csv.clicked.connect(self.files.ask_table)
        self.csv.hide()

    def _make_pages(self) -> None:
        self.tabs = TitleTabs([mark("Field of every layer"), mark("Table")])
        self.note = labelled("small")
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
        column.addWidget(PanelTitle(self.tabs, self.note, self.ask_what_if, self.csv))
        column.addWidget(self.what_if)
        column.addWidget(self.past)
        column.addWidget(self.pages, 1)

    # ---------------------------------------------------------------- what it shows

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while another workspace was shown."""
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        session = self._session
        size = image_size(session.facts)
        self._show_bars()
        show_sentence(self.past, self._past_sentence())
        self.ask_what_if.setVisible(self.what_if.possible)
        if not self.what_if.possible:
            self.ask_what_if.setChecked(False)
        self.table.show_facts(session.facts)
        said = tr("Pixels per axis, not cut at the border. Dashed: depends on the position.")
        if size:
            said += " " + tr("The image is {size}.", size=times(size))
        self.note.setText(said)
        self._show_selection()

    def _show_bars(self) -> None:
        """The bars as they are; with "what if" those tried, or as before the last change."""
        if not self.isVisible():
            return
        session, preview = self._session, self.what_if.preview
        before: Facts | None = None
        trial = None
        if self.ask_what_if.isChecked():
            trial = preview.facts if preview is not None else None
            before = session.facts if preview is not None else self._before
        self.bars.show_bars(bars_of(session, before, trial), image_line(session))

    def _show_what_if(self, on: bool) -> None:
        if on:
            self.roomAsked.emit()
        self.what_if.setVisible(on)
        self.what_if.start()

    def _document_changed(self, before: Document, after: Document) -> None:
        """Keep the fields before the last change of the network, to compare with."""
        if before.graph == after.graph:
            return
        same_input = before.graph.inputs == after.graph.inputs
        strict = self._session.view.strict
        self._before = analyse(before.graph, strict=strict) if same_input else None
        self.what_if.start()

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
        facts = self._session.facts
        while node in graph and graph[node].inputs and not is_listed(graph[node], facts):
            node = graph[node].inputs[0]
        return node
