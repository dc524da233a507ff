"""What is made of a recording: a graph, where its weights come from, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.graph import Graph


@dataclass
class Assembled:
    """A graph, the source of each of its weights by key, and its opaque nodes.

    `unused_parameters` counts the numbers that the model trains and that no operator reads.
    """

    graph: Graph
    weights: dict[str, str] = field(default_factory=dict)
    opaque: tuple[str, ...] = ()
    size_is_fixed: bool = False
    unused_parameters: int = 0
    given: tuple[str, ...] = ()
    """The nodes of further inputs whose values nobody named."""
