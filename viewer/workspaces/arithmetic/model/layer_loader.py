"""Opens the arithmetic of a layer of the network: its own kernel, the patch around the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from analysis.inference.protocol.engine import EngineFailure
from viewer.override_guard import Guarded
from viewer.session.arithmetic_layers import layer_in, unit_of
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

if TYPE_CHECKING:
    from analysis.inference.protocol.layer_numbers import LayerNumbers
    from viewer.shell.window import Window


class LayerLoader(Guarded, QObject):
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
        origin = self._window.arithmetic.model.example.layer
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
            window.arithmetic.model, tr("Take {name} apart", name=full_name(answer.layer)), example
        )
        window.session.set_view(workspace="arithmetic", selection=answer.layer, skip=None)
        step = 0
        for at, length in zip(answer.unit_cell, answer.case.out_size, strict=True):
            step = step * length + at
        edits.set_live(window.session, step=step, playing=False)
