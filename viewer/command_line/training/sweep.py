"""`fieldglass train --ray`: the twins of a recipe as trials of Ray Tune."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from analysis.faults import Fault
from viewer.command_line.shared.model import Model
from viewer.command_line.shared.over_opened import own_file
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.training.run import TrainingRun


def check_ray(asked: argparse.Namespace) -> None:
    """That there is Ray, and that trials are asked for on processors. Raises Refusal."""
    from analysis.training.cluster.tuning import is_installed

    if not is_installed():
        raise Refusal(Fault("train-no-ray"))
    if asked.device not in ("auto", "cpu"):
        raise Refusal(f"--device is {asked.device}; with --ray trials run on processors.")


def train_on_ray(training: TrainingRun, model: Model, address: str) -> None:
    """Train the twins on the cluster and take what they learnt. Raises Refusal."""
    from analysis.training.cluster.trial import Sweep
    from analysis.training.cluster.tuning import tuned

    if own_file(model.weights, model.trained, model.document) is not None:
        raise Refusal(
            "--ray trains networks of blueprints; an opened model has tensors of its own."
        )
    with waiting("Training on Ray"):
        refused = tuned(training, Sweep(training.recipe, model.graph, model.blueprint), address)
    if refused is not None:
        raise Refusal(refused)
