"""MODEL on the command line: a blueprint, a document, or code that makes a module."""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.facts.shapes import output_shape
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.held_plans import holds_plans, plans_in
from analysis.operators.contract import Shape
from analysis.storage import path_check
from analysis.storage.blobs import BlobRef
from analysis.storage.cut_off import lacks_end
from analysis.storage.image_reading import ImageReading
from analysis.storage.regular_file import special_fault
from viewer.command_line.shared.given_inputs import note_assumed, with_given, with_pictures
from viewer.command_line.shared.image_options import example_picture
from viewer.command_line.shared.note import note
from viewer.command_line.shared.over_opened import own_weights, written_over
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.sentence import sentence
from viewer.files.file_kinds import ARCHIVES, is_torchscript, kind_of
from viewer.files.model_remarks import folded_remark

if TYPE_CHECKING:
    from analysis.exchange.torch_module import Choosing, Traced

LATER = (".pt", ".pth")
IN_A_FILE = re.compile(r"(.+?\.py)(?::(.+))?", re.IGNORECASE | re.DOTALL)
"""A file, with the name of what makes the model, or a call of it, behind a colon."""
IN_PLANS = re.compile(r"(.+?\.json)(?::(.+))?", re.IGNORECASE | re.DOTALL)
"""Plans of nnU-Net, with the name of a configuration behind a colon."""
IN_A_MODULE = re.compile(r"([A-Za-z_][\w.]*):([A-Za-z_][\w.]*(?:\s*\(.*\))?)", re.DOTALL)
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
WHAT_WORKS = (
    "a blueprint or a preset, a .fieldglass document, a .onnx or .pt2 file, a TorchScript archive, "
    "nnU-Net's plans.json, file.py:callable or module:callable"
)


@dataclass(frozen=True)
class Model:
    """A network with its MODEL argument and, if it has any, the file of its trained weights."""

    called: str
    graph: Graph
    title: str
    blueprint: tuple[str, Mapping[str, int | str]] | None = None
    weights: Path | None = None
    """A safetensors file."""
    weights_named: str = ""
    """The file that somebody named, where `weights` was made of it."""
    document: Path | None = None
    """The document it was read from; what lies beside it is looked for when it is needed."""
    trained: BlobRef | None = None
    """The weights that the document names."""
    gates: Mapping[str, float] | None = None
    positions: Mapping[str, tuple[float, float]] | None = None
    view: Mapping[str, Any] | None = None
    """What was looked at when the document was saved, as it is written there."""
    off: str = "zero"
    image: BlobRef | None = None
    """The picture that the document names."""
    unused_parameters: int = 0
    """What the module trains and no operator reads."""
    image_reading: ImageReading = field(default_factory=ImageReading)
    ignored: tuple[str, ...] = ()
    """The keys of the review's findings that the document wants to hear of no more."""
    decided: tuple[tuple[str, int], ...] = ()
    """The lines at which a traced forward decided by values: it is the one path that it took."""
    norms_folded: int = 0
    """The batch norms that an ONNX file holds as part of its convolutions."""

    @property
    def weights_called(self) -> str:
        """The file of the weights as remarks name it."""
        return self.weights_named or str(self.weights)

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
    if ADDRESS.match(called):
        raise Refusal(f"{called} is an address; nothing is fetched. Download it and name the file.")
    if kind_of(called) == "document":
        return _with_given(_document(called, asked.size), asked)
    if kind_of(called) == "network":
        return _traced(called, called, None, asked)
    if Path(called).suffix.lower() in ARCHIVES or is_torchscript(called):
        return _traced(called, called, None, asked)
    if holds_plans(called):
        return _planned_inside(called, asked.size)
    if Path(called).suffix.lower() in LATER:
        with suppress(OSError):  # of one that cannot be read no more is known than its ending
            if path_check.is_file(called) and lacks_end(Path(called)):
                raise Refusal(Fault("weights-cut-off", (called,)))
        raise Refusal(f"{called}: {Path(called).suffix} is not read: {WHAT_WORKS} works.")
    if (found := IN_PLANS.fullmatch(called)) and kind_of(found[1]) == "plans":
        return _planned(called, Path(found[1]), found[2], asked.size)
    if found := IN_A_FILE.fullmatch(called):
        return _traced(called, found[1], found[2], asked)
    if (found := IN_A_MODULE.fullmatch(called)) and not _is_blueprint(called):
        return _imported(called, found[1], found[2], asked)
    if path_check.exists(called):
        raise Refusal(f"{called or 'An empty name'} is no model: {WHAT_WORKS} works.")
    return _with_given(_blueprint(called, asked.size), asked)


def _with_given(model: Model, asked: argparse.Namespace) -> Model:
    return replace(model, graph=with_given(model.graph, dict(asked.input)))


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
        sized = replace(operator, channels=size[0], size=tuple(size[1:]))
        graph = graph.with_operator(node.id, sized)
    return graph


# ------------------------------------------------------------------------------- documents


def _document(called: str, size: Shape | None) -> Model:
    from analysis.storage.document import DocumentError, from_json
    from analysis.storage.document_file import read

    path = Path(called)
    try:
        document, view = from_json(read(path))
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
        view=view,
        off=document.off,
        image=document.image,
        image_reading=document.image_reading,
        unused_parameters=document.unused_parameters,
        ignored=document.ignored,
    )


# ----------------------------------------------------------------------------------- plans


