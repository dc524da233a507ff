"""`convert -o x.pt2` and back: a program that runs without Fieldglass, and is the same network."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import torch
from safetensors.torch import save_file

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.network import Network
from analysis.network.weights import initial
from viewer.cli import main

ALONE = """
import sys, torch
picture = torch.load("picture.pt", weights_only=True)
found = torch.export.load("net.pt2").module()(picture)
assert not [name for name in sys.modules if name.partition(".")[0] in ("analysis", "viewer")]
torch.save(found, "found.pt")
"""


def described(capsys, *arguments: str) -> dict:
    assert main(["describe", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_blueprint_goes_out_runs_alone_and_comes_back(tmp_path, capsys):
    model = "unet:depth=2,base=4,norm=group,size=16"
    key, chosen = parse(model)
    graph = BLUEPRINTS[key].build(chosen)
    weights = initial(graph, analyse(graph), 3)
    save_file(weights, tmp_path / "w.safetensors")
    path = tmp_path / "net.pt2"
    given = ["--weights", str(tmp_path / "w.safetensors")]
    assert main(["convert", model, *given, "-o", str(path)]) == 0
    assert capsys.readouterr().err == ""

    picture = torch.rand(2, 3, 24, 32)
    torch.save(picture, tmp_path / "picture.pt")
    subprocess.run([sys.executable, "-I", "-c", ALONE], cwd=tmp_path, check=True)
    theirs = torch.load(tmp_path / "found.pt", weights_only=True)
    ours = Network(graph, weights).run(picture)["output"]
    np.testing.assert_allclose(theirs.detach(), ours, rtol=1e-5, atol=1e-6)

    before = described(capsys, model)
    after = described(capsys, str(path), "--trust")
    for key in ("input", "parameters", "macs", "layers", "skips"):
        assert after[key] == before[key], key
