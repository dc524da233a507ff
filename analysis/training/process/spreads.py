"""Counts how the values of each layer's weights and output are spread."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from analysis.network.gates import Gates
from analysis.training.process.messages import MOST_SHOWN, Spread, Spreads
from analysis.training.run import TrainingRun
from analysis.training.tasks import held_out_input, middle, strengths
from analysis.training.trainer import Trainer

BINS = 40


def spreads(run: TrainingRun, number: int) -> Spreads:
    """Of the twins shown, of their weights as they are and of outputs on a held-out picture."""
    trainers = dict(list(run.trainers.items())[:MOST_SHOWN])
    return Spreads(
        number,
        run.step,
        {name: _weights(trainer) for name, trainer in trainers.items()},
        {name: _outputs(run, trainer) for name, trainer in trainers.items()},
    )


def _weights(trainer: Trainer) -> dict[str, Spread]:
    found = {}
    for node in trainer.layers:
        parts = [
            trainer.parameters[each.key].detach().flatten()
            for each in trainer.twin.facts.tensors[node]
            if each.owner == node and each.key in trainer.parameters and each.name == "weight"
        ]
        if parts:
            found[node] = spread_of(torch.cat(parts))
    return found


def _outputs(run: TrainingRun, trainer: Trainer) -> dict[str, Spread]:
    """On the middle of the first held-out picture, a patch of it."""
    picture = next(iter(run.pictures.values()))
    given = held_out_input(picture.clean, run.recipe, strengths(run.recipe)[0])
    side = (run.recipe.patch, run.recipe.patch)
    placed = trainer.network.place(torch.from_numpy(middle(given, side))[None])
    gates = Gates(dict.fromkeys(trainer.twin.skips, 0.0)) if trainer.twin.closed else Gates()
    found: dict[str, Spread] = {}
    wanted = set(trainer.layers)

    def visit(node: str, value: Tensor) -> None:
        if node in wanted:
            found[node] = spread_of(value.flatten())

    with torch.inference_mode():
        every = [node.id for node in trainer.network.graph.nodes]
        trainer.network.run(placed, gates=gates, wanted=every, visit=visit)
    return {node: found[node] for node in trainer.layers if node in found}


def spread_of(values: Tensor) -> Spread:
    """The finite values counted in BINS equal bins between the least and the largest."""
    flat = values.detach().float().cpu().numpy()
    known = flat[np.isfinite(flat)]
    if not known.size:
        return Spread((0,) * BINS, 0.0, 0.0, 0.0)
    low, high = float(known.min()), float(known.max())
    zeros = float((known == 0).mean())
    if low == high:
        counts = [0] * BINS
        counts[BINS // 2] = int(known.size)
        return Spread(tuple(counts), low, high, zeros)
    # In float32 there is no room for the bins between two neighbouring numbers.
    found, _ = np.histogram(known.astype(np.float64), BINS, (low, high))
    return Spread(tuple(int(each) for each in found), low, high, zeros)
