"""`fieldglass skips`: every measure of every skip of a network on one image."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from viewer.command_line.shared.answers import as_csv, as_json, as_table, before_activation, give
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.engine_run import decoded, engine_on, request_of
from viewer.command_line.shared.image_options import add_image_options, reading_of
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import remark

if TYPE_CHECKING:
    from analysis.inference.engine import Engine
    from analysis.inference.protocol.measures import Contribution, Measured
    from analysis.inference.protocol.runs import RunRequest

MEASURES = ("share", "shapley", "gradient", "ablation")
"""Keys of the table of measures, in the order in which they are computed."""
COLUMNS = (
    *("name", "from", "to", "join", "share", "shapley", "integrated_gradient"),
    *("zero", "mean", "noise"),
)
FURTHER = ("kind", "shapley_interval", "bands")
"""Columns that CSV has beside those of the table."""


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `skips`."""
    add_common(parser, output="a file for the answer instead of standard output")
    parser.add_argument("--image", metavar="IMG", required=True)
    add_image_options(parser)
    parser.add_argument(
        "--target", metavar="IMG", help="a picture or mask that measures are held to"
    )


def run(asked: argparse.Namespace) -> None:
    """Measure the skips and print what is found. Raises Refusal."""
    model = with_weights(open_model(asked), asked)
    image = decoded(asked.image, model, reading_of(asked))
    with waiting("Loading PyTorch"):
        engine = engine_on(asked.device)
    request = request_of(model, asked, image)
    with waiting("Running the network"):
        _run(engine, model, asked, request)
    found = {}
    for key in MEASURES:
        with waiting(f"Measuring: {_title(key)}"):
            found[key] = _measured(engine, request, key)
    answer = _without_nan(_answer(model, asked, found))
    if asked.format == "json":
        give(as_json(answer), asked.output)
    elif asked.format == "csv":
        give(as_csv((*COLUMNS, *FURTHER), _rows(answer)), asked.output)
    else:
        give(as_table(COLUMNS, _rows(answer)) + _foot(answer), asked.output)


def _title(key: str) -> str:
    from analysis.inference.measures.table import measure_row

    return measure_row(key).title


def _run(engine: Engine, model: Model, asked: argparse.Namespace, request: RunRequest) -> None:
    from analysis.facts import analyse
    from analysis.faults import Fault
    from analysis.inference.protocol.engine import EngineFailure
    from analysis.inference.protocol.runs import Frame

    if not any(skip.kind == "long" for skip in analyse(model.graph).skips):
        raise Refusal(Fault("no-skips"))
    frame = engine.answer(request)
    if isinstance(frame, EngineFailure):
        raise Refusal(frame.fault)
    assert isinstance(frame, Frame)
    if frame.target is not None and frame.target.fault is not None:
        raise Refusal(frame.target.fault, asked.target)
    remark(frame, model.weights_called)


def _measured(engine: Engine, request: RunRequest, key: str) -> Measured:
    from analysis.inference.protocol.engine import EngineFailure
    from analysis.inference.protocol.measures import Measured, MeasureRequest

    found = engine.answer(MeasureRequest(request.revision, request.slot, request.structure, key))
    if isinstance(found, EngineFailure):
        raise Refusal(found.fault)
    assert isinstance(found, Measured)
    return found


def _answer(model: Model, asked: argparse.Namespace, found: dict[str, Measured]) -> dict[str, Any]:
    """The answer with the keys of the stable interface."""
    from analysis.facts import analyse

    share, shapley, gradient = found["share"], found["shapley"], found["gradient"]
    ablation = found["ablation"]
    worth = shapley.worth
    assert worth is not None
    assert share.bottleneck is not None
    assert share.bias is not None
    long = [skip for skip in analyse(model.graph).skips if skip.kind == "long"]
    return {
        "model": model.called,
        "image": asked.image,
        "f": {
            "name": worth.name,
            "against": worth.against,
            "all": worth.all,
            "none": worth.none,
        },
        "skips": [
            {
                "name": skip.name,
                "from": skip.source,
                "to": skip.join,
                "join": skip.how,
                "kind": skip.kind,
                "share": share.skips[skip.name].value,
                "shapley": shapley.skips[skip.name].value,
                "shapley_interval": _interval(shapley.skips[skip.name]),
                "integrated_gradient": gradient.skips[skip.name].value,
                "bands": list(share.skips[skip.name].bands),
                "ablation": dict(ablation.skips[skip.name].by_mode),
            }
            for skip in long
        ],
        "bottleneck": _rest(share.bottleneck),
        "bias": _rest(share.bias),
        "bottleneck_share": share.bottleneck.value,
        "bias_share": share.bias.value,
        "share_of": {"layer": share.of, "before": share.before or None},
        "band_edges": list(share.band_edges),
        "checks": {
            "split_error": share.split_error,
            "shapley_error": shapley.sum_error,
            "gradient_gap": gradient.gap,
        },
        "exact": share.why is None and shapley.why is None,
        "why_not_exact": _why(share, shapley),
    }


def _without_nan(value: Any) -> Any:
    """The same with null for NaN and infinity, which a closed skip may lead to."""
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _interval(part: Contribution) -> list[float] | None:
    return None if part.interval is None else list(part.interval)


def _rest(part: Contribution) -> dict[str, Any]:
    return {"share": part.value, "bands": list(part.bands)}


def _why(*found: Measured) -> str | None:
    """What is approximate, and what was held fixed for this image: the window says the same."""
    from viewer.command_line.shared.sentence import sentence

    said = [sentence(each.why) for each in found if each.why is not None]
    return " ".join(said) or None


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """A line a skip, then what is no skip."""
    rows = [{**skip, **skip["ablation"]} for skip in answer["skips"]]
    return [*rows, *({"name": name, **answer[name]} for name in ("bottleneck", "bias"))]


def _foot(answer: dict[str, Any]) -> str:
    f, checks = answer["f"], answer["checks"]
    what = {
        "mse": "minus the mean squared difference from the ungated output",
        "psnr": "PSNR against the target, in dB",
        "dice": "soft Dice coefficient against the target",
    }
    every, none = _number(f["all"]), _number(f["none"])
    split, shapley = _number(checks["split_error"]), _number(checks["shapley_error"])
    gap = _number(checks["gradient_gap"])
    lines = [
        f"f is {what[f['name']]}: {every} with all skips, {none} with none.",
        f"Split error {split}, Shapley error {shapley}.",
        f"Of f(all) − f(none) the integrated gradients miss {gap}.",
    ]
    if answer["share_of"]["before"]:
        lines.insert(0, before_activation(answer["share_of"]))
    if answer["why_not_exact"]:
        lines.append(answer["why_not_exact"])
    return "\n" + "\n".join(lines) + "\n"


def _number(value: float | None) -> str:
    return (
        "no number" if value is None else f"{value:.6g}" if abs(value) >= 1e-3 else f"{value:.2g}"
    )
