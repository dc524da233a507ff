"""The head of the inspector: map, name, shape, costs, field; or the whole network's numbers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from analysis.facts import Facts
from analysis.facts.size_rule import takes_one_size
from analysis.graph.last_answers import last_answers
from analysis.storage.document import Document
from viewer.controls import ElidedLabel, FlowLayout, labelled
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text import number_format
from viewer.text.block_names import full_name, node_name, spoken_name
from viewer.text.blueprint_names import blueprint_title, document_title
from viewer.text.escaping import name_text
from viewer.text.operator_names import extent_text, jump_text, operator_name
from viewer.text.totals import macs_text, parameters_text
from viewer.text.translation import mark, say, tr
from viewer.workspaces.build.inspector.thumbnail import MapThumbnail

EXACTNESS = {
    "exact": mark("exact"),
    "upper bound": mark("upper bound"),
    "whole input": mark("whole input"),
    "unknown": mark("unknown"),
}

MOST_TRIED = 300
"""Operators of a network that is tried at other sizes within one turn of the window."""
NAMED = 12
"""Layers that the tip of a pill names."""


@last_answers(1)
def _takes_one_size(facts: Facts) -> bool:
    """Whether no other size is taken; False of a network with too many operators to try it."""
    return len(facts.graph) <= MOST_TRIED and takes_one_size(facts)


def untrained_of(session: Session, nodes: tuple[str, ...]) -> tuple[str, ...]:
    """The layers among these operators, or in the network where there are none, not yet trained.

    None while the network is another one than that of the newest frame, and for longer than a drag.
    """
    frame, graph = session.frame_now, session.document.graph
    if frame is None or (session.age.is_old and frame.structure != graph.structure_hash):
        return ()
    present = [each for each in frame.untrained if each in graph]
    return tuple(each for each in present if not nodes or each in nodes)


def untrained_text(present: tuple[str, ...]) -> str:
    """`3 layers untrained`, or nothing when all weights were learned."""
    if len(present) == 1:
        return tr("1 layer untrained")
    return tr("{count} layers untrained", count=len(present)) if present else ""


def untrained_names(present: tuple[str, ...]) -> str:
    """Their names, a line each; of many the first ones, and how many more there are."""
    said = [full_name(each) for each in present[:NAMED]]
    more = len(present) - NAMED
    return "\n".join([*said, tr("and {count} more", count=more)] if more > 0 else said)


def field_text(session: Session, node_id: str) -> str:
    """`field 32 px`; an unknown or whole field is said in words."""
    field = session.facts.fields.get(node_id)
    extent = extent_text(field)
    measured = field is not None and field.exactness not in ("unknown", "whole input")
    if field is None or not measured or not field.extent_max:
        return tr("field: {extent}", extent=extent)
    return tr("field {extent} px", extent=extent)


class InspectorHeader(Guarded, QWidget):
    """The 88 px map at the left, five lines at its right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._output = ""
        self.map = MapThumbnail()
        self.title = ElidedLabel("", "heading")
        self.shape, self.parameters = labelled("muted"), labelled("muted")
        self.cost = labelled("small")
        self.field, self.jump = labelled("field"), labelled("small")
        self._field_icon = QLabel()
        words = QVBoxLayout()
        words.setSpacing(1)
        for label in (self.title, self.shape, self.parameters, self.cost):
            words.addWidget(label)
        self._hint()
        seen = QWidget()
        amber = QHBoxLayout(seen)
        amber.setContentsMargins(0, 0, 0, 0)
        amber.setSpacing(4)
        amber.addWidget(self._field_icon)
        amber.addWidget(self.field)
        both = FlowLayout(gap=4)
        both.addWidget(seen)
        both.addWidget(self.jump)
        words.addLayout(both)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.map, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _hint(self) -> None:
        """One sentence for each term."""
        say(self, self.shape.setToolTip, "Channels × height × width of what it gives out.")
        say(self, self.parameters.setToolTip, "Trainable numbers.")
        say(self, self.field.setToolTip, "How many input pixels across can change one unit.")
        say(self, self.jump.setToolTip, "Input pixels from one unit to the next.")
        said = mark("Multiply-accumulates of one image, and the memory of the feature map.")
        say(self, self.cost.setToolTip, said)

    def _draw_icon(self) -> None:
        self._field_icon.setPixmap(icon("field", "field").pixmap(QSize(16, 16)))

    def show_nodes(self, nodes: tuple[str, ...]) -> None:
        """Show the selected block (its output stands for it) or operator."""
        session, facts = self._session, self._session.facts
        opened = next((each for each in session.frames.values() if each.nodes == nodes), None)
        block = opened or session.block_of.get(nodes[0])
        whole = block is not None and block.nodes == nodes
        self._output = block.output if whole and block is not None else nodes[-1]
        layer = facts.layers[self._output]
        self.title.set_text(self._title(nodes, block.id if whole and block else nodes[0]))
        self.shape.setText(
            tr("shape unknown") if layer.shape is None else number_format.times(layer.shape)
        )
        count = sum(facts.layers[node_id].parameters for node_id in nodes)
        macs = sum(facts.layers[node_id].macs for node_id in nodes)
        self.parameters.setVisible(all(facts.layers[each].is_counted for each in nodes))
        self.cost.setVisible(layer.shape is not None)
        self.parameters.setText(tr("{count} parameters", count=number_format.grouped(count)))
        memory = number_format.mebibytes(layer.activation_bytes)
        self.cost.setText(
            tr("{macs} MACs · {memory} MiB", macs=number_format.scaled(macs), memory=memory)
        )
        self._say_field()
        self.show_frame()

    def _title(self, nodes: tuple[str, ...], name: str) -> str:
        operator = self._session.document.graph[nodes[0]].operator
        if operator.family == "end" and name not in ("input", "output"):
            return name_text(name)  # what the model calls it
        if len(nodes) > 1 or operator.family in ("end", "join"):
            return spoken_name(name)
        own, kind = node_name(name), operator_name(operator)
        if operator.family in ("conv", "tconv"):
            said = own or kind
        elif "." in name and operator.family in (
            "norm",
            "act",
        ):
            # one operator has one name everywhere; its kind is said beside it
            said = f"{own} · {kind}"
        else:
            said = kind
        return said[:1].upper() + said[1:]

    def _say_field(self) -> None:
        field = self._session.facts.fields.get(self._output)
        self.field.setText(field_text(self._session, self._output))
        said = tr("jump {jump}", jump=jump_text(field)) if field and field.jump else ""
        exactness = tr(EXACTNESS[field.exactness if field else "unknown"])
        known = field is not None and field.exactness in ("exact", "upper bound")
        self.jump.setText(f"{said} · {exactness}" if said and known else said)

    def show_frame(self) -> None:
        """Show the newest map of the selection."""
        frame = self._session.frame_now
        found = frame.thumbnails.get(self._output) if frame is not None else None
        there = self._session.document.image is not None
        self.map.say_why_not(mark("not run yet") if there else mark("no image"))
        pale = self._session.age.is_old or self._output not in self._session.shapes
        self.map.show_picture(found.pixels if found is not None else None, pale)


