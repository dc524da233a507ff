"""Takes the plans out of a checkpoint of nnU-Net v2, which holds what its trainer was made with.

torch reads them in a process of its own, and nothing that the checkpoint holds is run.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from threading import Event

from analysis.exchange.plans_file import PlansError
from analysis.faults import FAULTS, Fault
from analysis.processes.one_answer import one_answer
from analysis.storage.regular_file import open_regular

ARGUMENTS, PLANS, LABELS = "init_args", "plans.json", "dataset.json"
MARKS = (b"init_args", b"configurations", b"dataset_json")
"""What stands in the list of a checkpoint that holds plans."""
LONGEST = 64 << 20
"""Bytes of that list which are looked at; the tensors lie beside it."""
PATIENCE = 120.0
"""Seconds."""


def holds_plans(path: str | Path) -> bool:
    """Whether a file is a checkpoint with its plans in it; its tensors are not read."""
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            names = (each for each in archive.namelist() if each.endswith("/data.pkl"))
            with archive.open(next(names)) as held:
                content = held.read(LONGEST)
    except (OSError, ValueError, StopIteration, zipfile.BadZipFile, NotImplementedError):
        return False
    return all(mark in content for mark in MARKS)


def plans_in(path: Path, folder: Path, cancelled: Event | None = None) -> tuple[Path, str]:
    """The plans as a file in `folder`, with `dataset.json` beside it, and the configuration.

    Blocks. Raises PlansError, also when `cancelled` is set, and OSError.
    """
    answer = one_answer(__name__, str(path), str(folder), seconds=PATIENCE, cancelled=cancelled)
    name = answer.get("configuration")
    if isinstance(name, str):
        return folder / PLANS, name
    if (code := answer.get("code")) in FAULTS:
        raise PlansError(Fault(str(code), (path.name,)))
    raise PlansError(Fault("plans-damaged", (path.name, ARGUMENTS)))


def main(path: str, folder: str) -> None:
    """In the child: write both files, and say on standard output which configuration it is."""
    from analysis.network.checkpoint import WeightsError, beside_tensors

    try:
        held = beside_tensors(path, ARGUMENTS)
    except WeightsError as error:
        print(json.dumps({"code": error.fault.code}))
        return
    given = held if isinstance(held, Mapping) else {}
    for file, name in ((PLANS, "plans"), (LABELS, "dataset_json")):
        Path(folder, file).write_text(json.dumps(given.get(name), default=_nothing))
    print(json.dumps({"configuration": given.get("configuration")}, default=_nothing))


def _nothing(_: object) -> None:
    """What stands in JSON for an object of a class of its own."""
