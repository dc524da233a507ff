"""From a request to an answer: loads the file, chooses its model, exports and describes it."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
import threading
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .archives import PROGRAM, SCRIPTS, load_archive, put_classes
from .description import all_nodes, describe, parameters, save_tensors
from .exporting.export import ExportOptions, export
from .exporting.lazy_parameters import fill_lazy
from .exporting.other_size import Tried
from .exporting.quick_export import export_quickly
from .further_inputs import described_inputs
from .limits import is_full, limit_memory, watch
from .literal_call import parse
from .model_choice import candidates, chosen, named
from .model_file import load
from .own_types import as_stored, put_back
from .refusal import Refused, last_line
from .scripted_parts import put_python_parts, remember_scripted

IDLE = 900.0
"""Seconds that it waits for a model."""
TIRED = 75
"""Exit status where none has come."""


def trace(request: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Load, export and describe the requested model; the answer to write."""
    import torch

    limit_memory(request["megabytes"])
    torch.manual_seed(request["seed"])
    opened = Path(request["file"]) if request["file"] is not None else None
    if opened is not None and opened.suffix.lower() == ".onnx":
        return _trace_onnx(opened, request, folder)
    if opened is not None and opened.suffix.lower() in (PROGRAM, *SCRIPTS):
        model, classes = load_archive(opened)
        answer = traced(model, opened.stem, request, folder, opened)
        put_classes(all_nodes(answer), classes)
        return answer | {"name": opened.stem}
    remember_scripted()
    module = load(request)
    if request["name"] is not None:
        call = parse(request["name"])
        name, model = call.name, named(module, call, torch.nn.Module, opened)
    else:
        name, model = chosen(candidates(module, torch.nn.Module, opened))
    torch.manual_seed(request["seed"])
    return traced(model, name, request, folder, opened)


def traced(
    model: Any, name: str, request: Mapping[str, Any], folder: Path, opened: Path | None
) -> dict[str, Any]:
    """Export and describe a model, which becomes float32 on the CPU.

    Its tensors go in `folder`, in the types that they had.
    """
    from safetensors.torch import load_file

    put_python_parts(model)
    fill_lazy(model.eval(), request["size"], request.get("inputs") or {})
    stored = as_stored(model)
    with warnings.catch_warnings():  # torch asks a script's weights for gradients, and warns
        warnings.simplefilter("ignore")
        model = model.to("cpu").float().eval()
    held = parameters(model)
    picture = load_file(folder / "picture.safetensors")["picture"] if request["picture"] else None
    options = ExportOptions(opened, picture, request["one path"], request.get("inputs") or {})
    exported = export(model, request["size"], options)
    _check_length(exported.program, request.get("most calls"))
    nodes, outputs, tensors = describe(
        exported.program, learned_unknown=opened is not None and opened.suffix.lower() == ".onnx"
    )
    inputs, constants = described_inputs(exported, tensors)
    put_back(tensors, nodes, stored)
    save_tensors(tensors, folder / "tensors.safetensors")
    return {
        "name": type(model).__name__ if name.islower() else name.rpartition(".")[2],
        "shape": list(exported.shape),
        "decided": exported.decided,
        "parameters": held,
        "nodes": nodes,
        "outputs": outputs,
        "output_paths": [list(path) for path in exported.outputs],
        "inputs": inputs,
        "constants": constants,
        "asked": exported.asked,
        "elsewhere": exported.others.elsewhere,
        "multiples": exported.others.multiples,
        "step": exported.others.step,
        "tried": [_described(each, tensors) for each in exported.others.tried],
        "failure": asdict(exported.failure) if exported.failure is not None else None,
        "refused": exported.refused.answer if exported.refused is not None else None,
    }


def _described(tried: Tried, tensors: Mapping[str, Any]) -> dict[str, Any]:
    """What came of another size, with all its calls where they have to be looked at.

    `changed` are the computed tensors that have other values there.
    """
    found: dict[str, Any] = {"shape": list(tried.shape), "outcome": tried.outcome}
    if tried.program is None:
        return found
    nodes, outputs, there = describe(tried.program)
    found |= {"nodes": nodes, "outputs": outputs, "elsewhere": tried.elsewhere}
    names = [each["name"] for each in nodes if each["op"] == "tensor" and "names" not in each]
    return found | {"changed": [each for each in names if _differs(each, there, tensors)]}


def _differs(name: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    import torch

    own = here.get(name)
    if own is None or (own.shape, own.dtype) != (there[name].shape, there[name].dtype):
        return True
    return not torch.equal(there[name].detach(), own.detach())


def _check_length(program: Any, most: int | None) -> None:
    """Raises Refused for more calls than are asked for, before anything is made of them."""
    calls = sum(node.op == "call_function" for node in program.graph.nodes)
    if most is not None and calls > most:
        raise Refused("model-too-long", calls, most)


def _trace_onnx(opened: Path, request: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The answer about an ONNX file, which holds no code."""
    from .onnx.opening import open_file, put_in_place

    model = open_file(opened)
    answer = traced(model, opened.stem, request, folder, opened)
    put_in_place(answer, model)
    return answer | {"name": opened.stem, "norms_folded": model.norms_folded}


def main() -> None:
    """Get ready, wait for the request, write the answer in one step, end at once."""
    parent = os.getppid()
    asked = threading.Event()
    threading.Thread(target=watch, args=(parent, IDLE, asked, TIRED), daemon=True).start()
    with contextlib.suppress(Exception):  # what is wrong with torch is said of the model
        get_ready()
    line = sys.stdin.readline().strip()
    asked.set()
    if not line:
        os._exit(1)  # nobody will ask
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    place = Path(line)
    request = json.loads(place.read_text(encoding="utf-8"))
    guard = (parent, request["seconds"] + 10)
    threading.Thread(target=watch, args=guard, daemon=True).start()
    _answer(request, place.parent)
    os._exit(0)  # threads the file may have started are not waited for


def _answer(request: Mapping[str, Any], folder: Path) -> None:
    try:
        answer = trace(request, folder)
    except Refused as refusal:
        answer = refusal.answer
    except MemoryError:
        answer = {"code": "model-too-large", "numbers": [request["megabytes"]], "choices": []}
    except Exception as error:  # noqa: BLE001 - the one place where all of them end
        code, number = ("model-too-large", request["megabytes"]) if is_full(error) else (
            "model-export-failed", last_line(error))  # fmt: skip
        answer = {"code": code, "numbers": [number], "choices": []}
    temporary = folder / "answer.part"
    temporary.write_text(json.dumps(answer), encoding="utf-8")
    temporary.replace(folder / "answer.json")


def get_ready() -> None:
    """Import torch and do what an export does when it first meets an operator, on a small U-Net."""
    import safetensors.torch
    import torch

    from .exporting.rehearsal import small_unet

    assert safetensors.torch
    export_quickly(small_unet(), (torch.zeros(1, 1, 4, 4),), {})
    gc.freeze()  # what torch holds from here on is never circles to be found
