"""Put an operator behind the selected one, or take the selected one out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from analysis.blueprints.assembly import activation, norm
from analysis.graph import Graph, Node
from analysis.operators import Convolution, Dropout, nonlinearities, same_padding
from analysis.operators.contract import Operator, Shape
from viewer.controls.leaving_button import LeavingButton
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.operator_names import operator_name
from viewer.text.translation import mark, say
from viewer.workspaces.build.inspector.block_edits import put_behind

NORMS = ("batch", "instance", "group")
STEMS = {"conv": "conv", "norm": "norm", "act": "act"}
Change = Callable[[str, Graph], None]


def candidates(shape: Shape) -> list[Operator]:
    """Operators that take a map of this shape and keep it, so that what follows still fits."""
    kernel = (3,) * (len(shape) - 1)
    found: list[Operator] = []
    if kernel:
        padding = same_padding(kernel, (1,) * len(kernel))
        found.append(Convolution(channels=shape[0], kernel=kernel, padding=padding))
        found += [made for kind in NORMS if (made := norm(kind, shape[0])) is not None]
    return [*found, *(activation(key) for key in nonlinearities()), Dropout()]


def inserted(graph: Graph, node_id: str, operator: Operator) -> Graph:
    """The graph with `operator` behind the node, named after its kind in the same block."""
    block, dot, _ = node_id.rpartition(".")
    stem = STEMS.get(operator.family, operator.key)
    if operator.key == "dropout":
        stem = "dropout"
    numbered = (f"{block}{dot}{stem}{number}" for number in count(1))
    unused = next(name for name in numbered if not graph.is_named(name))
    return put_behind(graph, node_id, unused, operator)


class InsertOrRemove(Guarded, QWidget):
    """A menu of what may follow the operator, and a button that takes it out."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self._change = change
        self._graph: Graph | None = None
        self._node: Node | None = None
        self._shape: Shape | None = None
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.insert = QPushButton(icon("plus", "text"), "")
        self.insert.setProperty("role", "menu")
        self.insert.setMenu(self.menu)
        self.remove = LeavingButton()
        self.remove.setIcon(icon("trash", "text"))
        self.remove.clicked.connect(self._remove)
        say(self, self.insert.setText, mark("Insert after"))
        say(self, self.remove.setText, mark("Remove"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.insert, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)

    def show_node(self, graph: Graph, node: Node, shape: Shape | None) -> None:
        """Offer what can be done behind and to this node."""
        self._graph, self._node, self._shape = graph, node, shape
        self.insert.setVisible(node.operator.key != "output" and shape is not None)
        self.remove.setVisible(node.operator.family != "end")

    def _fill(self) -> None:
        self.menu.clear()
        for operator in candidates(self._shape) if self._shape is not None else ():
            sign = icon(operator.icon, operator.family)
            action = self.menu.addAction(sign, operator_name(operator))
            action.triggered.connect(lambda _=False, made=operator: self._insert(made))

    def _insert(self, operator: Operator) -> None:
        if self._graph is not None and self._node is not None:
            self._change("insert", inserted(self._graph, self._node.id, operator))

    def _remove(self) -> None:
        if self._graph is not None and self._node is not None:
            self._change("remove", self._graph.without(self._node.id))
