"""Python code as MODEL: calls with literals, what is refused and how, one path of several."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from viewer import cli

SOURCE = """import torch
from torch import nn
class UNet(nn.Module):
    def __init__(self, n_channels, n_classes):
        super().__init__()
        self.c = nn.Conv2d(n_channels, n_classes, 3, padding=1)
    def forward(self, x):
        return self.c(1 - x if x.mean() > 0.5 else x) if self.c.in_channels == 1 else self.c(x)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net (1).py"
    path.write_text(SOURCE)
    return path


def said(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = cli.main([str(each) for each in words])
    found = capsys.readouterr()
    return status, found.out, found.err


@pytest.mark.parametrize("call", ["UNet(3, 2)", "UNet(n_channels=3, n_classes=2)"])
def test_what_people_type_works(capsys: pytest.CaptureFixture[str], file: Path, call: str) -> None:
    words = ("describe", f"{file}:{call}", "--trust", "--size", "3,8,8", "--format", "json")
    status, out, err = said(capsys, *words)
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert answer["parameters"] == 56
    assert answer["layers"][-1]["shape"] == [2, 8, 8]
    assert "one_path" not in answer


def test_the_call_is_shown_before_it_runs(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    status, out, err = said(capsys, "describe", f"{file}:UNet( 3,n_classes = 2)")
    assert (status, out) == (2, "")
    assert "runs its code and makes UNet(3, n_classes=2)" in err


def test_the_refusal_names_the_way(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    _, _, err = said(capsys, "describe", f"{file}:UNet", "--trust")
    assert "write net (1).py:UNet(n_channels=…, n_classes=…)" in err


@pytest.mark.parametrize("address", ["https://example.org/net.py", "http://example.org/a:b"])
def test_addresses_are_refused(capsys: pytest.CaptureFixture[str], address: str) -> None:
    status, _, err = said(capsys, "describe", address, "--trust")
    assert status == 2
    assert "is an address" in err


def test_one_path_is_asked_for_and_marked(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    words = ("describe", f"{file}:UNet(1, 1)", "--trust", "--size", "1,8,8", "--format", "json")
    status, out, err = said(capsys, *words)
    assert (status, out) == (2, "")
    assert "decides by the values it sees (line 8 of net (1).py)" in err
    assert "--one-path" in err
    status, out, err = said(capsys, *words, "--one-path")
    assert status == 0
    assert json.loads(out)["one_path"] == ["net (1).py:8"]
    assert "this is one path of it" in err


BRIGHT = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.dark, self.bright = nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 5, padding=2)

    def forward(self, x):
        return self.bright(x) if x.mean() > 0.5 else self.dark(x)
"""


def test_the_image_of_the_run_decides_for_one_path(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path, picture = tmp_path / "net.py", tmp_path / "white.png"
    path.write_text(BRIGHT)
    Image.new("RGB", (16, 16), "white").save(picture)
    words = (
        "run",
        f"{path}:Net",
        "--trust",
        "--size",
        "3,16,16",
        "--one-path",
        "--layer",
        "bright",
    )
    status, _, err = said(capsys, *words, "--image", picture, "-o", tmp_path / "out")
    assert status == 0, err
    status, _, err = said(capsys, *words[:-1], "dark", "--image", picture, "-o", tmp_path / "out")
    assert status == 2
