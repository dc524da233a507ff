"""`fieldglass convert`: the model as a document with its weights beside it."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from analysis.faults import Fault
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.storage.blobs import BlobRef, BlobStore


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `convert`."""
    add_common(parser, output="the document: .fieldglass", answers=False)


def run(asked: argparse.Namespace) -> None:
    """Write the document. Raises Refusal."""
    if asked.output is None:
        raise Refusal("convert needs -o OUT.fieldglass.")
    path = Path(asked.output)
    if path.suffix.lower() != ".fieldglass":
        raise Refusal(f"convert writes .fieldglass documents; {path.name} is none.")
    _save(with_weights(open_model(asked), asked), path)


def _save(model: Model, path: Path) -> None:
    from analysis.storage.blobs import BlobRef, BlobStore
    from analysis.storage.document import Document, DocumentError
    from analysis.storage.document_file import save

    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        store = BlobStore(Path(folder))
        weights = None
        if model.weights is not None:
            weights = BlobRef(store.put(_checked(model.weights)), "weights.safetensors")
        if model.image is not None and model.document is not None:
            _keep_image(model.image, model.document, store)
        document = Document(
            graph=model.graph,
            blueprint=model.blueprint,
            positions=model.positions or {},
            gates=model.gates or {},
            weights=weights,
            image=model.image,
            image_reading=model.image_reading,
            off=cast(Any, model.off),
            title=model.title,
        )
        try:
            save(path, document, {}, store, without_blobs=True)
        except DocumentError as error:
            raise Refusal(error.fault) from error


def _keep_image(image: BlobRef, document: Path, store: BlobStore) -> None:
    """The picture goes along; one that is missing or altered stays named."""
    from analysis.storage.document_file import find_beside

    found = find_beside("image", image, document)
    if not isinstance(found, Fault):
        with contextlib.suppress(OSError):
            store.put(found)


def _checked(path: Path) -> Path:
    """The file, if it is safetensors that can be read."""
    from analysis.exchange.tensor_file import read_header

    try:
        read_header(path)
    except (OSError, ValueError) as error:
        raise Refusal(Fault("weights-unreadable", (str(path),))) from error
    return path
