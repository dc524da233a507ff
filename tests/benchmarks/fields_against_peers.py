"""Receptive fields beside other tools: `python -m tests.benchmarks.fields_against_peers`.

Each tool answers in a process of its own, for the 4-level U-Net (truth 188–204) and the geometry
of ResNet-152 (truth 1451). The environment variable FIELDGLASS_PEERS names the interpreter of an
environment that holds torchlens, torchscan and rfa_toolbox; `--make FOLDER` makes one there with
pip, on top of this environment's torch. A tool that is not installed is skipped with a word.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import linear_regression
from typing import Any

from analysis.receptive_field import fields, unit_field
from tests.analysis.receptive_field import networks
from tests.benchmarks.receptive_field import chain, forget
from tests.benchmarks.table import Row, laps, run_alone

TOOLS_FILE = Path(__file__).parent / "peers" / "field_tools.py"
PEERS = {
    "torchlens": ("torchlens", "pandas"),
    "torchscan": ("torchscan",),
    # Says that it needs an older Python; it runs on this one.
    "rfa_toolbox": ("--ignore-requires-python", "--no-deps", "rfa_toolbox", "attrs", "numpy"),
}
OWN = ("fieldglass", "gradient")
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


def from_module(python: Path, model: str, tools: Sequence[str]) -> list[Row]:
    """Every tool on the same nn.Module: seconds of its table, and how often ours fits into it."""
    rows: list[Row] = []
    ours: dict[str, float] = {}
    for tool in tools:
        answer = ask(Path(sys.executable) if tool in OWN else python, tool, model)
        if isinstance(answer, str):
            missing = answer.startswith("ModuleNotFoundError")
            rows.append(Row(f"{model}: {tool}", None, note="not installed" if missing else answer))
            continue
        for which in ("first", "again"):
            spent = list(answer[which].values())[-1]  # the table, not what tracing costs
            says = f"says {answer['said']}, true is {TRUTHS[model]}"
            rows.append(Row(f"{model}: {tool}, {which}", 1e3 * spent, note=says))
            if tool == "fieldglass":
                ours[which] = spent
            elif which in ours:
                ratio = spent / ours[which]
                rows.append(Row(f"{model}: {tool} against ours, {which}", ratio, "×"))
    return rows


def slope(lengths: Sequence[int]) -> list[Row]:
    """The power of the number of layers that fits the time of chains: 1 is linear."""
    spent: dict[str, list[float]] = {"fields of all layers": [], "one unit in all layers": []}
    for layers in lengths:
        graph = chain(layers)
        shapes = networks.shapes_of(graph)
        works: tuple[Callable[[], object], ...] = (
            lambda g=graph, s=shapes: fields(g, s),
            lambda g=graph, s=shapes: unit_field(g, s, g.nodes[-1].id, (256, 256)),
        )
        for times, work in zip(spent.values(), works, strict=True):
            times.append(min(lap.busy for lap in laps(5, work, forget)))
    logs = [math.log(n) for n in lengths]
    return [
        Row(
            f"chains of {lengths[0]} to {lengths[-1]} layers: {what}",
            linear_regression(logs, [math.log(t) for t in times]).slope,
            "power",
            at_most=1.1,
        )
        for what, times in spent.items()
    ]


def measure(smallest: bool) -> list[Row]:
    """Both models with every tool, and the slope; the smallest pass asks ours and one peer."""
    given = os.environ.get("FIELDGLASS_PEERS")
    python = Path(given) if given else Path(sys.executable)
    models, tools = tuple(TRUTHS), ("fieldglass", *PEERS, "gradient")
    if smallest:
        models, tools = models[:1], tools[:2]
    rows = [row for model in models for row in from_module(python, model, tools)]
    return rows + slope(LENGTHS[:3] if smallest else LENGTHS)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        print(make(Path(sys.argv[2])))
    else:
        run_alone(measure)
