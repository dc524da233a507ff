"""`fieldglass train`: the lab without the window: weights, curves and a report of a recipe."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.faults import Fault
from analysis.storage.regular_file import special_fault
from analysis.training.recipe import Recipe, read_recipe
from viewer.command_line.shared.answers import as_json, as_table, give, write
from viewer.command_line.shared.folder import make_folder
from viewer.command_line.shared.model import Model, open_model
from viewer.command_line.shared.note import note
from viewer.command_line.shared.over_opened import own_file
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.text.number_format import percent

if TYPE_CHECKING:
    from analysis.training.run import TrainingRun

MOST_BYTES = 1 << 20


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `train`."""
    parser.add_argument("recipe", metavar="RECIPE.json", help="what is learnt, and how")
    parser.add_argument("-o", "--output", metavar="DIR", help="the folder that takes the files")
    parser.add_argument("--seed", metavar="N", type=int, default=None, help="instead of its seed")
    parser.add_argument("--trust", action="store_true", help="run the code of a file.py")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(size=None, input=[], weights=None, device="cpu", one_path=False)


def run(asked: argparse.Namespace) -> None:
    """Train what the recipe says and write what came of it. Raises Refusal."""
    if asked.output is None:
        raise Refusal("train needs -o DIR for its files.")
    given = _json(Path(asked.recipe))
    if asked.seed is not None and isinstance(given, dict):
        given = {**given, "seed": asked.seed}
    recipe = read_recipe(given)
    if isinstance(recipe, Fault):
        raise Refusal(recipe, asked.recipe)
    model = _model(recipe, asked)
    with waiting("Loading PyTorch"):
        training = _prepared(recipe, model, asked.recipe)
    for name, fault in training.data.skipped.items():
        note(f"left out: {Refusal(fault, name).line()}")
    folder = make_folder(Path(asked.output))
    _train(training, asked.recipe)
    report = training.report(given)
    _write(folder, training, report, own_file(model.weights, model.trained, model.document))
    rows = list(_rows(training))
    tables = as_table(COLUMNS, rows)
    if codes := list(_codes(report)):
        tables += "\n" + as_table(CODE_COLUMNS, codes)
    give(as_json(report) if asked.format == "json" else tables, None)


COLUMNS = ("twin", "parameters", "loss", "measured", "at", "before", "after", "seconds")
CODE_COLUMNS = ("twin", "code", "bytes", "PSNR, dB", "as JPEG", "classes", "by pixels")


def _json(path: Path) -> Any:
    if special := special_fault(str(path)):
        raise Refusal(special)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal(f"{path} is longer than any recipe; at most {MOST_BYTES} bytes are read.")
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Refusal(Fault("missing-file", (str(path),))) from error
    except OSError as error:
        raise Refusal(Fault("cannot-read", (str(path),))) from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{path} is no JSON; a recipe is an object as in assets/recipes.") from error


def _model(recipe: Recipe, asked: argparse.Namespace) -> Model:
    return open_model(argparse.Namespace(**{**vars(asked), "model": recipe.model}))


def _prepared(recipe: Recipe, model: Model, where: str) -> TrainingRun:
    from analysis.training.run import prepare

    found = prepare(recipe, model.graph, model.blueprint)
    if isinstance(found, Fault):
        raise Refusal(found, where)
    if (own := own_file(model.weights, model.trained, model.document)) is not None:
        _take_fixed(found, own)
    return found


def _take_fixed(training: TrainingRun, own: Path) -> None:
    """The masks and other tensors of an opened model that no training changes."""
    from analysis.network.checkpoint import WeightsError
    from analysis.training.fixed_tensors import take_fixed

    try:
        take_fixed(training, own)
    except WeightsError as error:
        raise Refusal(error.fault) from error


def _train(training: TrainingRun, where: str) -> None:
    from analysis.training.trainer import Diverged, NodeError

    try:
        with _bar(training.recipe.steps) as tell:
            training.run(tell)
    except Diverged as error:
        raise Refusal(error.fault, where) from error
    except NodeError as error:
        why = str(error.__cause__).splitlines()[0] if error.__cause__ else ""
        raise Refusal(Fault("graph-cannot-run", (error.node, why)), where) from error


@contextmanager
def _bar(steps: int) -> Iterator[Callable[[int], None] | None]:
    """Says on a terminal how many steps are done."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(step: int) -> None:
        if step % max(1, steps // 200) == 0:
            sys.stderr.write(f"\rTraining {step}/{steps}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r" + " " * 40 + "\r")


def _write(folder: Path, training: TrainingRun, report: dict[str, Any], own: Path | None) -> None:
    """Each twin's weights, the curves, and at last the report; `own` are an opened model's."""
    from analysis.network.over_traced import record_beside
    from analysis.network.weights import serialised
    from analysis.training.curves import curves_svg

    beside, record = record_beside(own)
    for name, trainer in training.trainers.items():
        tensors = {**trainer.network.tensors, **beside}
        write(folder / f"{name}.safetensors", serialised(tensors, record))
    write(folder / "curves.svg", curves_svg(training))
    _write_events(folder, training)
    write(folder / "report.json", as_json(report).encode())


def _write_events(folder: Path, training: TrainingRun) -> None:
    """The losses and scores of each twin for TensorBoard: `tensorboard --logdir DIR`."""
    from analysis.training.event_file import NAME, event_file, scalars

    begun = time.time() - training.seconds
    measured = "iou" if training.recipe.task == "segment" else "psnr"
    for name in training.trainers:
        of_twin = make_folder(folder / "tensorboard" / name)
        content = event_file(begun, scalars(training.record, name, measured, begun))
        write(of_twin / NAME.format(at=begun), content)


def _codes(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the code of each auto-encoder is good for, on pictures that were held out."""
    for name, twin in report["twins"].items():
        if (codes := twin.get("codes")) is not None:
            jpeg, accuracy = codes["bytes"]["jpeg"], codes.get("accuracy", {})
            yield {
                "twin": name,
                "code": codes["layer"],
                "bytes": codes["bytes"]["code"],
                "PSNR, dB": round(codes["psnr"]["code"], 2),
                "as JPEG": None if jpeg is None else f"{jpeg:.0f} bytes",
                "classes": _percent(accuracy.get("codes")),
                "by pixels": _percent(accuracy.get("pixels")),
            }


def _percent(share: float | None) -> str | None:
    return None if share is None else percent(share, 1)


def _rows(training: TrainingRun) -> Iterator[dict[str, Any]]:
    before = training.noisy_psnr()
    unit = "IoU" if training.recipe.task == "segment" else "PSNR, dB"
    for name, trainer in training.trainers.items():
        progress = training.progress[name]
        for sigma, scores in progress.scores.items():
            yield {
                "twin": name,
                "parameters": trainer.twin.facts.parameters,
                "loss": round(trainer.losses[-1], 4),
                "measured": unit,
                "at": f"σ {sigma}" if training.recipe.task == "denoise" else "",
                "before": None if unit == "IoU" else round(before.get(sigma, float("nan")), 2),
                "after": round(scores[-1], 3 if unit == "IoU" else 2),
                "seconds": round(progress.seconds, 1),
            }
