"""`run x.pt2` and `run x.onnx` with a checkpoint of the model: torch's output, or why it is not."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from viewer import cli

PIXELS = np.random.default_rng(0).integers(0, 256, (8, 12, 3), np.uint8)
PICTURE = torch.from_numpy(PIXELS.astype(np.float32) / 255).permute(2, 0, 1)[None]


class Level(nn.Module):
    """A U of one level, with batch norms or without."""

    def __init__(self, seed: int, norms: bool) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.down = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), self._norm(4, norms), nn.ReLU())
        self.middle = nn.Sequential(nn.Conv2d(4, 8, 3, padding=1), self._norm(8, norms))
        self.up = nn.ConvTranspose2d(8, 4, 2, 2)
        self.last = nn.Conv2d(8, 2, 1)
        self.eval()

    def _norm(self, channels: int, norms: bool) -> nn.Module:
        if not norms:
            return nn.Identity()
        norm = nn.BatchNorm2d(channels)
        for each in (norm.running_mean, norm.running_var, norm.weight.data, norm.bias.data):
            nn.init.uniform_(each, 0.5, 2.0)
        return norm

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skip = self.down(x)
        deep = self.middle(nn.functional.max_pool2d(skip, 2))
        return self.last(torch.cat([skip, self.up(deep)], 1))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(PIXELS).save("a.png")
    return tmp_path


def made(name: str, module: nn.Module) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if name.endswith(".pt2"):
            torch.export.save(torch.export.export(module, (PICTURE,)), name)
        else:
            torch.onnx.export(module, (PICTURE,), name, dynamo=False)


def ran(capsys: pytest.CaptureFixture[str], name: str, other: nn.Module) -> tuple[dict, str]:
    torch.save({"state_dict": {f"module.{k}": v for k, v in other.state_dict().items()}}, "ck.pth")
    asked = ["run", name, "--trust", "--image", "a.png", "--weights", "ck.pth", "-o", "out"]
    assert cli.main([*asked, "--format", "json"]) == 0
    said = capsys.readouterr()
    return json.loads(said.out)["weights"], said.err


@pytest.mark.parametrize(("name", "norms"), [("net.pt2", True), ("net.onnx", False)])
def test_the_output_is_that_of_the_model_with_its_checkpoint(here, capsys, name, norms) -> None:
    made(name, Level(1, norms))
    other = Level(2, norms)
    found, said = ran(capsys, name, other)
    assert found["loaded"] == found["of"]
    assert found["missing"] == found["unexpected"] == []
    assert found["norms_folded"] == 0
    assert said == ""
    with torch.no_grad():
        wanted = other(PICTURE)[0].numpy()
    np.testing.assert_allclose(np.load("out/output.npy").reshape(wanted.shape), wanted, atol=1e-5)


def test_norms_that_the_file_has_folded_are_said(here, capsys) -> None:
    made("net.onnx", Level(1, norms=True))
    found, said = ran(capsys, "net.onnx", Level(2, norms=True))
    assert found["norms_folded"] == 2
    assert "The export has folded 2 batch norms into the convolutions before them." in said
    assert "The file has 2 batch norms and the network none" in said
    assert "not the model's" in said
