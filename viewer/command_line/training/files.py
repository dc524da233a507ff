"""The files of `fieldglass train`: weights, curves, numbers, events, and at last the report."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.command_line.shared.answers import as_json, write
from viewer.command_line.shared.folder import make_folder

if TYPE_CHECKING:
    from analysis.training.run import TrainingRun


def write_files(
    folder: Path, training: TrainingRun, report: dict[str, Any], own: Path | None
) -> None:
    """Each twin's weights and the rest into the folder; `own` are an opened model's tensors."""
    from analysis.network.over_traced import record_beside
    from analysis.network.weights import serialised
    from analysis.training.curves import curves_svg
    from analysis.training.numbers_table import numbers_csv

    beside, record = record_beside(own)
    for name, trainer in training.trainers.items():
        tensors = {**trainer.network.tensors, **beside}
        write(folder / f"{name}.safetensors", serialised(tensors, record))
    write(folder / "curves.svg", curves_svg(training))
    write(folder / "numbers.csv", numbers_csv(training.record, training.trainers).encode())
    _write_events(folder, training)
    write(folder / "report.json", as_json(report).encode())


def _write_events(folder: Path, training: TrainingRun) -> None:
    """The losses and scores of each twin for TensorBoard: `tensorboard --logdir DIR`."""
    from analysis.training.event_file import NAME, event_file, scalars

    begun = time.time() - training.seconds
    measured = "iou" if training.recipe.task == "segment" else "psnr"
    for name in training.trainers:
        of_twin = make_folder(folder / "tensorboard" / name)
        content = event_file(begun, scalars(training.record, name, measured, begun))
        write(of_twin / NAME.format(at=begun), content)
