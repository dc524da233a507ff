"""Models of several inputs and outputs on the command line: named, given values, written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.exchange import torch_module
from tests.analysis.exchange import several
from tests.analysis.exchange.test_several import USUAL, opened
from tests.viewer.command_line.test_command_line import Shell, shell

__all__ = ["shell"]
FILE = Path(several.__file__)
SIZE = ",".join(map(str, USUAL))
SHAPES = Path("assets/samples/shapes.png").absolute()


@pytest.fixture
def document(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model with a step of diffusion as a document; its file is read by another test."""
    monkeypatch.setattr(torch_module, "trace", lambda *_, **__: opened("Stepped"))
    made = tmp_path / "stepped.fieldglass"
    shell.text("convert", f"{FILE}:Stepped", "--trust", "--size", SIZE, "-o", made)
    return made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    values = np.random.default_rng(0).integers(0, 255, (*USUAL[1:], 3), np.uint8)
    Image.fromarray(values).save(tmp_path / "picture.png")
    return tmp_path / "picture.png"


def test_describe_names_what_comes_in_and_goes_out(shell: Shell, document: Path) -> None:
    answer = shell.json("describe", document)
    assert answer["inputs"] == ["t_input", "input"]
    assert answer["outputs"] == ["output"]
    assert "2 inputs (t_input, input)" in shell.text("describe", document)
    assert shell.json("describe", "unet:depth=1,base=2,size=8")["inputs"] == ["input"]


def test_a_value_from_the_command_line_is_the_one_that_runs(
    shell: Shell, document: Path, picture: Path, tmp_path: Path
) -> None:
    np.save(tmp_path / "step.npy", np.array([9]))
    values = np.array(Image.open(picture))
    image = torch.from_numpy(values).permute(2, 0, 1)[None] / 255
    model = several.Stepped().eval()
    for given, step in ((f"t_input={tmp_path / 'step.npy'}", 9), ("t_input=[3]", 3)):
        shell.json(
            "run", document, "--input", given, "--image", picture, "-o", tmp_path / "made",
            "--layer", "t_input",
        )  # fmt: skip
        with torch.inference_mode():
            wanted = model(torch.tensor([step]), image)[0].numpy()
        ours = np.load(tmp_path / "made" / "output.npy")
        np.testing.assert_allclose(ours, wanted, rtol=1e-5, atol=1e-6)
        assert np.load(tmp_path / "made" / "mosaic.npy").tolist() == [step]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("t_input", "NAME=VALUE"),
        ("t_input=five", "--input t_input is five; it takes a number"),
        ("t_input=[[1, 2], 3]", "it takes a number"),
        ("t_input=1e999", "it takes a number"),
        ("t_input=[1, 2]", "t_input cannot be [1, 2]"),
        ("t_input=1.5", "t_input cannot be 1.5"),
        ("step=1", "There is no input step that takes a value. There are: t_input."),
        ("t_input=none.npy", "none.npy cannot be read as a .npy file"),
        ("t_input=none.png", "none.png cannot be read as a .npy file of numbers or a picture"),
        (f"t_input={SHAPES}", "shapes.png is a picture, and the input takes 1 numbers"),
    ],
)
def test_a_value_that_cannot_be_is_one_sentence(
    shell: Shell, document: Path, given: str, said: str
) -> None:
    assert said in shell.refused("describe", document, "--input", given)


def test_values_nobody_gave_are_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_module, "trace", lambda *_, **__: opened("Batch"))
    _, said = shell.json_and_remark("describe", f"{FILE}:Batch", "--trust", "--size", SIZE)
    assert "class is taken as 0" in said
    assert "--input mask=VALUE gives another" in said


def test_every_output_is_written(
    shell: Shell, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_module, "trace", lambda *_, **__: opened("Supervised"))
    call = (f"{FILE}:Supervised", "--trust", "--size", SIZE)
    names = shell.json("describe", *call)["outputs"]
    assert names == ["output_0", "output_1", "output_3", "output"]
    answer = shell.json("run", *call, "--image", picture, "-o", tmp_path / "made")
    written = {each["layer"]: each["shape"] for each in answer["files"]}
    assert set(names) <= set(written)
    for name in names:
        values = np.load(tmp_path / "made" / f"{name}.npy")
        assert list(values.shape) == written[name]
        with Image.open(tmp_path / "made" / f"{name}.png") as drawn:
            assert drawn.size == values.shape[:0:-1]
