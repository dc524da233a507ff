"""What Train promises: pictures soon, a window that stays free, a loop that costs nothing, skips.

`python -m tests.benchmarks.training` (some two minutes). "bare" is the same network in torch.nn
modules in a loop of five lines, on the same batches, in turns with ours. Steps are measured on one
thread, as each of two twins has on two cores.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import torch
from PySide6.QtWidgets import QToolButton
from torch.nn import functional

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.training.recipe import Evaluation, Recipe, Twin, read_recipe
from analysis.training.run import TrainingRun, prepare
from tests.benchmarks.heartbeat import Heart
from tests.benchmarks.live import Bare
from tests.benchmarks.real_window import RealWindow, open_window
from tests.benchmarks.table import Lap, Row, percentile, run_alone, timed

SECONDS = 15.0
TURN = 5.0


def prepared(recipe: Recipe) -> TrainingRun:
    """Its training, one twin after the other on one thread."""
    read = parse(recipe.model)
    assert not isinstance(read, Fault)
    torch.set_num_threads(1)
    run = prepare(recipe, BLUEPRINTS[read[0]].build(read[1]), read)
    assert not isinstance(run, Fault)
    run._pool = None
    torch.set_num_threads(1)
    return run


def twins(seconds: float) -> list[Row]:
    """The shipped recipe of twins until each has had so many seconds of the processor."""
    text = files("assets").joinpath("recipes/twins-denoise.json").read_text(encoding="utf-8")
    recipe = read_recipe(json.loads(text))
    assert not isinstance(recipe, Fault)
    run = prepared(replace(recipe, steps=1_000_000, evaluate=Evaluation(every=1_000_000)))
    rows = []
    spent: dict[str, float] = {}
    for part in (seconds / 2, seconds):
        scores = []
        for trainer in run.trainers.values():
            left = part - spent.get(trainer.twin.twin.name, 0.0)
            begun = time.process_time()
            while time.process_time() - begun < left:
                trainer.train_step(run.source)
            spent[trainer.twin.twin.name] = part
            scores.append(trainer.measure(run.pictures)["25"])
        said = f"{scores[0]:.1f} with, {scores[1]:.1f} without, {run.noisy_psnr()['25']:.1f} noisy"
        what = f"skips at σ 25, {part:g} s of the processor each: {said}"
        rows.append(Row(what, scores[0] - scores[1], "dB", at_least=6.0))
    return rows


def overhead(rounds: int) -> list[Row]:
    """Steps of ours and of a bare loop in turns: their batches drawn, and the step itself."""
    run = prepared(Recipe(
        model="unet:depth=3,base=16,norm=none", twins=(Twin("a"),), steps=1_000_000,
        evaluate=Evaluation(every=1_000_000),
    ))  # fmt: skip
    trainer = run.trainers["a"]
    bare = Bare(trainer.twin.graph, trainer.twin.facts).train()
    bare.to(memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(bare.parameters(), 1e-3)

    def step() -> None:
        batch = run.source.batch(run.step, trainer.batch)
        given = torch.from_numpy(batch.given).to(memory_format=torch.channels_last)
        loss = functional.l1_loss(bare(given), torch.from_numpy(batch.wanted))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        loss.item()

    ours: list[Lap] = []
    plain: list[Lap] = []
    for _ in range(rounds):
        ours.append(timed(lambda: run.advance(observed=True)))
        run.source._last = None  # the bare loop draws its batch too
        plain.append(timed(step))
    ratio = _median(ours) / _median(plain)
    return [
        Row("a training step over a bare loop's, on the processor", ratio, "×", at_most=1.05),
        Row("a bare step", _median(plain)),
    ]


def in_other_ways(rounds: int) -> list[Row]:
    """Steps in bfloat16 and compiled over plain ones, in turns, once all are warm."""
    rows = []
    for model in ("unet:depth=3,base=16,norm=none", "symmetric_denoiser:layers=20,base=4"):
        recipe = Recipe(model=model, twins=(Twin("a"),), steps=1_000_000, patch=32,
                        evaluate=Evaluation(every=1_000_000))  # fmt: skip
        ways = {
            "plain": recipe,
            "bfloat16": replace(recipe, precision="bfloat16"),
            "compiled": replace(recipe, compile=True),
        }
        runs = {name: prepared(each) for name, each in ways.items()}
        laps: dict[str, list[Lap]] = {name: [] for name in ways}
        for at in range(rounds + 1):
            for name, run in runs.items():
                lap = timed(run.advance)
                if at:
                    laps[name].append(lap)
        plain = _median(laps.pop("plain"))
        called = model.partition(":")[0]
        rows += [Row(f"{called}: {name} step over a plain one", _median(found) / plain, "×")
                 for name, found in laps.items()]  # fmt: skip
    return rows


def _median(laps: list[Lap]) -> float:
    return percentile([each.busy for each in laps], 0.5)


def in_the_window(smallest: bool) -> list[Row]:
    """From Start to the first pictures, and gaps between beats, idle and while it trains."""
    real = open_window()
    real.settle(0.1 if smallest else 2.0)
    lab = real.window.contents["train"].lab  # type: ignore[attr-defined]
    real.window.session.set_view(workspace="train")
    lab.set_recipe(steps=1_000_000)
    real.until(lambda: lab.loaded is not None)
    real.rest(0.1 if smallest else 2.0)
    play = real.window.findChild(QToolButton, "train.play")
    first = _first_pictures(real, lab, play)
    again = _first_pictures(real, lab, play)
    heart = Heart()
    idle: list[float] = []
    busy: list[float] = []
    for _ in range(1 if smallest else 4):
        play.click()
        real.until(lambda: lab.log.state == "paused")
        idle += heart.beat_for(real, 0.3 if smallest else TURN)
        play.click()
        real.until(lambda: lab.log.state == "running")
        busy += heart.beat_for(real, 0.3 if smallest else TURN)
    lab.stop()
    real.until(lambda: lab.log.state == "stopped")
    real.close()
    still, training = percentile(idle, 0.999), percentile(busy, 0.999)
    return [
        Row("Start to the first pictures, PyTorch loaded", first[0], busy=first[1], at_most=2000),
        Row("the same, a second training", again[0], busy=again[1], at_most=2000),
        Row("beats of 10 ms, idle: 99.9th percentile", still),
        Row("beats while it trains: 99.9th percentile", training, at_most=still + 5),
    ]


def _first_pictures(real: RealWindow, lab: object, play: QToolButton) -> tuple[float, float]:
    """Milliseconds on the clock, and of the processor that the training process took."""
    if lab.log.is_busy:  # type: ignore[attr-defined]
        lab.stop()  # type: ignore[attr-defined]
        real.until(lambda: not lab.log.is_busy)  # type: ignore[attr-defined]
    begun, used = time.perf_counter(), _used(lab.process.pid)  # type: ignore[attr-defined]
    play.click()
    real.until(lambda: lab.log.previews is not None)  # type: ignore[attr-defined]
    clock = 1e3 * (time.perf_counter() - begun)
    busy = 1e3 * (_used(lab.process.pid) - used)  # type: ignore[attr-defined]
    real.until(lambda: lab.log.state == "running")  # type: ignore[attr-defined]
    return clock, busy


def _used(pid: int) -> float:
    """Seconds of the processor that a process has used (Linux)."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def measure(smallest: bool) -> list[Row]:
    """All of it."""
    return [
        *in_the_window(smallest),
        *overhead(2 if smallest else 60),
        *in_other_ways(1 if smallest else 30),
        *twins(0.3 if smallest else SECONDS),
    ]


if __name__ == "__main__":
    run_alone(measure)
