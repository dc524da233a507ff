"""One tool, one model, one process: `python field_tools.py TOOL MODEL` prints a line of JSON.

Runs with the interpreter that has the tool. Every tool is given the nn.Module and asked for the
receptive fields of all its layers, twice: the first time with all it loads on the way. What
`import` of the tool and of torch costs is left out for all alike.
"""

from __future__ import annotations

import collections
import collections.abc
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from field_models import MODELS
from torch import nn

Answer = tuple[str, dict[str, float]]
"""What it says of the last layer, and seconds of its parts."""


def fieldglass(model: nn.Module, side: int) -> Answer:
    from analysis.exchange.assembling import assemble
    from analysis.exchange.recorded import Recording
    from analysis.exchange.tracer.description import describe
    from analysis.exchange.tracer.exporting.export import ExportOptions, export
    from analysis.facts.shapes import infer
    from analysis.receptive_field import fields

    begun = time.perf_counter()
    found = export(model, [1, side, side], ExportOptions())
    nodes, outputs, _ = describe(found.program)
    answer = {"name": "", "shape": list(found.shape), "nodes": nodes, "outputs": outputs}
    graph = assemble(Recording.of(answer)).graph
    traced = time.perf_counter()
    inferred = {name: each.shape for name, each in infer(graph).items()}
    found = fields(graph, {name: shape for name, shape in inferred.items() if shape is not None})
    ended = time.perf_counter()
    last = found[graph.output.id]
    low, high = last.extent_min or (0,), last.extent_max or (0,)
    said = f"{low[0]}–{high[0]}" if low != high else f"{high[0]}"
    return f"{said} ({last.exactness})", {"trace": traced - begun, "table": ended - traced}


def torchlens(model: nn.Module, side: int) -> Answer:
    import torchlens as tool

    begun = time.perf_counter()
    trace = tool.trace(model, torch.rand(1, 1, side, side))
    traced = time.perf_counter()
    table = trace.receptive_fields().to_pandas()
    ended = time.perf_counter()
    last = table.iloc[-1]
    status = str(getattr(last["status"], "value", last["status"])).replace("_", " ")
    size = last["size"]
    said = f"{'no size' if size is None else size[0]} ({status})"
    return said, {"trace": traced - begun, "table": ended - traced}


def torchscan(model: nn.Module, side: int) -> Answer:
    import torchscan as tool

    begun = time.perf_counter()
    report: Any = tool.crawl_module(model, (1, side, side))
    ended = time.perf_counter()
    values = [
        layer["metrics"].get("receptive_field", {}).get("value") for layer in report["layers"]
    ]
    known = [value for value in values if value is not None]
    return f"{values[-1]} (largest {max(known, default=None)})", {"table": ended - begun}


def rfa_toolbox(model: nn.Module, side: int) -> Answer:
    # Its dependencies still take this name from where Python 3.10 dropped it.
    collections.Sequence = collections.abc.Sequence  # type: ignore[attr-defined]
    from rfa_toolbox import create_graph_from_pytorch_model as read

    begun = time.perf_counter()
    last: Any = read(model, input_res=(1, 1, side, side))
    ended = time.perf_counter()
    low, high = last.receptive_field_min, last.receptive_field_max
    return f"{_first(low)}–{_first(high)}", {"table": ended - begun}


def gradient(model: nn.Module, side: int) -> Answer:
    """One unit in float64; weights of one and means for maxima, so that nothing cuts a path."""
    linear = _linear(model).double()
    image = torch.rand(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    begun = time.perf_counter()
    output = linear(image)
    middle = output.shape[-1] // 2
    output[0, :, middle, middle].sum().backward()
    ended = time.perf_counter()
    assert image.grad is not None
    rows = image.grad[0, 0].ne(0).any(1).nonzero()
    extent = int(rows.max() - rows.min()) + 1
    return f"{extent} (one unit, cut at the image)", {"one unit": ended - begun}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple | list) else value


def _linear(model: nn.Module) -> nn.Module:
    for name, part in model.named_children():
        if isinstance(part, nn.MaxPool2d):
            setattr(model, name, nn.AvgPool2d(part.kernel_size, part.stride, part.padding))
        elif isinstance(part, nn.ReLU):
            setattr(model, name, nn.Identity())
        else:
            _linear(part)
    with torch.no_grad():
        for key, tensor in model.named_parameters():
            # Sums of ones overflow in deep networks, means do not.
            tensor.fill_(1 / tensor[0].numel() if key.endswith("weight") else 0)
    return model


TOOLS: dict[str, Callable[[nn.Module, int], Answer]] = {
    "fieldglass": fieldglass,
    "torchlens": torchlens,
    "torchscan": torchscan,
    "rfa_toolbox": rfa_toolbox,
    "gradient": gradient,
}


def main(tool: str, name: str) -> None:
    warnings.filterwarnings("ignore")
    build, side = MODELS[name]
    answers = []
    for _ in range(2):
        torch.manual_seed(0)
        answers.append(TOOLS[tool](build().eval(), side))
    said, first = answers[0]
    print(json.dumps({"said": said, "first": first, "again": answers[1][1]}))


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[3]))
    if len(sys.argv) != 3 or sys.argv[1] not in TOOLS or sys.argv[2] not in MODELS:
        sys.exit(f"usage: field_tools.py {'|'.join(TOOLS)} {'|'.join(MODELS)}")
    main(sys.argv[1], sys.argv[2])
