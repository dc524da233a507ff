"""Choose a blueprint and its settings: the left dock of Build. Every change is a new graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from analysis.blueprints import BLUEPRINTS, Value
from analysis.graph import Graph
from analysis.operators import Input
from analysis.storage.document import Document
from viewer.controls import ErrorStrip, PanelTitle, Section, labelled, lay_out_panel
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.repairs import repair_buttons
from viewer.text.blueprint_names import blueprint_title
from viewer.text.fault_sentences import fault_sentence
from viewer.text.operator_names import full_name
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.build.blueprints.card import BlueprintCard
from viewer.workspaces.build.blueprints.input_size import InputSize
from viewer.workspaces.build.blueprints.level_rows import levels_of
from viewer.workspaces.build.blueprints.settings import LABEL, BlueprintSettings

START = "unet"


class BlueprintsPanel(Guarded, QWidget):
    """Three cards, the settings of the chosen one, and a way back after editing by hand."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._last: tuple[str, Mapping[str, Value]] = (START, BLUEPRINTS[START].complete({}))
        """The blueprint to start again from while the document has none."""
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.cards = {
            name: BlueprintCard(each.title, each.sentence) for name, each in BLUEPRINTS.items()
        }
        self._group = QButtonGroup(self)
        for name, card in self.cards.items():
            self._group.addButton(card)
            card.clicked.connect(lambda _=False, name=name: self._choose(name))
        self.detached = self._notice()
        self.input_size = InputSize(session, LABEL)
        self.problem = ErrorStrip()
        self.settings: BlueprintSettings | None = None
        self._lay_out()
        session.documentChanged.connect(self._document_changed)
        language.changed.connect(self._say_problem)
        theme.changed.connect(self._say_problem)
        self._refresh()

    def _notice(self) -> QFrame:
        """Said while the graph is no longer what a blueprint made."""
        notice = QFrame()
        notice.setProperty("role", "notice")
        self.why_detached = labelled("plain")
        self.why_detached.setWordWrap(True)
        self.restart = QPushButton()
        self.restart.clicked.connect(self._start_again)
        column = QVBoxLayout(notice)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.why_detached)
        column.addWidget(self.restart, 0, Qt.AlignmentFlag.AlignLeft)
        return notice

    def _lay_out(self) -> None:
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(8)
        self._column.addWidget(self.detached)
        self._column.addWidget(self.input_size)
        for card in self.cards.values():
            self._column.addWidget(card)
        self._column.addSpacing(8)
        self._heading = Section(mark("Settings"))
        self._column.addWidget(self._heading)
        self._below = QWidget()
        self._column.addWidget(self._below)
        self._column.addWidget(self.problem)
        self._column.addStretch(1)
        scroll = lay_out_panel(self, PanelTitle(mark("Blueprints")), inner)
        scroll.setFrameShape(QFrame.Shape.NoFrame)

    # ------------------------------------------------------------- following the session

    def _document_changed(self, before: Document, after: Document) -> None:
        if (before.blueprint, before.graph) != (after.blueprint, after.graph):
            self._refresh()

    def _refresh(self) -> None:
        blueprint = self._session.document.blueprint
        if blueprint is not None and blueprint[0] in BLUEPRINTS:
            self._last = blueprint[0], BLUEPRINTS[blueprint[0]].complete(blueprint[1])
        attached = blueprint is not None and blueprint[0] in BLUEPRINTS
        self.detached.setVisible(not attached)
        self.input_size.show_size(not attached)
        self._heading.setVisible(attached)
        self._say_detached()
        self._check(self._last[0] if attached else None)
        self._show_settings(attached)
        self._say_problem()

    def _say_detached(self) -> None:
        name = blueprint_title(self._last[0])
        if self._session.document.graph != self._session.opened:
            why = mark("Edited by hand: no blueprint describes this network any more.")
            way = mark("Start again from {name}")
        else:
            why = mark("This network was opened from a file: no blueprint describes it.")
            way = mark("Start from {name}")
        say(self, self.why_detached.setText, why)
        say(self, self.restart.setText, way, name=name)

    def _check(self, chosen: str | None) -> None:
        self._group.setExclusive(False)
        for name, card in self.cards.items():
            card.setChecked(name == chosen)
        self._group.setExclusive(True)

    def _show_settings(self, attached: bool) -> None:
        name, settings = self._last
        if attached and self.settings is not None and self.settings.name == name:
            self.settings.show_settings(settings, self._size(settings))
            self.settings.show()
            return
        if self.settings is not None and not attached:
            self.settings.hide()
            return
        if not attached:
            return
        fresh = BlueprintSettings(name, settings, self._size(settings))
        fresh.changed.connect(self._set)
        fresh.levelled.connect(self._set_levels)
        fresh.resized.connect(self._resize)
        fresh.stepped.connect(self._end_step)
        self._column.replaceWidget(self.settings or self._below, fresh)
        (self.settings or self._below).hide()
        (self.settings or self._below).deleteLater()
        self.settings = fresh

    def _size(self, settings: Mapping[str, Value]) -> tuple[int, ...]:
        """The input's size as it is in the graph, which need not be square."""
        inputs = self._session.document.graph.inputs
        operator = inputs[0].operator if inputs else None
        side = int(settings["size"])
        axes = int(settings.get("axes", 2))
        return operator.size if isinstance(operator, Input) else (side,) * axes

    def _say_problem(self) -> None:
        """A blueprint that does not fit says why, and what would."""
        facts = self._session.facts
        if self._session.document.blueprint is None or not facts.problems:
            self.problem.show_error("")
            return
        node_id = facts.problems[0]
        fault = facts.layers[node_id].fault
        if fault is not None:
            buttons = repair_buttons(self._session, node_id)
            self.problem.show_error(fault_sentence(fault), buttons, full_name(node_id))

    # ------------------------------------------------------------- changing the document

    _steps = 0

    def _end_step(self) -> None:
        """What is typed after this is a step of its own."""
        self._steps += 1

    def _choose(self, name: str) -> None:
        """Another blueprint keeps the settings that both have."""
        current, settings = self._last
        if name == current and self._session.document.blueprint is not None:
            return
        blueprint = BLUEPRINTS[name]
        kept: dict[str, Value] = {}
        for setting in blueprint.settings:
            if setting.name in settings and self._fits(name, setting.name, settings):
                kept[setting.name] = settings[setting.name]
        label = tr("Choose {name}", name=blueprint_title(name))
        self._build(label, name, blueprint.complete(kept), None)

    def _fits(self, name: str, key: str, settings: Mapping[str, Value]) -> bool:
        """Whether a value is allowed there, and is the person's choice rather than a default."""
        own, other = BLUEPRINTS[self._last[0]].setting(key), BLUEPRINTS[name].setting(key)
        chosen = own is not None and settings[key] != own.default
        return chosen and other is not None and other.read(settings[key]) == settings[key]

    def _start_again(self) -> None:
        name, settings = self._last
        label = tr("Start again from {name}", name=blueprint_title(name))
        self._build(label, name, dict(settings), None)

    def _set(self, key: str, value: Value) -> None:
        name, settings = self._last
        after = BLUEPRINTS[name].changed(settings, key, value)
        label = tr("Change {name}", name=blueprint_title(name))
        self._build(label, name, after, f"blueprint {key} {self._steps}")

    def _set_levels(self, key: str, split: bool) -> None:
        """Give each level a value of its own, or take all of them away."""
        name, settings = self._last
        setting = BLUEPRINTS[name].setting(key)
        levels = levels_of(settings, setting) if setting and split else range(0)
        after = BLUEPRINTS[name].split(settings, key, levels)
        self._build(tr("Change {name}", name=blueprint_title(name)), name, after, None)

    def _resize(self, size: tuple[int, ...]) -> None:
        name, settings = self._last
        after = {**settings, "size": size[0]}
        label = tr("Change the input size")
        self._build(label, name, after, f"blueprint size {self._steps}", size)

    def _build(
        self,
        label: str,
        name: str,
        settings: Mapping[str, Value],
        merge_key: str | None,
        size: tuple[int, ...] | None = None,
    ) -> None:
        graph = BLUEPRINTS[name].build(settings)
        before = self._size(self._last[1])
        here = graph.inputs[0].operator
        axes = len(here.size) if isinstance(here, Input) else 0
        oblong = len(set(before)) > 1 and settings["size"] == before[0]
        if size is None and oblong and len(before) == axes:
            size = before
        if size is not None:
            graph = _with_size(graph, size)
        document = self._session.document
        after = replace(document, graph=graph, blueprint=(name, dict(settings)))
        self._session.edit(label, after, merge_key)


def _with_size(graph: Graph, size: tuple[int, ...]) -> Graph:
    node = graph.inputs[0]
    if not isinstance(node.operator, Input):
        return graph
    return graph.with_operator(node.id, replace(node.operator, size=size))
