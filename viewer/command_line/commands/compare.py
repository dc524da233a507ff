"""`fieldglass compare`: what differs between two networks, and between their outputs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from analysis.comparison import Comparison, compare
from analysis.facts import analyse
from viewer.command_line.shared.answers import as_csv, as_json, as_table, give
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.engine_run import decoded, engine_on, request_of
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.note import note
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from analysis.inference.engine import Engine

COLUMNS = ("difference", "name", "what", "first", "second")


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `compare`."""
    add_common(parser, output="write the answer to this file")
    parser.add_argument("other", metavar="MODEL", help="the network to compare it with")
    parser.add_argument(
        "--other-weights", metavar="W.safetensors", help="the second network's (--weights: first)"
    )
    parser.add_argument("--image", metavar="IMG", help="also compare the outputs on this image")


def run(asked: argparse.Namespace) -> None:
    """Print what differs. Raises Refusal."""
    second = argparse.Namespace(
        **{**vars(asked), "model": asked.other, "weights": asked.other_weights}
    )
    models = open_model(asked), open_model(second)
    found = compare(*(analyse(model.graph) for model in models))
    answer = comparison(models[0].called, models[1].called, found)
    if asked.image is not None:
        answer["output_difference"] = _output_difference([(models[0], asked), (models[1], second)])
    if asked.format == "json":
        give(as_json(answer), asked.output)
    elif asked.format == "csv":
        give(as_csv(COLUMNS, list(_rows(answer))), asked.output)
    else:
        give(_table(answer), asked.output)


def comparison(one: str, other: str, found: Comparison) -> dict[str, Any]:
    """The answer as the JSON interface has it, without a run."""
    return {
        "models": [one, other],
        "added": list(found.added),
        "removed": list(found.removed),
        "changed": [
            {"name": change.name, "what": {key: list(pair) for key, pair in change.what.items()}}
            for change in found.changed
        ],
        "renamed": found.renamed,
        "totals": {key: list(pair) for key, pair in found.totals.items()},
        "output_difference": None,
    }


def _rows(answer: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """A row for each operator added or removed, and for each value that changed."""
    for difference in ("added", "removed"):
        for name in answer[difference]:
            yield {"difference": difference, "name": name}
    for change in answer["changed"]:
        for what, (first, second) in change["what"].items():
            yield {"difference": "changed", "name": change["name"], "what": what,
                   "first": first, "second": second}  # fmt: skip


def _table(answer: dict[str, Any]) -> str:
    rows = list(_rows(answer))
    text = as_table(COLUMNS, rows) + "\n" if rows else ""
    if not rows:
        names = len(answer["renamed"])
        renamed = f" {names} operators have another name." if names else ""
        text = f"The two networks are the same.{renamed}\n\n"
    one, other = answer["models"]
    totals = [
        {"total": key.replace("_", " "), one: pair[0], other: pair[1]}
        for key, pair in answer["totals"].items()
    ]
    text += as_table(("total", one, other), totals)
    if answer["output_difference"] is not None:
        text += f"\nThe outputs differ by at most {answer['output_difference']:.3g}.\n"
    return text


# ------------------------------------------------------------------------------------ outputs


def _output_difference(runs: list[tuple[Model, argparse.Namespace]]) -> float | None:
    """The largest absolute difference of the outputs; None where their shapes differ."""
    with waiting("Loading PyTorch"):
        engine = engine_on(runs[0][1].device)
    one, other = (_output(engine, model, asked) for model, asked in runs)
    if one.shape != other.shape:
        first, second = ("×".join(map(str, each.shape)) for each in (one, other))
        note(f"the outputs have other shapes ({first} and {second}), so they are not compared.")
        return None
    return float(abs(one.astype("float64") - other).max())


def _output(engine: Engine, model: Model, asked: argparse.Namespace) -> NDArray[float32]:
    from analysis.inference.protocol.engine import EngineFailure

    model = with_weights(model, asked)
    request = request_of(model, asked, decoded(asked.image, model))
    with waiting(f"Running {model.title}"):
        answer = engine.answer(request)
    if isinstance(answer, EngineFailure):
        raise Refusal(answer.fault, model.called)
    output = model.graph.output.id
    return engine.values(request.slot, {output})[output]
