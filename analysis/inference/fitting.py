"""Makes a safetensors file of the tensors of any weights file that fit a network.

torch reads them in a process of its own: who asks need not have imported it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from threading import Event

from analysis.faults import FAULTS, Fault
from analysis.operators.contract import Shape
from analysis.processes.one_answer import one_answer

PATIENCE = 120.0
"""Seconds."""


class FittingError(Exception):
    """Why there is no such file: a fault `weights-…`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


def fitted_file(
    weights: Path,
    wanted: Mapping[str, Shape],
    folder: Path,
    cancelled: Event | None = None,
    base: Path | None = None,
) -> Path:
    """A file in `folder` with the tensors of `weights` that fit `wanted`, under its keys.

    Blocks until it is written. Raises FittingError, also when `cancelled` is set, and OSError.
    """
    request, made = folder / "request.json", folder / "fitted.safetensors"
    asked = {"weights": str(weights), "wanted": wanted, "base": None if base is None else str(base)}
    request.write_text(json.dumps(asked), encoding="utf-8")
    arguments = (str(request), str(made))
    answer = one_answer(__name__, *arguments, seconds=PATIENCE, cancelled=cancelled)
    if not made.is_file():
        code = answer.get("code")
        known = code if code in FAULTS else "weights-unreadable"
        raise FittingError(Fault(known, tuple(answer.get("numbers", (weights.name,)))))
    return made


def over_file(
    base: Path,
    weights: Path,
    wanted: Mapping[str, Shape],
    folder: Path,
    cancelled: Event | None = None,
) -> Path:
    """As `fitted_file`, with the tensors that the model of `base` computes, kept or made anew.

    `base` is the file of weights that the network has and that says which those are.
    """
    return fitted_file(weights, wanted, folder, cancelled, base)


def main(request: str, made: str) -> None:
    """In the child: write the file, or say on standard output what is wrong."""
    from analysis.network.checkpoint import WeightsError, fit, read
    from analysis.network.over_traced import over_traced, read_computed
    from analysis.network.weights import save

    asked = json.loads(Path(request).read_text(encoding="utf-8"))
    wanted = {key: tuple(shape) for key, shape in asked["wanted"].items()}
    computed = None if asked["base"] is None else read_computed(asked["base"])
    metadata = None
    try:
        entries = read(asked["weights"])
        found, report = fit(entries, wanted)
        if computed is not None:
            found, told = over_traced(Path(asked["base"]), computed, entries, wanted)
            report, metadata = told.report or report, told.metadata()
    except WeightsError as error:
        print(json.dumps({"code": error.fault.code, "numbers": error.fault.numbers}))
        return
    if report.loaded:
        save(found, made, metadata)
        return
    numbers = (Path(asked["weights"]).name, len(entries), report.wanted)
    print(json.dumps({"code": "weights-fit-nothing", "numbers": numbers}))
