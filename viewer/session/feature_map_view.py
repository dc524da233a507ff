"""How feature maps are looked at: their order, colours, and the channel that is shown large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, cast, get_args

Order = Literal["index", "energy", "variance", "share"]
Beside = Literal["field", "open", "layer", "image", "components", "kernels", "filter", "none"]


@dataclass(frozen=True)
class FeatureMapView:
    """What Live keeps of the feature maps with the view; the channels are in `ViewState`."""

    key: ClassVar[str] = "feature_maps"
    large: bool = False
    """Whether one channel is shown large."""
    order: Order = "index"
    colors: str = "ink"
    """Key of a row of `analysis.inference.colors.maps`."""
    beside: Beside = "field"
    """What stands beside the large channel: the input with the field of the unit pointed at, the
    channel with all gates open, another layer, another image, components, kernels, what a filter
    made by hand gives of the input, or nothing."""
    other_layer: str = ""
    """The node of the layer beside."""
    filter: str = "closest"
    """Key of the hand-made filter beside, or the one that is most like the channel."""

    def to_plain(self) -> Mapping[str, Any]:
        """As JSON values."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_plain(cls, plain: object) -> FeatureMapView:
        """From JSON values; what is missing or of another kind falls back to the default."""
        held = plain if isinstance(plain, dict) else {}
        start = cls()
        order, beside = held.get("order"), held.get("beside")
        colors, layer = held.get("colors"), held.get("other_layer")
        filtered = held.get("filter")
        return cls(
            large=held.get("large") is True,
            order=cast(Order, order) if order in get_args(Order) else start.order,
            colors=colors if isinstance(colors, str) else start.colors,
            beside=cast(Beside, beside) if beside in get_args(Beside) else start.beside,
            other_layer=layer if isinstance(layer, str) else start.other_layer,
            filter=filtered if isinstance(filtered, str) else start.filter,
        )


@dataclass(frozen=True)
class OtherImage:
    """The picture that a channel is compared on: its file and its hash. It is never saved."""

    path: str = ""
    hash: str = ""
    name: str = ""
