"""Further inputs of a network typed or read from a file, and another main output, undoably."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from analysis.graph import Graph, Node
from analysis.operators import Add, Convolution, Flatten, Given, Input, MaxPool, Multiply, Output
from analysis.storage.document import Document, from_json, to_json
from viewer.canvas.context_menu import canvas_entries
from viewer.canvas.hit_test import Hit

SAME = ((1, 1), (1, 1))


def network() -> Document:
    """A picture moved by `step` and masked by `prior`; a coarse head, and the vector given back."""
    return Document(
        Graph.of(
            [
                Node("input", Input(3, (64, 64))),
                Node("step", Given((1, 3, 1, 1), "float32", (0.0,))),
                Node("prior", Given((1, 1, 64, 64), "float32", (1.0,))),
                Node("kind", Given((1,), "int64", (4,))),
                Node("moved", Add(), ("input", "step")),
                Node("masked", Multiply(), ("moved", "prior")),
                Node("pool", MaxPool((4, 4)), ("masked",)),
                Node("head", Convolution(2, (1, 1)), ("pool",)),
                Node("coarse", Output("coarse"), ("head",)),
                Node("flat", Flatten(), ("head",)),
                Node("kind_output", Output("kind"), ("kind",)),
                Node("vector", Output("vector"), ("flat",)),
                Node("output", Output("mask"), ("masked",)),
            ]
        ),
        title="Given",
    )


@pytest.fixture
def controls(desk):
    from viewer.workspaces.live.image.panel import ImagePanel

    desk.session.set_view(workspace="live")
    panel = desk.window.findChild(ImagePanel)
    assert panel is not None
    assert not panel.given_inputs.isVisibleTo(panel)
    graph = network().graph
    desk.edit(graph=graph, blueprint=None)
    assert panel.given_inputs.isVisibleTo(panel)
    return panel.given_inputs


def type_in(desk, row, text: str) -> None:
    row.line.setFocus()
    row.line.selectAll()
    desk.qtbot.keyClicks(row.line, text)
    desk.qtbot.keyClick(row.line, Qt.Key.Key_Return)


def test_a_typed_value_runs_and_is_undone(desk, tmp_path, two_colours, controls) -> None:
    desk.session.set_live(noise=type(desk.session.live.noise)())
    two_colours(left=(0, 0, 0), right=(255, 255, 255)).save(tmp_path / "p.png")
    image = desk.session.document.image
    desk.drop(tmp_path / "p.png")
    desk.wait_image(image)
    assert list(controls.rows) == ["step", "prior", "kind"]
    assert controls.rows["kind"].line.text() == "4"
    before = desk.session.document
    type_in(desk, controls.rows["step"], "[[[0.5]], [[0]], [[0]]]")
    operator = desk.session.document.graph["step"].operator
    assert operator == Given((1, 3, 1, 1), "float32", (0.5, 0.0, 0.0))
    frame = desk.wait_frame()
    red, green = ((frame.output_image[8, 8] >> np.uint32(at)) & 255 for at in (16, 8))
    assert red > green
    desk.window.canvas.setFocus()
    desk.do("undo")
    assert desk.session.document == before
    assert controls.rows["step"].line.text() == "0"


@pytest.mark.parametrize(
    ("name", "text"), [("step", "a lot"), ("step", "[1, 2]"), ("kind", "0.5"), ("kind", "")]
)
def test_what_cannot_be_is_said_beside_the_value(desk, controls, name, text) -> None:
    before, row = desk.session.document, controls.rows[name]
    type_in(desk, row, text or " ")
    assert row.fault.isVisibleTo(row)
    assert row.fault.text().startswith(f"{name} cannot be")
    assert desk.session.document == before
    type_in(desk, row, "3")
    assert not row.fault.isVisibleTo(row)
    assert desk.session.document != before


def test_a_file_gives_many_numbers_and_they_are_kept_with_the_document(
    desk, tmp_path, controls
) -> None:
    values = np.linspace(0, 1, 64 * 64, dtype=np.float32).reshape(64, 64)
    np.save(tmp_path / "prior.npy", values[None])
    row = controls.rows["prior"]
    before = desk.session.document
    row.read(str(tmp_path / "prior.npy"))
    assert desk.session.document is before  # it is read on a worker
    desk.wait(lambda: desk.session.document is not before)
    row = controls.rows["prior"]
    assert (row.line.text(), row.line.placeholderText()) == ("", "4\u202f096 numbers")
    kept, _ = from_json(to_json(desk.session.document))
    assert kept.graph == desk.session.document.graph
    assert np.allclose(kept.graph["prior"].operator.values, values.reshape(-1))
    picture = np.zeros((64, 64), np.uint8)
    picture[:, 32:] = 255
    Image.fromarray(picture).save(tmp_path / "right.png")
    before = desk.session.document
    row.read(str(tmp_path / "right.png"))
    desk.wait(lambda: desk.session.document is not before)
    laid = np.reshape(desk.session.document.graph["prior"].operator.values, (64, 64))
    assert (laid[:, :32].max(), laid[:, 32:].min()) == (0, 1)
    (tmp_path / "bad.npy").write_bytes(b"no numbers")
    controls.rows["prior"].read(str(tmp_path / "bad.npy"))
    desk.wait(lambda: "bad.npy cannot be read" in row.fault.text())


def entries(desk, name: str) -> dict:
    hit = Hit("block", name)
    return {each.text: each.run for each in canvas_entries(desk.session, hit, lambda _: None)}


def test_another_output_is_made_the_main_one(desk, controls) -> None:
    before = desk.session.document
    assert "Make this the main output" not in entries(desk, "output")
    desk.session.set_view(selection="coarse")
    entries(desk, "coarse")["Make this the main output"]()
    graph = desk.session.document.graph
    assert [node.id for node in graph.outputs] == ["kind_output", "vector", "mask", "output"]
    assert graph.output.inputs == ("head",)
    assert graph["mask"].inputs == ("masked",)
    assert desk.session.view.selection == "output"
    desk.do("undo")
    assert desk.session.document == before


def test_the_image_goes_to_another_input(desk, controls) -> None:
    assert "Bring the image to this input" not in entries(desk, "step")
    entries(desk, "prior")["Bring the image to this input"]()
    graph = desk.session.document.graph
    assert [node.id for node in graph.inputs] == ["prior"]
    assert graph["prior"].operator == Input(1, (64, 64))
    assert graph["input"].operator == Given((1, 3, 64, 64), "float32", (0.0,))
    assert list(controls.rows) == ["input", "step", "kind"]
    desk.do("undo")
    assert [node.id for node in desk.session.document.graph.inputs] == ["input"]


def test_the_inspector_sets_the_value_and_the_main_output(desk) -> None:
    from viewer.workspaces.build.inspector.panel import InspectorPanel

    desk.session.set_view(workspace="build")
    desk.edit(graph=network().graph, blueprint=None)
    inspector = desk.window.findChild(InspectorPanel)
    desk.session.set_view(selection="step")
    assert not inspector.ends.to_main.isVisibleTo(inspector)
    assert not inspector.ends.to_picture.isVisibleTo(inspector)
    assert inspector.header.title.whole_text() == "step"
    type_in(desk, inspector.ends.value, "2")
    assert desk.session.document.graph["step"].operator.values == (2.0,)
    desk.session.set_view(selection="output")
    assert not inspector.ends.to_main.isVisibleTo(inspector)
    desk.session.set_view(selection="vector")
    desk.qtbot.mouseClick(inspector.ends.to_main, Qt.MouseButton.LeftButton)
    assert desk.session.document.graph.output.inputs == ("flat",)
    assert not inspector.ends.to_main.isVisibleTo(inspector)
