"""`fieldglass compare`: its JSON, table, CSV, refusals, and the difference of two outputs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from viewer import cli

SMALL, DEEPER = "unet:depth=2,base=4,size=32", "unet:depth=3,base=4,size=32"


def said(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    assert cli.main([str(each) for each in arguments]) == status
    out, error = capsys.readouterr()
    return error if status else out


def photo(folder: Path) -> Path:
    values = np.random.default_rng(3).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    Image.fromarray(values).save(folder / "photo.png")
    return folder / "photo.png"


def test_the_totals_are_those_of_describe_and_field(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(said(capsys, "compare", SMALL, DEEPER, "--format", "json"))
    assert answer["models"] == [SMALL, DEEPER]
    for at, model in enumerate(answer["models"]):
        described = json.loads(said(capsys, "describe", model, "--format", "json"))
        fields = json.loads(said(capsys, "field", model, "--format", "json"))["layers"]
        assert answer["totals"]["parameters"][at] == described["parameters"]
        assert answer["totals"]["macs"][at] == described["macs"]
        assert answer["totals"]["extent_max"][at] == fields[-1]["extent_max"]
    assert "enc3.conv1" in answer["added"]
    assert answer["output_difference"] is None


def test_without_a_difference_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "compare", SMALL, SMALL).startswith("The two networks are the same.")


def test_csv_has_a_row_for_every_value_that_changed(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "compare", SMALL, SMALL + ",skip=add", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {"difference": "changed", "name": "join1", "what": "operator", "first": "concat",
            "second": "add"} in rows  # fmt: skip


def test_the_difference_of_the_outputs_is_that_of_what_run_writes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture, other = photo(tmp_path), SMALL + ",norm=none"
    values = []
    for at, model in enumerate((SMALL, other)):
        said(capsys, "run", model, "--image", picture, "-o", tmp_path / str(at))
        values.append(np.load(tmp_path / str(at) / "output.npy"))
    answer = json.loads(
        said(capsys, "compare", SMALL, other, "--image", picture, "--format", "json")
    )
    wanted = np.abs(values[0].astype(float) - values[1]).max()
    assert wanted > 0
    assert answer["output_difference"] == pytest.approx(wanted, rel=1e-9)


def test_a_second_model_that_is_none_is_refused_by_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = said(capsys, "compare", SMALL, "nosuch", status=2)
    assert error.startswith("fieldglass: There is no blueprint nosuch.")
    assert error.count("\n") == 1


NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first, self.low = nn.Conv2d(3, width, 3, padding=1), nn.Conv2d(width, 4, 3, padding=1)
        self.pool, self.up = nn.MaxPool2d(2), nn.Upsample(scale_factor=2)
        self.last = nn.Conv2d(width + 4, 1, 1)
    def forward(self, x):
        x = torch.relu(self.first(x))
        return self.last(torch.cat([x, self.up(torch.relu(self.low(self.pool(x))))], 1))
def build():
    torch.manual_seed(1)
    return Net(4)
"""


def in_format(ending: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The network of the file as a model of another kind."""
    path = folder / f"same{ending}"
    if ending == ".pt2":
        import torch

        room: dict[str, Any] = {"__name__": "net"}
        exec(NET, room)  # noqa: S102
        example = (torch.zeros(1, 3, 32, 32),)
        torch.export.save(torch.export.export(room["build"]().eval(), example), path)
    else:
        model = f"{folder / 'net.py'}:build"
        said(capsys, "convert", model, "--trust", "--size", "3,32,32", "-o", path)
    return path


@pytest.mark.parametrize("ending", [".pt2", ".onnx"])
def test_a_network_is_the_same_in_any_format(
    ending: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "net.py").write_text(NET)
    same, picture = in_format(ending, tmp_path, capsys), photo(tmp_path)
    text = said(
        capsys, "compare", f"{tmp_path / 'net.py'}:build", same, "--trust", "--size", "3,32,32",
        "--image", picture, "--format", "json",
    )  # fmt: skip
    answer = json.loads(text)
    assert (answer["added"], answer["removed"], answer["changed"]) == ([], [], [])
    assert answer["totals"]["parameters"] == [269, 269]
    assert answer["output_difference"] <= 1e-5


def test_a_model_file_beside_another_call_of_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "net.py").write_text(NET)
    first, second = (f"{tmp_path / 'net.py'}:{call}" for call in ("build", "Net(6)"))
    arguments = ("--trust", "--size", "3,32,32", "--format", "json")
    answer = json.loads(said(capsys, "compare", first, second, *arguments))
    changed = {each["name"]: each["what"] for each in answer["changed"]}
    assert changed["first"]["channels"] == [4, 6]
    assert not {"input", "output"} & changed.keys()
