"""`run` and `convert` with checkpoints as scripts leave them, and what they say of them."""

import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.network import weights
from viewer import cli
from viewer.command_line.shared.model import Model, with_weights

NET = "unet:depth=1,base=2,size=16,norm=none"
GRAPH = BLUEPRINTS["unet"].build(
    BLUEPRINTS["unet"].complete({"depth": 1, "base": 2, "size": 16, "norm": "none"})
)
STATE = weights.initial(GRAPH, analyse(GRAPH), 9)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.full((16, 16, 3), 99, np.uint8)).save("a.png")
    return tmp_path


def run(capsys, *more: str, status: int = 0) -> tuple[str, str]:
    assert cli.main(["run", NET, "--image", "a.png", "-o", "out", *more]) == status
    said = capsys.readouterr()
    return said.out, said.err


def test_a_lightning_checkpoint_runs_as_the_plain_weights_do(here: Path, capsys) -> None:
    weights.save(STATE, here / "plain.safetensors")
    torch.save({"state_dict": {f"model.{k}": v for k, v in STATE.items()}, "epoch": 1}, "l.ckpt")
    outputs = []
    for name in ("plain.safetensors", "l.ckpt"):
        said, remarks = run(capsys, "--weights", name)
        assert remarks == ""
        assert f"{name}: {len(STATE)} of {len(STATE)} tensors loaded." in said
        outputs.append(np.load("out/output.npy"))
    assert np.array_equal(*outputs)


def test_what_is_missing_unexpected_or_of_another_shape_is_said(here: Path, capsys) -> None:
    first, second, third = list(STATE)[:3]
    part = {name: tensor for name, tensor in STATE.items() if name != first}
    part[second] = torch.zeros(7)
    part["extra.bias"] = torch.zeros(1)
    torch.save(part, "part.pth")
    said, remarks = run(capsys, "--weights", "part.pth", "--format", "json")
    assert cli.main(["describe", NET, "--weights", "part.pth", "--format", "json"]) == 0
    described = capsys.readouterr()
    assert described.err == remarks
    assert json.loads(described.out)["weights"] == json.loads(said)["weights"]
    assert remarks.count("\n") == 1
    count = len(STATE)
    assert f"part.pth: {count - 2} of {count} tensors loaded; 1 missing ({first})" in remarks
    assert f"1 of another shape ({second} [7] for {list(STATE[second].shape)})" in remarks
    assert "1 unexpected (extra.bias)" in remarks
    answer = json.loads(said)["weights"]
    assert (answer["loaded"], answer["of"]) == (count - 2, count)
    assert answer["missing"] == [first]
    assert answer["unexpected"] == ["extra.bias"]
    assert answer["other_shape"][0]["name"] == second
    assert third not in remarks


def test_a_whole_module_is_refused_with_the_lines_that_convert_it(here: Path, capsys) -> None:
    torch.save(torch.nn.Conv2d(3, 2, 1), "whole.pth")
    _, said = run(capsys, "--weights", "whole.pth", status=2)
    assert said.count("\n") == 1
    assert 'torch.load("whole.pth", weights_only=False)' in said
    assert "safetensors.torch.save_file(model.state_dict()" in said
    assert not Path("out").exists()


def test_convert_keeps_the_fitting_tensors_in_their_own_type(here: Path, capsys) -> None:
    from safetensors.torch import load_file

    halves = {f"module.{name}": tensor.half() for name, tensor in STATE.items()}
    torch.save({"model": halves}, "half.pth")
    assert cli.main(["convert", NET, "--weights", "half.pth", "-o", "d.fieldglass"]) == 0
    assert capsys.readouterr().err == ""
    (beside,) = here.glob("d.*.safetensors")
    stored = load_file(beside)
    assert all(torch.equal(stored[name], STATE[name].half()) for name in STATE)


def test_it_is_said_that_half_floats_run_in_float32(here: Path, capsys) -> None:
    weights.save({name: tensor.half() for name, tensor in STATE.items()}, here / "h.safetensors")
    said, remarks = run(capsys, "--weights", "h.safetensors", "--format", "json")
    assert "kept in float16; the network runs in float32" in remarks
    assert json.loads(said)["weights"]["types"] == ["float16"]


def test_an_output_that_is_no_number_is_said_with_the_layer(here: Path, capsys) -> None:
    name = "enc1.conv2.weight"
    spoiled = {**STATE, name: torch.full_like(STATE[name], float("nan"))}
    weights.save(spoiled, here / "nan.safetensors")
    said, remarks = run(capsys, "--weights", "nan.safetensors", "--format", "json")
    assert remarks.count("\n") == 1
    assert "enc1.conv2" in remarks
    assert "NaN" in remarks
    assert json.loads(said)["not_finite"] == {
        "layer": "enc1.conv2",
        "what": "NaN",
        "of_weights": True,
        "of_output": True,
    }


def test_twelve_bits_and_further_pages_are_remarked(here: Path, capsys) -> None:
    values = (np.mgrid[0:16, 0:16].sum(0) * 134).astype(np.uint16)
    Image.fromarray(values).save("a.png")
    _, remarks = run(capsys)
    assert "become black to white" in remarks
    pages = [Image.new("L", (16, 16), shade) for shade in (10, 200)]
    pages[0].save("two.tif", save_all=True, append_images=pages[1:])
    assert cli.main(["run", NET, "--image", "two.tif", "-o", "out"]) == 0
    assert "two.tif has 2 pages; page 1 is used (--page N)." in capsys.readouterr().err


def test_what_an_opened_model_computes_is_no_tensor_that_its_checkpoint_lacks(
    here: Path, capsys
) -> None:
    from tests.analysis.exchange import tokens

    torch.manual_seed(8)
    model = tokens.ShiftedWindows().eval()
    torch.save({"model": model.state_dict()}, "ck.pt")
    pixels = np.random.default_rng(0).integers(0, 256, (8, 10, 3), np.uint8)
    Image.fromarray(pixels).save("b.png")
    asked = ["run", f"{tokens.__file__}:ShiftedWindows", "--trust", "--size", "3,8,10", "--image"]
    more = ["b.png", "--weights", "ck.pt", "-o", "out", "--format", "json"]
    assert cli.main([*asked, *more]) == 0
    told = json.loads(capsys.readouterr().out)
    found = told["weights"]
    assert found["file"] == "ck.pt"
    assert found["loaded"] == found["of"]
    assert found["missing"] == found["unexpected"] == found["stale"] == []
    assert told["untrained"] == []
    image = torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)[None]
    with torch.no_grad():
        wanted = model(image)[0].numpy()
    np.testing.assert_allclose(np.load("out/output.npy").reshape(wanted.shape), wanted, atol=1e-5)


def test_remarks_name_the_weights_that_were_given_and_else_the_model(here: Path) -> None:
    weights.save(STATE, here / "own.safetensors")
    weights.save(STATE, here / "given.safetensors")
    traced = Model("net.py", GRAPH, "Net", weights=Path("own.safetensors"), weights_named="net.py")
    assert with_weights(traced, Namespace(weights=None)).weights_called == "net.py"
    given = with_weights(traced, Namespace(weights="given.safetensors"))
    assert given.weights_called == "given.safetensors"
