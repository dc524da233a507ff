"""`fieldglass convert`: the model as a document or as code, with its weights beside it."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from analysis.faults import Fault
from analysis.storage import path_check
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.note import note
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import weights_line
from viewer.files.file_kinds import kind_of

if TYPE_CHECKING:
    from analysis.storage.blobs import BlobRef, BlobStore


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `convert`."""
    add_common(parser, output="a document (.fieldglass) or PyTorch code (.py)", answers=False)


def run(asked: argparse.Namespace) -> None:
    """Write the document or the code. Raises Refusal."""
    if asked.output is None:
        raise Refusal("convert needs -o OUT.fieldglass or OUT.py.")
    path = Path(asked.output)
    kind = kind_of(path.name)
    if kind not in ("document", "model"):
        raise Refusal(f"convert writes .fieldglass documents and .py code; {path.name} is neither.")
    model = with_weights(open_model(asked), asked)
    if kind == "model":
        _write_code(model, path)
    else:
        _save(model, path)


def _write_code(model: Model, path: Path) -> None:
    """The class, and beside it the weights, if there are any that are not a seed's."""
    from analysis.exchange.torch_code import CodeError, write_code
    from analysis.facts import analyse

    beside = path.with_suffix(".safetensors")
    if model.weights is not None and path_check.exists(beside) and not path_check.exists(path):
        raise Refusal(
            f"{beside.name} is there already and would be replaced: choose another name for -o."
        )
    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        weights = model.weights
        if weights is not None:
            weights = _safetensors(weights, model, Path(folder))
        try:
            lacking = write_code(path, model.graph, analyse(model.graph), model.title, weights)
        except CodeError as error:
            raise Refusal(error.fault, f"{model.called}: {error.node}") from error
    if lacking:
        note(f"{len(lacking)} tensors have no weights and begin as PyTorch initialises them.")
    if model.gates and any(value != 1 for value in model.gates.values()):
        note("The gates of the skips are left out: the code is the network with all of them open.")


def _save(model: Model, path: Path) -> None:
    from analysis.storage.blobs import BlobRef, BlobStore
    from analysis.storage.document import Document, DocumentError
    from analysis.storage.document_file import save

    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        store = BlobStore(Path(folder))
        weights = None
        if model.weights is not None:
            file = _safetensors(model.weights, model, Path(folder))
            weights = BlobRef(store.put(file), "weights.safetensors")
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


def _safetensors(path: Path, model: Model, folder: Path) -> Path:
    """The file, if it is safetensors; of another checkpoint the tensors that fit, as such a file.

    Raises Refusal.
    """
    from analysis.exchange.tensor_file import read_header

    try:
        read_header(path)
    except (OSError, ValueError):
        return _fitted(path, model, folder / "fitted.safetensors")
    return path


def _fitted(path: Path, model: Model, made: Path) -> Path:
    from analysis.facts import analyse
    from analysis.network.checkpoint import WeightsError, fit, read
    from analysis.network.weights import save, wanted

    try:
        entries = read(path)
    except WeightsError as error:
        raise Refusal(error.fault) from error
    names = wanted(model.graph, analyse(model.graph))
    found, report = fit(entries, names)
    if not found:
        raise Refusal(Fault("weights-fit-nothing", (str(path), len(entries), len(names))))
    if not report.whole:
        note(weights_line(report, str(path)))
    save(found, made)
    return made
