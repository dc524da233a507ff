"""Sentences of faults of tiled prediction: why tiles would not give what the whole does."""

from __future__ import annotations

from collections.abc import Mapping

from viewer.text.translation import mark

SENTENCES: Mapping[str, str] = {
    "tiles-statistics": mark(
        "{node} measures statistics over the whole map, so tiles would give something else. "
        "Batch norm instead works, or a smaller picture at once."
    ),
    "tiles-whole": mark(
        "{node} reads the whole map, so tiles would give something else. "
        "A smaller picture at once works."
    ),
    "tiles-circular": mark(
        "{node} pads with the other side of the map, which no tile holds. Zero padding works."
    ),
    "tiles-unknown": mark(
        "What {node} reads is not known, so no margin is sure. A smaller picture at once works."
    ),
    "tiles-no-period": mark(
        "What {node} reads follows no pattern that repeats, so tiles cannot be set on it. "
        "A smaller picture at once works."
    ),
    "tiles-fixed": mark(
        "{node} is made for one input size, so tiles of another would give something else."
    ),
    "tiles-one-size": mark("The network was read at {size} and takes no other size."),
    "tiles-no-map": mark("{node} makes no map, so there is nothing to put together of tiles."),
    "tiles-inputs": mark(
        "Tiles are cut from one picture or volume, and this network has another kind of input."
    ),
    "tiles-gates": mark(
        "A closed skip that carries its {off} depends on the whole map. Off as zero works in tiles."
    ),
    "save-overtaken": mark("The output was not saved: its run was given up or begun anew."),
    "cancel-too-late": mark("The output was already saved when that was cancelled."),
    "tiles-too-large": mark(
        "The picture and its output need {bytes_needed} of memory, {bytes_available} are free. "
        "A smaller picture works."
    ),
}
