"""A way out of a fault: a graph without it, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.graph import Graph


@dataclass(frozen=True)
class Repair:
    """One way out: `code` and `numbers` make the words of its button, `graph` is the result.

    Codes: `use-input-size` (size), `add-crop` and `add-pad` (source, size, pixels by axis),
    `add-crops` and `add-pads` (join, pixels by axis, and so on for each join), `add-upsample` and
    `add-pool` (sources, times by axis), `add-projection` (source, channels), `add-flatten` (),
    `remove` (node), `use-setting` (setting, value, and so on for each setting).
    """

    code: str
    numbers: tuple[Any, ...]
    graph: Graph