class NetworkSummary(Guarded, QWidget):
    """The inspector's text about the whole network while nothing is selected."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        hint = labelled("plain")
        hint.setWordWrap(True)
        say(self, hint.setText, "Click a block to see its settings.")
        self.name = ElidedLabel("", "heading")
        self.lines = [labelled("muted") for _ in range(6)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(hint)
        column.addSpacing(8)
        column.addWidget(self.name)
        for each in self.lines:
            column.addWidget(each)
        session.documentChanged.connect(self._document_changed)

    def _document_changed(self, before: Document, after: Document) -> None:
        """The same network may come under another name: no facts change then."""
        if before.title != after.title:
            self.say()

    def say(self) -> None:
        """The network's name and numbers."""
        facts, document = self._session.facts, self._session.document
        made = document.blueprint
        made_as = blueprint_title(made[0]) if made else tr("Network")
        name = name_text(document_title(document)) or made_as
        self.name.set_text(name)
        ends = [*[n.id for n in facts.graph.inputs][:1]]
        ends += [facts.graph.output.id] if len(facts.graph) else []
        shapes = [number_format.shape(s) if (s := facts.shapes.get(e)) else "–" for e in ends]
        said = (
            " → ".join(shapes),
            parameters_text(facts),
            self._unused(),
            macs_text(facts),
            tr(
                "{count} operators in {blocks} blocks",
                count=len(facts.graph),
                blocks=len(self._session.blocks),
            ),
            tr("takes no other input size") if _takes_one_size(facts) else "",
        )
        for label, text in zip(self.lines, said, strict=True):
            label.setText(text)
            label.setVisible(bool(text))

    def _unused(self) -> str:
        """What the opened model trains and no operator of it reads; nothing where that is none."""
        count = self._session.document.unused_parameters
        if not count:
            return ""
        return tr("{count} more that are never used", count=number_format.grouped(count))
