"""Opens a model that is Python code by tracing it in a throw-away child process."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.exchange import model_offers, tensor_file, tracer_process
from analysis.exchange.assembled import Assembled
from analysis.exchange.assembling import assemble
from analysis.exchange.computed_weights import with_computed
from analysis.exchange.failed_forward import with_failure
from analysis.exchange.first_bytes import OtherContentError, check_content
from analysis.exchange.model_offers import Offer
from analysis.exchange.recorded import DescriptionError, Recording
from analysis.exchange.tracer import literal_call
from analysis.exchange.tracer_process import TracerProcess
from analysis.facts.shapes import all_have_shapes
from analysis.faults import FAULTS, Fault
from analysis.graph import Graph, GraphError, Node
from analysis.operators import Given, Input
from analysis.operators.contract import Shape
from analysis.storage import path_check
from analysis.storage.regular_file import read_fault

if TYPE_CHECKING:
    import numpy as np

GivenInputs = Mapping[str, Mapping[str, Any]]
"""Values of further inputs by name: a JSON `value`, or the path of a file as `npy`."""


@dataclass(frozen=True)
class Traced:
    """A model as a graph.

    `weights` is a safetensors file in a temporary folder, by the keys of `Facts.tensors`; the
    folder lasts as long as this process. `opaque` names the ATen operators we have no family for.
    `size_is_fixed` says that the graph holds for the traced input size only. `unused_parameters`
    counts the numbers that the model trains and that no operator reads. `decided` are the places
    (file, line) at which the forward looked at values: the graph is the one path it took.
    """

    graph: Graph
    weights: Path
    name: str
    opaque: tuple[str, ...]
    size_is_fixed: bool
    unused_parameters: int = 0
    decided: tuple[tuple[str, int], ...] = ()
    assumed: tuple[Assumed, ...] = ()
    failed: Fault | None = None
    """Why the forward failed, where the graph is what came before, or clashes at this size."""
    norms_folded: int = 0
    """How many batch norms an ONNX file holds as part of its convolutions."""


@dataclass(frozen=True)
class Assumed:
    """A value that nobody named for an argument of the model, because it goes through.

    `node` is the operator that holds it; None where it is no tensor and so part of the graph.
    """

    name: str
    value: str
    node: str | None


@dataclass(frozen=True)
class Choosing:
    """What a model is chosen by, and made with.

    `name` is a class, function or model of the file, or a call such as `UNet(3, 2)` of literals;
    None takes what needs no arguments. `one_path` reads the path that the forward takes for
    `picture` ((channels, *spatial) in [0, 1]; None is black) where it decides by values. A forward
    of more than `most_calls` calls of torch is refused before a graph is made of it.
    """

    name: str | None = None
    one_path: bool = False
    picture: np.ndarray | None = None
    most_calls: int | None = None


class TraceError(Exception):
    """Why there is no graph: a fault `model-…`; `offers` are what must be chosen or given."""

    def __init__(self, fault: Fault, offers: tuple[Offer, ...] = ()) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault
        self.offers = offers


def trace(
    path: Path,
    name: str | Choosing | None,
    size: Shape | None = None,
    cancelled: threading.Event | None = None,
    seconds: float = 60,
    megabytes: int = 8192,
    *,
    seed: int = 0,
    given: GivenInputs | None = None,
) -> Traced:
    """Run a model's file in a child process and read the graph that `torch.export` makes of it.

    `name` is a class, function or model of the file, or a call of one, as in `Choosing`; without
    it the file must hold one that needs no arguments. `size` is the input (channels, *spatial),
    `given` the values of further ones. The child is ended after `seconds`, when it wants
    `megabytes` more than torch itself, or when `cancelled` is set. Raises TraceError.
    """
    if not path_check.is_file(path):
        raise TraceError(Fault("model-not-found", (str(path),)))
    try:
        check_content(path)
    except OtherContentError as error:
        raise TraceError(Fault(error.fault.code, (path.name, *error.fault.numbers[1:]))) from error
    except OSError as error:
        raise TraceError(read_fault(error, path)) from error
    request: dict[str, Any] = {"file": str(_file_to_read(path)), "module": None}
    request |= {"inputs": dict(given or {})}
    return _trace(request, path.name, name, size, cancelled, seconds, megabytes, seed)


def _file_to_read(path: Path) -> Path:
    """The file itself; but ONNX under the name it was given, as a link to a program must not run.

    Nobody was asked about running one.
    """
    return path.absolute() if path.suffix.lower() == ".onnx" else path.resolve()


def trace_importable(
    module: str,
    name: str | Choosing,
    size: Shape | None = None,
    cancelled: threading.Event | None = None,
    seconds: float = 60,
    megabytes: int = 8192,
    *,
    seed: int = 0,
    given: GivenInputs | None = None,
) -> Traced:
    """Trace `name` of an importable module, also of the current folder, as `trace` does."""
    request = {"file": None, "module": module, "inputs": dict(given or {})}
    return _trace(request, module, name, size, cancelled, seconds, megabytes, seed)


def _trace(
    request: dict[str, Any],
    label: str,
    chosen: str | Choosing | None,
    size: Shape | None,
    cancelled: threading.Event | None,
    seconds: float,
    megabytes: int,
    seed: int,
) -> Traced:
    choosing = chosen if isinstance(chosen, Choosing) else Choosing(chosen)
    wanted = list(size) if size is not None else None
    request |= {"name": _call(choosing.name), "one path": choosing.one_path}
    request |= {"picture": choosing.picture is not None, "size": wanted}
    request |= {"seconds": seconds, "seed": seed, "megabytes": megabytes}
    request |= {"most calls": choosing.most_calls}
    tracer = tracer_process.take()
    status = _ask(tracer, request, choosing, cancelled, seconds)
    if status == tracer_process.TIRED:  # it gave up just before
        tracer = TracerProcess()
        status = _ask(tracer, request, choosing, cancelled, seconds)
    if isinstance(status, Fault):
        raise TraceError(Fault(status.code, (label, *status.numbers)))
    folder = tracer.folder
    answer = _answer(folder, label, status)
    if "code" in answer:
        raise _refusal(answer, label)
    try:
        found = read_answer(answer, folder)
        failed = found.failed
        return found if failed is None else replace(found, failed=named_fault(failed, label))
    except _RefusedError as error:
        raise _refusal(error.answer, label) from error
    except (DescriptionError, GraphError, KeyError, TypeError, ValueError, OSError) as error:
        raise TraceError(Fault("model-export-failed", (label, str(error)[:240]))) from error


def _call(name: str | None) -> str | None:
    """The name or call, written out anew. Raises TraceError for what is no call of literals."""
    if name is None:
        return None
    try:
        return str(literal_call.parse(name))
    except literal_call.NotLiteral as error:
        raise TraceError(Fault("model-call-not-literal", (name, error.part))) from error


def read_answer(answer: dict[str, Any], folder: Path) -> Traced:
    """The graph of the tracer's answer, and its tensors in `folder` under the graph's names.

    Raises DescriptionError, GraphError, KeyError, TypeError, ValueError, OSError.
    """
    recording = Recording.of(answer)
    found = assemble(recording)
    graph, failed = found.graph, answer.get("refused")
    if answer.get("failure") is not None:
        graph = with_failure(graph, recording, answer["failure"], answer["refused"])
    elif answer.get("asked") is not None:
        graph = _at_size(found, tuple(map(int, answer["asked"])), answer)
    weights = folder / "weights.safetensors"
    names, metadata = with_computed(recording, found.weights)
    tensor_file.rename(folder / "tensors.safetensors", weights, names, metadata)
    (folder / "tensors.safetensors").unlink()
    name = str(answer["name"])
    decided = tuple((str(file), int(line)) for file, line in answer.get("decided") or ())
    given = [_of_node(found.graph[node]) for node in found.given]
    assumed = (*given, *_constants(answer))
    fixed, unused = found.size_is_fixed, found.unused_parameters
    fault = None if failed is None else Fault(str(failed["code"]), tuple(failed["numbers"]))
    norms = int(answer.get("norms_folded", 0))
    return Traced(graph, weights, name, found.opaque, fixed, unused, decided, assumed, fault, norms)


def named_fault(fault: Fault, label: str) -> Fault:
    """The tracer's fault with what the model is called in front, as sentences have it."""
    return Fault(fault.code, (label, *fault.numbers))


