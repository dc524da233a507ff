"""Gives networks that are trained anew the tensors that no training changes, such as masks."""

from __future__ import annotations

from pathlib import Path

import torch

from analysis.network import weights
from analysis.training.run import TrainingRun


def take_fixed(run: TrainingRun, path: Path) -> None:
    """Give every twin those of a weights file, as it was opened with them: no seed makes them.

    Raises WeightsError.
    """
    for trainer in run.trainers.values():
        twin = trainer.twin
        fixed = {node.key(own) for node in twin.graph.nodes for own in node.fixed}
        if not fixed:
            continue
        found, _ = weights.fitted(path, twin.facts)
        with torch.no_grad():
            for key in fixed & found.keys() & trainer.network.tensors.keys():
                trainer.network.tensors[key].copy_(found[key])
