"""The input's size of a network that no blueprint describes: it can still be changed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from analysis.operators import Input
from viewer.controls import Field, SizeBox
from viewer.session import Session
from viewer.session.edits.graph_edit import edit_graph
from viewer.text.blueprint_names import HINTS, SETTINGS
from viewer.text.number_format import times
from viewer.text.translation import say, tr

LARGEST = 8192


class InputSize(Field):
    """Height × width of the first input; hidden where there is none of two axes."""

    def __init__(self, session: Session, width: int) -> None:
        self._session = session
        self.box = SizeBox((1, 1), 1, LARGEST, 16, tracking=False)
        super().__init__(SETTINGS["size"], self.box, width)
        say(self, self.setToolTip, HINTS["size"])
        self.box.valueChanged.connect(self._set)

    def show_size(self, wanted: bool) -> None:
        """Show the size as it is in the graph, where it is wanted."""
        operator = self._input()
        self.setVisible(wanted and operator is not None)
        if operator is not None:
            self.box.set_value(operator.size)

    def _input(self) -> Input | None:
        inputs = self._session.document.graph.inputs
        operator = inputs[0].operator if inputs else None
        return operator if isinstance(operator, Input) and len(operator.size) == 2 else None

    def _set(self, size: object) -> None:
        operator, graph = self._input(), self._session.document.graph
        if operator is None or not isinstance(size, tuple):
            return
        made = graph.with_operator(graph.inputs[0].id, replace(operator, size=size))
        edit_graph(self._session, partial(size_step, size), made)


def size_step(size: tuple[int, ...]) -> str:
    """What the step is called that gives the input a size."""
    return tr("Input size: {size}", size=times(size))