def _planned(called: str, path: Path, name: str | None, size: Shape | None) -> Model:
    """A network of nnU-Net, with the checkpoint that lies beside its plans."""
    from analysis.exchange import plans_file

    if special := special_fault(path):
        raise Refusal(special)
    if not path_check.is_file(path):
        raise Refusal(Fault("model-not-found", (str(path),)))
    try:
        plans = plans_file.read_plans(path)
        names = plans_file.configurations(plans, path)
        if name is None and len(names) != 1:
            example = f"{path}:{names[0]}" if names else "one"
            raise Refusal(f"{path} plans {', '.join(names)}: name one, as {example}.")
        planned = plans_file.network_of(plans, name or names[0], path)
    except plans_file.PlansError as error:
        raise Refusal(error.fault) from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}).") from error
    checkpoint = plans_file.trained_files(path).checkpoint
    if checkpoint is not None:
        note(f"{called}: the weights are those of {checkpoint.parent.name}/{checkpoint.name}.")
    graph = planned.graph if size is None else with_input(planned.graph, size)
    return Model(
        called,
        graph,
        planned.title,
        weights=checkpoint,
        unused_parameters=planned.unused_parameters,
    )


def _planned_inside(called: str, size: Shape | None) -> Model:
    """A network of nnU-Net by the plans that its checkpoint holds, with its weights."""
    from analysis.exchange import plans_file

    path = Path(called)
    with tempfile.TemporaryDirectory(prefix="fieldglass-") as folder:
        try:
            held, name = plans_in(path, Path(folder))
            planned = plans_file.network_of(plans_file.read_plans(held), name, held)
        except plans_file.PlansError as error:
            raise Refusal(error.fault, called) from error
        except OSError as error:
            raise Refusal(f"{called} cannot be read ({error.strerror}).") from error
    graph = planned.graph if size is None else with_input(planned.graph, size)
    unused = planned.unused_parameters
    return Model(called, graph, planned.title, weights=path, unused_parameters=unused)


# ------------------------------------------------------------------------------------ code


def _traced(called: str, file: str, name: str | None, asked: argparse.Namespace) -> Model:
    if special := special_fault(file):
        raise Refusal(special)
    if not path_check.is_file(file):
        raise Refusal(Fault("model-not-found", (file,)))
    choosing = _choosing(name, file, asked) if kind_of(file) != "network" else None
    from analysis.exchange.torch_module import trace

    def read() -> Traced:
        given = dict(asked.input)
        return trace(Path(file), choosing, asked.size, seed=asked.seed or 0, given=given)

    return _with_pictures(_read(called, Path(file).name, read), asked)


def _imported(called: str, module: str, name: str, asked: argparse.Namespace) -> Model:
    choosing = _choosing(name, module, asked)
    from analysis.exchange.torch_module import trace_importable

    def read() -> Traced:
        given = dict(asked.input)
        return trace_importable(module, choosing, asked.size, seed=asked.seed or 0, given=given)

    return _with_pictures(_read(called, module, read), asked)


def _with_pictures(model: Model, asked: argparse.Namespace) -> Model:
    return replace(model, graph=with_pictures(model.graph, dict(asked.input)))


def _read(called: str, what: str, read: Callable[[], Traced]) -> Model:
    from analysis.exchange.torch_module import TraceError

    try:
        with waiting(f"Reading {what}"):
            traced = read()
    except TraceError as error:
        offered = error.fault.code.startswith("model-by-values")
        more = " With --one-path it opens as what it does for the --image, else a black one."
        more = more if offered else ""
        raise Refusal(sentence(error.fault) + more) from error
    note_assumed(traced)
    if traced.failed is not None:
        note(f"{sentence(traced.failed)} What there is of it is shown.")
    if traced.norms_folded:
        note(folded_remark(traced.norms_folded))
    if traced.decided:
        lines = ", ".join(f"line {line} of {file}" for file, line in traced.decided)
        note(f"{called} decides by the values it sees ({lines}): this is one path of it.")
    return Model(
        called,
        traced.graph,
        traced.name,
        weights=traced.weights,
        weights_named=called,
        unused_parameters=traced.unused_parameters,
        decided=traced.decided,
        norms_folded=traced.norms_folded,
    )


def _choosing(name: str | None, what: str, asked: argparse.Namespace) -> Choosing:
    """The call that is meant, checked before anything runs. Raises Refusal."""
    from analysis.exchange.torch_module import Choosing
    from analysis.exchange.tracer import literal_call

    try:
        call = str(literal_call.parse(name)) if name is not None else None
    except literal_call.NotLiteral as error:
        raise Refusal(Fault("model-call-not-literal", (str(name), error.part))) from error
    if not asked.trust:
        made = f" and makes {call}" if call is not None and "(" in call else ""
        raise Refusal(f"Opening {what} runs its code{made}. Add --trust if you trust it.")
    return Choosing(call, asked.one_path, example_picture(asked))


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
        return _over(model, path)
    if model.trained is None or model.document is None:
        return model
    from analysis.storage.document_file import find_beside

    found = find_beside("weights", model.trained, model.document)
    if not isinstance(found, Fault):
        return replace(model, weights=found)
    if asked.seed is not None:
        return model
    raise Refusal(
        f"{sentence(found)} Put the right file beside the document, or name other weights, "
        "or give a --seed to run untrained."
    )


def _over(model: Model, path: Path) -> Model:
    """The model with those weights, and with what the opened one computes itself."""
    from analysis.facts import analyse

    base = own_weights(model.weights, model.trained, model.document)
    if base is None:
        return replace(model, weights=path, weights_named=str(path))
    tensors = analyse(model.graph).tensors.values()
    wanted = {each.key: each.shape for found in tensors for each in found}
    return replace(model, weights=written_over(base, path, wanted), weights_named=str(path))
