"""`fieldglass study`: what a network does on every image of a folder, with means and intervals."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.facts import Facts, analyse
from analysis.faults import Fault
from viewer.command_line.shared.answers import (
    as_csv,
    as_json,
    as_table,
    before_activation,
    give,
    unwritable,
)
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.folder import make_folder
from viewer.command_line.shared.image_options import add_image_options, reading_of
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.note import note
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.studying.listening import Listening, listening
from viewer.text.languages import LANGUAGES

if TYPE_CHECKING:
    from analysis.study.plan import StudyPlan
    from analysis.study.run import StudyResult
    from analysis.study.runners.pool import Crew

COLUMNS = ("name", "from", "to", "share", "shapley", "integrated_gradient", "ablation", "deep")
"""Columns of means; CSV has both ends of the interval behind each."""
MEANS = COLUMNS[3:]
F = {
    "psnr": "PSNR against the targets, in dB",
    "dice": "soft Dice against the targets",
    "mse": "minus the mean squared difference from the output with all skips",
}
"""What skips are worth, by its name in the report."""
MOST_NAMED = 5


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `study`."""
    add_common(parser, output="the folder that takes the reports, and what is measured so far")
    parser.add_argument(
        "data",
        metavar="DATA",
        help="a folder of images, or with images/ and targets/ in it, of equal names",
    )
    parser.add_argument(
        "--ray", metavar="ADDRESS", help="run on a Ray cluster: its address, or auto"
    )
    parser.add_argument(
        "--workers", metavar="N", type=int, help="processes that measure; by default one a core"
    )
    add_image_options(parser)
    lang = [row.option for row in LANGUAGES]
    parser.add_argument("--lang", choices=lang, default="en", help="the language of the report")
    parser.add_argument("--for-window", action="store_true", help=argparse.SUPPRESS)


def run(asked: argparse.Namespace) -> int:
    """Measure what is not measured yet and write the reports. Raises Refusal."""
    from viewer.text.translation import language

    if asked.output is None:
        raise Refusal("study needs -o DIR for its files.")
    if asked.workers is not None and asked.workers < 1:
        raise Refusal(f"--workers is {asked.workers}; at least one must measure.")
    if asked.ray is not None:
        _check_ray()
    language.use(asked.lang)
    model = with_weights(open_model(asked), asked)
    with listening(asked.for_window) as listeners:
        return _studied(model, asked, listeners)


def _check_ray() -> None:
    from analysis.study.runners.cluster.crew import is_installed

    if not is_installed():
        raise Refusal(Fault("study-no-ray"))


def _studied(model: Model, asked: argparse.Namespace, listeners: Listening) -> int:
    from analysis.study.data_set import find_images
    from analysis.study.run import first_readable, study

    with waiting("Looking through the images"):
        data = find_images(Path(asked.data))
        if isinstance(data, Fault):
            raise Refusal(data)
        first = first_readable(data, reading_of(asked))
    if isinstance(first, Fault):
        raise Refusal(first, f"{asked.data} holds no image that can be read")
    plan = _plan(model, asked, str(data.folder), first)
    folder = make_folder(Path(asked.output))
    try:
        found = study(plan, data, folder, lambda count: _crew(plan, asked, count), listeners)
    except OSError as error:
        refusal = unwritable(folder / "shards", error)
        raise Refusal(f"{refusal.reason} What was measured before is kept.") from error
    finally:
        listeners.end()
    if isinstance(found, Fault):
        raise Refusal(found)
    if not found.images and found.fault is not None:
        raise Refusal(found.fault)
    return _reported(model, asked, found, folder, listeners)


def _plan(model: Model, asked: argparse.Namespace, folder: str, first: Any) -> StudyPlan:
    from analysis.study.plan import StudyPlan

    return StudyPlan(
        graph=model.graph,
        folder=folder,
        first=first,
        weights=None if model.weights is None else str(model.weights.resolve()),
        seed=asked.seed or 0,
        gates=model.gates or {},
        off=model.off,  # type: ignore[arg-type]
        reading=reading_of(asked),
        device=asked.device,
    )


def _crew(plan: StudyPlan, asked: argparse.Namespace, images: int) -> Crew:
    if asked.ray is None:
        from analysis.study.runners.local import LocalCrew

        return LocalCrew(plan, images, asked.workers)
    from analysis.study.runners.cluster.crew import RayCrew

    return RayCrew(plan, asked.ray, asked.workers)


# ------------------------------------------------------------------------------ what is written


