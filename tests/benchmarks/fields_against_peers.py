"""Receptive fields beside other tools: `python -m tests.benchmarks.fields_against_peers`.

Each tool answers in a process of its own, for the 4-level U-Net (truth 188–204) and the geometry
of ResNet-152 (truth 1451). `--peers PYTHON` is the interpreter of an environment that holds
torchlens, torchscan and rfa_toolbox; `--make FOLDER` makes one there with pip, on top of this
environment's torch. What is missing is said. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from statistics import linear_regression
from time import perf_counter
from typing import Any

from analysis.graph import Graph
from analysis.receptive_field import fields, unit_field
from tests.analysis.receptive_field import networks
from tests.benchmarks.receptive_field import chain, forget, timed

TOOLS_FILE = Path(__file__).with_name("field_tools.py")
PEERS = {
    "torchlens": ("torchlens", "pandas"),
    "torchscan": ("torchscan",),
    # Says that it needs an older Python; it runs on this one.
    "rfa_toolbox": ("--ignore-requires-python", "--no-deps", "rfa_toolbox", "attrs", "numpy"),
}
TRUTHS = {"UNet": "188–204", "ResNet152": "1451"}
LONGEST = 600
"""Seconds a tool may take."""
LENGTHS = (10, 30, 100, 300, 1_000, 3_000, 10_000)


def make(folder: Path) -> Path:
    """An environment with what installs; torch comes from this one."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    inside = [str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    packages = subprocess.run(inside, capture_output=True, text=True, check=True).stdout.strip()
    (Path(packages) / "host.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    for wanted in PEERS.values():
        # One after the other: one that does not install must not keep the others away.
        command = [str(python), "-m", "pip", "install", "--quiet", *wanted]
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
    return python


def ask(python: Path, tool: str, model: str) -> dict[str, Any] | str:
    """The tool's answer, or the last line of why there is none."""
    command = [str(python), str(TOOLS_FILE), tool, model]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return f"no answer in {LONGEST} s"
    if ran.returncode:
        lines = ran.stderr.strip().splitlines()
        return lines[-1][:100] if lines else f"ended with {ran.returncode}"
    answer: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return answer


def from_module(peers: Path | None, model: str) -> tuple[float, float] | None:
    """Print every tool's row; seconds of torchlens's table, first and again, if it answers."""
    print(f"\n{model} as an nn.Module, truth {TRUTHS[model]}: seconds first, again")
    table: tuple[float, float] | None = None
    for tool in ("fieldglass", *PEERS, "gradient"):
        own = tool in ("fieldglass", "gradient")
        python = Path(sys.executable) if own else peers
        if python is None:
            print(f"  {tool:12} not installed")
            continue
        answer = ask(python, tool, model)
        if isinstance(answer, str):
            print(f"  {tool:12} {answer}")
            continue
        first, again = (sum(answer[which].values()) for which in ("first", "again"))
        pairs = zip(answer["first"].items(), answer["again"].values(), strict=True)
        parts = ", ".join(f"{part} {one:.4f} {two:.4f}" for (part, one), two in pairs)
        print(f"  {tool:12} {first:8.3f} {again:8.3f}  ({parts})  says {answer['said']}")
        if tool == "torchlens":
            table = float(answer["first"]["table"]), float(answer["again"]["table"])
    return table


def on_graph(name: str, graph: Graph, layer: str, theirs: tuple[float, float] | None) -> None:
    """Print ours on the graph itself, and how often it fits into the rival's table."""
    shapes = networks.shapes_of(graph)
    unit = tuple(length // 2 for length in shapes[layer][1:])
    cold = timed(lambda: fields(graph, shapes), forget)
    again = timed(lambda: fields(graph, shapes))
    first = timed(lambda: unit_field(graph, shapes, layer, unit), forget)
    click = timed(lambda: unit_field(graph, shapes, layer, unit))
    print(f"\n{name} as a graph of {len(graph)} nodes: milliseconds cold, again")
    print(f"  all layers, all phases  {cold:8.3f} {again:8.3f}")
    print(f"  one unit, every layer   {first:8.3f} {click:8.3f}")
    if theirs is not None:
        ratios = theirs[0] * 1e3 / cold, theirs[1] * 1e3 / again
        print(f"  torchlens's table takes {ratios[0]:.0f} times as long, {ratios[1]:.0f} again")


def slope() -> None:
    """Print the time of chains and the power of the number of layers that fits it."""
    print("\nchains of 3×3 convolutions: milliseconds of all phases, of one unit")
    spent: dict[str, list[float]] = {"phases": [], "unit": []}
    for layers in LENGTHS:
        graph = chain(layers)
        shapes = networks.shapes_of(graph)
        for what, work in (
            ("phases", lambda g=graph, s=shapes: fields(g, s)),
            ("unit", lambda g=graph, s=shapes: unit_field(g, s, g.nodes[-1].id, (256, 256))),
        ):
            spent[what].append(_best(work))
        print(f"  {layers:6} layers {spent['phases'][-1]:10.3f} {spent['unit'][-1]:10.3f}")
    for what, times in spent.items():
        fit = linear_regression([math.log(n) for n in LENGTHS], [math.log(t) for t in times])
        per = times[-1] / LENGTHS[-1] * 1e3
        print(f"  {what}: layers to the power {fit.slope:.2f}, {per:.1f} µs a layer at the end")


def _best(work: Any) -> float:
    found = []
    for _ in range(5):
        forget()
        begun = perf_counter()
        work()
        found.append((perf_counter() - begun) * 1e3)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peers", type=Path, help="an interpreter that has the other tools")
    parser.add_argument("--make", type=Path, help="make such an environment in this folder")
    asked = parser.parse_args()
    peers = make(asked.make) if asked.make else asked.peers
    unet = from_module(peers, "UNet")
    resnet = from_module(peers, "ResNet152")
    activated = networks.unet((512, 512), activations=True)
    on_graph("UNet with activations", activated, "output", unet)
    deep = networks.resnet_torchvision((224, 224), (3, 8, 36, 3))
    on_graph("ResNet152", deep, "layer4", resnet)
    slope()


if __name__ == "__main__":
    main()
