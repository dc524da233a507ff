"""No layout, fact, field, drawing or export raises on any graph and view that a session can hold.

Graphs of every registered operator, wired at random, so that most clash; views and places as a
file may say them; the shared examples of documents that once ended the program.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from analysis.graph import Graph, Node
from analysis.operators import REGISTRY
from analysis.operators.endpoint import Input, Output
from analysis.storage.document import MOST_POSITION, Document, from_json, to_json
from tests.analysis.operators.cases import CASES
from tests.viewer.conftest import Desk
from viewer.canvas.scene import CanvasScene
from viewer.canvas.snapshot import export
from viewer.cli import main
from viewer.drawing.network.figure_options import STYLES, FigureOptions
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.workspaces.registry import WORKSPACES

DATA = Path(__file__).parents[1] / "data"
INNER = sorted(set(CASES) - {"input", "output"})
KEYS = [row.key for row in WORKSPACES.rows]
ENDINGS = (".svg", ".pdf", ".png", ".tex")


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to eight operators behind an input, each reading any of those before it."""
    size = tuple(draw(st.integers(1, 12)) for _ in range(draw(st.integers(1, 3))))
    nodes = [Node("input", Input(draw(st.integers(1, 4)), size), ())]
    scopes = st.sampled_from(["", "enc1", "enc2", "dec1", "enc1/a"])
    for number in range(draw(st.integers(1, 8))):
        operator = CASES[draw(st.sampled_from(INNER))](draw).operator
        fewest, most = operator.arity
        count = draw(st.integers(fewest, max(fewest, min(most or 3, 3))))
        earlier = st.sampled_from([node.id for node in nodes])
        inputs = tuple(draw(earlier) for _ in range(count))
        nodes.append(Node(f"n{number}", operator, inputs, draw(scopes)))
    last = draw(st.sampled_from([node.id for node in nodes[-2:]]))
    return Graph.of([*nodes, Node("output", Output(), (last,))])


places = st.sampled_from([0.0, -1.0, 1e-300, 37.25, -MOST_POSITION, MOST_POSITION])
names = st.sampled_from(["input", "output", "enc1", "enc2", "dec1", "n0", "n1", "n2", "gone"])
whole = st.integers(-2, 14) | st.sampled_from([2**31 - 1, -(2**31), 2**40])
pins = st.tuples(names, whole, whole).map(list) | st.tuples(names, *[whole] * 4).map(list)


@st.composite
def plain_views(draw: st.DrawFn) -> dict[str, object]:
    """A view as a document may have it beside it."""
    pin = draw(st.none() | pins)
    return {
        "workspace": draw(st.sampled_from([*KEYS, "nowhere"])),
        "selection": draw(st.none() | names),
        "skip": draw(st.none() | st.just("skip1")),
        "pin": pin,
        "pins": [pin, *draw(st.lists(pins, max_size=3))],
        "strict": draw(st.booleans()),
        "expanded": draw(st.lists(names, max_size=3)),
        "channels": draw(st.dictionaries(names, whole, max_size=2)),
    }


def draw_everything(session: Session, folder: Path) -> None:
    scene = CanvasScene(session)
    picture = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(picture)
    scene.render(painter)
    painter.end()
    _ = session.lit, session.compared, session.layer_shown()
    far = max((abs(n) for at in session.document.positions.values() for n in at), default=0)
    for ending in ENDINGS if far < 1e5 else (".svg", ".tex"):
        for style in STYLES:
            options = FigureOptions(style=style, width=8.5, fields=True, kernels=True, legend=True)
            export(scene, folder / f"diagram{ending}", options)


@pytest.fixture
def shared_desk() -> list[Desk]:
    """Holds the one window that all examples of a test are opened in."""
    return []


@pytest.fixture
def reported(monkeypatch, qapp) -> list[object]:
    errors: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: errors.append(error))
    return errors


def test_every_operator_is_tried() -> None:
    assert set(INNER) | {"input", "output"} == set(REGISTRY)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
@given(
    graph=graphs(),
    positions=st.dictionaries(names, st.tuples(places, places), max_size=3),
    view=plain_views(),
)
def test_any_graph_in_any_view(graph, positions, view, reported, tmp_path) -> None:
    content = to_json(Document(graph=graph, positions=positions), view)
    document, plain = from_json(content)
    session = Session(document, ViewState.from_plain(plain), WORKSPACES)
    draw_everything(session, tmp_path)
    session.set_view(strict=not session.view.strict, workspace=KEYS[0])
    assert reported == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
@given(graph=graphs(), view=plain_views())
def test_every_panel_paints_any_graph(
    graph: Graph,
    view: dict[str, object],
    reported: list[object],
    open_desk: Callable[..., Desk],
    shared_desk: list[Desk],
) -> None:
    if not shared_desk:
        shared_desk.append(open_desk(pictured=False))
    session, window = shared_desk[0].session, shared_desk[0].window
    document, plain = from_json(to_json(Document(graph=graph), view))
    session.open(document, ViewState.from_plain(plain))
    for key in KEYS:
        session.set_view(workspace=key)
        QApplication.processEvents()
        assert not window.grab().isNull()
    assert reported == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
@given(graph=graphs(), strict=st.booleans())
def test_json_of_any_graph(
    graph: Graph, strict: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "any.fieldglass"
    path.write_bytes(to_json(Document(graph=graph)))
    for command in (["describe"], ["field", *(["--strict"] if strict else [])]):
        said = io.StringIO()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", said)
            assert main([*command, str(path), "--format", "json"]) == 0
        names = [layer["name"] for layer in json.loads(said.getvalue())["layers"]]
        assert sorted(names) == sorted(node.id for node in graph.nodes)


@pytest.mark.parametrize("name", KEYS)
def test_a_u_whose_deepest_card_is_no_bottleneck_draws(name, reported, tmp_path) -> None:
    content = (DATA / "u_without_a_card_at_the_bottom.fieldglass").read_bytes()
    session = Session(from_json(content)[0], ViewState(workspace=name), WORKSPACES)
    draw_everything(session, tmp_path)
    assert reported == []


@pytest.mark.parametrize("place", [[1e12, 0], [0, -1e308], [1e7, 1e7]])
def test_places_that_no_screen_has_are_refused(place, unet) -> None:
    document = Document(graph=unet().graph, positions={"enc1": (0.0, 0.0)})
    content = to_json(document).replace(b"0.0,\n   0.0", f"{place[0]},\n   {place[1]}".encode())
    with pytest.raises(Exception, match="bad-value"):
        from_json(content)
