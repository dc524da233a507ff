"""Makes a safetensors file of the tensors of any weights file that fit a network.

torch reads them in a process of its own: who asks need not have imported it.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

from analysis.faults import FAULTS, Fault
from analysis.operators.contract import Shape
from analysis.processes import isolated, program

PATIENCE = 120.0
"""Seconds."""
LOOK_EVERY = 0.05
"""Seconds between two looks at whether the answer is still wanted."""


class FittingError(Exception):
    """Why there is no such file: a fault `weights-…`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


def fitted_file(
    weights: Path, wanted: Mapping[str, Shape], folder: Path, cancelled: Event | None = None
) -> Path:
    """A file in `folder` with the tensors of `weights` that fit `wanted`, under its keys.

    Blocks until it is written. Raises FittingError, also when `cancelled` is set, and OSError.
    """
    request, made = folder / "request.json", folder / "fitted.safetensors"
    request.write_text(json.dumps({"weights": str(weights), "wanted": wanted}), encoding="utf-8")
    command = isolated.command(Path(program.__file__), __name__, str(request), str(made))
    answer = _answer(command, cancelled or Event())
    if not made.is_file():
        code = answer.get("code")
        known = code if code in FAULTS else "weights-unreadable"
        raise FittingError(Fault(known, tuple(answer.get("numbers", (weights.name,)))))
    return made


def _answer(command: list[str], cancelled: Event) -> dict[str, Any]:
    """What the child says; nothing where it says nothing, takes too long, or is cancelled."""
    end = time.monotonic() + PATIENCE
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=isolated.environment(),
    ) as child:
        while not cancelled.is_set() and time.monotonic() < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                said, _ = child.communicate(timeout=LOOK_EVERY)
                with contextlib.suppress(ValueError):
                    found = json.loads(said)
                    return found if isinstance(found, dict) else {}
                return {}
        child.kill()
    return {}


def main(request: str, made: str) -> None:
    """In the child: write the file, or say on standard output what is wrong."""
    from analysis.network.checkpoint import WeightsError, fit, read
    from analysis.network.weights import save

    asked = json.loads(Path(request).read_text(encoding="utf-8"))
    wanted = {key: tuple(shape) for key, shape in asked["wanted"].items()}
    try:
        entries = read(asked["weights"])
        found, _ = fit(entries, wanted)
    except WeightsError as error:
        print(json.dumps({"code": error.fault.code, "numbers": error.fault.numbers}))
        return
    if found:
        save(found, made)
        return
    numbers = (Path(asked["weights"]).name, len(entries), len(wanted))
    print(json.dumps({"code": "weights-fit-nothing", "numbers": numbers}))
