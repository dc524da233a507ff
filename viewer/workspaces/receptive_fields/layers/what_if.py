"""Previews the fields with another kernel, dilation or depth, without changing the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from analysis.blueprints import BLUEPRINTS, Value
from analysis.facts import Facts, analyse
from analysis.graph import Graph
from analysis.operators import Convolution
from analysis.storage.document import Document
from viewer.controls import ElidedLabel, NumberBox, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import mark, say, tr

MOST_DILATION = 16
ASKED = (
    ("kernel", mark("Kernel")),
    ("dilation", mark("Dilation")),
    ("depth", mark("Depth")),
)


@dataclass(frozen=True)
class Preview:
    """Another network, what follows from it, and the settings that made it, None if by hand."""

    facts: Facts
    blueprint: tuple[str, Mapping[str, Value]] | None


def dilated(graph: Graph, dilation: int) -> Graph:
    """Every convolution of more than one tap with this dilation, padded as much as it needs.

    Those without padding stay without; strided ones stay as they are.
    """
    for node in graph.nodes:
        operator = node.operator
        if not isinstance(operator, Convolution) or max(operator.kernel) == 1:
            continue
        if max(operator.stride) > 1:
            continue
        spread = (dilation,) * len(operator.kernel)
        padding = operator.padding
        if any(any(pair) for pair in padding):
            totals = [dilation * (k - 1) for k in operator.kernel]
            padding = tuple((total // 2, total - total // 2) for total in totals)
        graph = graph.with_operator(node.id, replace(operator, dilation=spread, padding=padding))
    return graph


def dilation_of(graph: Graph) -> int:
    """The largest dilation of any convolution."""
    spreads = [
        max(node.operator.dilation)
        for node in graph.nodes
        if isinstance(node.operator, Convolution)
    ]
    return max(spreads, default=1)


class WhatIf(Guarded, QWidget):
    """Three boxes; `preview` is the network they describe while it is another than the one here."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.preview: Preview | None = None
        self.boxes = {name: NumberBox(1, MOST_DILATION) for name, _ in ASKED}
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 0)
        row.setSpacing(8)
        for name, title in ASKED:
            box = self.boxes[name]
            caption = labelled("small")
            say(self, caption.setText, title)
            say(self, box.setAccessibleName, title)
            box.valueChanged.connect(lambda _: self._build())
            row.addWidget(caption)
            row.addWidget(box)
            row.addSpacing(8)
        self.apply = QPushButton()
        say(self, self.apply.setText, "Apply")
        self.apply.clicked.connect(self._apply)
        self.reset = QPushButton()
        say(self, self.reset.setText, "Reset")
        self.reset.clicked.connect(self.start)
        self.note = ElidedLabel("", role="small")
        row.addWidget(self.apply)
        row.addWidget(self.reset)
        row.addWidget(self.note, 1)
        self.start()

    @property
    def possible(self) -> bool:
        """Whether the document still follows a blueprint."""
        return self._session.document.blueprint is not None

    def start(self) -> None:
        """Show the settings of the document; the preview goes."""
        blueprint = self._session.document.blueprint
        if blueprint is not None:
            name, settings = blueprint
            for key, box in self.boxes.items():
                known = BLUEPRINTS[name].setting(key)
                if known is not None:
                    box.setRange(known.low, known.high)
                    box.set_value(int(settings[key]))
            self.boxes["dilation"].set_value(dilation_of(self._session.document.graph))
        self._show(None)

    def _settings(self) -> tuple[str, dict[str, Value]] | None:
        blueprint = self._session.document.blueprint
        if blueprint is None:
            return None
        name, settings = blueprint
        known = BLUEPRINTS[name]
        after = dict(known.complete(settings))
        for key in ("kernel", "depth"):
            if known.setting(key) is not None and after[key] != self.boxes[key].value():
                after = known.changed(after, key, self.boxes[key].value())
        return name, after

    def _build(self) -> None:
        found = self._settings()
        if found is None:
            self._show(None)
            return
        name, settings = found
        document, dilation = self._session.document, self.boxes["dilation"].value()
        same = settings == BLUEPRINTS[name].complete((document.blueprint or found)[1])
        if same and dilation == dilation_of(document.graph):
            self._show(None)
            return
        graph = BLUEPRINTS[name].build(settings)
        if dilation > 1:
            graph = dilated(graph, dilation)
        facts = analyse(graph, strict=self._session.view.strict)
        self._show(Preview(facts, (name, settings) if dilation == 1 else None))

    def _show(self, preview: Preview | None) -> None:
        self.preview = preview
        broken = preview is not None and bool(preview.facts.problems)
        self.apply.setEnabled(preview is not None and not broken)
        self.reset.setEnabled(preview is not None)
        self.note.set_text(self._note())
        self.changed.emit()

    def _note(self) -> str:
        if self.preview is None:
            return tr("Only the chart changes until it is applied.")
        facts = self.preview.facts
        if facts.problems:
            fault = facts.layers[facts.problems[0]].fault
            return fault_sentence(fault) if fault is not None else ""
        return tr("Grey: as it is now.")

    def _apply(self) -> None:
        preview, document = self.preview, self._session.document
        if preview is None:
            return
        after: Document = replace(document, graph=preview.facts.graph, blueprint=preview.blueprint)
        self._session.edit(tr("Apply what-if settings"), after)
