"""Images of blocks from inside a training step, made once for each moment of it."""

from __future__ import annotations

from collections.abc import Iterable

from viewer.drawing.network.map_images import MapImage, map_image
from viewer.session.step_maps import StepMaps


class StepImages:
    """The images of the moment that was shown last."""

    def __init__(self) -> None:
        self._maps = StepMaps()
        self._images: dict[str, MapImage] = {}

    def show(self, maps: StepMaps) -> None:
        """Take the pictures of another moment."""
        if maps != self._maps:
            self._maps = maps
            self._images = {layer: map_image(each) for layer, each in maps.pictures.items()}

    def of(self, nodes: Iterable[str]) -> MapImage | None:
        """The image of a block that holds these nodes, in topological order: its last layer's."""
        found = [self._images[node] for node in nodes if node in self._images]
        return found[-1] if found else None
