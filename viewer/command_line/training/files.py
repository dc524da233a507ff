"""The files of `fieldglass train`: weights, curves, numbers, events and the report; all or none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.storage.staged_files import write_all
from viewer.command_line.shared.answers import as_json, unwritable
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.training.run import TrainingRun


def write_files(
    folder: Path, training: TrainingRun, report: dict[str, Any], own: Path | None
) -> None:
    """Each twin's weights and the rest into the folder; `own` are an opened model's tensors.

    They take their places once all of them are on the disk, one after the other. Raises Refusal;
    the folder is as it was then unless a file of it could not be replaced.
    """
    try:
        write_all(folder, _files(training, report, own))
    except OSError as error:
        path = Path(error.filename or "")
        if not path.is_relative_to(folder):
            raise Refusal(f"{path if error.filename else folder}: {error.strerror}.") from error
        raise unwritable(path, error) from error


def _files(
    training: TrainingRun, report: dict[str, Any], own: Path | None
) -> Iterator[tuple[str, bytes]]:
    from analysis.network.over_traced import record_beside
    from analysis.network.weights import serialised
    from analysis.training.curves import curves_svg
    from analysis.training.numbers_table import numbers_csv

    beside, record = record_beside(own)
    for name, trainer in training.trainers.items():
        tensors = {**trainer.network.tensors, **beside}
        yield f"{name}.safetensors", serialised(tensors, record)
    yield "curves.svg", curves_svg(training)
    yield "numbers.csv", numbers_csv(training.record, training.trainers).encode()
    yield from _events(training)
    yield "report.json", as_json(report).encode()


def _events(training: TrainingRun) -> Iterator[tuple[str, bytes]]:
    """The losses and scores of each twin for TensorBoard: `tensorboard --logdir DIR`."""
    from analysis.training.event_file import NAME, event_file, scalars

    begun = time.time() - training.seconds
    measured = "iou" if training.recipe.task == "segment" else "psnr"
    for name in training.trainers:
        content = event_file(begun, scalars(training.record, name, measured, begun))
        yield f"tensorboard/{name}/{NAME.format(at=begun)}", content
