"""Large networks laid out, exported and opened: 700, 5,000 and 20,000 operators.

`python -m tests.benchmarks.layout`. Encoders and decoders of blocks with a skip from each to its
mirror; dot and fast-sugiyama beside it where they are installed. Aims: 700 operators laid out in
0.3 s and exported in 1 s, 20,000 drawn in 2 s.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from analysis.facts import Facts, analyse
from analysis.graph import Graph
from analysis.graph.readable_blocks import readable_blocks
from analysis.layout import place
from tests.benchmarks.editing import document
from tests.benchmarks.peers.layout_tools import dot_row, sugiyama_row, wires_of
from tests.benchmarks.table import Row, laps, median_row, run_alone
from viewer.canvas import CanvasView
from viewer.canvas.snapshot import export
from viewer.look.fonts import load_fonts
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES

SIZES: tuple[tuple[int, float | None, float | None], ...] = (
    (700, 300, None),
    (5000, None, None),
    (20000, None, 2000),
)
"""Operators, the aim of the layout and that of opening and painting, in ms."""

MOST_OF_PEERS = 5000
"""Operators up to which other tools lay out the same boxes and wires."""


def measure(smallest: bool) -> list[Row]:
    """Layout, first paint, and for the smallest size the export."""
    app = QApplication([])
    load_fonts()
    rows: list[Row] = []
    for count, laid_out, drawn in ((50, None, None),) if smallest else SIZES:
        graph = document(count).graph
        facts = analyse(graph)
        rounds = 1 if smallest or count > 1000 else 5

        def lay_out(facts: Facts = facts, graph: Graph = graph) -> None:
            place(readable_blocks(graph, facts.levels), facts)

        rows.append(median_row(f"{count} operators laid out", laps(rounds, lay_out), laid_out))
        if count <= MOST_OF_PEERS:
            blocks = readable_blocks(graph, facts.levels)
            wires = wires_of(blocks, [(each.source, each.target) for each in graph.edges])
            rows += [row(count, len(blocks), wires) for row in (dot_row, sugiyama_row)]
        views: list[CanvasView] = []

        def draw(count: int = count, views: list[CanvasView] = views) -> None:
            session = Session(document(count), ViewState(workspace="build"), WORKSPACES)
            views.append(CanvasView(session))
            views[-1].resize(1000, 700)
            views[-1].show()
            views[-1].fit()
            views[-1].viewport().grab()

        rows.append(median_row(f"{count} operators drawn", laps(1, draw), drawn))
        if count <= SIZES[0][0]:
            with tempfile.TemporaryDirectory() as folder:
                path, scene = Path(folder) / "figure.svg", views[-1].scene_of_network
                found = laps(rounds, lambda path=path, scene=scene: export(scene, path))
            rows.append(median_row(f"{count} operators exported as SVG", found, 1000))
        app.processEvents()
    return rows


if __name__ == "__main__":
    run_alone(measure)
