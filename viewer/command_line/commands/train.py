"""`fieldglass train`: the lab without the window: weights, curves and a report of a recipe."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.faults import Fault
from analysis.processes.sleeping_threads import let_waiting_threads_sleep
from analysis.storage.regular_file import special_fault
from analysis.training.recipe import Recipe, read_recipe
from viewer.command_line.shared.answers import as_json, give
from viewer.command_line.shared.folder import make_folder
from viewer.command_line.shared.model import Model, open_model
from viewer.command_line.shared.note import note
from viewer.command_line.shared.over_opened import own_file
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.training.files import write_files
from viewer.command_line.training.machine import machine_of
from viewer.command_line.training.sweep import check_ray, train_on_ray
from viewer.command_line.training.tables import tables

if TYPE_CHECKING:
    from analysis.training.machine.machine import Machine
    from analysis.training.run import TrainingRun

MOST_BYTES = 1 << 20


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `train`."""
    parser.add_argument("recipe", metavar="RECIPE.json", help="what is learnt, and how")
    parser.add_argument("-o", "--output", metavar="DIR", help="the folder that takes the files")
    parser.add_argument("--seed", metavar="N", type=int, default=None, help="instead of its seed")
    parser.add_argument("--device", metavar="D", default="auto", help="auto|cpu|cuda[:N]")
    parser.add_argument(
        "--ray", metavar="ADDRESS",
        help="each twin a trial of Ray Tune on that cluster; local is one of this machine",
    )  # fmt: skip
    parser.add_argument("--trust", action="store_true", help="run the code of a file.py")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.set_defaults(size=None, input=[], weights=None, one_path=False)


def run(asked: argparse.Namespace) -> None:
    """Train what the recipe says and write what came of it. Raises Refusal."""
    if asked.output is None:
        raise Refusal("train needs -o DIR for its files.")
    given = _json(Path(asked.recipe))
    if asked.seed is not None and isinstance(given, dict):
        given = {**given, "seed": asked.seed}
    if asked.ray is not None:
        check_ray(asked)
    recipe = read_recipe(given)
    if isinstance(recipe, Fault):
        raise Refusal(recipe, asked.recipe)
    model = _model(recipe, asked)
    let_waiting_threads_sleep()
    with ExitStack() as open_:
        with waiting("Loading PyTorch"):
            machine = machine_of(asked.device, open_)
            training = _prepared(recipe, model, asked.recipe, machine)
        if machine.group.speaks:
            _led(training, given, model, asked)
        else:
            training.run()


def _led(training: TrainingRun, given: Any, model: Model, asked: argparse.Namespace) -> None:
    """Train in the process that speaks: progress, remarks, files and the answer."""
    for name, fault in training.data.skipped.items():
        note(f"left out: {Refusal(fault, name).line()}")
    folder = Path(asked.output)
    was_there = folder.exists()
    make_folder(folder)
    try:
        _written(folder, training, given, model, asked)
    except BaseException:
        if not was_there:
            with suppress(OSError):
                folder.rmdir()  # nothing was written
        raise


def _written(
    folder: Path, training: TrainingRun, given: Any, model: Model, asked: argparse.Namespace
) -> None:
    if asked.ray is None:
        _train(training, asked.recipe)
    else:
        train_on_ray(training, model, asked.ray)
    for fault in training.remarks():
        note(Refusal(fault).line())
    report = training.report(given)
    write_files(folder, training, report, own_file(model.weights, model.trained, model.document))
    give(as_json(report) if asked.format == "json" else tables(training, report), None)


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


def _prepared(recipe: Recipe, model: Model, where: str, machine: Machine) -> TrainingRun:
    from analysis.training.run import prepare

    found = prepare(recipe, model.graph, model.blueprint, machine)
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
