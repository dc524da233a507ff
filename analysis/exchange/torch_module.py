"""Opens a model that is Python code by tracing it in a throw-away child process."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.exchange import model_folders, tensor_file
from analysis.exchange.recorded import DescriptionError, Recording
from analysis.exchange.recorded_graph import assemble
from analysis.faults import FAULTS, Fault
from analysis.graph import Graph, GraphError
from analysis.operators.contract import Shape
from analysis.processes import isolated
from analysis.storage import path_check

PROGRAM = Path(__file__).with_name("tracer") / "program.py"
LOOK_EVERY = 0.05
"""Seconds between two looks at whether the tracer is done, too late or no longer wanted."""


PATIENCE = 5.0
"""Seconds in which the tracer and all it has started must have ended when they are told to."""


@dataclass(frozen=True)
class Traced:
    """A model as a graph.

    `weights` is a safetensors file in a temporary folder, keyed `<node id>.<name>`; the folder
    lasts as long as this process. `opaque` names the ATen operators we have no family for.
    `size_is_fixed` says that the graph holds for the traced input size only.
    """

    graph: Graph
    weights: Path
    name: str
    opaque: tuple[str, ...]
    size_is_fixed: bool


class TraceError(Exception):
    """Why there is no graph: a fault `model-…`; `choices` where the file holds several models."""

    def __init__(self, fault: Fault, choices: tuple[str, ...] = ()) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault
        self.choices = choices


def trace(
    path: Path,
    name: str | None,
    size: Shape | None = None,
    cancelled: threading.Event | None = None,
    seconds: float = 60,
    megabytes: int = 8192,
    *,
    seed: int = 0,
) -> Traced:
    """Run a model's file in a child process and read the graph that `torch.export` makes of it.

    `name` is a class, function or model of the file; without it the file must hold one that
    needs no arguments. `size` is the input (channels, *spatial). The child is ended after
    `seconds`, when it wants `megabytes` more than torch itself, or when `cancelled` is set.
    Raises TraceError.
    """
    if not path_check.is_file(path):
        raise TraceError(Fault("model-not-found", (str(path),)))
    request = {"file": str(path.resolve()), "module": None}
    return _trace(request, path.name, name, size, cancelled, seconds, megabytes, seed)


def trace_importable(
    module: str,
    name: str,
    size: Shape | None = None,
    cancelled: threading.Event | None = None,
    seconds: float = 60,
    megabytes: int = 8192,
    *,
    seed: int = 0,
) -> Traced:
    """Trace `name` of an importable module, also of the current folder, as `trace` does."""
    request = {"file": None, "module": module}
    return _trace(request, module, name, size, cancelled, seconds, megabytes, seed)


def _trace(
    request: dict[str, Any],
    label: str,
    name: str | None,
    size: Shape | None,
    cancelled: threading.Event | None,
    seconds: float,
    megabytes: int,
    seed: int,
) -> Traced:
    folder = model_folders.make()
    wanted = list(size) if size is not None else None
    request |= {"name": name, "size": wanted, "seed": seed, "megabytes": megabytes}
    request |= {"seconds": seconds}
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    status = _run(folder, label, cancelled, seconds)
    answer = _answer(folder, label, status)
    if "code" in answer:
        raise _refusal(answer, label)
    try:
        return _read(answer, folder)
    except (DescriptionError, GraphError, KeyError, TypeError, ValueError, OSError) as error:
        raise TraceError(Fault("model-export-failed", (label, str(error)[:240]))) from error


def _read(answer: dict[str, Any], folder: Path) -> Traced:
    found = assemble(Recording.of(answer))
    weights = folder / "weights.safetensors"
    tensor_file.rename(folder / "tensors.safetensors", weights, found.weights)
    (folder / "tensors.safetensors").unlink()
    name = str(answer["name"])
    return Traced(found.graph, weights, name, found.opaque, found.size_is_fixed)


def _run(folder: Path, label: str, cancelled: threading.Event | None, seconds: float) -> int:
    """Start the tracer, wait for it, end it when it must end; its exit status."""
    scratch = folder / "scratch"  # what torch and the model leave there goes with the folder
    scratch.mkdir()
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "TORCHINDUCTOR_CACHE_DIR"), str(scratch))
    script = isolated.command(PROGRAM, str(folder / "request.json"), options=("-B", "-W", "ignore"))
    child = subprocess.Popen(
        isolated.guarded(script),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a model may print for ever; nobody reads it
        stderr=subprocess.DEVNULL,
        env=isolated.environment({"CUDA_VISIBLE_DEVICES": "", **temporary}),
        start_new_session=True,
    )
    end = time.monotonic() + seconds
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(LOOK_EVERY)
            if cancelled is not None and cancelled.is_set():
                raise TraceError(Fault("model-cancelled", (label,)))
            if time.monotonic() > end:
                raise TraceError(Fault("model-too-slow", (label, seconds)))
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the tracer with all it has started."""
    if sys.platform.startswith("linux"):
        child.terminate()  # what guards the tracer ends all of it
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()


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
    choices = tuple(str(choice) for choice in answer.get("choices") or ())
    return TraceError(Fault(code, (label, *numbers)), choices)
