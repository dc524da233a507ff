"""What the panels of Arithmetic share; made, and its code loaded, when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.shell.window import Window
    from viewer.workspaces.arithmetic.model.layer_loader import LayerLoader
    from viewer.workspaces.arithmetic.model.player import Player
    from viewer.workspaces.arithmetic.model.scene_model import SceneModel


class ArithmeticParts:
    """One for each window."""

    def __init__(self, window: Window) -> None:
        self._window = window

    @cached_property
    def model(self) -> SceneModel:
        """The scene and what is lit of it."""
        from viewer.workspaces.arithmetic.model.scene_model import SceneModel

        return SceneModel(self._window.session, self._window)

    @cached_property
    def player(self) -> Player:
        """Its time."""
        from viewer.workspaces.arithmetic.model.player import Player

        return Player(self.model, self._window)

    @cached_property
    def layers(self) -> LayerLoader:
        """Takes layers of the network apart."""
        from viewer.workspaces.arithmetic.model.layer_loader import LayerLoader

        return LayerLoader(self._window)

    def toggle(self) -> None:
        """Play or pause, where the arithmetic is shown."""
        if self._shown:
            self.player.toggle()

    def forward(self) -> None:
        """One step on, where the arithmetic is shown."""
        if self._shown:
            self.player.forward()

    def back(self) -> None:
        """One step back, where the arithmetic is shown."""
        if self._shown:
            self.player.back()

    @property
    def _shown(self) -> bool:
        return self._window.session.view.workspace == "arithmetic"

    def load(self) -> Iterator[object]:
        """Load what the panels need, a piece for each item taken: all at once would be felt."""
        for name in ("analysis.arithmetic.example", "viewer.drawing.arithmetic"):
            yield import_module(name)
        yield self.player

    def take_apart(self, name: str) -> None:
        """Show the arithmetic of a block or an operator."""
        self.layers.show(name)

    def show_channel(self, channel: int) -> None:
        """Show another output channel, from 0, of the layer that is taken apart."""
        self.layers.another_channel(channel)

    def take_selected_apart(self) -> None:
        """Show the arithmetic of what is selected, or say what to select."""
        self.layers.show_selected()
