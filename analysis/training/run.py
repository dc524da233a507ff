"""A whole training: all twins on the same batches, measured as they go, with its report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from analysis.blueprints.settings import Value
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.operators import Input
from analysis.training.code_report import code_reports
from analysis.training.datasets import DataSet, Example, middle_of, open_data
from analysis.training.held_out import HeldOut, Judged, common_side
from analysis.training.machine.apart import parts_differ
from analysis.training.machine.machine import HERE, Machine
from analysis.training.machine.memory_need import too_large
from analysis.training.machine.side_by_side import side_by_side
from analysis.training.measuring import measurement
from analysis.training.objective.penalty import penalised
from analysis.training.objective.stack import pairs_of
from analysis.training.recipe import Recipe
from analysis.training.record import Column, Record, looks_at
from analysis.training.step_watch import Phase, StepWatch
from analysis.training.tasks import BatchSource, strengths
from analysis.training.trainer import Trainer
from analysis.training.twins import TwinNetwork, twin_networks

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")
SMALL, MOST_LEARNT = 128, 4
"""Side in pixels, and number, of the training pictures that are measured beside those held out."""


@dataclass
class Progress:
    """What is known of one twin after some steps."""

    evaluated_at: list[int] = field(default_factory=list)
    scores: dict[str, list[float]] = field(default_factory=dict)
    """PSNR in dB, or IoU, by σ."""
    first_gradients: dict[str, float] = field(default_factory=dict)
    last_gradients: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


class TrainingRun:
    """The twins of a recipe, their data and how far they are; `advance` takes one step of each."""

    def __init__(
        self, recipe: Recipe, twins: list[TwinNetwork], data: DataSet, machine: Machine = HERE
    ) -> None:
        self.recipe = recipe
        self.data = data
        self.machine = machine
        channels = _channels(twins[0].graph)
        self.source = BatchSource(recipe, data, channels, machine.group.rows)
        self.trainers = {each.twin.name: Trainer(each, recipe, machine) for each in twins}
        self.progress = {name: Progress() for name in self.trainers}
        self.record = Record({name: each.losses for name, each in self.trainers.items()})

        def fitted(each: Example) -> HeldOut:
            return HeldOut(each, channels, common_side(twins, each, recipe.patch))

        self.pictures = {each.name: fitted(each) for each in data.held_out}
        side = max(recipe.patch, SMALL)
        self.learnt = {
            each.name: fitted(middle_of(each, side)) for each in data.training[:MOST_LEARNT]
        }
        self.judged: dict[str, dict[str, Judged]] = {}
        """By twin and picture, what the last measurement saw."""
        self.step = 0
        self.seconds = 0.0
        """What the steps took on the clock, those of all twins together."""
        self._pool = side_by_side(twins, recipe, machine)

    @property
    def is_done(self) -> bool:
        return self.step >= self.recipe.steps

    def advance(self, observed: bool = False, alone: bool = False) -> None:
        """One step of every twin; measured when it is time. Raises Diverged and NodeError.

        With `observed` gradients and updates are recorded, some hundred times in a training, and
        of a step that somebody takes `alone`.
        """
        looks = self._begin(observed) or alone
        started = time.perf_counter()
        columns = self._of_each(lambda name: self._advance(name, looks))
        self.seconds += time.perf_counter() - started
        self._end(columns, observed)

    def parts(self, name: str, watch: StepWatch) -> Iterator[Phase]:
        """One step of every twin; between the parts of that of one, whoever asks may wait.

        Raises Diverged and NodeError. What is waited for does not count as time of the training.
        """
        looks = self._begin(observed=True)
        trainer, progress = self.trainers[name], self.progress[name]
        before = trainer.weights_before() if looks else None
        started = time.perf_counter()
        for phase in trainer.parts(self.source, watch):
            progress.seconds += time.perf_counter() - started
            self.seconds += time.perf_counter() - started
            if phase != "update":
                yield phase
            started = time.perf_counter()
        columns = {name: self._column(name, before)}
        others = [each for each in self.trainers if each != name]
        columns |= {each: self._advance(each, looks) for each in others}
        self.seconds += time.perf_counter() - started
        self._end({each: columns[each] for each in self.trainers}, observed=True)
        yield "update"

    def _begin(self, observed: bool) -> bool:
        """Go to the next step and draw its batch; whether its gradients are recorded."""
        self.step += 1
        self.source.batch(self.step, max(each.batch for each in self.trainers.values()))
        return observed and looks_at(self.step, self.recipe.steps)

    def _end(self, columns: Mapping[str, Column | None], observed: bool) -> None:
        """Record the step, and measure when it is time."""
        self.record.columns += [each for each in columns.values() if each is not None]
        due = self.step % self.recipe.evaluate.every == 0 or self.is_done
        if due and self.machine.group.speaks:
            self.evaluate(observed)

    def _advance(self, name: str, looks: bool) -> Column | None:
        """One step of one twin."""
        trainer, progress = self.trainers[name], self.progress[name]
        before = trainer.weights_before() if looks else None
        started = time.perf_counter()
        trainer.train_step(self.source)
        progress.seconds += time.perf_counter() - started
        return self._column(name, before)

    def _column(self, name: str, before: Mapping[str, Tensor] | None) -> Column | None:
        """The gradients and updates of a twin's step; None where they are not recorded."""
        trainer = self.trainers[name]
        if self.step == 1:
            self.progress[name].first_gradients = trainer.gradient_norms()
        if before is None:
            return None
        gradients, updates = trainer.gradient_norms(), trainer.update_ratios(before)
        norms = (
            tuple(of.get(layer, 0.0) for layer in trainer.layers) for of in (gradients, updates)
        )
        return Column(name, self.step, *norms)

    def _of_each(self, work: Callable[[str], T]) -> dict[str, T]:
        """What the work gives for each twin, by name; side by side where the machine has cores."""
        if self._pool is None:
            return {name: work(name) for name in self.trainers}
        return dict(zip(self.trainers, self._pool.map(work, self.trainers), strict=True))

    def evaluate(
        self, observed: bool = False, tell: Callable[[], object] | None = None
    ) -> dict[str, dict[str, Judged]]:
        """Measure every twin on the held-out pictures, and what each makes of them at the first σ.

        With `observed` as many pictures that it learns from are measured too; `tell` is called
        before that, once `judged` is there. What is measured again after the same step is not
        recorded twice.
        """
        held = self._of_each(self._judged_held_out)
        self.judged = {name: next(iter(found.values())) for name, found in held.items()}
        if tell is not None:
            tell()
        learnt = self._of_each(self._judged_learnt) if observed else {}
        known = bool(self.record.measured) and self.record.measured[-1].step == self.step
        for name, found in () if known else held.items():
            progress = self.progress[name]
            for sigma, judged in found.items():
                measured = measurement(
                    name, self.step, progress.seconds, sigma, judged,
                    learnt.get(name, {}).get(sigma, {}),
                )  # fmt: skip
                self.record.measured.append(measured)
                progress.scores.setdefault(measured.sigma, []).append(measured.score)
            progress.evaluated_at.append(self.step)
            progress.last_gradients = self.trainers[name].gradient_norms()
        return self.judged

    def _judged_held_out(self, name: str) -> dict[float, dict[str, Judged]]:
        """What a twin makes of the held-out pictures, by σ."""
        trainer = self.trainers[name]
        trainer.calibrate(self.source)
        return {sigma: trainer.judge(self.pictures, sigma) for sigma in strengths(self.recipe)}

    def _judged_learnt(self, name: str) -> dict[float, dict[str, Judged]]:
        """The same of pictures that it learns from; it is calibrated already."""
        trainer = self.trainers[name]
        return {sigma: trainer.judge(self.learnt, sigma) for sigma in strengths(self.recipe)}

    def run(self, tell: Callable[[int], None] | None = None) -> None:
        """Train to the end; `tell` is called with the number of steps done."""
        while not self.is_done:
            self.advance()
            if tell is not None:
                tell(self.step)

    def report(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON of `report.json`; `given` is the recipe as it was written."""
        measured = "iou" if self.recipe.task == "segment" else "psnr"
        twins = {}
        for name, trainer in self.trainers.items():
            progress = self.progress[name]
            twins[name] = {
                "parameters": trainer.twin.facts.parameters,
                "losses": trainer.losses,
                "psnr": {},
                measured: progress.scores,
                "evaluated_at": progress.evaluated_at,
                "gradient_norms": {
                    "first": progress.first_gradients,
                    "last": progress.last_gradients,
                },
                "seconds": round(progress.seconds, 3),
            }
            if trainer.penalised:
                twins[name]["penalties"] = trainer.penalties
        for name, codes in code_reports(self.trainers, self.data, self.recipe.patch).items():
            twins[name]["codes"] = codes.plain()
        return {
            "recipe": dict(given),
            "complete_recipe": asdict(self.recipe),
            "twins": twins,
            "noisy_psnr": self.noisy_psnr(),
            "data": {
                "source": self.data.source,
                "training": len(self.data.training),
                "held_out": list(self.pictures),
                "skipped": {name: fault.code for name, fault in self.data.skipped.items()},
            },
            "machine": {
                "device": str(self.machine.device),
                "processes": self.machine.group.count,
                "remarks": [fault.code for fault in self.remarks()],
            },
        }

    def remarks(self) -> list[Fault]:
        """What is not as it was asked for, though the training goes on."""
        found = [each.compiled.fault for each in self.trainers.values()]
        twins = [each.twin for each in self.trainers.values()]
        apart = parts_differ(self.recipe, twins, self.machine.group)
        return [*apart, *(fault for fault in found if fault is not None)]

    def noisy_psnr(self) -> dict[str, float]:
        """By σ, the mean PSNR in dB of what the networks are given of the held-out pictures."""
        found = {}
        for sigma in strengths(self.recipe):
            values = [each.given_score(self.recipe, sigma) for each in self.pictures.values()]
            known = [value for value in values if value is not None]
            if known:
                found[f"{sigma:g}"] = float(np.mean(known))
        return found


def prepare(
    recipe: Recipe,
    graph: Graph,
    blueprint: tuple[str, Mapping[str, Value]] | None,
    machine: Machine = HERE,
) -> TrainingRun | Fault:
    """The training of a recipe whose model is `graph`, or why there can be none.

    `blueprint` is the one that the graph was built from, with its settings.
    """
    twins = twin_networks(recipe, graph, blueprint)
    if isinstance(twins, Fault):
        return twins
    for twin in twins:
        shape = twin.facts.shapes[twin.graph.output.id]
        wanted = _channels(twin.graph)
        asked = penalised(twin.twin.penalty or recipe.penalty, twin.facts, twin.twin.name)
        if isinstance(asked, Fault):
            return asked
        if len(shape) != 3:
            return Fault("train-needs-map", (twin.twin.name,))
        if recipe.task != "segment" and shape[0] != wanted:
            return Fault("train-other-channels", (twin.twin.name, shape[0], wanted))
        batch, processes = twin.twin.batch or recipe.batch, machine.group.count
        if batch < processes:
            return Fault("train-batch-below-group", (twin.twin.name, batch, processes))
        stacked = (twin.twin.stacking or recipe.stacking) != "at_once"
        if stacked and (recipe.task == "segment" or pairs_of(twin.facts) is None):
            return Fault("stack-no-mirror", (twin.twin.name,))
    data = too_large(recipe, twins, machine.device, machine.group.count) or _data(recipe, twins)
    # Memory and pictures are each process's own: all go on, or none waits for one that does not.
    stopped = machine.group.sum(float(isinstance(data, Fault)))
    if isinstance(data, Fault):
        return data
    if stopped:
        return Fault("train-other-process", (int(stopped), machine.group.count))
    return TrainingRun(recipe, twins, data, machine)


def _data(recipe: Recipe, twins: list[TwinNetwork]) -> DataSet | Fault:
    classes = twins[0].facts.shapes[twins[0].graph.output.id][0]
    return open_data(recipe.data, recipe.patch, recipe.task == "segment", int(classes), recipe.seed)


def _channels(graph: Graph) -> int:
    operator = next(iter(graph.inputs)).operator
    assert isinstance(operator, Input)
    return operator.channels
