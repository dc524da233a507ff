"""Trains the shipped denoiser and its twin without skips: `python -m analysis.training.denoiser`.

Blind Gaussian noise; each skip is dropped for some of the images, so that the network does not
leave everything to the finest skip. The twins share seeds, batches and schedule.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.inference.image import add_noise, psnr
from analysis.inference.protocol.runs import Noise
from analysis.network import Network, weights
from analysis.network.gates import Edge, Gates
from analysis.training.photographs import (
    HELD_OUT,
    TRAINING,
    Image,
    held_out,
    patches,
    training_images,
)


@dataclass(frozen=True)
class Recipe:
    """Hyperparameters of a training; σ in grey levels of 255, `skip_dropout` shallow first."""

    settings: str = "depth=4,base=8,size=256,norm=none,activation=leaky_relu"
    sigma: tuple[float, float] = (7.0, 52.0)
    skip_dropout: tuple[float, ...] = (0.5, 0.35, 0.2, 0.1)
    patch: int = 64
    batch: int = 16
    steps: int = 2400
    learning_rate: float = 2e-3
    initialisation: str = "he, the finest skip's path near the identity"
    seed: int = 0


def blueprint(model: str) -> Graph:
    """The graph of a blueprint with settings, such as `unet:depth=4,base=8`. Raises ValueError."""
    parsed = parse(model)
    if isinstance(parsed, Fault):
        raise ValueError(f"{model}: {parsed.code} {parsed.numbers}")
    name, settings = parsed
    return BLUEPRINTS[name].build(settings)


class Training:
    """One network with its optimiser and learning-rate schedule, as it is being trained."""

    def __init__(self, model: str, recipe: Recipe) -> None:
        self.graph = blueprint(model)
        self.facts: Facts = analyse(self.graph)
        tensors = weights.initial(self.graph, self.facts, recipe.seed)
        tensors = he_initialised(tensors, recipe.seed)
        if any(skip.kind == "long" for skip in self.facts.skips):
            start_near_identity(tensors)
        long = [skip for skip in self.facts.skips if skip.kind == "long"]
        self.edges: tuple[Edge, ...] = tuple((skip.join, skip.port) for skip in long)
        self.network = Network(self.graph, tensors, self.edges, channels_last=True)
        read = (each for tensors in self.facts.tensors.values() for each in tensors)
        parameters = {each.key for each in read if each.trained}
        self.trained = [
            tensor.requires_grad_()
            for key, tensor in self.network.tensors.items()
            if key in parameters
        ]
        self.optimiser = torch.optim.AdamW(self.trained, recipe.learning_rate, weight_decay=1e-4)
        cosine = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, recipe.learning_rate, recipe.steps, pct_start=0.05
        )
        self.schedule = cosine

    def train_step(self, noisy: Tensor, clean: Tensor, dropped: Tensor) -> float:
        """Take one optimiser step on images (N, 3, h, w); return the L1 loss.

        `dropped`, (N, skips), is 1 where a skip is closed for that image.
        """
        alpha = {edge: 1.0 - dropped[:, i].view(-1, 1, 1, 1) for i, edge in enumerate(self.edges)}
        output = self.network.run(noisy, gates=Gates(alpha), training=True)
        loss = torch.nn.functional.l1_loss(output[self.graph.output.id], clean)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.schedule.step()
        return float(loss.detach())

    def calibrate(self, noisy: Tensor) -> None:
        """Set the statistics of batch normalisation from images (N, 3, h, w), all skips open."""
        layers = self.facts.layers
        normalised = {node for node in layers if "running_mean" in self.network.parameters_of(node)}
        if normalised:
            self.network.calibrate(noisy, normalised)

    def measure(self, sigma: float) -> dict[str, dict[str, float]]:
        """PSNR in dB of each held-out photograph before and after; σ of 255, noise seed 0."""
        found = {}
        for name, clean in held_out().items():
            noisy = add_noise(clean, Noise("gaussian", sigma, 0))
            with torch.inference_mode():
                output = self.network.run(torch.from_numpy(noisy)[None])
            after = output[self.graph.output.id][0].numpy()
            pair = psnr(noisy, clean), psnr(after, clean)
            found[name] = {
                key: round(value, 2)
                for key, value in zip(("noisy", "denoised"), pair, strict=True)
                if value is not None
            }
        return found


def he_initialised(tensors: Mapping[str, Tensor], seed: int) -> dict[str, Tensor]:
    """Initialise convolution weights, (out, in, *kernel), as He et al. 2015 (arXiv 1502.01852).

    Normal with deviation √(2 / fan in), biases 0; for up-sampling kernels √(1 / fan in).
    """
    torch.manual_seed(seed)
    made = dict(tensors)
    for key, tensor in tensors.items():
        if tensor.ndim == 4:
            transposed = key.startswith("up") and key.endswith(".weight") and ".conv" not in key
            fan = tensor.shape[0] if transposed else math.prod(tensor.shape[1:])
            made[key] = torch.randn(tensor.shape) * math.sqrt((1 if transposed else 2) / fan)
            bias = key.removesuffix("weight") + "bias"
            if bias in made:
                made[bias] = torch.zeros_like(made[bias])
    return made


def start_near_identity(tensors: dict[str, Tensor]) -> None:
    """Make the network near the identity: three channels pass the image over the finest skip.

    Colours are then right from the first step, which saves most of a small network's training.
    """
    half = tensors["dec1.conv1.weight"].shape[1] // 2
    path = {"enc1.conv1": 0, "enc1.conv2": 0, "dec1.conv1": half, "dec1.conv2": 0, "head": 0}
    for node, offset in path.items():
        weight = tensors[f"{node}.weight"]
        middle = weight.shape[-1] // 2
        for channel in range(3):
            weight[channel] *= 0.1
            weight[channel, offset + channel, middle, middle] += 1


def mean_psnr(measured: Mapping[str, Mapping[str, float]]) -> float:
    """The mean PSNR of the denoised photographs."""
    return round(float(np.mean([each["denoised"] for each in measured.values()])), 2)


def train(recipe: Recipe, models: Mapping[str, str], out: Path, every: int = 500) -> None:
    """Train these models (file stem → blueprint) on the same batches; write weights and card."""
    trainings = {stem: Training(model, recipe) for stem, model in models.items()}
    images, odds = training_images(recipe.patch)
    source = np.random.default_rng(recipe.seed)
    started = time.monotonic()
    count = max(len(training.edges) for training in trainings.values())
    reference = _noisy(patches(images, odds, 128, recipe.patch, source), recipe, source)
    for step in range(1, recipe.steps + 1):
        clean = patches(images, odds, recipe.batch, recipe.patch, source)
        noisy = _noisy(clean, recipe, source)
        drop = source.random((recipe.batch, count)) < np.array(recipe.skip_dropout[:count])
        for training in trainings.values():
            training.train_step(
                training.network.place(torch.from_numpy(noisy)),
                torch.from_numpy(clean),
                torch.from_numpy(drop.astype(np.float32)),
            )
        if step % every == 0 or step == recipe.steps:
            for training in trainings.values():
                training.calibrate(training.network.place(torch.from_numpy(reference)))
            measured = {
                stem: mean_psnr(training.measure(25)) for stem, training in trainings.items()
            }
            print(f"{step} {time.monotonic() - started:.0f} s {measured}", flush=True)
            store(trainings, recipe, models, out, step)


def _noisy(clean: Image, recipe: Recipe, source: np.random.Generator) -> Image:
    """Images (N, 3, h, w) with Gaussian noise; σ is drawn for each image."""
    sigma = source.uniform(*recipe.sigma, (len(clean), 1, 1, 1)) / 255
    return (clean + sigma * source.standard_normal(clean.shape)).astype(np.float32)


def store(
    trainings: Mapping[str, Training],
    recipe: Recipe,
    models: Mapping[str, str],
    out: Path,
    step: int,
) -> None:
    """Write `<stem>.safetensors` for each network, and the card `denoiser.json` beside them."""
    out.mkdir(parents=True, exist_ok=True)
    for stem, training in trainings.items():
        weights.save(training.network.tensors, out / f"{stem}.safetensors")
    card = {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "task": "blind removal of Gaussian noise from RGB images in [0, 1]",
        "recipe": {
            **asdict(recipe),
            "steps_done": step,
            "optimiser": "AdamW, one cycle",
            "loss": "L1",
        },
        "trained_on": {"source": "scikit-image, bundled pictures", "pictures": TRAINING},
        "never_trained_on": [*HELD_OUT, "grace_hopper"],
        "measured": "PSNR in dB, middle 256 × 256, sigma 25, noise seed 0, cut to [0, 1]",
        "networks": {
            stem: {
                "model": models[stem],
                "parameters": training.facts.parameters,
                "mean": mean_psnr(measured := training.measure(25)),
                "pictures": measured,
            }
            for stem, training in trainings.items()
        },
    }
    (out / "denoiser.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    """The command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("assets/models"))
    parser.add_argument("--steps", type=int, default=Recipe.steps)
    parser.add_argument("--rate", type=float, default=Recipe.learning_rate)
    parser.add_argument("--only", help="train this one of the two")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    recipe = Recipe(steps=chosen.steps, learning_rate=chosen.rate)
    models = {
        "denoiser": f"unet:{recipe.settings}",
        "denoiser-no-skips": f"encoder_decoder:{recipe.settings}",
    }
    train(recipe, {k: v for k, v in models.items() if chosen.only in (None, k)}, chosen.out)


if __name__ == "__main__":
    main()
