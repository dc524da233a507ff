"""The files of `fieldglass train`: weights, curves, numbers, events and the report; all or none."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.storage import atomic_file
from viewer.command_line.shared.answers import as_json, unwritable

if TYPE_CHECKING:
    from analysis.training.run import TrainingRun


def write_files(
    folder: Path, training: TrainingRun, report: dict[str, Any], own: Path | None
) -> None:
    """Each twin's weights and the rest into the folder; `own` are an opened model's tensors.

    They take their places once all of them are on the disk, one after the other. Raises Refusal;
    the folder is as it was then unless a file of it could not be replaced.
    """
    from analysis.network.over_traced import record_beside
    from analysis.network.weights import serialised
    from analysis.training.curves import curves_svg
    from analysis.training.numbers_table import numbers_csv

    with _Staged(folder) as files:
        beside, record = record_beside(own)
        for name, trainer in training.trainers.items():
            tensors = {**trainer.network.tensors, **beside}
            files.write(f"{name}.safetensors", serialised(tensors, record))
        files.write("curves.svg", curves_svg(training))
        files.write("numbers.csv", numbers_csv(training.record, training.trainers).encode())
        _write_events(files, training)
        files.write("report.json", as_json(report).encode())


class _Staged:
    """Files that are written beside a folder's own, and moved to their places at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: list[str] = []

    def __enter__(self) -> _Staged:
        try:
            self._stage = Path(tempfile.mkdtemp(prefix=".training-", dir=self._folder))
        except OSError as error:
            raise unwritable(self._folder, error) from error
        return self

    def write(self, name: str, content: bytes) -> None:
        """Write a file; `name` may lead through folders. Raises Refusal."""
        path = self._stage / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_file.write(path, [content])
        except OSError as error:
            raise unwritable(self._folder / name, error) from error
        self._names.append(name)

    def __exit__(self, failed: object, *_: object) -> None:
        try:
            for name in () if failed else self._names:
                self._move(name)
        finally:
            shutil.rmtree(self._stage, ignore_errors=True)

    def _move(self, name: str) -> None:
        target = self._folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            (self._stage / name).replace(target)
        except OSError as error:
            raise unwritable(target, error) from error


def _write_events(files: _Staged, training: TrainingRun) -> None:
    """The losses and scores of each twin for TensorBoard: `tensorboard --logdir DIR`."""
    from analysis.training.event_file import NAME, event_file, scalars

    begun = time.time() - training.seconds
    measured = "iou" if training.recipe.task == "segment" else "psnr"
    for name in training.trainers:
        content = event_file(begun, scalars(training.record, name, measured, begun))
        files.write(f"tensorboard/{name}/{NAME.format(at=begun)}", content)
