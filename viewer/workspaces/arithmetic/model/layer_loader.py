"""Opens the arithmetic of a layer of the network: its own kernel, the patch around the unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from analysis.inference.protocol.engine import EngineFailure
from viewer.override_guard import Guarded
from viewer.session.arithmetic_layers import layer_in, unit_of
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

if TYPE_CHECKING:
    from analysis.inference.protocol.layer_numbers import LayerNumbers
    from viewer.workspaces.arithmetic.model.scene_model import SceneModel
    from viewer.workspaces.services import Services


class LayerLoader(Guarded, QObject):
    """Asks the engine for the numbers of a layer and shows them as the document's example."""

    def __init__(self, services: Services, model: Callable[[], SceneModel]) -> None:
        """`model` gives the scene of the window's arithmetic, which may not be made yet."""
        super().__init__(services.dialog_parent)
        self._session = services.session
        self._requests = services.requests
        self._model = model
        self._wanted: str | None = None
        services.session.numbersReady.connect(self._answered)

    def show_selected(self) -> None:
        """The arithmetic of the selected layer, or why there is none."""
        session = self._session
        chosen = layer_in(session, session.view.selection)
        if chosen is None:
            self._session.notifications.post(
                tr("Select a convolution or a pooling to see its arithmetic."), "warn"
            )
        else:
            self.show(chosen)

    def show(self, node_id: str, channel: int = 0, unit: tuple[int, ...] | None = None) -> None:
        """The arithmetic of a layer around a unit, of one output channel."""
        session = self._session
        layer = layer_in(session, node_id)
        if layer is None:
            said = tr("This is no convolution or pooling; only those can be taken apart.")
            self._session.notifications.post(said, "warn")
            return
        self._wanted = layer
        self._requests.ask_numbers(layer, unit or unit_of(session, layer), channel)

    def another_channel(self, channel: int) -> None:
        """The same unit of the same layer in another output channel."""
        origin = self._model().example.layer
        if origin is not None:
            self.show(origin[0], channel, origin[1])

    def _answered(self, answer: LayerNumbers | EngineFailure) -> None:
        if isinstance(answer, EngineFailure):
            said = fault_sentence(answer.fault)
            if answer.fault.code == "numbers-no-run":
                self._session.notifications.refuse(said)  # until there is another picture, say
            else:
                self._session.notifications.post(said, "error")
            return
        if answer.layer != self._wanted:
            return
        self._wanted = None
        from analysis.arithmetic.example import Example
        from viewer.text.block_names import full_name
        from viewer.workspaces.arithmetic.model import edits
        from viewer.workspaces.arithmetic.model.view_state import ArithmeticView

        session = self._session
        origin = (answer.layer, answer.unit, answer.channel)
        example = Example.of_layer(answer.case, answer.x, answer.w, answer.b, origin)
        edits.start(session)
        edits.set_view(session, by="output", backward=False)
        edits.show_example(
            self._model(), lambda: tr("Take {name} apart", name=full_name(answer.layer)), example
        )
        session.set_view(workspace=ArithmeticView.key, selection=answer.layer, skip=None)
        step = 0
        for at, length in zip(answer.unit_cell, answer.case.out_size, strict=True):
            step = step * length + at
        edits.set_live(session, step=step, playing=False)
