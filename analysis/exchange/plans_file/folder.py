"""What lies about a plans file: the names of the classes, and a checkpoint that was trained so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.exchange.plans_file.configurations import PlansError, read_json
from analysis.faults import Fault
from analysis.storage import path_check

CHECKPOINTS = ("checkpoint_final.pth", "checkpoint_best.pth", "checkpoint_latest.pth")
"""The better ones first."""


@dataclass(frozen=True)
class TrainedFiles:
    """`dataset.json` and a checkpoint, each None where there is none."""

    dataset: Path | None
    checkpoint: Path | None


def trained_files(plans: Path) -> TrainedFiles:
    """The files beside the plans; the checkpoint may lie in a folder `fold_…` there.

    Of several folds it is the first.
    """
    folder = plans.absolute().parent
    dataset = folder / "dataset.json"
    found = (each for each in _candidates(folder) if path_check.is_file(each))
    return TrainedFiles(dataset if path_check.is_file(dataset) else None, next(found, None))


def _candidates(folder: Path) -> Iterable[Path]:
    try:
        folds = sorted(folder.glob("fold_*"))
    except OSError:
        folds = []
    for place in (*folds, folder):
        yield from (place / name for name in CHECKPOINTS)


@dataclass(frozen=True, slots=True)
class Labels:
    """How many maps come out, and how many a cascade's first stage adds to what goes in."""

    classes: int
    foreground: int


def read_labels(path: Path) -> Labels:
    """The labels of `dataset.json`. Raises PlansError, OSError.

    A label is a number, or a list of numbers: regions, which may overlap and have a map each. The
    background has none then, and the label `ignore` never.
    """
    labels = read_json(path).get("labels")
    if not isinstance(labels, Mapping) or not labels:
        raise PlansError(Fault("plans-damaged", (path.name, "labels")))
    values = [_values(path, each) for name, each in labels.items() if name != "ignore"]
    every = {number for each in values for number in each}
    foreground = len(every - {0})
    if any(len(each) > 1 for each in values):
        return Labels(sum(set(each) != {0} for each in values), foreground)
    return Labels(len(every), foreground)


def _values(path: Path, label: Any) -> tuple[int, ...]:
    numbers = label if isinstance(label, list) else [label]
    if not numbers or not all(isinstance(each, int | float) for each in numbers):
        raise PlansError(Fault("plans-damaged", (path.name, f"labels: {label!r}"[:80])))
    return tuple(int(each) for each in numbers)
