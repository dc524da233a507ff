"""One twin of a sweep, trained by itself on whatever machine the cluster chose."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from analysis.blueprints.settings import Value
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.training.recipe import Recipe

Report = Callable[[dict[str, Any]], object]


class TrialRefused(Exception):  # noqa: N818 - carries a fault to the process that asked
    """The twin cannot be trained there; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class Sweep:
    """What every trial is given: the recipe with all twins, and the network of its model."""

    recipe: Recipe
    graph: Graph
    blueprint: tuple[str, Mapping[str, Value]] | None


def train_twin(sweep: Sweep, name: str, report: Report) -> bytes:
    """Train that twin alone and hand back its checkpoint; `report` is told each measurement.

    Twins share nothing but the seed, so that its numbers are those of a training of them all.
    Raises TrialRefused, Diverged and NodeError.
    """
    import torch

    from analysis.training.process.checkpoint import held_of
    from analysis.training.run import prepare

    twins = tuple(each for each in sweep.recipe.twins if each.name == name)
    run = prepare(replace(sweep.recipe, twins=twins), sweep.graph, sweep.blueprint)
    if isinstance(run, Fault):
        raise TrialRefused(run)
    told = 0
    while not run.is_done:
        run.advance()
        for each in run.record.measured[told:]:
            report({"step": each.step, "sigma": each.sigma, "score": each.score})
        told = len(run.record.measured)
    content = io.BytesIO()
    torch.save(held_of(run), content)
    return content.getvalue()
