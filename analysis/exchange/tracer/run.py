"""From a request to an answer: loads the file, chooses its model, exports and describes it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .description import describe, save_tensors
from .export import export
from .limits import is_full, limit_memory, watch
from .model_choice import candidates, named, only
from .model_file import load
from .refusal import Refused, last_line


def trace(request: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Load, export and describe the requested model; the answer to write."""
    import torch

    limit_memory(request["megabytes"])
    torch.manual_seed(request["seed"])
    module = load(request)
    if request["name"] is not None:
        name, model = request["name"], named(module, request["name"], torch.nn.Module)
    else:
        name, model = only(candidates(module, torch.nn.Module))
    torch.manual_seed(request["seed"])
    model = model.to("cpu").float().eval()
    program, shape = export(model, request["size"])
    nodes, outputs, tensors = describe(program)
    save_tensors(tensors, folder / "tensors.safetensors")
    return {
        "name": type(model).__name__ if name.islower() else name.rpartition(".")[2],
        "shape": list(shape),
        "nodes": nodes,
        "outputs": outputs,
    }


def main(request_path: str) -> None:
    """Read the request, write the answer under its final name in one step, end at once."""
    place = Path(request_path)
    request = json.loads(place.read_text(encoding="utf-8"))
    guard = (os.getppid(), request["seconds"])
    threading.Thread(target=watch, args=guard, daemon=True).start()
    try:
        answer = trace(request, place.parent)
    except Refused as refusal:
        answer = refusal.answer
    except MemoryError:
        answer = {"code": "model-too-large", "numbers": [request["megabytes"]], "choices": []}
    except Exception as error:  # noqa: BLE001 - the one place where all of them end
        code, number = ("model-too-large", request["megabytes"]) if is_full(error) else (
            "model-export-failed", last_line(error))  # fmt: skip
        answer = {"code": code, "numbers": [number], "choices": []}
    temporary = place.parent / "answer.part"
    temporary.write_text(json.dumps(answer), encoding="utf-8")
    temporary.replace(place.parent / "answer.json")
    os._exit(0)  # threads the file may have started are not waited for
