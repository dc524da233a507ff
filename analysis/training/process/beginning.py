"""Prepares a training as it is ordered: anew, from weights, or where a checkpoint stands."""

from __future__ import annotations

from pathlib import Path

import torch

from analysis.faults import Fault
from analysis.network import weights
from analysis.network.checkpoint import WeightsError
from analysis.training.fixed_tensors import take_fixed
from analysis.training.process import checkpoint
from analysis.training.process.messages import Start
from analysis.training.run import TrainingRun, prepare


def begin(order: Start) -> TrainingRun | Fault:
    """The training, ready for its next step, or why there can be none."""
    made = prepare(order.recipe, order.graph, order.blueprint)
    if isinstance(made, Fault):
        return made
    if order.fixed is not None:
        try:
            take_fixed(made, Path(order.fixed))
        except WeightsError as error:
            return error.fault
    if order.weights is not None:
        refused = _begin_with(made, Path(order.weights))
        if refused is not None:
            return refused
    if order.resume and order.folder is not None:
        refused = checkpoint.restore(made, Path(order.folder))
        if refused is not None:
            return refused
    return made


def _begin_with(run: TrainingRun, path: Path) -> Fault | None:
    """Give the twins that start like the recipe says the tensors of a weights file that fit."""
    try:
        for trainer in run.trainers.values():
            if trainer.twin.twin.initialisation is not None:
                continue
            found, _ = weights.fitted(path, trainer.twin.facts)
            with torch.no_grad():
                for key, tensor in found.items():
                    trainer.network.tensors[key].copy_(tensor)
    except WeightsError as error:
        return error.fault
    return None
