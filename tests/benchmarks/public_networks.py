"""Public networks beside other tools that draw them: `python -m tests.benchmarks.public_networks`.

Each tool opens each network and writes its picture in a process of its own: time, peak memory,
nodes. The environment variable FIELDGLASS_PEERS names the interpreter of an environment that holds
this program, the extra `models`, torchview, torchlens and Graphviz; FIELDGLASS_NETWORKS some of
the networks, between blanks. What is not installed is told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from tests.analysis.exchange.public_models import networks, sizes
from tests.benchmarks.table import Row, run_alone

TOOLS_FILE = Path(__file__).parent / "peers" / "draw_tools.py"
TOOLS = ("fieldglass", "torchview", "torchlens")
LONGEST = 300
"""Seconds a tool may take."""
PACKAGES = {*sizes.USUAL, "hand"}
NAMES = (
    *(name for name in vars(networks) if name.partition("_")[0] in PACKAGES),
    "large_unet",
)


def ask(python: Path, tool: str, name: str) -> dict[str, Any] | str:
    """The tool's answer, or why there is none."""
    command = [str(python), str(TOOLS_FILE), tool, name]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST,
                             env=environment)  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no answer in {LONGEST} s"
    if ran.returncode:
        lines = ran.stderr.strip().splitlines()
        return lines[-1][:100] if lines else f"ended with {ran.returncode}"
    answer: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return answer


def rows_of(python: Path, name: str, tools: Sequence[str]) -> list[Row]:
    """Seconds and memory of every tool on a network; the others' against ours have aims."""
    rows: list[Row] = []
    ours: dict[str, Any] | None = None
    for tool in tools:
        answer = ask(python, tool, name)
        if isinstance(answer, str):
            missing = answer.startswith("ModuleNotFoundError")
            rows.append(Row(f"{name}: {tool}", None, note="not installed" if missing else answer))
            continue
        held = f"{answer['peak']:.0f} MB at most, {answer['grown']:.0f} more than before it"
        says = f"{held}, {answer['nodes']} nodes"
        clock, busy = 1e3 * answer["seconds"], 1e3 * answer["busy"]
        rows.append(Row(f"{name}: {tool}", clock, busy=busy, note=says))
        if tool == TOOLS[0]:
            ours = answer
        elif ours is not None:
            time, held = answer["seconds"] / ours["seconds"], answer["peak"] / ours["peak"]
            rows.append(Row(f"{name}: time of {tool} against ours", time, "×", at_least=1))
            rows.append(Row(f"{name}: memory of {tool} against ours", held, "×", at_least=1))
    return rows


def measure(smallest: bool) -> list[Row]:
    """All networks with every tool, and the medians; the smallest pass draws one network itself."""
    given = os.environ.get("FIELDGLASS_PEERS")
    python = Path(given) if given else Path(sys.executable)
    wanted = os.environ.get("FIELDGLASS_NETWORKS", "").split() or NAMES
    if smallest:
        return rows_of(python, "hand_valid_unet", TOOLS[:1])
    rows = [row for name in wanted for row in rows_of(python, name, TOOLS)]
    for tool in TOOLS[1:]:
        for what in ("time", "memory"):
            said = f"{what} of {tool} against ours"
            found = [row.figure for row in rows if row.what.endswith(said) and row.figure]
            if found:
                rows.append(Row(f"median: {said}", median(found), "×", at_least=1))
    return rows


if __name__ == "__main__":
    run_alone(measure)
