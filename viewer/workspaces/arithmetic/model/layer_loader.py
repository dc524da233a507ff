"""Opens the arithmetic of a layer of the network: its own kernel, the patch around the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from analysis.inference.protocol.runs import EngineFailure
from viewer.session import Session
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

if TYPE_CHECKING:
    from analysis.inference.protocol.runs import LayerNumbers
    from viewer.shell.window import Window


def takes_apart(session: Session, node_id: str) -> bool:
    """Whether a node is a convolution or pooling whose numbers can be shown."""
    from analysis.arithmetic.layer import layer_of
    from analysis.operators.contract import Fault

    graph, shapes = session.document.graph, session.shapes
    if node_id not in graph or node_id not in shapes:
        return False
    node = graph[node_id]
    before = shapes.get(node.inputs[0]) if node.inputs else None
    return before is not None and not isinstance(layer_of(node.id, node.operator, before), Fault)


def layers(session: Session) -> tuple[str, ...]:
    """Every node that can be taken apart, in the order of the graph."""
    return tuple(n.id for n in session.document.graph.nodes if takes_apart(session, n.id))


def layer_in(session: Session, name: str | None) -> str | None:
    """The node meant by a block or an operator: itself, else the first in it that will do."""
    if name is None:
        return None
    block = next((each for each in session.blocks if each.id == name), None)
    nodes = (name,) if block is None else block.nodes
    return next((node for node in nodes if takes_apart(session, node)), None)


def unit_of(session: Session, node_id: str) -> tuple[int, ...]:
    """Where the pinned unit lies in this layer's map; the middle where none is pinned."""
    size = session.shapes[node_id][1:]
    pin = session.view.pin
    shape = session.shapes.get(pin.layer) if pin is not None else None
    if pin is None or shape is None or len(shape) != len(size) + 1 or len(size) != 2:
        return tuple(length // 2 for length in size)
    place = (pin.y + pin.rows // 2, pin.x + pin.columns // 2)
    return tuple(at * new // old for at, new, old in zip(place, size, shape[1:], strict=True))


class LayerArithmetic(QObject):
    """Asks the engine for the numbers of a layer and shows them as the document's example."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._wanted: str | None = None
        window.session.numbersReady.connect(self._answered)

    def show_selected(self) -> None:
        """The arithmetic of the selected layer, or why there is none."""
        session = self._window.session
        chosen = layer_in(session, session.view.selection)
        if chosen is None:
            self._window.notice.tell(
                tr("Select a convolution or a pooling to see its arithmetic."), "warn"
            )
        else:
            self.show(chosen)

    def show(self, node_id: str, channel: int = 0, unit: tuple[int, ...] | None = None) -> None:
        """The arithmetic of a layer around a unit, of one output channel."""
        session = self._window.session
        layer = layer_in(session, node_id)
        if layer is None:
            said = tr("This is no convolution or pooling; only those can be taken apart.")
            self._window.notice.tell(said, "warn")
            return
        self._wanted = layer
        self._window.loop.ask_numbers(layer, unit or unit_of(session, layer), channel)

    def another_channel(self, channel: int) -> None:
        """The same unit of the same layer in another output channel."""
        origin = self._window.arithmetic.bench.example.layer
        if origin is not None:
            self.show(origin[0], channel, origin[1])

    def _answered(self, answer: LayerNumbers | EngineFailure) -> None:
        if isinstance(answer, EngineFailure):
            self._window.notice.tell(fault_sentence(answer.fault), "error")
            return
        if answer.layer != self._wanted:
            return
        self._wanted = None
        from analysis.arithmetic.example import Example
        from viewer.text.operator_names import full_name
        from viewer.workspaces.arithmetic.model import edits

        window = self._window
        origin = (answer.layer, answer.unit, answer.channel)
        example = Example.of_layer(answer.case, answer.x, answer.w, answer.b, origin)
        edits.start(window.session)
        edits.set_view(window.session, by="output", backward=False)
        edits.show_example(
            window.arithmetic.bench, tr("Take {name} apart", name=full_name(answer.layer)), example
        )
        window.session.set_view(workspace="arithmetic", selection=answer.layer, skip=None)
        step = 0
        for at, length in zip(answer.unit_cell, answer.case.out_size, strict=True):
            step = step * length + at
        edits.set_live(window.session, step=step, playing=False)
