"""Reads a model that is Python code, on a worker: as it was trusted, and in no other state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from analysis.exchange import tensor_file
from analysis.storage.blobs import BlobRef, BlobStore, hash_file
from analysis.storage.document import Document
from viewer.files.network_length import MOST_CALLS, check_length
from viewer.session.arrangement import Arrangement, arranged

if TYPE_CHECKING:
    from analysis.exchange.torch_module import Traced

EXAMPLE = (3, 256, 256)
"""The shape in which the window's image decides for a model that decides by values."""

OF_THE_SIZE = ("model-size", "model-arguments", "model-export")
"""How the codes of faults begin that another size of input may mend."""


@dataclass(frozen=True)
class Wanted:
    """A file as it was when somebody trusted it (its SHA-256), and what of it is to be opened."""

    path: str
    hash: str
    call: str | None = None
    one_path: bool = False


class FileChangedError(Exception):
    """Raised where a file is no longer the one that was trusted."""


@dataclass(frozen=True)
class CodeRead:
    """What a worker made of a model: graph, weights in the store, skips, and how it looks."""

    traced: Traced
    weights: BlobRef
    skips: frozenset[str]
    arrangement: Arrangement
    """Of the graph as it is shown at first."""
    types: tuple[str, ...]
    """In which types but float32 the weights are kept."""


def read_code(
    wanted: Wanted,
    store: BlobStore,
    document: Document,
    size: tuple[int, ...] | None,
    cancelled: Event,
) -> CodeRead:
    """Run a model's file in a process of its own; what it makes.

    `size` is the input to read it for, where it takes that; the image of `document` decides where
    the model decides by values. Raises FileChangedError, TraceError, DocumentError, OSError.
    """
    if hash_file(Path(wanted.path)) != wanted.hash:
        raise FileChangedError
    traced = _traced(wanted, store, document, size, cancelled)
    check_length(traced.graph)
    name = f"{Path(wanted.path).stem}.safetensors"
    shown = arranged(Document(graph=traced.graph), False, frozenset())
    skips = frozenset(each.name for each in shown.facts.skips)
    types = tensor_file.float_types(traced.weights)
    return CodeRead(traced, BlobRef(store.put(traced.weights), name), skips, shown, types)


def _traced(
    wanted: Wanted,
    store: BlobStore,
    document: Document,
    size: tuple[int, ...] | None,
    cancelled: Event,
) -> Traced:
    from analysis.exchange.torch_module import Choosing, TraceError, trace

    picture = None
    if wanted.one_path and document.image is not None:
        from analysis.inference.network_input import as_input
        from analysis.inference.source_file import read_image

        decoded = read_image(
            store.path(document.image.hash), document.image_reading, EXAMPLE[1:], cancelled.is_set
        )
        picture = as_input(decoded, EXAMPLE)
    choosing = Choosing(wanted.call, wanted.one_path, picture, MOST_CALLS)
    try:
        return trace(Path(wanted.path), choosing, size, cancelled)
    except TraceError as error:
        if size is None or not error.fault.code.startswith(OF_THE_SIZE):
            raise
        return trace(Path(wanted.path), choosing, None, cancelled)
