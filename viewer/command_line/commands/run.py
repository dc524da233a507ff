"""`fieldglass run`: the output and a layer's feature maps for one image, as PNG and .npy."""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viewer.command_line.shared.answers import as_csv, as_json, as_table, give, write
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.engine_run import decoded, engine_on, request_of
from viewer.command_line.shared.layer_names import layer_named
from viewer.command_line.shared.model import Model, open_model, with_weights
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import remark, weights_answer, weights_line

if TYPE_CHECKING:
    from analysis.inference.engine import Engine
    from analysis.inference.protocol.images import Decoded
    from analysis.inference.protocol.runs import Frame, Picture


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `run`."""
    add_common(parser, output="the folder that takes the files")
    parser.add_argument("--image", metavar="IMG", required=True)
    parser.add_argument("--layer", metavar="L", help="whose maps the mosaic shows")


def run(asked: argparse.Namespace) -> None:
    """Run the network and write what it gives. Raises Refusal."""
    if asked.output is None:
        raise Refusal("run needs -o DIR for its files.")
    model = with_weights(open_model(asked), asked)
    image = decoded(asked.image, model)
    from analysis.facts import analyse

    facts = analyse(model.graph)
    layer = layer_named(facts, asked.layer or "output")
    with waiting("Loading PyTorch"):
        engine = engine_on(asked.device)
    with waiting("Running the network"):
        frame, values = _run(engine, model, asked, layer, image)
    answer = _write(Path(asked.output), frame, values, model, layer)
    columns = ("file", "layer", "shape")
    if asked.format == "json":
        give(as_json(answer), None)
    elif asked.format == "csv":
        give(as_csv(columns, answer["files"]), None)
    else:
        give(as_table(columns, answer["files"]), None)
        if frame.weights is not None and frame.weights.whole:
            give(f"\n{weights_line(frame.weights, str(model.weights))}\n", None)


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
        raise Refusal(f"No tensor of {model.weights} fits a layer of {model.called}.")
    remark(frame, str(model.weights))
    values = engine.values(request.slot, {layer, model.graph.output.id})
    return frame, values


def _write(
    folder: Path, frame: Frame, values: dict[str, Any], model: Model, layer: str
) -> dict[str, Any]:
    """output.png, output.npy, mosaic.png, mosaic.npy; a vector output has no picture."""
    output = model.graph.output.id
    files: dict[str, tuple[str, bytes]] = {}
    if frame.output_image is not None:
        files["output.png"] = (output, _png(frame.output_image))
    files["output.npy"] = (output, _npy(values[output]))
    assert frame.mosaic is not None
    files["mosaic.png"] = (layer, _png(frame.mosaic.pixels))
    files["mosaic.npy"] = (layer, _npy(values[layer]))
    _make(folder)
    for name, (_, content) in files.items():
        write(folder / name, content)
    return {
        "model": model.called,
        "input": list(model.input_shape),
        "device": frame.device,
        "untrained": list(frame.untrained),
        "psnr": frame.psnr_out,
        "weights": weights_answer(frame.weights, str(model.weights)) if frame.weights else None,
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


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refusal(f"The folder {folder} cannot be made ({reason}). Name another.") from error


def _npy(values: Any) -> bytes:
    import numpy as np

    content = io.BytesIO()
    np.save(content, values, allow_pickle=False)
    return content.getvalue()


def _png(picture: Picture) -> bytes:
    """0xAARRGGBB as PNG; what holds no channel is transparent."""
    import numpy as np
    from PIL import Image

    shifts = (16, 8, 0, 24)
    planes = [(picture >> np.uint32(shift)) & np.uint32(255) for shift in shifts]
    pixels = np.stack(planes, axis=-1).astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()
