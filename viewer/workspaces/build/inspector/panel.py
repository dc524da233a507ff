"""What is selected, with its numbers and its settings: the right dock of Build."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from analysis.graph import Graph
from analysis.operators.contract import Operator
from viewer.controls import ErrorStrip, Field, PanelTitle, Section, labelled, lay_out_panel, line
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.arithmetic_layers import takes_apart
from viewer.session.edits.graph_edit import edit_graph
from viewer.session.edits.repairs import repair_buttons
from viewer.session.undo import StepName
from viewer.session.view_state import ViewState
from viewer.text.block_names import block_name, full_name
from viewer.text.escaping import menu_text
from viewer.text.fault_sentences import layer_sentence
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.build.inspector.block_settings import BlockSettings, shared_by
from viewer.workspaces.build.inspector.both_sides import BothSides
from viewer.workspaces.build.inspector.end_settings import EndSettings
from viewer.workspaces.build.inspector.header import (
    InspectorHeader,
    NetworkSummary,
    untrained_names,
    untrained_of,
    untrained_text,
)
from viewer.workspaces.build.inspector.insert_or_remove import InsertOrRemove
from viewer.workspaces.build.inspector.inside import OperatorRow
from viewer.workspaces.build.inspector.operator_settings import OperatorSettings, absent
from viewer.workspaces.build.inspector.several import SeveralSettings
from viewer.workspaces.build.inspector.skip_settings import SkipSettings, shown_skips
from viewer.workspaces.build.inspector.step_names import inserted_step, setting_step, skip_step
from viewer.workspaces.build.inspector.weights_row import WeightsRow


class InspectorPanel(Guarded, QWidget):
    """Follows the selection; keeps its editors, and what is typed in them, while they still fit."""

    arithmeticAsked = Signal(str)
    """The person wants the arithmetic of an operator, by its id."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._kept: object = None
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = labelled("small")
        self.error = ErrorStrip()
        self.untrained = labelled("pill")
        self.weights = WeightsRow(session)
        self.header = InspectorHeader(session)
        self.summary = NetworkSummary(session)
        self.parent_link = _link()
        self.parent_link.clicked.connect(self._select_parent)
        self.waits_link = _link()
        self.waits_link.clicked.connect(self._select_cause)
        self.operator_settings: OperatorSettings | None = None
        self.block_settings: BlockSettings | None = None
        self.both_sides: BothSides | None = None
        self.several = SeveralSettings(session, self._change_graph)
        self.ends: EndSettings | None = None
        self.insert_or_remove: InsertOrRemove | None = None
        self.rows: list[OperatorRow] = []
        self.skips: list[SkipSettings] = []
        self._lay_out()
        session.factsChanged.connect(self._refresh)
        session.repairs.found.connect(self._repairs_found)
        session.viewChanged.connect(self._view_changed)
        session.settingsAsked.connect(self.take_keyboard)
        session.pictureChanged.connect(self._frame_ready)
        session.age.changed.connect(self._frame_ready)
        language.changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(12)
        for widget in (self.error, self.header, self.summary, self.several):
            self._column.addWidget(widget)
        self._column.addWidget(self.weights)
        for small in (self.waits_link, self.untrained, self.parent_link):
            self._column.addWidget(small, 0, Qt.AlignmentFlag.AlignLeft)
        self._below = QWidget()
        self._column.addWidget(self._below)
        self._column.addStretch(1)
        self._scroll = lay_out_panel(self, PanelTitle(mark("Inspector"), self.name), inner)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)

    # ------------------------------------------------------------- following the session

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if (before.selected, before.skip) != (after.selected, after.skip):
            self._refresh()
            self._scroll.verticalScrollBar().setValue(0)
        elif before.parts != after.parts:
            self._update(self._nodes())

    def _frame_ready(self, *_: object) -> None:
        self.header.show_frame()
        for row in self.rows:
            row.show_frame(self._session.frame_now, self._session.age.is_old)
        self._say_untrained()

    def _repairs_found(self, *_: object) -> None:
        self._say_error(self._nodes())

    def _nodes(self) -> tuple[str, ...]:
        """The selected operators: those of a block, or one. Of several blocks none."""
        selected = self._selected()
        return selected[0] if len(selected) == 1 else ()

    def _selected(self) -> tuple[tuple[str, ...], ...]:
        """For each selected block or operator the ids of its operators."""
        shown = (*self._session.blocks, *self._session.frames.values())
        blocks = {block.id: block.nodes for block in shown}
        graph = self._session.document.graph
        chosen = [blocks.get(each, (each,)) for each in self._session.view.selected]
        return tuple(ids for ids in chosen if all(node_id in graph for node_id in ids))

    def _refresh(self) -> None:
        nodes = self._nodes()
        self._say_name(nodes)
        self._say_untrained()
        self._say_error(nodes)
        self._say_cause()
        self.weights.show_node(nodes[0] if len(nodes) == 1 else "")
        selected = self._selected()
        self.header.setVisible(bool(nodes))
        self.several.setVisible(len(selected) > 1)
        self.summary.setVisible(not selected and not shown_skips(self._session, nodes))
        if len(selected) > 1:
            self.several.show_blocks(selected)
        elif nodes:
            self.header.show_nodes(nodes)
        else:
            self.summary.say()
        kept = self._structure(nodes)
        if kept == self._kept:
            self._update(nodes)
        else:
            self._kept = kept
            self._build(nodes)

    def _structure(self, nodes: tuple[str, ...]) -> object:
        """Two selections of the same structure are shown by the same editors."""
        graph = self._session.document.graph
        keys = tuple((node_id, graph[node_id].operator.key) for node_id in nodes)
        rows = tuple(shared_by(graph, [nodes])) if len(nodes) > 1 else ()
        optional = tuple(absent(graph[node_id].operator) for node_id in nodes[:1])
        skips = tuple(skip.name for skip in shown_skips(self._session, nodes))
        main = graph.output.id if graph.nodes else ""
        return self._session.view.selected, keys, rows, optional, skips, main

    def _say_name(self, nodes: tuple[str, ...]) -> None:
        chosen = self._session.view.selection
        block = self._parent(nodes)
        self.name.setText("" if not nodes or chosen is None else full_name(chosen))
        self.parent_link.setVisible(block is not None)
        if block is not None:
            self.parent_link.setText(tr("Part of {block}", block=menu_text(block_name(block))))

    def _parent(self, nodes: tuple[str, ...]) -> str | None:
        """The block around a single selected operator."""
        chosen = self._session.view.selection
        block = self._session.block_of.get(nodes[0]) if len(nodes) == 1 else None
        inside = block is not None and block.id != chosen and block.kind == "group"
        return block.id if inside and block is not None else None

    def _select_parent(self) -> None:
        self._session.set_view(selection=self._parent(self._nodes()))

    def _say_untrained(self) -> None:
        chosen = tuple(each for nodes in self._selected() for each in nodes)
        untrained = untrained_of(self._session, chosen)
        said = untrained_text(untrained)
        self.untrained.setText(said)
        self.untrained.setToolTip(untrained_names(untrained))
        self._keep_room(bool(said))
        self.untrained.setVisible(bool(said))

    def _keep_room(self, said: bool) -> None:
        """Move no setting from under the pointer while the next picture is on its way."""
        policy = self.untrained.sizePolicy()
        had = self.untrained.isVisibleTo(self) or policy.retainSizeWhenHidden()
        policy.setRetainSizeWhenHidden(had and (said or self._session.age.is_old))
        self.untrained.setSizePolicy(policy)

    def _say_error(self, nodes: tuple[str, ...]) -> None:
        layers = self._session.facts.layers
        faulty = next((node_id for node_id in nodes if layers[node_id].fault), None)
        if faulty is not None:
            buttons = repair_buttons(self._session, faulty)
            self.error.show_error(layer_sentence(layers[faulty]), buttons, full_name(faulty))
            return
        self.error.show_error("")

    def _cause(self) -> str | None:
        """The faulty node that keeps the selection from having a shape."""
        layers = self._session.facts.layers
        return next((w for node_id in self._nodes() if (w := layers[node_id].waits_for)), None)

    def _say_cause(self) -> None:
        cause = self._cause()
        self.waits_link.setVisible(cause is not None)
        if cause is not None:
            self.waits_link.setText(tr("Waits for {name}", name=menu_text(full_name(cause))))

    def _select_cause(self) -> None:
        self._session.set_view(selection=self._cause())

    # ------------------------------------------------------------- editors

    def _fields(self) -> dict[str, Field]:
        """The rows with an editor, by the name of their setting."""
        shown = self.block_settings or self.operator_settings
        return shown.fields if shown is not None else self.several.fields

    def take_keyboard(self) -> None:
        """Bring the keyboard to the first setting, else to the first thing that can be done."""
        editors: list[QWidget] = [field.editor for field in self._fields().values()]
        if self.insert_or_remove is not None:
            editors += [self.insert_or_remove.insert, self.insert_or_remove.remove]
        for editor in editors:
            takes = editor.focusPolicy() != Qt.FocusPolicy.NoFocus
            if takes and editor.isVisible() and editor.isEnabled():
                editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _focused(self) -> str | None:
        """The setting whose editor has the keyboard."""
        at = self.focusWidget()
        fields = self._fields() if at is not None and at.hasFocus() else {}
        return next((name for name, field in fields.items() if field.isAncestorOf(at)), None)

    def _build(self, nodes: tuple[str, ...]) -> None:
        """New editors; the keyboard stays at the setting where it was, if that is still there."""
        focused = self._focused()
        self._replace_editors(nodes)
        if focused in self._fields():
            self._fields()[str(focused)].editor.setFocus()

    def _replace_editors(self, nodes: tuple[str, ...]) -> None:
        self.operator_settings = self.block_settings = None
        self.insert_or_remove = self.both_sides = None
        self.ends = None
        self.rows, self.skips = [], []
        fresh = QWidget()
        column = QVBoxLayout(fresh)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if len(nodes) == 1:
            self._build_operator(nodes[0], column)
        elif nodes:
            self._build_block(nodes, column)
        for skip in shown_skips(self._session, nodes):
            editor = SkipSettings(self._session, skip, self._change_skip)
            self.skips.append(editor)
            if nodes:
                column.addWidget(line())
            column.addWidget(editor)
        self._column.replaceWidget(self._below, fresh)
        self._below.hide()
        self._below.deleteLater()
        self._below = fresh

    def _build_operator(self, node_id: str, column: QVBoxLayout) -> None:
        operator = self._session.document.graph[node_id].operator
        self.operator_settings = OperatorSettings([operator], self._change_operator)
        if self.operator_settings.fields:
            column.addWidget(Section(mark("Settings")))
            column.addWidget(self.operator_settings)
        if self._session.workspaces.show_layers and takes_apart(self._session, node_id):
            apart = QPushButton()
            apart.setObjectName("take-apart")
            say(apart, apart.setText, "Show its arithmetic")
            apart.clicked.connect(lambda _=False: self.arithmeticAsked.emit(node_id))
            column.addWidget(apart, 0, Qt.AlignmentFlag.AlignLeft)
        if operator.family == "end":
            self.ends = EndSettings(self._session, node_id)
            column.addWidget(self.ends)
        self.insert_or_remove = InsertOrRemove(self._change_once)
        column.addWidget(self.insert_or_remove)
        self._show_insert_or_remove(node_id)

    def _show_insert_or_remove(self, node_id: str) -> None:
        graph, shapes = self._session.document.graph, self._session.shapes
        if self.insert_or_remove is not None:
            self.insert_or_remove.show_node(graph, graph[node_id], shapes.get(node_id))

    def _build_block(self, nodes: tuple[str, ...], column: QVBoxLayout) -> None:
        graph = self._session.document.graph
        self.block_settings = BlockSettings(graph, [nodes], self._change_graph)
        if self.block_settings.fields:
            column.addWidget(Section(mark("Block")))
            column.addWidget(self.block_settings)
            self.both_sides = BothSides(self._session, self.block_settings)
            column.addWidget(self.both_sides)
            self._show_both_sides()
            column.addWidget(line())
        inside = QVBoxLayout()
        inside.setSpacing(0)
        column.addWidget(Section(mark("Inside"), mark("parameters")))
        for node_id in nodes:
            row = OperatorRow()
            row.show_node(graph[node_id], self._session.facts)
            row.show_frame(self._session.frame_now, self._session.age.is_old)
            row.clicked.connect(lambda _=False, row=row: self._select(row.node_id))
            self.rows.append(row)
            inside.addWidget(row)
        column.addLayout(inside)

    def _show_both_sides(self) -> None:
        chosen = self._session.view.selection
        if self.both_sides is not None and chosen is not None:
            self.both_sides.show_block(chosen)

    def _update(self, nodes: tuple[str, ...]) -> None:
        graph, facts = self._session.document.graph, self._session.facts
        if self.operator_settings is not None:
            self.operator_settings.show_operators([graph[nodes[0]].operator])
            self._show_insert_or_remove(nodes[0])
        if self.ends is not None:
            self.ends.show_again()
        if self.block_settings is not None:
            self.block_settings.show_blocks(graph, [nodes])
            self._show_both_sides()
        for row, node_id in zip(self.rows, nodes, strict=False):
            row.show_node(graph[node_id], facts)
        for editor, skip in zip(self.skips, shown_skips(self._session, nodes), strict=True):
            editor.show_skip(skip)

    def _select(self, node_id: str) -> None:
        self._session.set_view(selection=node_id)

    def _change_operator(self, setting: str, operators: Sequence[Operator]) -> None:
        node_id = self._nodes()[0]
        graph = self._session.document.graph.with_operator(node_id, operators[0])
        self._change_graph(setting, graph)

    def _change_graph(self, setting: str, graph: Graph) -> None:
        """Another graph by hand; what is typed into one box is one undo."""
        selected, before = self._session.view.selected, self._session.document.graph
        name = setting.partition(" ")[0]  # a drag has its number behind it
        label = setting_step(name, before, graph, selected, self._selected()[0])
        self._edit(label, graph, self._merge_key(setting))

    def _change_skip(self, name: str, graph: Graph) -> None:
        skip, before = self._session.facts.skip(name), self._session.document.graph
        if skip is not None:
            self._edit(skip_step(skip, before, graph), graph, self._merge_key(name))

    def _change_once(self, deed: str, graph: Graph) -> None:
        """Another graph by hand, undone by itself."""
        name, before = self._nodes()[0], self._session.document.graph
        removed = lambda: tr("Remove {name}", name=full_name(name))  # noqa: E731
        label = removed if deed == "remove" else inserted_step(before, graph, name)
        self._edit(label, graph, None)

    def _merge_key(self, setting: str) -> str:
        return f"inspector {' '.join(self._session.view.selected)} {setting}"

    def _edit(self, label: StepName, graph: Graph, merge_key: str | None) -> None:
        edit_graph(self._session, label, graph, merge_key=merge_key)


def _link() -> QPushButton:
    link = QPushButton()
    link.setProperty("role", "link")
    return link
