"""Reports which tensors of a weights file a network took, missed, or could not use."""

from __future__ import annotations

from dataclasses import dataclass

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WeightsReport:
    """How a file's tensors fit a network that wants `wanted` of them; names are the network's.

    `unexpected` are names of the file, of tensors that lie beside those that were loaded.
    `other_shape` holds (name, shape in the file, shape that is wanted). `prefix` is what was taken
    off the names in the file, with the dictionaries that hold them. `types` are those of the loaded
    floating point tensors that are not float32, as torch calls them; the file keeps them, and the
    network runs in float32. `cuts` are the nodes whose fixed numbers cut paths as the network was
    not known to. `stale` are tensors that were computed of others as the model was read, and could
    not be computed anew of those of the file. `norms` counts the file's batch norms where the
    network has none: exporters fold them into the convolutions before.
    """

    wanted: int
    loaded: int
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    other_shape: tuple[tuple[str, Shape, Shape], ...] = ()
    prefix: str = ""
    types: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    norms: int = 0

    @property
    def whole(self) -> bool:
        """Whether every tensor was found and none was left over."""
        return self.loaded == self.wanted and not self.unexpected and not self.stale
