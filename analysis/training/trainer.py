"""Trains one network, step by step, and measures it on the held-out pictures."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.faults import Fault
from analysis.network import Network, NodeError
from analysis.network.gates import Edge, Gates
from analysis.training import initialisation
from analysis.training.drop_pattern import pattern_of
from analysis.training.held_out import HeldOut, Judged, mean_score
from analysis.training.layer_norms import gradient_norms, trained_layers, update_ratios
from analysis.training.machine.compiled import CompiledRun
from analysis.training.machine.group import joined
from analysis.training.machine.machine import HERE, Machine
from analysis.training.machine.mixed_precision import MixedPrecision
from analysis.training.objective.penalties import penalty_of
from analysis.training.objective.penalty import is_probability, penalised
from analysis.training.objective.stack import Stack, pairs_of
from analysis.training.recipe import Recipe
from analysis.training.record import DropPattern, Terms
from analysis.training.schedule import optimiser_of, schedule
from analysis.training.step_watch import Phase, StepWatch
from analysis.training.tasks import IGNORED, Batch, BatchSource, compared, strengths, wanted_of
from analysis.training.twins import TwinNetwork

CALIBRATED = 64
"""Images whose statistics a batch normalisation is given before it is measured."""


class Diverged(Exception):  # noqa: N818 - a result of the training, not an error of the program
    """The loss is no number any more; `fault` is `train-diverged` (twin, step, layer, rate)."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Trainer:
    """One twin with its weights, optimiser and schedule; `step` counts what it has done."""

    def __init__(self, network: TwinNetwork, recipe: Recipe, machine: Machine = HERE) -> None:
        twin = network.twin
        self.twin = network
        self.recipe = recipe
        self.rate = twin.learning_rate or recipe.learning_rate
        self.batch = twin.batch or recipe.batch
        dropout = recipe.skip_dropout if twin.skip_dropout is None else twin.skip_dropout
        self.dropout = (*dropout, *[0.0] * len(network.skips))[: len(network.skips)]
        how = twin.initialisation or recipe.initialisation
        tensors = initialisation.started(network.graph, network.facts, how, recipe.seed)
        self.network, self.parameters = _to_train(network, tensors, machine)
        self.group = machine.group
        self.precision = MixedPrecision(recipe.precision, machine.device)
        self.compiled = CompiledRun(self.network, twin.name, recipe.compile)
        self.optimiser = optimiser_of(
            twin.optimiser or recipe.optimiser, list(self.parameters.values()), self.rate
        )
        self.penalty = twin.penalty or recipe.penalty
        layers = penalised(self.penalty, network.facts, twin.name)
        self.penalised = () if isinstance(layers, Fault) else layers
        self._probabilities = any(is_probability(network.facts, each) for each in self.penalised)
        self.stack = self._stack()
        behind = {n for n in network.facts.tensors if network.graph.output.id not in
                  network.graph.descendants(n)}  # fmt: skip
        partly = self.stack is not None or not behind.isdisjoint(self.layers)
        self._together = joined(self.parameters, machine.group, partly)
        self._compared: tuple[int, Tensor, Tensor] | None = None
        """The last step that came to its end, what it made, and what it should have made."""
        self.step = 0
        self.losses: list[float] = []
        self.penalties: list[float] = []
        """What the penalty was at each step, before its weight; `losses` are without it.

        0 where a pair of a stack was trained alone.
        """

    def train_step(self, source: BatchSource, watch: StepWatch | None = None) -> float:
        """One step on the batch that is next, watched or not; its loss.

        Raises Diverged and NodeError.
        """
        for _ in self.parts(source, watch):
            pass
        return self.losses[-1]

    def parts(self, source: BatchSource, watch: StepWatch | None = None) -> Iterator[Phase]:
        """One step in its parts; whoever goes through them may wait after each.

        Raises Diverged and NodeError.
        """
        before = self.weights_before() if watch is not None else {}
        self.step += 1
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * schedule(self.recipe, self.step)
        batch = source.batch(self.step, self.batch)
        given = self._placed(batch)
        gates = self._gates()
        # Dropout draws from here: the same for every twin, and for one that is continued.
        torch.manual_seed(self._drawn_from)
        output, wanted, *penalty = self._together(lambda: self._passed(given, batch, gates, watch))
        yield "forward"
        loss, share = self._loss(output, wanted), self._share(wanted)
        total = loss + self.penalty.weight * sum(penalty)
        # Of all processes together, so that either none of them goes on or all do.
        value, *charged = (
            self.group.sum(float(each.detach()) * share / self.group.count)
            for each in (loss, *penalty)
        )
        if not math.isfinite(value + self.penalty.weight * sum(charged)):
            raise Diverged(self._diverged(given, gates))
        if watch is not None:
            watch.lost(value, self.precision.scale)
        yield "loss"
        self.precision.backward(total if share == 1.0 else total * share, self.optimiser)
        yield "backward"
        self.precision.update(self.optimiser)
        if watch is not None:
            watch.updated(self.update_ratios(before))
        self.losses.append(value)
        if self.penalised:
            self.penalties += charged or [0.0]
        self._compared = self.step, output.detach(), wanted
        yield "update"

    def gradient(self, batch: Batch) -> Tensor:
        """The gradient of all weights on a batch, in one row of float64; nothing is changed.

        It is computed in float32, whatever a step is computed in.
        """
        given = self._placed(batch)
        gates = self._gates(len(batch.given))
        # In float16 without the scale of a step's loss, small gradients would be 0.
        shorter, self.precision = self.precision, MixedPrecision("float32", self.network.device)
        try:
            output, wanted, *penalty = self._passed(given, batch, gates)
        finally:
            self.precision = shorter
        loss = self._loss(output, wanted) + self.penalty.weight * sum(penalty)
        weights = list(self.parameters.values())
        found = torch.autograd.grad(loss, weights, allow_unused=True, materialize_grads=True)
        return torch.cat([each.detach().flatten().double() for each in found])

    def _placed(self, batch: Batch) -> Tensor:
        """What the network is given, where it is."""
        given = self.network.place(torch.from_numpy(batch.given))
        return given.requires_grad_(self.penalty.kind == "contractive")

    def _loss(self, output: Tensor, wanted: Tensor) -> Tensor:
        """The mean loss; 0, not the mean of nothing, where every label is left out."""
        if self.recipe.task == "segment" and not bool((wanted != IGNORED).any()):
            return output.sum() * 0.0
        return compared(output, wanted, self.recipe)

    def _share(self, wanted: Tensor) -> float:
        """What this process's loss counts for, so that the mean over all is the joint batch's."""
        if self.group.count == 1:
            return 1.0
        own = float((wanted != IGNORED).sum()) if self.recipe.task == "segment" else len(wanted)
        every = self.group.sum(own)
        return self.group.count * own / every if every else 1.0

    def _passed(
        self, given: Tensor, batch: Batch, gates: Gates, watch: StepWatch | None = None
    ) -> tuple[Tensor, ...]:
        """What this step's pass gives, what it should give, and the penalty if any.

        A pair of a stack that is trained alone pays no penalty, and its layers are not watched.
        """
        pair = self.pair
        if self.stack is not None and pair is not None:
            clean = self.network.place(torch.from_numpy(batch.wanted))
            with self.precision.forward():
                output, wanted = self.stack.ends(pair, given, clean)
            return output.float(), wanted.float()
        asked = {self._output, *self.penalised}
        with self.precision.forward():
            ran = self._ran(given, gates, asked, watch)
        output = ran[self._output].float()
        if not self.penalised:
            return output, wanted_of(output, batch)
        penalty = self._penalty({k: v.float() for k, v in ran.items()}, given)
        return output, wanted_of(output, batch), penalty

    def _ran(
        self, given: Tensor, gates: Gates, asked: set[str], watch: StepWatch | None
    ) -> dict[str, Tensor]:
        """The outputs of the nodes that are asked for."""
        if watch is None:
            return self.compiled(given, gates, asked)
        found: dict[str, Tensor] = {}

        def visit(node: str, value: Tensor) -> None:
            if node in asked:
                found[node] = value
            if node in watch.layers:
                watch.made(node, value)

        wanted = asked | set(watch.layers)
        self.network.run(given, gates=gates, wanted=wanted, visit=visit, training=True)
        return found

    def _stack(self) -> Stack | None:
        """How the layers are trained one after the other; None where they are trained at once."""
        if (self.twin.twin.stacking or self.recipe.stacking) == "at_once":
            return None
        found = pairs_of(self.twin.facts)
        return None if found is None else Stack(self.network, *found, self.recipe.steps)

    @property
    def learnt(self) -> int:
        """Steps that its weights have taken; one less than `step` inside of one."""
        return len(self.losses)

    @property
    def _drawn_from(self) -> int:
        """The seed of what this step draws."""
        return self.recipe.seed * 1_000_003 + self.step + self.group.rank * 1_000_000_007

    def drop_pattern(self) -> DropPattern | None:
        """Which units the last step dropped; None before it, or where no dense layer is dropped."""
        if not self.step or self.pair is not None:
            return None
        images = len(self.group.rows(self.batch))
        return pattern_of(self.twin.facts, self._drawn_from, self.step, images)

    @property
    def pair(self) -> int | None:
        """The pair of a stack that this step trains alone."""
        return None if self.stack is None else self.stack.pair_at(self.step)

    def terms(self) -> Terms | None:
        """The parts of the objective of the last step taken; None before it, or to segment."""
        if self._compared is None or self.recipe.task == "segment":
            return None
        step, output, wanted = self._compared
        squares = float((output - wanted).double().square().sum())
        pair = None if self.stack is None else self.stack.pair_at(step)
        pairs = 0 if self.stack is None else self.stack.pairs
        charged = self.penalised and pair is None
        return Terms(
            step, len(output), output[0].numel(), squares, self.losses[-1],
            self.penalties[-1] if charged else None, self.penalty.weight if charged else 0.0,
            0 if pair is None else pair + 1, pairs,
        )  # fmt: skip

    def _penalty(self, ran: Mapping[str, Tensor], given: Tensor) -> Tensor:
        """The penalty on the code, without its weight."""
        values = [ran[name] for name in self.penalised]
        numbers = ran[self._output][0].numel()
        return penalty_of(self.penalty, values, given, numbers, self._probabilities)

    @property
    def _output(self) -> str:
        return self.network.graph.output.id

    def _gates(self, images: int | None = None) -> Gates:
        """Which skips are closed for which image of this step: the same for every twin.

        `images` are as many of another batch; else those that this process has of this one.
        """
        if self.twin.closed:
            return Gates(dict.fromkeys(self.twin.skips, 0.0))
        if not any(self.dropout):
            return Gates()
        draw = np.random.default_rng([self.recipe.seed, self.step, 0xD0])
        open_ = draw.random((images or self.batch, len(self.dropout))) >= np.array(self.dropout)
        rows = open_ if images else open_[list(self.group.rows(self.batch))]
        columns = torch.from_numpy(rows.astype(np.float32)).to(self.network.device)
        return Gates(
            {edge: columns[:, i].view(-1, 1, 1, 1) for i, edge in enumerate(self.twin.skips)}
        )

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that own weights to train, in topological order."""
        return trained_layers(self.twin.facts, self.parameters)

    def weights_before(self) -> dict[str, Tensor]:
        """A copy of the weights, for `update_ratios` after the step."""
        return {key: tensor.detach().clone() for key, tensor in self.parameters.items()}

    def update_ratios(self, before: Mapping[str, Tensor]) -> dict[str, float]:
        """By layer, how far the weights have gone from what they were, over their length."""
        return update_ratios(self.twin.facts, self.parameters, before)

    def gradient_norms(self) -> dict[str, float]:
        """Euclidean norm of the last step's gradient of each layer, by its name."""
        return gradient_norms(self.twin.facts, self.parameters)

    def _diverged(self, given: Tensor, gates: Gates) -> Fault:
        """Where the first value that is no finite number arose, and a rate to try instead."""
        found: list[str] = []

        def look(node: str, value: Tensor) -> None:
            if not found and not bool(torch.isfinite(value).all()):
                found.append(node)

        with torch.no_grad(), self.precision.forward():
            every = [node.id for node in self.network.graph.nodes]
            self.network.run(given, gates=gates, wanted=every, visit=look, training=True)
        where = found[0] if found else self._output
        return Fault("train-diverged", (self.twin.twin.name, self.step, where, self.rate / 10))

    # ------------------------------------------------------------------------------ measuring

    def calibrate(self, source: BatchSource) -> None:
        """Give batch normalisations the statistics of images of the training set."""
        layers = self.twin.facts.layers
        nodes = {n for n in layers if "running_mean" in self.network.parameters_of(n)}
        if nodes:
            images = source.fresh(0, min(CALIBRATED, 8 * self.batch)).given
            self.network.calibrate(self.network.place(torch.from_numpy(images)), nodes)

    def outputs(
        self, given: NDArray[np.float32], off: Collection[Edge] = ()
    ) -> NDArray[np.float32]:
        """The output (channels, height, width) for one image (channels, height, width).

        The skips of `off` are closed.
        """
        gates = Gates(dict.fromkeys(self.twin.skips if self.twin.closed else off, 0.0))
        with torch.inference_mode():
            placed = self.network.place(torch.from_numpy(np.ascontiguousarray(given))[None])
            values: NDArray[np.float32] = (
                self.network.run(placed, gates=gates)[self._output][0].float().cpu().numpy()
            )
        return values

    def judge(self, pictures: Mapping[str, HeldOut], sigma: float) -> dict[str, Judged]:
        """What it makes of pictures, by their names."""
        return {
            name: each.judged(self.outputs, self.recipe, sigma) for name, each in pictures.items()
        }

    def measure(self, pictures: Mapping[str, HeldOut]) -> dict[str, float]:
        """By σ, as a text, the mean over the held-out pictures: PSNR in dB, or IoU to segment."""
        found: dict[str, float] = {}
        for sigma in strengths(self.recipe):
            mean = mean_score(self.judge(pictures, sigma).values())
            found[f"{sigma:g}"] = float("nan") if mean is None else mean
        return found


def _to_train(
    network: TwinNetwork, tensors: Mapping[str, Tensor], machine: Machine
) -> tuple[Network, dict[str, Tensor]]:
    """The network with its tensors on the machine's device, and those of them that are trained."""
    placed = Network(network.graph, tensors, device=machine.device, channels_last=True).tensors
    keys = {e.key for read in network.facts.tensors.values() for e in read if e.trained}
    trained: dict[str, Tensor] = {
        key: torch.nn.Parameter(tensor)
        for key, tensor in placed.items()
        if key in keys and tensor.is_floating_point()
    }
    made = Network(
        network.graph, {**placed, **trained}, network.skips,
        device=machine.device, channels_last=True,
    )  # fmt: skip
    return made, trained


__all__ = ["Diverged", "NodeError", "Trainer"]
