"""Trains one network, step by step, and measures it on the held-out pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.faults import Fault
from analysis.network import Network, NodeError
from analysis.network.gates import Gates
from analysis.training import initialisation
from analysis.training.drop_pattern import pattern_of
from analysis.training.held_out import HeldOut, Judged, mean_score
from analysis.training.objective.penalties import penalty_of
from analysis.training.objective.penalty import is_probability, penalised
from analysis.training.objective.stack import Stack, pairs_of
from analysis.training.recipe import Recipe
from analysis.training.record import DropPattern, Terms
from analysis.training.step_watch import StepWatch
from analysis.training.tasks import Batch, BatchSource, compared, strengths, wanted_of
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

    def __init__(self, network: TwinNetwork, recipe: Recipe) -> None:
        twin = network.twin
        self.twin = network
        self.recipe = recipe
        self.rate = twin.learning_rate or recipe.learning_rate
        self.batch = twin.batch or recipe.batch
        dropout = recipe.skip_dropout if twin.skip_dropout is None else twin.skip_dropout
        self.dropout = (*dropout, *[0.0] * len(network.skips))[: len(network.skips)]
        how = twin.initialisation or recipe.initialisation
        tensors = initialisation.started(network.graph, network.facts, how, recipe.seed)
        self.network = Network(network.graph, tensors, network.skips, channels_last=True)
        keys = {e.key for read in network.facts.tensors.values() for e in read if e.trained}
        self.parameters: dict[str, Tensor] = {
            key: tensor.requires_grad_()
            for key, tensor in self.network.tensors.items()
            if key in keys and tensor.is_floating_point()
        }
        self.optimiser = optimiser_of(
            twin.optimiser or recipe.optimiser, list(self.parameters.values()), self.rate
        )
        self.penalty = twin.penalty or recipe.penalty
        layers = penalised(self.penalty, network.facts, twin.name)
        self.penalised = () if isinstance(layers, Fault) else layers
        self._probabilities = any(is_probability(network.facts, each) for each in self.penalised)
        self.stack = self._stack()
        self._compared: tuple[Tensor, Tensor] | None = None
        """What the last step made, and what it should have made."""
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
        before = self.weights_before() if watch is not None else {}
        self.step += 1
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * schedule(self.recipe, self.step)
        batch = source.batch(self.step, self.batch)
        given = self.network.place(torch.from_numpy(batch.given))
        given.requires_grad_(self.penalty.kind == "contractive")
        gates = self._gates(len(batch.given))
        # Dropout draws from here: the same for every twin, and for one that is continued.
        torch.manual_seed(self._drawn_from)
        loss, charge = self._passed(given, batch, gates, watch)
        value = float(loss.detach())
        loss = loss if charge is None else loss + charge
        if not math.isfinite(float(loss.detach())):
            raise Diverged(self._diverged(given, gates))
        if watch is not None:
            watch.lost(value)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        if watch is not None:
            watch.updated(self.update_ratios(before))
        self.losses.append(value)
        return value

    def gradient(self, batch: Batch) -> Tensor:
        """The gradient of all weights on a batch, in one row of float64; nothing is changed."""
        kept, count = self._compared, len(self.penalties)
        given = self.network.place(torch.from_numpy(batch.given))
        given.requires_grad_(self.penalty.kind == "contractive")
        loss, charge = self._passed(given, batch, self._gates(len(batch.given)))
        self._compared = kept
        del self.penalties[count:]
        weights = list(self.parameters.values())
        found = torch.autograd.grad(loss if charge is None else loss + charge, weights,
                                    allow_unused=True, materialize_grads=True)  # fmt: skip
        return torch.cat([each.detach().flatten().double() for each in found])

    def _passed(
        self, given: Tensor, batch: Batch, gates: Gates, watch: StepWatch | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """The loss of this step's pass, and the weighted penalty where there is one.

        A pair of a stack that is trained alone pays no penalty, and its layers are not watched.
        """
        pair = self.pair
        if self.stack is not None and pair is not None:
            clean = self.network.place(torch.from_numpy(batch.wanted))
            output, wanted = self.stack.ends(pair, given, clean)
            charge = None
            self.penalties += [0.0] * bool(self.penalised)
        else:
            asked = {self._output, *self.penalised}
            ran = self._ran(given, gates, asked, watch)
            output = ran[self._output]
            wanted = wanted_of(output, batch)
            charge = self._penalty(ran, given) if self.penalised else None
        self._compared = output.detach(), wanted
        return compared(output, wanted, self.recipe), charge

    def _ran(
        self, given: Tensor, gates: Gates, asked: set[str], watch: StepWatch | None
    ) -> dict[str, Tensor]:
        """The outputs of the nodes that are asked for."""
        if watch is None:
            return self.network.run(given, gates=gates, wanted=asked, training=True)
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
    def _drawn_from(self) -> int:
        """The seed of what this step draws."""
        return self.recipe.seed * 1_000_003 + self.step

    def drop_pattern(self) -> DropPattern | None:
        """Which units the last step dropped; None before it, or where no dense layer is dropped."""
        if not self.step or self.pair is not None:
            return None
        return pattern_of(self.twin.facts, self._drawn_from, self.step, self.batch)

    @property
    def pair(self) -> int | None:
        """The pair of a stack that this step trains alone."""
        return None if self.stack is None else self.stack.pair_at(self.step)

    def terms(self) -> Terms | None:
        """The parts of the objective as the last step had them; None before it, or to segment."""
        if self._compared is None or self.recipe.task == "segment":
            return None
        output, wanted = self._compared
        squares = float((output - wanted).double().square().sum())
        pair, pairs = self.pair, 0 if self.stack is None else self.stack.pairs
        charged = self.penalised and pair is None
        return Terms(
            self.step, len(output), output[0].numel(), squares, self.losses[-1],
            self.penalties[-1] if charged else None, self.penalty.weight if charged else 0.0,
            0 if pair is None else pair + 1, pairs,
        )  # fmt: skip

    def _penalty(self, ran: Mapping[str, Tensor], given: Tensor) -> Tensor:
        """The weighted penalty on the code; noted without its weight."""
        values = [ran[name] for name in self.penalised]
        numbers = ran[self._output][0].numel()
        found = penalty_of(self.penalty, values, given, numbers, self._probabilities)
        self.penalties.append(float(found.detach()))
        return self.penalty.weight * found

    @property
    def _output(self) -> str:
        return self.network.graph.output.id

    def _gates(self, images: int) -> Gates:
        """Which skips are closed for which image of this step: the same for every twin."""
        if self.twin.closed:
            return Gates(dict.fromkeys(self.twin.skips, 0.0))
        if not any(self.dropout):
            return Gates()
        draw = np.random.default_rng([self.recipe.seed, self.step, 0xD0])
        open_ = draw.random((images, len(self.dropout))) >= np.array(self.dropout)
        columns = torch.from_numpy(open_.astype(np.float32))
        return Gates(
            {edge: columns[:, i].view(-1, 1, 1, 1) for i, edge in enumerate(self.twin.skips)}
        )

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that own weights to train, in topological order."""
        return tuple(
            node
            for node, read in self.twin.facts.tensors.items()
            if any(each.owner == node and each.key in self.parameters for each in read)
        )

    def weights_before(self) -> dict[str, Tensor]:
        """A copy of the weights, for `update_ratios` after the step."""
        return {key: tensor.detach().clone() for key, tensor in self.parameters.items()}

    def update_ratios(self, before: Mapping[str, Tensor]) -> dict[str, float]:
        """By layer ‖w − w before‖ / ‖w before‖, Euclidean; 0 where the weights were all 0."""
        sums: dict[str, tuple[float, float]] = {}
        for node, read in self.twin.facts.tensors.items():
            for each in read:
                old = before.get(each.key)
                if old is not None and each.owner == node:
                    moved = (self.parameters[each.key].detach() - old).double().square().sum()
                    known = sums.get(node, (0.0, 0.0))
                    size = float(old.double().square().sum())
                    sums[node] = known[0] + float(moved), known[1] + size
        return {node: math.sqrt(m / size) if size else 0.0 for node, (m, size) in sums.items()}

    def gradient_norms(self) -> dict[str, float]:
        """Euclidean norm of the last step's gradient of each layer, by its name."""
        sums: dict[str, float] = {}
        for node, read in self.twin.facts.tensors.items():
            for each in read:
                tensor = self.parameters.get(each.key)
                if tensor is not None and tensor.grad is not None and each.owner == node:
                    sums[node] = sums.get(node, 0.0) + float(tensor.grad.double().square().sum())
        return {node: math.sqrt(total) for node, total in sums.items()}

    def _diverged(self, given: Tensor, gates: Gates) -> Fault:
        """Where the first value that is no finite number arose, and a rate to try instead."""
        found: list[str] = []

        def look(node: str, value: Tensor) -> None:
            if not found and not bool(torch.isfinite(value).all()):
                found.append(node)

        with torch.no_grad():
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
            images = source.batch(0, min(CALIBRATED, 8 * self.batch)).given
            self.network.calibrate(self.network.place(torch.from_numpy(images)), nodes)

    def outputs(self, given: NDArray[np.float32]) -> NDArray[np.float32]:
        """The output (channels, height, width) for one image (channels, height, width)."""
        gates = Gates(dict.fromkeys(self.twin.skips, 0.0)) if self.twin.closed else Gates()
        with torch.inference_mode():
            placed = self.network.place(torch.from_numpy(np.ascontiguousarray(given))[None])
            values: NDArray[np.float32] = (
                self.network.run(placed, gates=gates)[self._output][0].float().numpy()
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


def optimiser_of(name: str, parameters: list[Tensor], rate: float) -> torch.optim.Optimizer:
    """torch's own optimiser of that name; SGD has a momentum of 0.9, AdamW decays by 10⁻⁴."""
    match name:
        case "adamw":
            return torch.optim.AdamW(parameters, rate, weight_decay=1e-4)
        case "sgd":
            return torch.optim.SGD(parameters, rate, momentum=0.9)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, rate)
        case _:
            return torch.optim.Adam(parameters, rate)


def schedule(recipe: Recipe, step: int) -> float:
    """The factor of the learning rate at a step, from 1: constant, or up and down in a cosine."""
    if recipe.schedule == "constant":
        return 1.0
    warm = max(1, round(0.05 * recipe.steps))
    if step <= warm:
        return step / warm
    part = (step - warm) / max(1, recipe.steps - warm)
    return max(1e-4, 0.5 * (1 + math.cos(math.pi * part)))


__all__ = ["Diverged", "NodeError", "Trainer", "optimiser_of", "schedule"]
