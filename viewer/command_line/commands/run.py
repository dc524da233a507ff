"""`fieldglass run`: the outputs and a layer's feature maps for one image, as PNG and .npy."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.command_line.runs.encoding import npy, png
from viewer.command_line.runs.tiled import add_tiles, run_in_tiles
from viewer.command_line.shared.answers import as_csv, as_json, as_table, give, write
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.engine_run import (
    decoded,
    engine_on,
    request_of,
)
from viewer.command_line.shared.folder import make_folder
from viewer.command_line.shared.image_options import add_image_options, reading_of
from viewer.command_line.shared.layer_names import layer_named, output_names
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import remark, weights_answer, weights_line
from viewer.command_line.shared.target_answers import target_answer, target_line

if TYPE_CHECKING:
    from analysis.inference.engine import Engine
    from analysis.inference.protocol.images import Decoded
    from analysis.inference.protocol.runs import Frame, Picture


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    add_common(parser, output="the folder that takes the files")
    parser.add_argument("--image", metavar="IMG", required=True)
    add_image_options(parser)
    parser.add_argument("--target", metavar="IMG", help="a mask or picture to hold the output to")
    parser.add_argument("--layer", metavar="L", help="whose maps the mosaic shows")
    parser.add_argument(
        "--precision",
        choices=("auto", "float32", "bfloat16", "float16"),
        default="auto",
        help="the number format; how far it moves the output from float32 is said",
    )
    add_tiles(parser)


def run(asked: argparse.Namespace) -> None:
    """Run the network and write what it gives. Raises Refusal."""
    if asked.output is None:
        raise Refusal("run needs -o DIR for its files.")
    model = with_weights(open_model(asked), asked)
    image = decoded(asked.image, model, reading_of(asked))
    from analysis.facts import analyse

    facts = analyse(model.graph)
    layer = layer_named(facts, asked.layer or "output")
    with waiting("Loading PyTorch"):
        engine = engine_on(asked.device, asked.precision)
    with waiting("Running the network"):
        frame, values = _run(engine, model, asked, layer, image)
    if asked.tiles is not None:
        run_in_tiles(engine, model, asked, frame, layer if asked.layer else None)
        return
    answer = _write(Path(asked.output), frame, values, model, layer)
    columns = ("file", "layer", "shape")
    if asked.format == "json":
        give(as_json(answer), None)
    elif asked.format == "csv":
        give(as_csv(columns, answer["files"]), None)
    else:
        give(as_table(columns, answer["files"]), None)
        if frame.target is not None:
            give(f"\n{target_line(frame.target)}\n", None)
        if frame.weights is not None and frame.weights.whole:
            give(f"\n{weights_line(frame.weights, model.weights_called)}\n", None)


def _run(
    engine: Engine,
    model: Model,
    asked: argparse.Namespace,
    layer: str,
    image: Decoded,
) -> tuple[Frame, dict[str, Any]]:
    from analysis.facts import analyse
    from analysis.inference.protocol.engine import EngineFailure
    from analysis.inference.protocol.runs import Frame

    request = request_of(model, asked, image, layer)
    frame = engine.answer(request)
    if isinstance(frame, EngineFailure):
        raise Refusal(frame.fault)
    assert isinstance(frame, Frame)
    weighty = {node for node, layer in analyse(model.graph).layers.items() if layer.parameters}
    if model.weights is not None and weighty and weighty <= set(frame.untrained):
        raise Refusal(f"No tensor of {model.weights_called} fits a layer of {model.called}.")
    if frame.target is not None and frame.target.fault is not None:
        raise Refusal(frame.target.fault, asked.target)
    remark(frame, model.weights_called)
    values = engine.values(request.slot, {layer, *_known_outputs(model)})
    return frame, values


def _known_outputs(model: Model) -> list[str]:
    """The outputs that can be computed, the main one last."""
    from analysis.facts import analyse

    shapes = analyse(model.graph).shapes
    return [name for name in output_names(model.graph) if name in shapes]


def _of_output(name: str, picture: Picture | None, values: Any) -> Iterator[tuple[str, bytes]]:
    """NAME.png and NAME.npy; a vector has no picture."""
    stem = re.sub(r"[^\w.-]+", "_", name)
    stem = f"{stem}_output" if stem == "mosaic" else stem
    if picture is not None:
        yield f"{stem}.png", png(picture)
    yield f"{stem}.npy", npy(values)


def _picture(values: Any, frame: Frame) -> Picture | None:
    """An output that is not the main one, drawn as that is."""
    from analysis.inference.painter import picture_of_values

    return picture_of_values(values, bool(frame.untrained))


def _write(
    folder: Path, frame: Frame, values: dict[str, Any], model: Model, layer: str
) -> dict[str, Any]:
    """Each output, the main one as output.png and .npy, then mosaic.png and mosaic.npy."""
    main = model.graph.output.id
    files: dict[str, tuple[str, bytes]] = {}
    for each in reversed(_known_outputs(model)):
        picture = frame.output_image if each == main else _picture(values[each], frame)
        called = "output" if each == main else each
        for name, content in _of_output(called, picture, values[each]):
            files[name] = (each, content)
    assert frame.mosaic is not None
    files["mosaic.png"] = (layer, png(frame.mosaic.pixels))
    files["mosaic.npy"] = (layer, npy(values[layer]))
    make_folder(folder)
    for name, (_, content) in files.items():
        write(folder / name, content)
    return {
        "model": model.called,
        "input": list(model.input_shape),
        "device": frame.device,
        "precision": frame.precision,
        "precision_gap": frame.precision_gap,
        "untrained": list(frame.untrained),
        "psnr": frame.psnr_out,
        "target": target_answer(frame.target),
        "weights": weights_answer(frame.weights, model.weights_called) if frame.weights else None,
        "not_finite": _not_finite(frame),
        "files": [
            {"file": str(folder / name), "layer": of, "shape": list(values[of].shape)}
            for name, (of, _) in files.items()
        ],
    }


def _not_finite(frame: Frame) -> dict[str, Any] | None:
    found = frame.not_finite
    if found is None:
        return None
    return {
        "layer": found.node,
        "what": found.what,
        "of_weights": found.of_weights,
        "of_output": found.of_output,
    }
