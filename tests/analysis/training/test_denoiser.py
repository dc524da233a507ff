"""The shipped denoiser does what its card says, on pictures it has never seen."""

import json
from importlib.resources import as_file, files

import numpy as np
import pytest
import torch

from analysis.facts import analyse
from analysis.inference.image import add_noise, psnr
from analysis.inference.protocol.runs import Noise
from analysis.network import Network, weights
from analysis.network.gates import Gates
from analysis.training.denoiser import Recipe, Training, blueprint
from analysis.training.photographs import (
    HELD_OUT,
    TRAINING,
    held_out,
    patches,
    training_images,
)

CARD = json.loads(files("assets").joinpath("models/denoiser.json").read_text())


def shipped(stem: str) -> tuple[Network, dict[str, tuple[str, int]]]:
    graph = blueprint(CARD["networks"][stem]["model"])
    facts = analyse(graph)
    with as_file(files("assets").joinpath(f"models/{stem}.safetensors")) as path:
        assert path.stat().st_size <= 3_000_000
        tensors, untrained = weights.for_graph(graph, facts, 0, weights.load(path))
    assert untrained == ()
    edges = {skip.name: (skip.join, skip.port) for skip in facts.skips}
    return Network(graph, tensors, edges.values(), channels_last=True), edges


def denoised(net: Network, clean: np.ndarray, gates: Gates | None = None) -> float:
    noisy = torch.from_numpy(add_noise(clean, Noise("gaussian", 25, 0)))
    with torch.inference_mode():
        output = net.run(net.place(noisy[None]), gates=gates or Gates())[net.graph.output.id]
    value = psnr(output[0].numpy(), clean)
    assert value is not None
    return value


@pytest.mark.parametrize("stem", ["denoiser", "denoiser-no-skips"])
def test_the_card_tells_the_truth(stem: str) -> None:
    pytest.importorskip("skimage")
    net, _ = shipped(stem)
    said = CARD["networks"][stem]["pictures"]
    found = {name: denoised(net, clean) for name, clean in held_out().items()}
    assert found == pytest.approx({name: said[name]["denoised"] for name in HELD_OUT}, abs=0.05)
    if stem == "denoiser":
        assert np.mean(list(found.values())) >= 28.5


def test_closing_the_finest_skip_costs_much() -> None:
    pytest.importorskip("skimage")
    net, edges = shipped("denoiser")
    chelsea = held_out()["chelsea"]
    whole = denoised(net, chelsea)
    assert denoised(net, chelsea, Gates({edges["skip1"]: 0.0})) < whole - 2


def test_what_judges_was_never_trained_on() -> None:
    for name in (*HELD_OUT, "grace_hopper", "cat"):
        assert not any(name in picture for picture in TRAINING)
        assert not any(name in picture for picture in CARD["trained_on"]["pictures"])


def test_a_few_steps_lower_the_loss_and_repeat_themselves() -> None:
    pytest.importorskip("skimage")
    recipe = Recipe(settings="depth=2,base=4,size=32,norm=batch", steps=30)

    def run() -> list[float]:
        training = Training(f"unet:{recipe.settings}", recipe)
        source = np.random.default_rng(0)
        clean = torch.from_numpy(patches(images, odds, 8, 32, source))
        noisy = clean + 0.1 * torch.randn(clean.shape, generator=torch.Generator().manual_seed(0))
        return [training.train_step(noisy, clean, torch.zeros(8, 2)) for _ in range(12)]

    images, odds = training_images(32)
    first = run()
    assert first[-1] < first[0]
    assert run() == pytest.approx(first, rel=1e-4)
