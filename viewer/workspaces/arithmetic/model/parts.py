"""Objects shared by the panels of Arithmetic; made and loaded when first needed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.workspaces.arithmetic.model.layer_loader import LayerLoader
    from viewer.workspaces.arithmetic.model.player import Player
    from viewer.workspaces.arithmetic.model.scene_model import SceneModel
    from viewer.workspaces.services import Services


class ArithmeticParts:
    """What the panels of Arithmetic share, one for each window."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @cached_property
    def model(self) -> SceneModel:
        """The scene and what is lit of it."""
        from viewer.workspaces.arithmetic.model.scene_model import SceneModel

        return SceneModel(self._services.session, self._services.dialog_parent)

    @cached_property
    def player(self) -> Player:
        """Its time."""
        from viewer.workspaces.arithmetic.model.player import Player

        return Player(self.model, self._services.dialog_parent)

    @cached_property
    def layers(self) -> LayerLoader:
        """Takes layers of the network apart."""
        from viewer.workspaces.arithmetic.model.layer_loader import LayerLoader

        return LayerLoader(self._services, lambda: self.model)

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
        return self.model.is_shown

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
