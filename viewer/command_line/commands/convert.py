"""`fieldglass convert`: the model as a document or as code, with its weights beside it."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from analysis.faults import Fault
from analysis.storage import path_check
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.note import note
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import weights_line
from viewer.files.file_kinds import DOCUMENT, MODEL, NETWORK, PROGRAM, WEIGHTS

if TYPE_CHECKING:
    from analysis.facts import Facts
    from analysis.storage.blobs import BlobRef, BlobStore


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `convert`."""
    add_common(
        parser,
        output="a document (.fieldglass), PyTorch code (.py), an ONNX file (.onnx), a program of "
        "torch.export (.pt2) or weights (.safetensors)",
        answers=False,
    )


def run(asked: argparse.Namespace) -> None:
    """Write the document or the code. Raises Refusal."""
    if asked.output is None:
        raise Refusal(
            "convert needs -o OUT.fieldglass, OUT.py, OUT.onnx, OUT.pt2 or OUT.safetensors."
        )
    path = Path(asked.output)
    ending = path.suffix.lower()
    if ending not in (DOCUMENT, MODEL, NETWORK, PROGRAM, WEIGHTS[0]):
        raise Refusal(
            "convert writes .fieldglass documents, .py code, .onnx files, .pt2 programs and "
            f".safetensors weights; {path.name} is none of them."
        )
    model = with_weights(open_model(asked), asked)
    if ending == WEIGHTS[0]:
        _write_weights(model, path, asked.seed)
    elif ending == MODEL:
        _write_code(model, path)
    elif ending == DOCUMENT:
        _save(model, path)
    else:
        write = _write_onnx if ending == NETWORK else _write_program
        _write_network(model, path, asked.seed, write)


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


def _write_network(
    model: Model, path: Path, seed: int | None, write: Callable[[Model, Facts, Path, Path], bool]
) -> None:
    """A file that runs elsewhere; a network without trained weights gets those of the seed.

    `write` says whether the file takes images of other sizes too.
    """
    from analysis.exchange import onnx_file, program_file
    from analysis.facts import analyse

    facts = analyse(model.graph)
    try:
        (onnx_file if write is _write_onnx else program_file).check(model.graph, facts)
        with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
            if model.weights is not None:
                weights = _safetensors(model.weights, model, Path(folder))
            else:
                weights = _initial(model, seed or 0, Path(folder) / "initial.safetensors")
            free = write(model, facts, path, weights)
    except (onnx_file.OnnxError, program_file.ProgramError) as error:
        where = f"{model.called}: {error.node}" if error.node else model.called
        raise Refusal(error.fault, where) from error
    kinds = ("input", "given")
    taken = [node.id for kind in kinds for node in model.graph.nodes if node.operator.key == kind]
    if len(taken) > 1:
        note(f"The file takes {', '.join(taken)}, in this order.")
    if not free:
        size = " × ".join(map(str, model.input_shape))
        note(f"The file takes images of {size} only: a layer holds for that size.")
    if model.gates and any(value != 1 for value in model.gates.values()):
        note("The gates of the skips are left out: the file is the network with all of them open.")


def _write_onnx(model: Model, facts: Facts, path: Path, weights: Path) -> bool:
    from analysis.exchange.onnx_file import write_onnx

    return write_onnx(path, model.graph, facts, weights, model.title)


def _write_program(model: Model, facts: Facts, path: Path, weights: Path) -> bool:
    from analysis.exchange.program_file import write_program

    taken = write_program(path, model.graph, facts, weights)
    if not taken.batch:
        note("The file takes one image at a time.")
    return taken.size


def _write_weights(model: Model, path: Path, seed: int | None) -> None:
    """The tensors that the network reads, by the names that its own file gives them."""
    from analysis.exchange import tensor_file
    from analysis.exchange.torch_code import wanted
    from analysis.facts import analyse
    from analysis.storage import atomic_file

    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        if model.weights is not None:
            weights = _safetensors(model.weights, model, Path(folder))
        else:
            weights = _initial(model, seed or 0, Path(folder) / "initial.safetensors")
        held = tensor_file.read_header(weights)
        keys = [key for key in wanted(model.graph, analyse(model.graph)) if key in held]
        atomic_file.write(path, tensor_file.renamed(weights, dict(zip(keys, keys, strict=True))))


def _initial(model: Model, seed: int, made: Path) -> Path:
    from analysis.facts import analyse
    from analysis.network.weights import initial, save

    save(initial(model.graph, analyse(model.graph), seed), made)
    note(f"The network is untrained: its weights are those of --seed {seed}.")
    return made


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
            unused_parameters=model.unused_parameters,
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
    names = wanted(analyse(model.graph))
    found, report = fit(entries, names)
    if not found:
        raise Refusal(Fault("weights-fit-nothing", (str(path), len(entries), len(names))))
    if not report.whole:
        note(weights_line(report, str(path)))
    save(found, made)
    return made
