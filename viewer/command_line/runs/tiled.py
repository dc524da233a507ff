"""`fieldglass run --tiles`: the output for the whole picture, piece by piece."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.command_line.runs.encoding import npy, png
from viewer.command_line.shared.answers import as_csv, as_json, as_table, give, write
from viewer.command_line.shared.folder import make_folder
from viewer.command_line.shared.model import Model
from viewer.command_line.shared.progress import counting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import weights_answer
from viewer.command_line.shared.target_answers import target_answer, target_line

if TYPE_CHECKING:
    from analysis.inference.engine import Engine
    from analysis.inference.protocol.runs import Frame
    from analysis.inference.protocol.target import TargetScores
    from analysis.inference.tiles.full_size import FullSize
    from analysis.inference.tiles.plan import TilePlan

AUTOMATIC = 0


def add_tiles(parser: argparse.ArgumentParser) -> None:
    """The option `--tiles`."""
    parser.add_argument(
        "--tiles",
        metavar="SIZE",
        nargs="?",
        type=_side,
        const=AUTOMATIC,
        help="run on the whole picture at its own size, in tiles of at most SIZE pixels a side "
        "that together are what the network gives at once; without SIZE as large as fits",
    )


def _side(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,6}", text):
        raise Refusal(f"--tiles is {text}; it takes a side in pixels, such as 512, or nothing.")
    return int(text)


def run_in_tiles(
    engine: Engine, model: Model, asked: argparse.Namespace, frame: Frame, layer: str | None
) -> None:
    """Write the output for the whole picture, after the run at the model's own size.

    With a `layer` also its maps. Raises Refusal.
    """
    full = _run(engine, asked, frame)
    maps = _run(engine, asked, frame, layer) if layer is not None else None
    folder, output = make_folder(Path(asked.output)), model.graph.output.id
    values, (before, after) = full.prediction.values, full.psnr()
    files = {"output.npy": npy(values)}
    if (picture := _picture(values, frame)) is not None:
        files = {"output.png": png(picture), **files}
    shapes = dict.fromkeys(files, (output, values.shape))
    if maps is not None and layer is not None:
        of_layer = _maps(layer, maps.prediction.values, engine, frame.slot)
        shapes |= dict.fromkeys(of_layer, (layer, maps.prediction.values.shape))
        files |= of_layer
    for name, content in files.items():
        write(folder / name, content)
    target = engine.held(frame.slot)[0].request.target
    scores = None if target is None else full.scores(target)
    if scores is not None and scores.fault is not None:
        raise Refusal(scores.fault, asked.target)
    answer = {
        "model": model.called,
        "input": [len(full.clean), *full.plan.size],
        "device": frame.device,
        "precision": frame.precision,
        "precision_gap": frame.precision_gap,
        "untrained": list(frame.untrained),
        "psnr": after,
        "psnr_in": before,
        "target": target_answer(scores),
        "weights": weights_answer(frame.weights, model.weights_called) if frame.weights else None,
        "tiles": {
            "picture": list(full.size),
            "size": list(full.plan.tile),
            "count": full.plan.count,
            "margin": [list(sides) for sides in full.plan.margin],
            "multiple_of": list(full.plan.grid),
            "reach": list(full.plan.reach),
            "work": round(full.choice.work, 3),
        },
        "files": [
            {
                "file": str(folder / name),
                "layer": of,
                "shape": list(shape),
            }
            for name, (of, shape) in shapes.items()
        ],
    }
    _give(answer, asked.format, _too_far(full.plan, asked.tiles), scores)


def _maps(layer: str, values: Any, engine: Engine, slot: str) -> dict[str, bytes]:
    """All channels of a layer as one picture, and their values."""
    from analysis.inference.painter import mosaic_of_values

    drawn = mosaic_of_values(layer, values, engine.held(slot)[0].request)
    return {"mosaic.png": png(drawn.pixels), "mosaic.npy": npy(values)}


def _run(
    engine: Engine, asked: argparse.Namespace, frame: Frame, layer: str | None = None
) -> FullSize:
    from analysis.inference.failures import EngineError, fault_of
    from analysis.inference.image_file.formats import ImageError
    from analysis.network import NodeError

    try:
        full = engine.full_size(frame.slot, asked.tiles or None, layer)
        with counting("Running the network in tiles") as tell:
            full.prediction.run(tell)
    except (EngineError, ImageError) as error:
        raise Refusal(error.fault) from error
    except (NodeError, MemoryError, RuntimeError) as error:
        raise Refusal(fault_of(error, 0, engine.device.device)) from error
    return full


def _picture(values: Any, frame: Frame) -> Any:
    """The output as `run` draws it; None where it is no picture."""
    from analysis.inference.painter import picture_of_values

    return picture_of_values(values, bool(frame.untrained))


def _too_far(plan: TilePlan, side: int) -> str:
    """Why tiles are larger than was asked."""
    if side == AUTOMATIC or max(plan.tile) <= side:
        return ""
    reach = max(plan.reach, default=0)
    return (
        f" Tiles of {side} are too small: the output sees {reach} px to each side, and only "
        "tiles larger than twice that give the same."
    )


def _give(answer: dict[str, Any], form: str, why: str, scores: TargetScores | None) -> None:
    columns = ("file", "layer", "shape")
    if form == "json":
        give(as_json(answer), None)
    elif form == "csv":
        give(as_csv(columns, answer["files"]), None)
    else:
        give(as_table(columns, answer["files"]), None)
        give(f"\n{_line(answer['tiles'])}{why}\n", None)
        if scores is not None:
            give(f"{target_line(scores)}\n", None)


def _line(tiles: dict[str, Any]) -> str:
    picture, tile = (" × ".join(map(str, tiles[key])) for key in ("picture", "size"))
    margin = max((side for sides in tiles["margin"] for side in sides), default=0)
    if tiles["count"] == 1:
        return f"{picture} px in one piece."
    return (
        f"{picture} px in {tiles['count']} tiles of {tile}; "
        f"{margin} px are discarded at each inner edge, as far as the output sees, "
        f"so {tiles['work']:.2g} × the picture is computed."
    )
