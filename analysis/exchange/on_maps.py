"""What a recorded call is on feature maps that are laid out another way, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.exchange.aten.call import Reading
from analysis.exchange.layout import Layout
from analysis.operators.contract import Operator

LayoutOf = Callable[[str], Layout]
"""Of a recorded name; raises Foreign where it is no float map that is there."""


@dataclass(frozen=True)
class OnMaps:
    """An operator, the layouts of its inputs, its weights, and how its result is laid out.

    `layout.node` means nothing yet. Without an operator it is another view of the same map.
    """

    operator: Operator | None
    sources: tuple[Layout, ...]
    layout: Layout
    weights: Mapping[str, str] = field(default_factory=dict)


MapReader = Callable[[Reading, LayoutOf], OnMaps]


def same(layout: Layout) -> OnMaps:
    """Another view of the same map."""
    return OnMaps(None, (layout,), layout)


def listed(value: Any) -> list[Any]:
    """One number, or several, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]
