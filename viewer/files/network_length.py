"""The longest network that the window opens."""

from __future__ import annotations

from pathlib import Path

from analysis.graph import Graph
from analysis.storage import document_file
from analysis.storage.blobs import BlobStore
from analysis.storage.document import DocumentError
from analysis.storage.document_file import Opened

MOST_OPERATORS = 20_000
"""Of a network that the window opens; what follows from so many is worked out in a worker."""
MOST_CALLS = 5 * MOST_OPERATORS
"""Of torch in the forward of a model: many of them only rearrange and leave no operator."""


def check_length(graph: Graph) -> None:
    """Raises DocumentError for a network that the window would freeze over."""
    if len(graph) > MOST_OPERATORS:
        raise DocumentError("too-many-operators", (len(graph), MOST_OPERATORS))


def load(path: Path, store: BlobStore) -> Opened:
    """Open a document that the window can show; raises DocumentError, as soon as it can tell."""
    return document_file.load(path, store, MOST_OPERATORS)
