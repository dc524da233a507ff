"""A pipe or a device given for any kind of file is refused at once, with one line."""

import os
import sys
from pathlib import Path

import pytest

from viewer import cli

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a folder holds no pipes there")
NET = "unet:depth=1,base=2,size=16"


@pytest.mark.parametrize(
    "given",
    [
        ["describe", "{}.fieldglass"],
        ["describe", "{}.py:build", "--trust"],
        ["describe", "{}.py", "--trust"],
        ["diagram", "{}.fieldglass", "-o", "out.svg"],
        ["field", "{}.fieldglass"],
        ["run", NET, "--image", "{}.png", "-o", "out"],
        ["run", NET, "--weights", "{}.safetensors", "--image", "a.png", "-o", "out"],
        ["field", NET, "--unit", "1,1", "--effective", "--image", "{}.png"],
        ["convert", NET, "--weights", "{}.pth", "-o", "out.fieldglass"],
        ["arithmetic", "--case", "{}.json"],
        ["animate", "--case", "{}.json", "-o", "out.gif"],
        ["{}.png"],
        ["{}.fieldglass"],
        ["{}.py"],
        ["--image", "{}.png"],
    ],
)
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, given: list[str], kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for ending in ("fieldglass", "py", "png", "safetensors", "pth", "json"):
        if kind == "pipe":
            os.mkfifo(f"x.{ending}")
        else:
            Path(f"x.{ending}").symlink_to("/dev/zero")
    assert cli.main([word.format("x") for word in given]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("fieldglass: ")
    assert "x." in said
    assert "pipe or a device" in said
    assert not list(tmp_path.glob("out*"))