def _at_size(found: Assembled, size: Shape, answer: Mapping[str, Any]) -> Graph:
    """The graph, which was read at another size, at the one that fails, where the fault is seen.

    Raises _RefusedError where it has none there: then it is not what the model does.
    """
    graph = found.graph
    node = next(node for node in graph.nodes if node.operator.key == "input")
    assert isinstance(node.operator, Input)
    entry = replace(node.operator, channels=size[0], size=size[1:])
    resized = graph.with_operator(node.id, entry)
    if found.size_is_fixed or all_have_shapes(resized):
        works = " × ".join(map(str, answer["shape"]))
        numbers = [*answer["refused"]["numbers"], works]
        raise _RefusedError({"code": "model-size-other", "numbers": numbers, "choices": []})
    return resized


class _RefusedError(Exception):
    """The tracer's refusal stands after all."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(str(answer.get("code")))
        self.answer = answer


def _of_node(node: Node) -> Assumed:
    assert isinstance(node.operator, Given)
    return Assumed(node.id, node.operator.text(), node.id)


def _constants(answer: dict[str, Any]) -> Iterator[Assumed]:
    """The arguments that are no tensors and that nobody gave."""
    for told in answer["constants"]:
        if told["assumed"]:
            yield Assumed(str(told["name"]), str(told["value"]), None)


def _ask(
    tracer: TracerProcess,
    request: dict[str, Any],
    choosing: Choosing,
    cancelled: threading.Event | None,
    seconds: float,
) -> int | Fault:
    if choosing.picture is not None:
        from safetensors.numpy import save_file

        save_file({"picture": choosing.picture}, tracer.folder / "picture.safetensors")
    return tracer.ask(request, cancelled, seconds)


def _answer(folder: Path, label: str, status: int) -> dict[str, Any]:
    try:
        answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TraceError(Fault("model-ended", (label, status))) from error
    if not isinstance(answer, dict):
        raise TraceError(Fault("model-ended", (label, status)))
    return answer


def _refusal(answer: dict[str, Any], label: str) -> TraceError:
    """The tracer's refusal as ours; a code it cannot mean is an end without an answer."""
    code, numbers = answer.get("code"), answer.get("numbers")
    if not isinstance(code, str) or not isinstance(numbers, list) or code not in FAULTS:
        return TraceError(Fault("model-ended", (label, 0)))
    return TraceError(Fault(code, (label, *numbers)), model_offers.read(answer.get("choices")))
