"""One operator changed, or inserted, until all is painted in Build: 50, 500 and 5,000 operators.

`python -m tests.benchmarks.editing`. Medians in the whole window, offscreen, its engine not
running; aims: 16, 30 and 100 ms.
"""

from __future__ import annotations

from dataclasses import replace

from analysis.graph import Edge, Graph, Node
from analysis.operators import Add, Convolution, Input, Output
from analysis.operators.contract import Operator
from analysis.storage.document import Document
from tests.benchmarks.real_window import open_window
from tests.benchmarks.table import Lap, Row, median_row, run_alone, timed

SIZES = ((50, 16), (500, 30), (5000, 100))
"""Operators, and the aim in ms."""
IN_A_BLOCK = 10


def measure(smallest: bool) -> list[Row]:
    """One row a size."""
    rounds = 3 if smallest else 15
    real = open_window("build", document(SIZES[0][0]), run=False)
    session = real.window.session
    later = real.window._later
    real.until(lambda: later.is_over)  # else it measures how other panels are made
    rows = []
    for count, aim in SIZES[:1] if smallest else SIZES:
        session.open(document(count), session.view)
        real.rest(0.2 if smallest else 1.0)
        found: list[Lap] = []
        for turn in range(rounds):
            # Another kernel every time: what comes again is answered from what was kept.
            made = session.document.graph.with_operator(f"conv{count // 2}", conv(3 + 2 * turn))

            def work(made: Graph = made) -> None:
                session.edit("kernel", replace(session.document, graph=made))
                real.app.processEvents()

            found.append(timed(work))
        rows.append(median_row(f"{count} operators: one changed, all painted", found[2:], aim))
        found = []
        for turn in range(rounds):
            larger = with_one_more(session.document.graph, count, turn)

            def insert(larger: Graph = larger) -> None:
                session.edit("insert", replace(session.document, graph=larger))
                real.app.processEvents()

            found.append(timed(insert))
            real.rest(0 if smallest else 0.5)  # a large one is laid out beside the window
        rows.append(median_row(f"{count} operators: one inserted, all painted", found[2:], aim))
    real.close()
    return rows


def with_one_more(graph: Graph, count: int, turn: int) -> Graph:
    """A convolution more, in the deepest block."""
    reader = graph[f"conv{count // 2 - 2}"]
    more = Node(f"more{turn}", conv(3), reader.inputs, reader.scope)
    return graph.insert_on(Edge(reader.inputs[0], reader.id, 0), more)


def conv(kernel: int) -> Operator:
    half = kernel // 2
    return Convolution(8, (kernel, kernel), padding=((half, half), (half, half)))


def document(count: int) -> Document:
    """An encoder and a decoder of blocks of ten operators, with a skip from each to its mirror."""
    nodes = [Node("input", Input(8, (64, 64)))]
    depth = max(1, count // IN_A_BLOCK // 2)
    number = 0

    def block(name: str) -> None:
        nonlocal number
        for _ in range(IN_A_BLOCK - 1):
            number += 1
            nodes.append(Node(f"conv{number}", conv(3), (nodes[-1].id,), name))

    ends = []
    for level in range(depth):
        block(f"enc{level}")
        ends.append(nodes[-1].id)
    for level in reversed(range(depth)):
        join = Node(f"join{level}", Add(), (nodes[-1].id, ends[level]), f"dec{level}")
        nodes.append(join)
        block(f"dec{level}")
    nodes.append(Node("output", Output(), (nodes[-1].id,)))
    return Document(graph=Graph.of(nodes), title=f"{count} operators")


if __name__ == "__main__":
    run_alone(measure)
