"""Shows the projective field of one input pixel: the units of every later map it reaches."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.receptive_field import ProjectiveField, UnitSet
from viewer.controls import Section, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.block_names import block_name
from viewer.text.number_format import grouped
from viewer.text.translation import mark, tr
from viewer.workspaces.receptive_fields.shared.field_text import exactness_text, size_text, spans_of
from viewer.workspaces.receptive_fields.shared.rows import FactRow, LayerRow, sentence


@dataclass(frozen=True)
class ProjectiveRow:
    """One layer: its name and how much of it the pixel can change."""

    name: str
    size: str


def reach_lines(session: Session, found: ProjectiveField) -> tuple[ProjectiveRow, ...]:
    """The groups behind the pixel and the output, in their order."""
    graph = session.document.graph
    shown = [
        block
        for block in session.blocks
        if block.output in found.sets
        and (block.kind == "group" or graph[block.output].operator.key == "output")
    ]
    return tuple(ProjectiveRow(block_name(b.id), _size(found.sets[b.output])) for b in shown)


def _size(seen: UnitSet) -> str:
    spans = spans_of(seen)
    if not spans:
        return tr("nothing")
    return tr("{size}, {units} in all", size=size_text(spans), units=grouped(seen.pixels))


class ProjectiveNumbers(Guarded, QWidget):
    """Numbers of a projective field, the output's first."""

    def __init__(self) -> None:
        super().__init__()
        self.title = labelled("strong")
        self.title.setWordWrap(True)
        self.why = sentence()
        self.certainty = FactRow(mark("Certainty"))
        self.rows: list[LayerRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.why)
        column.addSpacing(8)
        column.addWidget(Section(mark("Values that this pixel can change"), mark("rows × columns")))
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        column.addLayout(self._column)
        column.addWidget(self.certainty)

    def show_reach(self, session: Session, found: ProjectiveField) -> None:
        """Show a projective field of the session's network."""
        y, x = found.pixel
        self.title.setText(tr("What input pixel ({y}, {x}) can change", y=y, x=x))
        self.why.setText(tr("The projective field: the receptive field seen from the other side."))
        lines = reach_lines(session, found)
        while len(self.rows) > len(lines):
            gone = self.rows.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(lines):
            self.rows.append(LayerRow())
            self._column.addWidget(self.rows[-1])
        for row, line in zip(self.rows, lines, strict=True):
            row.label.set_text(line.name)
            row.value.setText(line.size)
        output = session.document.graph.output.id
        self.certainty.value.setText(exactness_text(found.exactness.get(output, "unknown")))
