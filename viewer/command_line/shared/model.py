"""MODEL on the command line: a blueprint, a document, or code that makes a module."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.facts.shapes import output_shape
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.operators.contract import Shape
from analysis.storage import path_check
from analysis.storage.blobs import BlobRef
from analysis.storage.image_reading import ImageReading
from analysis.storage.regular_file import special_fault
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.files.file_kinds import kind_of

LATER = (".onnx", ".pt2", ".pt", ".pth")
IN_A_FILE = re.compile(r"(.+\.py)(?::([A-Za-z_][\w.]*))?", re.IGNORECASE)
IN_A_MODULE = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)")
WHAT_WORKS = "a blueprint or a preset, a .fieldglass document, file.py:callable or module:callable"


@dataclass(frozen=True)
class Model:
    """A network with its MODEL argument and, if it has any, the file of its trained weights."""

    called: str
    graph: Graph
    title: str
    blueprint: tuple[str, Mapping[str, int | str]] | None = None
    weights: Path | None = None
    """A safetensors file."""
    document: Path | None = None
    """The document it was read from; what lies beside it is looked for when it is needed."""
    trained: BlobRef | None = None
    """The weights that the document names."""
    gates: Mapping[str, float] | None = None
    positions: Mapping[str, tuple[float, float]] | None = None
    off: str = "zero"
    image: BlobRef | None = None
    """The picture that the document names."""
    image_reading: ImageReading = field(default_factory=ImageReading)

    @property
    def input_shape(self) -> Shape:
        """(channels, *spatial) of the first input."""
        answers = [(node.id, output_shape(node.operator, ())) for node in self.graph.inputs]
        for name, answer in answers:
            if isinstance(answer, Fault) and answer.code == "too-large":
                raise Refusal(answer, f"{self.called}: {name}")
        for _, answer in answers:
            if not isinstance(answer, Fault):
                return answer
        for name, answer in answers:
            if isinstance(answer, Fault):
                raise Refusal(answer, f"{self.called}: {name}")
        raise Refusal(f"{self.called} has no input.")


def open_model(asked: argparse.Namespace) -> Model:
    """The network that MODEL names, with `--size`, `--trust` and `--seed`. Raises Refusal."""
    called: str = asked.model
    if kind_of(called) == "document":
        return _document(called, asked.size)
    if Path(called).suffix.lower() in LATER:
        raise Refusal(f"{called}: {Path(called).suffix} is not read: {WHAT_WORKS} works.")
    if found := IN_A_FILE.fullmatch(called):
        return _traced(called, found[1], found[2], asked)
    if (found := IN_A_MODULE.fullmatch(called)) and not _is_blueprint(called):
        return _imported(called, found[1], found[2], asked)
    if path_check.exists(called):
        raise Refusal(f"{called} is no model: {WHAT_WORKS} works.")
    return _blueprint(called, asked.size)


def _is_blueprint(called: str) -> bool:
    from analysis.blueprints import is_known

    return is_known(called.partition(":")[0])


# ------------------------------------------------------------------------------ blueprints


def _blueprint(called: str, size: Shape | None) -> Model:
    from analysis.blueprints import BLUEPRINTS, parse

    read = parse(called)
    if isinstance(read, Fault):
        raise Refusal(read)
    name, settings = read
    if size is None:
        return Model(called, BLUEPRINTS[name].build(settings), name, (name, settings))
    wanted = {"in": size[0], "size": size[1] if len(size) > 1 else 1, "axes": len(size) - 1}
    for setting, value in wanted.items():
        if setting == "axes" and (setting not in settings or not 1 <= value <= 3):
            continue
        checked = BLUEPRINTS[name].read(setting, value)
        if isinstance(checked, Fault):
            raise Refusal(checked, "--size")
        settings[setting] = value
    graph = BLUEPRINTS[name].build(settings)
    sized = with_input(graph, size)
    return Model(called, sized, name, (name, settings) if sized == graph else None)


def with_input(graph: Graph, size: Shape) -> Graph:
    """The graph for an input of that shape, in as many dimensions. Raises Refusal."""
    from analysis.graph.spatial_axes import with_spatial_axes
    from analysis.operators import Input

    axes = len(size) - 1
    for node in graph.inputs:
        operator = node.operator
        if not isinstance(operator, Input):
            continue
        if len(operator.size) != axes:
            spread = with_spatial_axes(graph, axes) if axes else Fault("needs-spatial", (0,))
            if isinstance(spread, Fault):
                raise Refusal(spread, "--size")
            graph = spread
        graph = graph.with_operator(node.id, Input(size[0], size[1:]))
    return graph


# ------------------------------------------------------------------------------- documents


def _document(called: str, size: Shape | None) -> Model:
    from analysis.storage.document import DocumentError, from_json
    from analysis.storage.document_file import read

    path = Path(called)
    try:
        document, _ = from_json(read(path))
    except DocumentError as error:
        of_the_file = error.code in (
            "missing-file",
            "cannot-read",
            "not-a-file",
        )  # these name it themselves
        where = "" if of_the_file else f"{called}: {error.where}" if error.where else called
        raise Refusal(error.fault, where) from error
    if not document.graph.nodes:
        raise Refusal(f"{called} is a document without layers.")
    graph = document.graph if size is None else with_input(document.graph, size)
    return Model(
        called,
        graph,
        document.title or path.stem,
        document.blueprint if graph == document.graph else None,
        document=path,
        trained=document.weights,
        gates=document.gates,
        positions=document.positions,
        off=document.off,
        image=document.image,
        image_reading=document.image_reading,
    )


# ------------------------------------------------------------------------------------ code


def _traced(called: str, file: str, name: str | None, asked: argparse.Namespace) -> Model:
    if special := special_fault(file):
        raise Refusal(special)
    if not path_check.is_file(file):
        raise Refusal(Fault("model-not-found", (file,)))
    _must_be_trusted(asked, file)
    from analysis.exchange.torch_module import TraceError, trace

    try:
        with waiting(f"Reading {Path(file).name}"):
            traced = trace(Path(file), name, asked.size, seed=asked.seed or 0)
    except TraceError as error:
        raise Refusal(error.fault) from error
    return Model(called, traced.graph, traced.name, weights=traced.weights)


def _imported(called: str, module: str, name: str, asked: argparse.Namespace) -> Model:
    _must_be_trusted(asked, module)
    from analysis.exchange.torch_module import TraceError, trace_importable

    try:
        with waiting(f"Reading {module}"):
            traced = trace_importable(module, name, asked.size, seed=asked.seed or 0)
    except TraceError as error:
        raise Refusal(error.fault) from error
    return Model(called, traced.graph, traced.name, weights=traced.weights)


def _must_be_trusted(asked: argparse.Namespace, what: str) -> None:
    if not asked.trust:
        raise Refusal(f"Opening {what} runs its code. Add --trust if you trust it.")


def with_weights(model: Model, asked: argparse.Namespace) -> Model:
    """The model with the file of `--weights`, or the one beside its document, which has its hash.

    Raises Refusal where that is missing or damaged and no `--seed` says to run untrained.
    """
    if asked.weights is not None:
        path = Path(asked.weights)
        if special := special_fault(path):
            raise Refusal(special)
        if not path_check.is_file(path):
            raise Refusal(Fault("weights-missing", (asked.weights,)))
        return replace(model, weights=path)
    if model.trained is None or model.document is None:
        return model
    from analysis.storage.document_file import find_beside

    found = find_beside("weights", model.trained, model.document)
    if not isinstance(found, Fault):
        return replace(model, weights=found)
    if asked.seed is not None:
        return model
    from viewer.text.fault_sentences import fault_sentence

    raise Refusal(
        f"{fault_sentence(found)} Put the right file beside the document, or name other weights, "
        "or give a --seed to run untrained."
    )
