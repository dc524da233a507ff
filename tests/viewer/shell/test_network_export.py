"""File ▸ Export ONNX and Export program write what is shown as a file that runs elsewhere."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from analysis.blueprints import BLUEPRINTS
from analysis.network import Network
from analysis.network.weights import load
from viewer.session.background_jobs import Job
from viewer.session.sample_document import sample_document


def test_the_network_that_is_shown_runs_in_onnxruntime(open_desk, store, tmp_path):
    desk = open_desk(sample_document(store))
    path = tmp_path / "net.onnx"
    desk.window.commands.onnx.write(str(path.with_suffix("")))
    desk.wait_told("is in net.onnx")
    document = desk.session.document
    channels = document.graph.inputs[0].operator.channels
    session = onnxruntime.InferenceSession(str(path))
    picture = np.random.default_rng(0).random((1, channels, 32, 32), dtype=np.float32)
    assert np.isfinite(session.run(None, {session.get_inputs()[0].name: picture})[0]).all()
    assert {node.id for node in document.graph.nodes} >= {
        entry.value
        for node in onnx.load(path).graph.node
        for entry in node.metadata_props
        if entry.key == "fieldglass.id"
    }


def test_the_program_of_what_is_shown_runs_alone(open_desk, store, tmp_path):
    desk = open_desk(sample_document(store))
    document, path = desk.session.document, tmp_path / "net.pt2"
    desk.window.commands.program.write(str(path.with_suffix("")))
    assert "Writing net.pt2" in desk.said
    desk.wait_told("is in net.pt2")
    graph = document.graph
    picture = torch.rand(2, graph.inputs[0].operator.channels, 32, 48)
    weights = load(store.path(document.weights.hash))
    ours = Network(graph, weights).run(picture)["output"]
    theirs = torch.export.load(path).module()(picture)
    torch.testing.assert_close(theirs, ours, rtol=1e-5, atol=1e-6)


def test_a_program_that_is_given_up_is_not_written(open_desk, store, tmp_path):
    desk = open_desk(sample_document(store))
    desk.window.commands.program.write(str(tmp_path / "net.pt2"))
    desk.answer("Cancel")
    desk.wait(lambda: not desk.said)
    desk.wait(lambda: not desk.window.findChildren(Job))
    assert not list(tmp_path.glob("*net*"))


@pytest.mark.parametrize("kind", ["onnx", "program"])
def test_a_network_without_weights_says_so(desk, tmp_path, kind):
    desk.edit(graph=BLUEPRINTS["unet"].build({"depth": 1, "base": 4}), weights=None)
    getattr(desk.window.commands, kind).write(str(tmp_path / "net"))
    assert desk.wait_told("has none yet")
    assert not list(tmp_path.glob("*net*"))
