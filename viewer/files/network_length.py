"""The longest network that the window opens."""

from __future__ import annotations

from analysis.graph import Graph
from analysis.storage.document import DocumentError

MOST_OPERATORS = 20_000
"""Of a network that the window opens; what follows from so many is worked out in a worker."""


def check_length(graph: Graph) -> None:
    """Raises DocumentError for a network that the window would freeze over."""
    if len(graph) > MOST_OPERATORS:
        raise DocumentError("too-many-operators", (len(graph), MOST_OPERATORS))
