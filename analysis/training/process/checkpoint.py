"""Keeps a training on disk, so that it goes on with the same numbers where it was cut off."""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from analysis.faults import Fault
from analysis.storage import atomic_file
from analysis.storage.regular_file import open_regular, read_fault
from analysis.training.record import Column, Measurement
from analysis.training.run import Progress, TrainingRun
from analysis.training.trainer import Trainer

NAME = "checkpoint.pt"
VERSION = 1


def save(run: TrainingRun, folder: Path) -> None:
    """Write where the training stands; the old checkpoint is there until the new one is whole.

    Raises OSError.
    """
    content = io.BytesIO()
    torch.save(held_of(run), content)
    atomic_file.write(folder / NAME, (content.getvalue(),))


def held_of(run: TrainingRun) -> dict[str, Any]:
    """All that a training needs to go on, as torch saves it without code."""
    return {
        "version": VERSION,
        "step": run.step,
        "seconds": run.seconds,
        "twins": {name: _twin(trainer) for name, trainer in run.trainers.items()},
        "progress": {name: asdict(each) for name, each in run.progress.items()},
        "measured": [asdict(each) for each in run.record.measured],
        "columns": [asdict(each) for each in run.record.columns],
    }


def _twin(trainer: Trainer) -> dict[str, Any]:
    return {
        "tensors": {key: each.detach() for key, each in trainer.network.tensors.items()},
        "optimiser": trainer.optimiser.state_dict(),
        "scaler": trainer.precision.scaler.state_dict(),
        "losses": trainer.losses,
        "penalties": trainer.penalties,
        "step": trainer.step,
    }


def put_back(run: TrainingRun, name: str, held: dict[str, Any]) -> None:
    """Give one twin what it had in another training's `held_of`, with what was measured of it.

    Raises ValueError where its tensors are others.
    """
    _put_back(run.trainers[name], held["twins"][name])
    run.progress[name] = Progress(**held["progress"][name])
    found = [Measurement(**each) for each in held["measured"]]
    run.record.measured += [each for each in found if each.twin == name]
    run.seconds = max(run.seconds, held["seconds"])


def restore(run: TrainingRun, folder: Path) -> Fault | None:
    """Put a training that has just been prepared where the checkpoint stands; why not, if not.

    The file is read without running anything that it holds.
    """
    try:
        with open_regular(folder / NAME) as file:
            held = torch.load(file, weights_only=True)
        fits = held["version"] == VERSION and set(held["twins"]) == set(run.trainers)
        if not fits:
            return Fault("training-other-checkpoint", (str(folder),))
        for name, twin in held["twins"].items():
            _put_back(run.trainers[name], twin)
        run.progress = {name: Progress(**each) for name, each in held["progress"].items()}
        run.record.measured[:] = [Measurement(**each) for each in held["measured"]]
        run.record.columns[:] = [Column(**each) for each in held["columns"]]
        run.step, run.seconds = held["step"], held["seconds"]
    except OSError as error:
        return read_fault(error, folder / NAME)
    except Exception:  # noqa: BLE001 (what a damaged or foreign file makes torch raise is its own)
        return Fault("training-other-checkpoint", (str(folder),))
    return None


def _put_back(trainer: Trainer, held: dict[str, Any]) -> None:
    tensors = trainer.network.tensors
    if held["tensors"].keys() != tensors.keys():
        raise ValueError("other tensors")
    with torch.no_grad():
        for key, value in held["tensors"].items():
            tensors[key].copy_(value)
    trainer.optimiser.load_state_dict(held["optimiser"])
    if held.get("scaler"):  # there is none of a format that needs none, nor in older files
        trainer.precision.scaler.load_state_dict(held["scaler"])
    trainer.losses[:] = held["losses"]
    trainer.penalties[:] = held.get("penalties", ())
    trainer.step = held["step"]
