"""`plans.json` of nnU-Net as a MODEL, with the checkpoint beside it."""

from __future__ import annotations

import json

import numpy as np
import torch
from PIL import Image

from tests.analysis.exchange.nnunet_modules import (
    UNet,
    arguments,
    configuration,
    write,
    write_checkpoint,
)
from viewer.cli import main

PLANS = {"2d": configuration(2, False), "3d_fullres": configuration(3, True)}


def test_a_configuration_is_described(tmp_path, capsys):
    path = write(tmp_path, PLANS)
    assert main(["describe", f"{path}:3d_fullres", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    model = UNet(arguments(3, True), 2, 3, True)
    total = sum(each.numel() for each in model.parameters())
    assert found["parameters"] + found["unused_parameters"] == total
    assert found["input"] == [2, 4, 16, 16]
    assert [skip["join"] for skip in found["skips"] if skip["kind"] == "long"] == ["concat"] * 2


def test_it_runs_with_the_weights_beside_it(tmp_path, capsys):
    made = configuration(2, False) | {"normalization_schemes": ["NoNormalization"] * 3}
    path = write(tmp_path, {"2d": made})
    torch.manual_seed(0)
    model = UNet(arguments(2, False), 3, 3, False).eval()
    write_checkpoint(tmp_path, model)
    pixels = np.random.default_rng(0).integers(0, 256, (16, 32, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "x.png")
    out = tmp_path / "out"
    given = ["--image", str(tmp_path / "x.png"), "-o", str(out)]
    assert main(["run", str(path), *given]) == 0
    assert "fold_0/checkpoint_final.pth" in capsys.readouterr().err
    picture = torch.from_numpy(pixels / np.float32(255)).permute(2, 0, 1)[None]
    with torch.no_grad():
        theirs = model(picture)[0]
    np.testing.assert_allclose(np.load(out / "output.npy"), theirs, rtol=1e-4, atol=1e-4)


def test_wrong_plans_are_one_line(tmp_path, capsys):
    path = write(tmp_path, PLANS)
    for model, said in (
        (str(path), "2d, 3d_fullres: name one"),
        (f"{path}:4d", "has no configuration 4d"),
        (str(tmp_path / "no" / "plans.json"), "There is no model file"),
    ):
        assert main(["describe", model]) == 2
        line = capsys.readouterr().err
        assert line.count("\n") == 1
        assert said in line
