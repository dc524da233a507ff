"""Previews the fields with another kernel, dilation or depth, without changing the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from analysis.blueprints import BLUEPRINTS, Blueprint, Setting, Value
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


def _number(blueprint: Blueprint, key: str) -> Setting | None:
    """The setting of that name, where it is a whole number."""
    setting = blueprint.setting(key)
    return setting if setting is not None and setting.kind == "int" else None


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
        return self._described() is not None

    def _described(self) -> tuple[Blueprint, dict[str, Value]] | None:
        """The document's blueprint with all its settings."""
        blueprint = self._session.document.blueprint
        known = BLUEPRINTS.get(blueprint[0]) if blueprint is not None else None
        return (known, known.sound(blueprint[1])) if known and blueprint else None

    def start(self) -> None:
        """Show the settings of the document; the preview goes."""
        described = self._described()
        if described is not None:
            blueprint, settings = described
            for key, box in self.boxes.items():
                known = _number(blueprint, key)
                box.setEnabled(known is not None or key == "dilation")
                if known is not None:
                    box.setRange(known.low, known.high)
                    box.set_value(int(settings[key]))
            self.boxes["dilation"].set_value(dilation_of(self._session.document.graph))
        self._show(None)

    def _asked(self, key: str, settings: Mapping[str, Value]) -> int | None:
        """What a box holds where that is another value than the document's."""
        value, graph = self.boxes[key].value(), self._session.document.graph
        here = dilation_of(graph) if key == "dilation" else settings[key]
        return value if value != here else None

    def _build(self) -> None:
        described = self._described()
        if described is None:
            self._show(None)
            return
        blueprint, before = described
        settings, spread = before, self._asked("dilation", before)
        for key in self.boxes:
            known = _number(blueprint, key)
            if known is not None and (asked := self._asked(key, before)) is not None:
                settings = blueprint.changed(settings, key, known.nearest(asked))
        by_hand = spread is not None and _number(blueprint, "dilation") is None
        if settings == before and not by_hand:
            self._show(None)
            return
        graph = blueprint.build(settings)
        if by_hand and spread is not None:
            graph = dilated(graph, spread)
        facts = analyse(graph, strict=self._session.view.strict)
        self._show(Preview(facts, None if by_hand else (blueprint.name, settings)))

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
        self._session.edit(lambda: tr("Apply what-if settings"), after)
