"""Half floats and doubles of an opened model stay as they are stored; it runs in float32."""

from __future__ import annotations

import warnings
from itertools import cycle
from pathlib import Path
from runpy import run_path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from analysis.blueprints import BLUEPRINTS
from analysis.exchange.onnx_file import write_onnx
from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from analysis.network import Network
from analysis.network.weights import initial, load

CODE = """
from torch import nn
import torch

class Small(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first = nn.Conv2d(1, 2, 3, padding=1, dtype=torch.float16)
        self.norm = nn.BatchNorm2d(2)
        self.scale = nn.Parameter(torch.rand(2, 1, 1).bfloat16())
        self.last = nn.Conv2d(2, 1, 1, dtype=torch.float64)

    def forward(self, image):
        return self.last(self.norm(self.first(image)) * self.scale.to(image.dtype))
"""


def test_a_module_keeps_the_type_of_each_tensor(tmp_path: Path):
    path = tmp_path / "small.py"
    path.write_text(CODE)
    found = trace(path, None, (1, 8, 8))
    held = load_file(found.weights)
    model = run_path(str(path))["Small"]()
    own = model.state_dict()
    assert held.keys() == own.keys() - {"norm.num_batches_tracked"}
    assert all(held[key].dtype == own[key].dtype for key in held)
    assert all(torch.equal(held[key], own[key]) for key in held)
    picture = torch.rand(1, 1, 8, 8)
    ours = Network(found.graph, load(found.weights)).run(picture)["output"]
    with torch.no_grad():
        torch.testing.assert_close(ours, model.float().eval()(picture), rtol=1e-5, atol=1e-6)


def test_a_program_in_half_precision_opens_in_float32(tmp_path: Path):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Conv2d(2, 1, 1)).half().eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(model, (torch.zeros(1, 1, 8, 8).half(),), strict=False)
        torch.export.save(program, tmp_path / "net.pt2")
    found = trace(tmp_path / "net.pt2", None)
    held = load_file(found.weights)
    assert held.keys() == model.state_dict().keys()
    assert all(torch.equal(held[key], tensor) for key, tensor in model.state_dict().items())
    picture = torch.rand(1, 1, 8, 8)
    ours = Network(found.graph, load(found.weights)).run(picture)["output"]
    torch.testing.assert_close(ours, model.float()(picture), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("ending", ["onnx", "pt2"])
def test_what_is_written_in_half_precision_comes_back_so(tmp_path: Path, ending):
    unet = BLUEPRINTS["unet"]
    graph = unet.build(unet.complete({"depth": 1, "base": 4, "size": 8}))
    facts = analyse(graph)
    kinds = cycle([torch.float16, torch.bfloat16, torch.float32])
    made = initial(graph, facts, 3)
    weights = {key: made[key].to(kind) for key, kind in zip(made, kinds, strict=False)}
    save_file(weights, tmp_path / "w.safetensors")
    path = tmp_path / f"net.{ending}"
    if ending == "onnx":
        write_onnx(path, graph, facts, tmp_path / "w.safetensors")
    else:
        from tests.analysis.exchange.test_program_file import program_of

        torch.export.save(program_of(graph, weights)[0], path)
    found = trace(path, None, facts.shapes["input"])
    assert found.graph.nodes == graph.nodes
    held = load_file(found.weights)
    assert held.keys() == weights.keys()
    assert all(torch.equal(held[key], weights[key]) for key in held)
