"""The settings that several selected blocks have in common, changed for all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.graph import Graph
from analysis.operators.contract import Operator
from viewer.controls import Field, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text import number_format
from viewer.text.translation import tr
from viewer.workspaces.build.inspector.block_settings import BlockSettings, shared_by
from viewer.workspaces.build.inspector.operator_settings import OperatorSettings, common

Change = Callable[[str, Graph], None]
Ids = tuple[str, ...]


class SeveralSettings(Guarded, QWidget):
    """How many are selected, what they weigh, and a row for each setting that all have."""

    def __init__(self, session: Session, change: Change) -> None:
        super().__init__()
        self._session = session
        self._change = change
        self._kept: object = None
        self._blocks: tuple[Ids, ...] = ()
        self.settings: OperatorSettings | BlockSettings | None = None
        self.title = labelled("heading")
        self.parameters = labelled("muted")
        self.nothing = labelled("muted")
        self.nothing.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for label in (self.title, self.parameters, self.nothing):
            self._column.addWidget(label)

    @property
    def fields(self) -> dict[str, Field]:
        """The rows by the name of their setting."""
        return self.settings.fields if self.settings is not None else {}

    def show_blocks(self, blocks: Sequence[Ids]) -> None:
        """Show these blocks, each the ids of its operators; editors stay where they still fit."""
        self._blocks = tuple(blocks)
        layers = self._session.facts.layers
        count = sum(layers[node_id].parameters for ids in blocks for node_id in ids)
        self.title.setText(tr("{count} blocks selected", count=len(blocks)))
        self.parameters.setText(tr("{count} parameters", count=number_format.grouped(count)))
        self.nothing.setText(tr("They have no setting in common."))
        kept = self._structure()
        if kept != self._kept:
            self._kept = kept
            self._build()
        elif isinstance(self.settings, OperatorSettings):
            self.settings.show_operators(self._operators())
        elif self.settings is not None:
            self.settings.show_blocks(self._session.document.graph, blocks)
        self.nothing.setVisible(not self.fields)

    def _operators(self) -> list[Operator]:
        graph = self._session.document.graph
        return [graph[node_id].operator for ids in self._blocks for node_id in ids]

    def _are_operators(self) -> bool:
        return all(len(ids) == 1 for ids in self._blocks)

    def _structure(self) -> object:
        """Two selections of the same structure are shown by the same editors."""
        if self._are_operators():
            operators = self._operators()
            return self._blocks, tuple(each.key for each in operators), common(operators)
        return self._blocks, tuple(shared_by(self._session.document.graph, self._blocks))

    def _build(self) -> None:
        if self.settings is not None:
            self._column.removeWidget(self.settings)
            self.settings.hide()
            self.settings.deleteLater()
        if self._are_operators():
            self.settings = OperatorSettings(self._operators(), self._change_operators)
        else:
            graph = self._session.document.graph
            self.settings = BlockSettings(graph, self._blocks, self._change)
        self._column.addWidget(self.settings)

    def _change_operators(self, setting: str, operators: Sequence[Operator]) -> None:
        graph = self._session.document.graph
        ids = [node_id for each in self._blocks for node_id in each]
        self._change(setting, graph.with_operators(dict(zip(ids, operators, strict=True))))
