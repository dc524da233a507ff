"""What a live frame costs beside the bare network, and what a moved gate costs.

`python -m tests.benchmarks.live`. Medians of alternating runs in one process, so that whatever else
the machine does hits both.
"bare" is the same network in torch.nn modules, float32, contiguous, in inference mode.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import nn

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.graph.scopes import contract
from analysis.inference.engine import Engine
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import Frame, Noise, RunRequest
from analysis.network import weights
from tests.benchmarks.table import Lap, Row, median_row, run_alone, timed

SHIPPED = "unet:depth=4,base=8,size=256,norm=none,activation=leaky_relu"
LARGER = "unet:depth=4,base=32,size=256"
THREADS = 2


class Bare(nn.Module):
    """The graph as torch.nn modules, made from each operator's own torch line."""

    def __init__(self, graph: Graph, facts: Facts) -> None:
        super().__init__()
        self.graph = graph
        last = {source: node.id for node in graph.nodes for source in node.inputs}
        self.done = [[s for s, reader in last.items() if reader == n.id] for n in graph.nodes]
        self.layers = nn.ModuleDict()
        for node in graph.nodes:
            line = node.operator.torch_line(facts.layers[node.id].inputs)
            if line.startswith("nn."):
                made = eval(line, {"nn": nn, "torch": torch})  # noqa: S307 - our own text
                self.layers[node.id.replace(".", "/")] = made
        tensors = weights.initial(graph, facts, 0)
        self.load_state_dict(
            {
                f"layers.{k.rpartition('.')[0].replace('.', '/')}.{k.rpartition('.')[2]}": v
                for k, v in tensors.items()
            },
            strict=False,
        )
        self.eval()

    def forward(self, signal: torch.Tensor) -> torch.Tensor:
        values = {"input": signal}
        for node, done in zip(self.graph.nodes, self.done, strict=True):
            read = [values[source] for source in node.inputs]
            if node.operator.key == "concat":
                values[node.id] = torch.cat(read, 1)
            elif node.operator.key == "output":
                values[node.id] = read[0]
            elif node.inputs:
                values[node.id] = self.layers[node.id.replace(".", "/")](read[0])
            # A hand-written forward lets go of what it has used, and so does this one.
            for source in done:
                del values[source]
        return values["output"]


def request(graph: Graph, facts: Facts) -> RunRequest:
    """All block thumbnails and the mosaic of the first encoder block."""
    blocks = contract(graph, frozenset())
    pixels = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    return RunRequest(
        0,
        "bench",
        graph.structure_hash,
        graph,
        ImageSource("noise", None, pixels),
        noise=Noise("gaussian", 25, 0),
        taps={block.output: 96 for block in blocks if len(facts.shapes[block.output]) == 3},
        selected="enc1.act2",
    )


def compare(model: str, rounds: int, threads: int) -> list[Row]:
    """The cost of a frame against the bare network in both memory formats."""
    parsed = parse(model)
    if isinstance(parsed, Fault):
        raise SystemExit(f"{model}: {parsed.code}")
    graph = BLUEPRINTS[parsed[0]].build(parsed[1])
    facts = analyse(graph)
    engine = Engine("cpu", threads)
    asked = request(graph, facts)
    plain = Bare(graph, facts)
    last = Bare(graph, facts).to(memory_format=torch.channels_last)
    signal = torch.rand(1, 3, 256, 256)
    signal_last = signal.contiguous(memory_format=torch.channels_last)
    count = 0

    def again(**changes: object) -> Frame:
        nonlocal count
        count += 1
        return engine.run(replace(asked, revision=count, **changes))

    def new_token() -> None:
        # A frame from the input on, of the same noise: what the slot holds is let go.
        engine._slots["bench"].prefix.token = None
        assert again().computed == len(graph)

    again()
    found: dict[str, list[Lap]] = {
        "bare": [],
        "bare channels_last": [],
        "frame": [],
        "noise moved": [],
        "gate 1": [],
        "gate 4": [],
    }
    with torch.inference_mode():
        for round_ in range(rounds):
            moved = 0.2 + 1.6 * (round_ % 7) / 7
            found["bare"].append(timed(lambda: plain(signal)))
            found["frame"].append(timed(new_token))
            found["bare channels_last"].append(timed(lambda: last(signal_last)))
            found["noise moved"].append(
                timed(lambda n=round_: again(noise=Noise("gaussian", 10 + n % 30, n)))
            )
            again()
            found["gate 1"].append(timed(lambda a=moved: again(gates={"skip1": a})))
            again()
            found["gate 4"].append(timed(lambda a=moved: again(gates={"skip4": a})))
            again()
    name = f"{model.split(',')[1]}, 256²"
    bare = median_row(f"{name}: bare network", found.pop("bare")[1:])
    rows = [bare]
    for what, taken in found.items():
        row = median_row(f"{name}: {what}", taken[1:])
        ratio = (row.figure or 0) / (bare.figure or 1)
        rows += [row, Row(f"{name}: {what} against the bare network", ratio, "×")]
    return rows


def measure(smallest: bool) -> list[Row]:
    """The shipped network, and one with sixteen times its multiplications."""
    models = (SHIPPED,) if smallest else (SHIPPED, LARGER)
    return [row for model in models for row in compare(model, 3 if smallest else 30, THREADS)]


if __name__ == "__main__":
    run_alone(measure)
