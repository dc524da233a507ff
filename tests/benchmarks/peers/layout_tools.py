"""The same boxes and wires laid out by other tools that are installed: dot, fast-sugiyama."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence

from analysis.graph.scopes import Block
from tests.benchmarks.table import Row, laps, median_row

LIMIT = 60
"""Seconds that a tool may take."""
MISSING = "not installed"

Wire = tuple[int, int]


def wires_of(blocks: Sequence[Block], edges: Sequence[tuple[str, str]]) -> list[Wire]:
    """Each wire between two blocks once, by their numbers."""
    number = {node: at for at, block in enumerate(blocks) for node in block.nodes}
    found = {(number[a], number[b]): None for a, b in edges if number[a] != number[b]}
    return list(found)


def dot_row(count: int, boxes: int, wires: Sequence[Wire]) -> Row:
    """Graphviz, in a process of its own: its processor time is that of the process."""
    what = f"{count} operators laid out by dot ({boxes} boxes)"
    program = shutil.which("dot")
    if program is None:
        return Row(what, None, note=MISSING)
    lines = [f'n{at} [shape=box width=1 height=1 label=""];' for at in range(boxes)]
    lines += [f"n{a} -> n{b};" for a, b in wires]
    text = "digraph { rankdir=LR splines=polyline " + "\n".join(lines) + "}"
    before, begun = os.times(), time.perf_counter()
    try:
        subprocess.run(
            [program, "-Tplain"], input=text, text=True, capture_output=True, check=True,
            timeout=LIMIT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Row(what, None, note=f"not within {LIMIT} s")
    took, after = time.perf_counter() - begun, os.times()
    busy = after.children_user + after.children_system - before[2] - before[3]
    return Row(what, 1e3 * took, busy=1e3 * busy)


def sugiyama_row(count: int, boxes: int, wires: Sequence[Wire]) -> Row:
    """fast-sugiyama, which is compiled, in this process."""
    what = f"{count} operators laid out by fast-sugiyama ({boxes} boxes)"
    try:
        from fast_sugiyama import from_edges
    except ImportError:
        return Row(what, None, note=MISSING)
    return median_row(what, laps(3, lambda: from_edges(list(wires))))
