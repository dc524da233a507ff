"""Trains the shipped cell segmenter: `python -m analysis.training.segmenter`.

A small U-Net that tells cells from their ground, on generated pictures with the true label of
every pixel. The recipe is one that `fieldglass train` takes too; skips are dropped for some of the
images, so that the network does not leave everything to the finest.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.inference.image import to_channels
from analysis.network import weights
from analysis.training.cells import cell_picture
from analysis.training.recipe import read_recipe
from analysis.training.run import TrainingRun, prepare

STEM = "cell-segmenter"
RECIPE: dict[str, Any] = {
    "task": "segment",
    "model": "unet:depth=3,base=8,out=2,size=256,norm=none,activation=leaky_relu",
    "twins": [{"name": STEM}],
    "data": "cells",
    "patch": 96,
    "batch": 8,
    "steps": 1200,
    "learning_rate": 0.003,
    "optimiser": "adamw",
    "schedule": "one_cycle",
    "initialisation": "he",
    "skip_dropout": [0.35, 0.25, 0.15],
    "seed": 0,
    "evaluate": {"every": 200},
}
TEST_SEED, TEST_PICTURES, TEST_SIDE = 0x7E57, 8, 256
"""Pictures that neither training nor its measurements ever saw."""


Values = NDArray[np.float32]


def mean_iou(outputs: Callable[[Values], Values]) -> float:
    """Intersection over union of the cells, the mean over the test pictures.

    `outputs` gives (classes, 256, 256) of a picture (3, 256, 256).
    """
    source = np.random.default_rng(TEST_SEED)
    scores: list[float] = []
    for _ in range(TEST_PICTURES):
        pixels, labels = cell_picture(TEST_SIDE, source)
        said, wanted = outputs(to_channels(pixels, 3)).argmax(0) > 0, labels > 0
        scores.append(float((said & wanted).sum() / (said | wanted).sum()))
    return float(np.mean(scores))


def training(steps: int) -> TrainingRun:
    """The recipe's run. Raises ValueError where the recipe cannot be."""
    recipe = read_recipe({**RECIPE, "steps": steps})
    blueprint = parse(RECIPE["model"])
    if isinstance(recipe, Fault) or isinstance(blueprint, Fault):
        raise ValueError(recipe if isinstance(recipe, Fault) else blueprint)
    name, settings = blueprint
    run = prepare(recipe, BLUEPRINTS[name].build(settings), blueprint)
    if isinstance(run, Fault):
        raise ValueError(run)
    return run


def store(run: TrainingRun, out: Path) -> None:
    """Write the weights, and the card `cell-segmenter.json` beside them."""
    out.mkdir(parents=True, exist_ok=True)
    trainer = run.trainers[STEM]
    weights.save(trainer.network.tensors, out / f"{STEM}.safetensors")
    card = {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "task": "cells from their ground in generated pictures, two classes",
        "model": RECIPE["model"],
        "recipe": {**RECIPE, "steps": run.step},
        "trained_on": "48 generated pictures, analysis.training.cells",
        "parameters": trainer.twin.facts.parameters,
        "measured": f"IoU of the cells, mean over {TEST_PICTURES} generated pictures never seen",
        "iou": round(mean_iou(trainer.outputs), 3),
    }
    (out / f"{STEM}.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    store_picture(out)


def store_picture(out: Path) -> None:
    """Write the first test picture and its labels, `cell-segmenter.png` and `…-truth.png`."""
    pixels, labels = cell_picture(TEST_SIDE, np.random.default_rng(TEST_SEED))
    Image.fromarray(pixels).save(out / f"{STEM}.png")
    Image.fromarray(labels * np.uint8(255)).save(out / f"{STEM}-truth.png", optimize=True)


def main() -> None:
    """The command line of this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("assets/models"))
    parser.add_argument("--steps", type=int, default=int(RECIPE["steps"]))
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    run = training(chosen.steps)

    def tell(step: int) -> None:
        if step % 100 == 0:
            scores = run.progress[STEM].scores.get("0", [0.0])
            print(f"{step} loss {run.trainers[STEM].losses[-1]:.4f} IoU {scores[-1]:.3f}")

    run.run(tell)
    store(run, chosen.out)


if __name__ == "__main__":
    main()
