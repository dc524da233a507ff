"""One tool, one public network, one process: `python draw_tools.py TOOL NETWORK` prints JSON.

Runs with the interpreter that has the tool and the network's package. Every tool is given the
module and an image and writes an SVG picture, after one of a small U-Net, so that what all load
on the way is loaded: `import` and that are left out for all alike, as ours waits ready for a file.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

ROOT = Path(__file__).parents[3]
Given = dict[str, Any]
Answer = tuple[int, int]
"""Nodes that it knows, and bytes of its picture."""


def fieldglass(model: nn.Module, image: Tensor, given: Given, place: Path) -> Answer:
    """With its weights in a file, sizes, costs, receptive fields and skips."""
    from analysis.exchange.torch_module import read_answer
    from analysis.exchange.tracer.run import traced
    from analysis.storage.document import Document
    from viewer.drawing.network.diagram_file import diagram, drawn_document, write_diagram
    from viewer.drawing.network.figure_options import FigureOptions

    size = list(image.shape[1:])
    inputs = {name: {"value": value} for name, value in given.items()}
    request = {"size": size, "picture": False, "one path": False, "inputs": inputs}
    folder = place.parent
    graph = read_answer(traced(model, "Network", request, folder, None), folder).graph
    write_diagram(diagram(drawn_document(Document(graph)), FigureOptions()), place)
    return len(graph.nodes), place.stat().st_size


def torchview(model: nn.Module, image: Tensor, given: Given, place: Path) -> Answer:
    import torchview as tool

    graph = tool.draw_graph(model, input_data=[image], device="cpu", **given)
    graph.visual_graph.render(outfile=str(place), format="svg")
    nodes = {node for edge in graph.edge_list for node in edge}
    return len(nodes), place.stat().st_size


def torchlens(model: nn.Module, image: Tensor, given: Given, place: Path) -> Answer:
    import torchlens as tool

    trace = tool.trace(model, [image], given or None)
    trace.draw(vis_outpath=str(place.with_suffix("")), vis_save_only=True, vis_fileformat="svg")
    return int(trace.num_ops), place.stat().st_size


TOOLS: dict[str, Callable[[nn.Module, Tensor, Given, Path], Answer]] = {
    "fieldglass": fieldglass,
    "torchview": torchview,
    "torchlens": torchlens,
}


def megabytes() -> float:
    """The most memory that this process held; of what it starts the system tells no peak apart."""
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def processor_time() -> float:
    """Seconds of this process and of those that it started and that have ended, such as dot."""
    return sum(os.times()[:4])


def main(tool: str, name: str) -> None:
    from analysis.exchange.tracer.exporting.rehearsal import small_unet
    from tests.analysis.exchange.public_models import networks, sizes
    from tests.benchmarks.peers import large_networks

    warnings.filterwarnings("ignore")
    draw = TOOLS[tool]
    torch.manual_seed(0)
    large = getattr(large_networks, name, None)
    size = large_networks.SIZE if large else sizes.size_of(name)
    model, image = (large or getattr(networks, name))().eval(), torch.rand(1, *size)
    with tempfile.TemporaryDirectory() as folder:
        draw(small_unet(), torch.rand(1, 1, 4, 4), {}, Path(folder, "small.svg"))
        before, begun, busy = megabytes(), time.perf_counter(), processor_time()
        with torch.no_grad():
            nodes, size = draw(model, image, sizes.FURTHER.get(name, {}), Path(folder, "net.svg"))
        spent = {"seconds": time.perf_counter() - begun, "busy": processor_time() - busy}
    peak = megabytes()
    print(
        json.dumps({**spent, "peak": peak, "grown": peak - before, "nodes": nodes, "bytes": size})
    )


if __name__ == "__main__":
    sys.path.append(str(ROOT))
    main(sys.argv[1], sys.argv[2])