def _reported(
    model: Model,
    asked: argparse.Namespace,
    found: StudyResult,
    folder: Path,
    listeners: Listening,
) -> int:
    """Write the reports of what is measured and print the skips. Raises Refusal."""
    from analysis.study.report import report
    from viewer.text.fault_sentences import fault_sentence

    for name in list(found.skipped)[:MOST_NAMED]:
        note(f"left out: {Refusal(found.skipped[name], name).line()}")
    if len(found.skipped) > MOST_NAMED:
        note(f"and {len(found.skipped) - MOST_NAMED} more; {folder / 'report.json'} names them.")
    if not found.images:
        raise Refusal("no image is measured yet." if not found.skipped else "nothing is measured.")
    facts = analyse(model.graph)
    answer = report(model.called, facts, found, fault_sentence)
    with waiting("Writing the report"):
        _write(folder, model, facts, found, answer)
    listeners.wrote(folder / "report.html")
    if asked.format == "json":
        give(as_json(answer), None)
    elif asked.format == "csv":
        give(as_csv(*_csv(answer)), None)
    else:
        give(as_table(COLUMNS, _rows(answer)) + _foot(answer, folder), None)
    return _status(found, folder)


def _status(found: StudyResult, folder: Path) -> int:
    if found.fault is not None:
        raise Refusal(found.fault)
    if not found.is_complete:
        done = f"{found.images} of {found.of} images"
        raise Refusal(
            f"stopped: {done} are measured and kept in {folder}; the same command goes on."
        )
    return 0


def _write(
    folder: Path, model: Model, facts: Facts, found: StudyResult, answer: dict[str, Any]
) -> None:
    from analysis.storage import atomic_file
    from analysis.study.report import field_maps, rows_of
    from analysis.study.rows_file import write_rows
    from viewer.drawing.report.study.page import write_report
    from viewer.text.escaping import csv_text

    path = folder
    try:
        path = write_rows(folder, rows_of(found), csv_text)
        path = folder / "report.json"
        atomic_file.write(path, [as_json(answer).encode()])
        path = folder / "report.html"
        maps = field_maps(facts, found.total.summary)
        write_report(folder, model.title, facts, answer, rows_of(found), maps)
    except OSError as error:
        raise unwritable(path, error) from error


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """A line a skip, then what is no skip; a mean with half its interval."""
    rows = [*answer["skips"], *({"name": rest, **answer[rest]} for rest in ("bottleneck", "bias"))]
    return [{**row, **{key: _mean(row.get(key)) for key in MEANS}} for row in rows]


def _mean(found: dict[str, Any] | None) -> str:
    if found is None:
        return ""
    if found["low"] is None:
        return f"{found['mean']:.3g}"
    return f"{found['mean']:.3g} ± {(found['high'] - found['low']) / 2:.2g}"


def _csv(answer: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows with each mean and both ends of its interval as numbers."""
    ends = ("mean", "low", "high")
    columns = [*COLUMNS[:3], *(f"{key}_{end}" for key in MEANS for end in ends)]
    rows = [
        {
            **{key: row.get(key) for key in COLUMNS[:3]},
            **{f"{key}_{end}": (row.get(key) or {}).get(end) for key in MEANS for end in ends},
        }
        for row in [*answer["skips"], *({"name": n, **answer[n]} for n in ("bottleneck", "bias"))]
    ]
    return columns, rows


def _in(unit: str) -> str:
    """How deep's unit is said; a relative change is a part of 1 here."""
    return {"dB": ", PSNR in dB", "%": ", its change as a part of 1"}.get(unit, "")


def _foot(answer: dict[str, Any], folder: Path) -> str:
    dead = {layer: numbers for layer, numbers in answer["dead_channels"].items() if numbers}
    lines = [f"{answer['images']} of {answer['of']} images; mean ± half its 95 % interval."]
    f, units, share_of = answer["f"], answer["units"], answer["share_of"]
    if share_of["before"]:
        lines.append(before_activation(share_of))
    if f["name"] in F:
        whole, without = _mean(f["all"]), _mean(f["none"])
        lines.append(f"f is {F[f['name']]}: {whole} with all skips, {without} with none.")
        lines.append("shapley and integrated_gradient share f out; ablation is a part of 1;")
        lines.append(f"deep is the output with it and all finer ones off{_in(units['deep'])}.")
    for name, score in answer["scores"].items():
        none = answer["scores_without_skips"].get(name)
        without = f", {_mean(none)} without skips" if none else ""
        lines.append(f"{name.upper()} against the targets: {_mean(score)}{without}.")
    count = sum(map(len, dead.values()))
    where = f" in {', '.join(list(dead)[:MOST_NAMED])}" if dead else ""
    lines.append(f"Channels that are 0 in every image: {count}{where}.")
    lines.append(f"The report is {folder / 'report.html'}.")
    return "\n" + "\n".join(lines) + "\n"
