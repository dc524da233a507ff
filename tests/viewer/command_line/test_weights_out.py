"""`convert -o w.safetensors` writes the tensors by the names that the model's own file has."""

from __future__ import annotations

import torch
from safetensors.torch import load_file
from torch import nn

from viewer.cli import main


def test_the_names_and_numbers_are_the_models_own(tmp_path):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 1, 1))
    program = torch.export.export(model.eval(), (torch.zeros(1, 3, 8, 8),), strict=False)
    torch.export.save(program, tmp_path / "net.pt2")
    out = tmp_path / "w.safetensors"
    assert main(["convert", str(tmp_path / "net.pt2"), "--trust", "-o", str(out)]) == 0
    written = load_file(out)
    own = {k: v for k, v in model.state_dict().items() if "num_batches" not in k}
    assert written.keys() == own.keys()
    assert all(torch.equal(written[key], own[key]) for key in own)
